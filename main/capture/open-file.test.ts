import { constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OpenFile } from './open-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-file-test-'));
  writeFileSync(join(folder, 'file'), 'abcdef');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (name: string): Promise<OpenFile> => OpenFile.open(join(folder, name), constants.O_RDONLY);

it('reads at a position, fewer bytes where the file ends', async () => {
  const file = await open('file');
  const bytes = new Uint8Array(6);
  expect(await file.read(bytes, 1, 5, 3)).toEqual({ bytesRead: 3 });
  expect(new TextDecoder().decode(bytes)).toBe('\0def\0\0');
  expect((await file.stat()).size).toBe(6);
  await file.close();
});

it('tells why a file cannot be opened', async () => {
  await expect(open('none')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('is closed once, after the reads that run, and not read afterwards', async () => {
  const file = await open('file');
  const bytes = new Uint8Array(6);
  const reads = [file.read(bytes, 0, 3, 0), file.read(bytes, 3, 3, 3)];
  let done = 0;
  for (const read of reads) void read.then(() => done++);
  const closing = file.close();
  await expect(file.read(bytes, 0, 1, 0)).rejects.toMatchObject({ code: 'EBADF' });
  await closing;
  expect(done).toBe(2);
  expect(new TextDecoder().decode(bytes)).toBe('abcdef');
  await file.close();
  await expect(file.stat()).rejects.toMatchObject({ code: 'EBADF' });
});
