import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DescriptorFile, openSpillFile } from './spill-file.ts';

let folder: string;
let file: DescriptorFile | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spill-file-test-'));
});
afterEach(() => {
  file?.close();
  file = undefined;
  rmSync(folder, { recursive: true });
});

const bytes = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * seed);

it('gives back what was written, and has no name', () => {
  file = openSpillFile([folder]);
  expect(file).toBeDefined();
  expect(readdirSync(folder)).toEqual([]);
  expect(file?.write(bytes(100_000, 7), 0)).toBe(true);
  expect(file?.write(new Uint8Array(new SharedArrayBuffer(3000)).fill(9), 5_000_000_000)).toBe(true);
  const first = new Uint8Array(100_000);
  file?.read(first, 0);
  expect(first).toEqual(bytes(100_000, 7));
  const far = new Uint8Array(3000);
  file?.read(far, 5_000_000_000);
  expect(far).toEqual(new Uint8Array(3000).fill(9));
});

it('takes the next folder where one takes no file', () => {
  const good = join(folder, 'good');
  mkdirSync(good);
  file = openSpillFile([join(folder, 'missing'), good]);
  expect(file?.write(bytes(10, 1), 0)).toBe(true);
  expect(readdirSync(good)).toEqual([]);
});

it('is not there where no folder takes it', () => {
  expect(openSpillFile([join(folder, 'missing')])).toBeUndefined();
  expect(openSpillFile([])).toBeUndefined();
});

it('says that bytes cannot be written, and that bytes are missing', () => {
  const closed = openSpillFile([folder]);
  closed?.close();
  expect(closed?.write(bytes(10, 1), 0)).toBe(false);
  file = openSpillFile([folder]);
  expect(() => file?.read(new Uint8Array(10), 1000)).toThrow('is cut');
});

it.skipIf(process.getuid === undefined || process.getuid() === 0)(
  'needs a folder that it may write to',
  () => {
    chmodSync(folder, 0o500);
    expect(openSpillFile([folder])).toBeUndefined();
  },
);
