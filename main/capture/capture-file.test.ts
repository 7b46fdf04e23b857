import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCaptureFile } from './capture-file.ts';
import type { ChunkSource } from './chunk-source.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Compressible and not, longer than all buffers. */
function content(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = i % 5000 < 2500 ? state >>> 16 : (i >>> 5) & 0xff;
  }
  return bytes;
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

async function readAll(source: ChunkSource): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let lastConsumed = 0;
  await source.read((chunk, consumed) => {
    expect(consumed).toBeGreaterThanOrEqual(lastConsumed);
    lastConsumed = consumed;
    pieces.push(Buffer.from(chunk));
  }, new AbortController().signal);
  if (pieces.length > 0) expect(lastConsumed).toBe(source.sizeBytes);
  return Buffer.concat(pieces);
}

function has(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function compress(tool: string, args: string[], bytes: Uint8Array): Buffer {
  return execFileSync(tool, [...args, '-c'], { input: bytes, maxBuffer: 1 << 28 });
}

const plain = content(7_000_001);

type Make = (bytes: Uint8Array) => Buffer;
const lz4: (...args: string[]) => Make =
  (...args) =>
  (bytes) =>
    compress('lz4', args, bytes);
const zstd: (...args: string[]) => Make =
  (...args) =>
  (bytes) =>
    compress('zstd', args, bytes);
const kinds: [name: string, compression: string, skip: boolean, make: Make][] = [
  ['plain', 'none', false, (bytes) => Buffer.from(bytes)],
  ['gzip', 'gzip', false, (bytes) => gzipSync(bytes)],
  ['gzip in members', 'gzip', false, members((bytes) => gzipSync(bytes))],
  ['lz4', 'lz4', !has('lz4'), lz4('-1')],
  ['lz4 with small linked blocks', 'lz4', !has('lz4'), lz4('-9', '-B4', '-BD')],
  ['lz4 with block checksums', 'lz4', !has('lz4'), lz4('-BX', '-B5')],
  ['lz4 without checksum, with size', 'lz4', !has('lz4'), lz4('--no-frame-crc', '--content-size')],
  ['lz4 in frames', 'lz4', !has('lz4'), members(lz4('-BD'))],
  ['zstd', 'zstd', !has('zstd'), zstd('-3')],
  ['zstd -19', 'zstd', !has('zstd'), zstd('-19')],
  ['zstd without checksum', 'zstd', !has('zstd'), zstd('--no-check')],
  ['zstd in frames', 'zstd', !has('zstd'), members(zstd('-1'))],
];

/** Compresses three parts, one of them tiny and one empty, one behind the other. */
function members(make: Make): Make {
  return (bytes) => {
    const cuts = [0, 3, 3, 2_000_000, bytes.length];
    return Buffer.concat(cuts.slice(1).map((to, i) => make(bytes.subarray(cuts[i], to))));
  };
}

describe.each(kinds)('%s', (name, compression, skip, make) => {
  it.skipIf(skip)('gives the content, and any part of it', async () => {
    const source = await openCaptureFile(file(name, make(plain)));
    try {
      expect(source.compression).toBe(compression);
      expect((await readAll(source)).equals(plain)).toBe(true);
      const parts = [
        [0, 24],
        [5_000_000, 70_000],
        [262_143, 2],
        [6_999_990, 100],
        [100, 300_000],
        [8_000_000, 10],
        [5_000_001, 1],
        [3, 0],
      ];
      for (const [offset, length] of parts) {
        const part = await source.readAt(offset, length);
        expect(Buffer.from(part).equals(plain.subarray(offset, offset + length)), `${offset}`).toBe(true);
      }
      const both = await Promise.all([source.readAt(6_000_000, 10), source.readAt(10, 10)]);
      expect(both.map((part) => [...part])).toEqual([
        [...plain.subarray(6_000_000, 6_000_010)],
        [...plain.subarray(10, 20)],
      ]);
      expect((await readAll(source)).length).toBe(plain.length);
    } finally {
      await source.close();
    }
  });

  // A plain file that is cut is for the reader of records to notice.
  if (name === 'plain') return;

  it.skipIf(skip)('keeps what comes before a cut, and says so', async () => {
    const whole = make(plain);
    const source = await openCaptureFile(file(`${name} cut`, whole.subarray(0, whole.length - 1_000_000)));
    const pieces: Buffer[] = [];
    const reading = source.read(
      (chunk) => void pieces.push(Buffer.from(chunk)),
      new AbortController().signal,
    );
    await expect(reading).rejects.toMatchObject({ code: 'compression', path: source.path });
    const got = Buffer.concat(pieces);
    expect(got.length).toBeGreaterThan(1_000_000);
    expect(got.equals(plain.subarray(0, got.length))).toBe(true);
    expect(await source.readAt(got.length - 5, 100)).toHaveLength(5);
    await source.close();
  });

  it.skipIf(skip)('rejects garbage in the middle with words, and never hangs', async () => {
    const damaged = Buffer.from(make(plain));
    damaged.fill(0x5a, 1_500_000, 1_500_200);
    const source = await openCaptureFile(file(`${name} damaged`, damaged));
    let length = 0;
    const reading = source.read((chunk) => void (length += chunk.length), new AbortController().signal);
    // Without checksums damage may go unnoticed; with them it must not.
    if (/without checksum/.test(name)) await reading.catch((error) => expect(error.code).toBe('compression'));
    else await expect(reading).rejects.toMatchObject({ code: 'compression' });
    expect(length).toBeGreaterThan(1_000_000);
    await source.close();
  });
});

describe('cancelling', () => {
  for (const [name, make] of [
    ['plain', (bytes: Uint8Array) => Buffer.from(bytes)],
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ] as const) {
    it(`stops a ${name} file between two chunks`, async () => {
      const source = await openCaptureFile(file(`cancel ${name}`, make(plain)));
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
    const source = await openCaptureFile(file('thrower', gzipSync(plain)));
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
    await expect(openCaptureFile(join(file('f', plain.subarray(0, 9)), 'x'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('refuses pipes without waiting for a writer', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(openCaptureFile(pipe)).rejects.toMatchObject({ code: 'not-a-file' });
  });

  it.skipIf(process.getuid?.() === 0)('says when permission is missing', async () => {
    const path = file('secret', plain.subarray(0, 100));
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
    const source = await openCaptureFile(file('sub/x', plain.subarray(0, 100)));
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
