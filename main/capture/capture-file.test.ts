import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describeCompressed,
  members,
  PLAIN,
  readAll,
  type Make,
} from '../../test/support/compressed-files.ts';
import { openCaptureFile } from './capture-file.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

const KINDS: [name: string, compression: string, make: Make][] = [
  ['plain', 'none', (bytes) => Buffer.from(bytes)],
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  ['gzip in members', 'gzip', members((bytes) => gzipSync(bytes))],
];
for (const [name, compression, make] of KINDS) describeCompressed(name, compression, make);

describe('cancelling', () => {
  for (const [name, make] of [
    ['plain', (bytes: Uint8Array) => Buffer.from(bytes)],
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ] as const) {
    it(`stops a ${name} file between two chunks`, async () => {
      const source = await openCaptureFile(file(`cancel ${name}`, make(PLAIN)));
      const controller = new AbortController();
      let chunks = 0;
      const reading = source.read(() => {
        chunks++;
        controller.abort(new Error('enough'));
      }, controller.signal);
      await expect(reading).rejects.toThrow('enough');
      expect(chunks).toBe(1);
      await source.close();
    });
  }

  it('hands a throwing handler on', async () => {
    const source = await openCaptureFile(file('thrower', gzipSync(PLAIN)));
    const reading = source.read(() => {
      throw new Error('mine');
    }, new AbortController().signal);
    await expect(reading).rejects.toThrow('mine');
    await source.close();
  });
});

describe('what cannot be opened', () => {
  it('names the path', async () => {
    const missing = join(dir, 'missing.pcap');
    await expect(openCaptureFile(missing)).rejects.toMatchObject({
      code: 'not-found',
      message: `${missing}: there is no such file`,
    });
    await expect(openCaptureFile(dir)).rejects.toMatchObject({ code: 'is-directory' });
    await expect(openCaptureFile(join(file('f', PLAIN.subarray(0, 9)), 'x'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('refuses pipes without waiting for a writer', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(openCaptureFile(pipe)).rejects.toMatchObject({ code: 'not-a-file' });
  });

  it.skipIf(process.getuid?.() === 0)('says when permission is missing', async () => {
    const path = file('secret', PLAIN.subarray(0, 100));
    chmodSync(path, 0);
    await expect(openCaptureFile(path)).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('an empty file is a file', async () => {
    const source = await openCaptureFile(file('empty', new Uint8Array(0)));
    expect(await readAll(source)).toHaveLength(0);
    expect(await source.readAt(0, 10)).toHaveLength(0);
    await source.close();
  });

  it('refuses impossible places', async () => {
    mkdirSync(join(dir, 'sub'));
    const source = await openCaptureFile(file('sub/x', PLAIN.subarray(0, 100)));
    for (const [offset, length] of [
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, 1e9],
    ]) {
      await expect(source.readAt(offset, length)).rejects.toThrow(RangeError);
    }
    await source.close();
  });
});
