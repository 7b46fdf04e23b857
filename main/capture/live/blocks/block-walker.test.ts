import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcapng, type PcapngBlock } from '../../../../test/support/capture-writer.ts';
import { BlockError, BlockWalker } from './block-walker.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';

const packet = fc.record({
  kind: fc.constant('packet' as const),
  timeNs: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  data: fc.uint8Array({ maxLength: 200 }),
});
const other = fc.record({
  kind: fc.constant('raw' as const),
  blockType: fc.integer({ min: 0x8000_0000, max: 0xffff_ffff }),
  body: fc.uint8Array({ maxLength: 40 }),
});
const stream = fc
  .array(
    fc.record({
      bigEndian: fc.boolean(),
      interfaces: fc.constant([{ tsresol: 9 }]),
      blocks: fc.array(fc.oneof(packet, other) as fc.Arbitrary<PcapngBlock>, { maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((sections) => writePcapng({ sections }));

function walk(bytes: Uint8Array, sizes: readonly number[]): { blocks: Uint8Array[]; pending: number } {
  const blocks: Uint8Array[] = [];
  const walker = new BlockWalker((_type, data, at, length) => blocks.push(data.subarray(at, at + length)));
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[i % sizes.length]);
    walker.push(bytes.slice(at, at + size));
    at += size;
  }
  return { blocks, pending: walker.pendingBytes };
}

describe('blocks of a stream', () => {
  it('come whole and in order, however the stream is cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 97 }), { maxLength: 5 }), (bytes, sizes) => {
        const cut = walk(bytes, sizes);
        expect(Buffer.concat(cut.blocks)).toEqual(Buffer.from(bytes));
        expect(cut.blocks.map(({ length }) => length)).toEqual(
          walk(bytes, []).blocks.map(({ length }) => length),
        );
        expect(cut.pending).toBe(0);
      }),
    );
  });

  it('of a stream that ends early lack the last', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (bytes, lost) => {
        const kept = bytes.subarray(0, bytes.length - 1 - (lost % (bytes.length - 1)));
        const { blocks, pending } = walk(kept, [13]);
        expect(blocks.reduce((sum, { length }) => sum + length, 0) + pending).toBe(kept.length);
      }),
    );
  });

  it('are never more than what was pushed, whatever was', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.tuple(fc.nat(), fc.nat(255))), (bytes, changes) => {
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          const { blocks } = walk(bytes, [31]);
          expect(blocks.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(BlockError);
        }
      }),
    );
  });
});

describe('a stream that cannot be pcapng', () => {
  const whole = writePcapng({
    sections: [{ interfaces: [{}], blocks: [{ kind: 'packet', timeNs: 0n, data: new Uint8Array(8) }] }],
  });
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setUint32(at < 0 ? bytes.length + at : at, value, true);
    return bytes;
  };
  it.each([
    [
      'text',
      new TextEncoder().encode('tcpdump: no suitable device found'),
      /does not begin with a section header/,
    ],
    ['no byte order', changed(8, 0), /no byte order/],
    ['a length of nothing', changed(4, 0), /claims to be 0 bytes/],
    ['a length that is no multiple of four', changed(4, 29), /claims to be 29 bytes/],
    ['a length beyond all', changed(4, LIVE_CAPTURE_LIMITS.maxBlockBytes + 4), /claims to be/],
    ['two lengths', changed(-4, 12), /two different lengths/],
  ])('is refused: %s', (_name, bytes, message) => {
    for (const sizes of [[], [1], [5]]) {
      expect(() => walk(bytes, sizes)).toThrow(BlockError);
      expect(() => walk(bytes, sizes)).toThrow(message);
    }
  });
});
