import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WholeFileOptions } from './whole-file.ts';
import { tryWholeFile, WholeFile } from './whole-file.ts';

const CAPTURE: WholeFileOptions = { existing: 'refuse', mode: 0o600 };
const REPORT: WholeFileOptions = { existing: 'replace', mode: 0o666 };

let folder = '';
let target = '';
let secret = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-whole-'));
  mkdirSync(join(folder, 'shared'));
  target = join(folder, 'shared/all.pcapng');
  secret = join(folder, 'secret');
  writeFileSync(secret, 'precious');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const shared = (): string[] => readdirSync(join(folder, 'shared'));
async function write(options: WholeFileOptions, text = 'new'): Promise<void> {
  const file = await WholeFile.create(target, options);
  await file.handle.write(text);
  await file.commit();
}

describe('a file for the user', () => {
  it('is at its name when all of it is there, and not before', async () => {
    const file = await WholeFile.create(target, CAPTURE);
    await file.handle.write('all');
    expect(shared()).toEqual([expect.stringMatching(/^\.resetscope-[0-9a-f]{16}\.partial$/u)]);
    await file.commit();
    expect(shared()).toEqual(['all.pcapng']);
    expect(readFileSync(target, 'utf8')).toBe('all');
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('has another name each time while it is written', async () => {
    const files = [await WholeFile.create(target, CAPTURE), await WholeFile.create(target, CAPTURE)];
    expect(new Set(shared()).size).toBe(2);
    for (const file of files) await file.discard();
    expect(shared()).toEqual([]);
  });

  it('gives its mode to nothing but itself, whatever took its place while it was written', async () => {
    writeFileSync(target, 'old');
    chmodSync(target, 0o644);
    chmodSync(secret, 0o600);
    const file = await WholeFile.create(target, REPORT);
    const partial = join(folder, 'shared', shared().find((name) => name.endsWith('.partial')) ?? '');
    rmSync(partial);
    symlinkSync(secret, partial);
    await file.commit();
    expect(statSync(secret).mode & 0o777).toBe(0o600);
  });

  it.each(['secret', 'nothing'])('is not written through a link to %s at its name', async (leadsTo) => {
    symlinkSync(join(folder, leadsTo), target);
    await expect(write(CAPTURE)).rejects.toThrow(/it exists already/u);
    expect(lstatSync(target).isSymbolicLink()).toBe(true);
    await write(REPORT);
    expect(lstatSync(target).isFile()).toBe(true);
    expect(readFileSync(secret, 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['secret', 'shared']);
  });

  it('does not replace what was put there meanwhile', async () => {
    const file = await WholeFile.create(target, CAPTURE);
    symlinkSync(secret, target);
    await expect(file.commit()).rejects.toThrow(`${target} cannot be written: it exists already`);
    expect(readFileSync(secret, 'utf8')).toBe('precious');
    expect(shared()).toEqual(['all.pcapng']);
  });

  it('keeps the rights of a report that it replaces, and never opens a capture to others', async () => {
    writeFileSync(target, 'old');
    chmodSync(target, 0o640);
    await write(REPORT);
    expect(statSync(target).mode & 0o777).toBe(0o640);
    await write({ existing: 'replace', mode: 0o600 });
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing where it is given up, however often', async () => {
    const file = await WholeFile.create(target, CAPTURE);
    await file.discard();
    await file.discard();
    expect(shared()).toEqual([]);
  });
});

describe('a place that cannot be written is told', () => {
  it.each<[string, string, RegExp]>([
    ['no folder', 'none/a', /none\/a cannot be written: there is no folder .*\/none \(ENOENT\)$/u],
    ['a file for a folder', 'secret/a', /secret is no folder \(ENOTDIR\)$/u],
    ['a folder', 'shared', /shared cannot be written: it (is a folder|exists already) \(E\w+\)$/u],
    ['a long name', 'x'.repeat(300), /ENAMETOOLONG/u],
  ])('%s', async (_what, path, message) => {
    await expect(tryWholeFile(join(folder, path), REPORT)).rejects.toThrow(message);
    await expect(tryWholeFile(join(folder, path), CAPTURE)).rejects.toThrow(message);
    expect(readdirSync(folder).sort()).toEqual(['secret', 'shared']);
  });

  it('and trying leaves nothing', async () => {
    await tryWholeFile(target, CAPTURE);
    expect(shared()).toEqual([]);
  });
});
