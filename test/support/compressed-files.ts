/** Compressed capture files: each kind of them is read whole, in parts, cut short, and damaged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCaptureFile } from '../../main/capture/capture-file.ts';
import type { ChunkSource } from '../../main/capture/chunk-source.ts';

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

/** What all files hold. */
export const PLAIN = content(7_000_001);

export async function readAll(source: ChunkSource): Promise<Buffer> {
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

export type Make = (bytes: Uint8Array) => Buffer;

/** Compresses three parts, one of them tiny and one empty, one behind the other. */
export function members(make: Make): Make {
  return (bytes) => {
    const cuts = [0, 3, 3, 2_000_000, bytes.length];
    return Buffer.concat(cuts.slice(1).map((to, i) => make(bytes.subarray(cuts[i], to))));
  };
}

/**
 * Call it at the top of a test file.
 * @param isSkipped the program that compresses is not here
 */
export function describeCompressed(
  name: string,
  compression: string,
  make: Make,
  { isSkipped = false } = {},
): void {
  describe.skipIf(isSkipped)(name, () => {
    let dir = '';
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'resetscope-'));
    });
    afterAll(() => rmSync(dir, { recursive: true }));
    const write = (file: string, bytes: Uint8Array): string => {
      const path = join(dir, file);
      writeFileSync(path, bytes);
      return path;
    };

    it('gives the content, and any part of it', async () => {
      const source = await openCaptureFile(write(name, make(PLAIN)));
      try {
        expect(source.compression).toBe(compression);
        expect((await readAll(source)).equals(PLAIN)).toBe(true);
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
          expect(Buffer.from(part).equals(PLAIN.subarray(offset, offset + length)), `${offset}`).toBe(true);
        }
        const both = await Promise.all([source.readAt(6_000_000, 10), source.readAt(10, 10)]);
        expect(both.map((part) => [...part])).toEqual([
          [...PLAIN.subarray(6_000_000, 6_000_010)],
          [...PLAIN.subarray(10, 20)],
        ]);
        expect((await readAll(source)).length).toBe(PLAIN.length);
      } finally {
        await source.close();
      }
    });

    // A plain file that is cut is for the reader of records to notice.
    if (name === 'plain') return;

    it('keeps what comes before a cut, and says so', async () => {
      const whole = make(PLAIN);
      const source = await openCaptureFile(write(`${name} cut`, whole.subarray(0, whole.length - 1_000_000)));
      const pieces: Buffer[] = [];
      const reading = source.read(
        (chunk) => void pieces.push(Buffer.from(chunk)),
        new AbortController().signal,
      );
      await expect(reading).rejects.toMatchObject({ code: 'compression', path: source.path });
      const got = Buffer.concat(pieces);
      expect(got.length).toBeGreaterThan(1_000_000);
      expect(got.equals(PLAIN.subarray(0, got.length))).toBe(true);
      expect(await source.readAt(got.length - 5, 100)).toHaveLength(5);
      await source.close();
    });

    it('rejects garbage in the middle with words, and never hangs', async () => {
      const damaged = Buffer.from(make(PLAIN));
      damaged.fill(0x5a, 1_500_000, 1_500_200);
      const source = await openCaptureFile(write(`${name} damaged`, damaged));
      let length = 0;
      const reading = source.read((chunk) => void (length += chunk.length), new AbortController().signal);
      // Without checksums damage may go unnoticed; with them it must not.
      if (/without checksum/.test(name))
        await reading.catch((error) => expect(error.code).toBe('compression'));
      else await expect(reading).rejects.toMatchObject({ code: 'compression' });
      expect(length).toBeGreaterThan(1_000_000);
      await source.close();
    });
  });
}
