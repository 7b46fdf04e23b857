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
import { writeZip, type ZipEntry } from '../../test/support/zip-writer.ts';
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

const FOLDER: ZipEntry[] = [{ name: 'a/', data: new Uint8Array(0), isStored: true }];
const FINDER: ZipEntry[] = [
  { name: '__MACOSX/a/._b.pcap', data: new Uint8Array(300), descriptor: 'signed' },
  { name: 'a/.DS_Store', data: new Uint8Array(10) },
];

const KINDS: [name: string, compression: string, make: Make][] = [
  ['plain', 'none', (bytes) => Buffer.from(bytes)],
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  ['gzip in members', 'gzip', members((bytes) => gzipSync(bytes))],
  ['zip', 'zip', (data) => writeZip({ name: 'a.pcap', data })],
  ['zip without deflating', 'zip', (data) => writeZip({ name: 'a.pcap', data, isStored: true })],
  ['zip as a stream', 'zip', (data) => writeZip({ name: 'a.pcap', data, descriptor: 'signed' })],
  [
    'zip of a folder',
    'zip',
    (data) => writeZip(...FOLDER, { name: 'a/b.pcap', data, descriptor: 'bare' }, ...FINDER),
  ],
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

describe('a ZIP archive that is not read whole', () => {
  const data = PLAIN.subarray(0, 5000);
  const one = { name: 'a.pcap', data };
  const wrong = writeZip(one);
  wrong[14] ^= 1;
  const cases: [name: string, bytes: Buffer, given: number, says: RegExp][] = [
    ['has several files', writeZip(one, { name: 'b.pcap', data }), 5000, /several files.*unzip/],
    ['is encrypted', writeZip({ ...one, isEncrypted: true }), 0, /encrypted.*unzip/],
    ['has no file', writeZip(...FOLDER), 0, /no file/],
    ['has a wrong checksum', wrong, 5000, /damaged.*checksum/],
    ['is cut', writeZip(one).subarray(0, -68), 5000, /damaged or cut/],
  ];
  it.each(cases)('%s', async (name, bytes, given, says) => {
    const source = await openCaptureFile(file(`${name}.zip`, bytes));
    let length = 0;
    const reading = source.read((chunk) => (length += chunk.length), new AbortController().signal);
    await expect(reading).rejects.toMatchObject({
      code: 'compression',
      message: expect.stringMatching(says) as string,
    });
    expect(length).toBe(given);
    expect(await source.readAt(0, 9000)).toHaveLength(given);
    await source.close();
  });

  it('gives a bomb piece by piece', async () => {
    const bomb = writeZip({ name: 'a.pcap', data: new Uint8Array(64 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(100_000);
    const source = await openCaptureFile(file('bomb.zip', bomb));
    let largest = 0;
    await source.read((chunk) => (largest = Math.max(largest, chunk.length)), new AbortController().signal);
    expect(largest).toBeLessThanOrEqual(128 * 1024);
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
