import type { PacketNumber } from '../../../shared/base/units.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import type { AssembledStream } from './assembled.ts';
import { BlockList } from './block-list.ts';
import { StreamAssembler, type AssemblerOptions } from './reassembly.ts';

const OPTIONS: AssemblerOptions = { maxBytes: 1 << 20, maxSegments: 10_000, policy: 'first' };

function text(bytes: string): Uint8Array {
  return new TextEncoder().encode(bytes);
}

/** The parts as one line: data as text, gaps as `[reason length]`. */
function shape(stream: AssembledStream): string {
  return stream.parts
    .map((part) =>
      part.kind === 'data' ? new TextDecoder().decode(part.bytes) : `[${part.reason} ${part.length}]`,
    )
    .join('');
}

/** Adds `[seq, bytes, wireLength?]` one after the other, packets numbered from 0. */
function assemble(
  segments: readonly (readonly [number, string, number?])[],
  options: Partial<AssemblerOptions> = {},
  initialSeq = 1000,
): AssembledStream {
  const assembler = new StreamAssembler(initialSeq, { ...OPTIONS, ...options });
  segments.forEach(([seq, bytes, wire], packet) => {
    assembler.add(seq, text(bytes), wire ?? bytes.length, packet as PacketNumber);
  });
  return assembler.finish();
}

describe('StreamAssembler', () => {
  it('joins segments and says which packet brought what', () => {
    const stream = assemble([
      [1000, 'GET '],
      [1004, '/ HT'],
      [1008, 'TP'],
    ]);
    expect(stream.length).toBe(10);
    expect(stream.parts).toEqual([
      {
        kind: 'data',
        offset: 0,
        bytes: text('GET / HTTP'),
        packets: [
          { packet: 0, offset: 0, length: 4 },
          { packet: 1, offset: 4, length: 4 },
          { packet: 2, offset: 8, length: 2 },
        ],
      },
    ]);
    expect(stream).toMatchObject({ outOfOrder: 0, retransmitted: { segments: 0, bytes: 0 } });
  });

  it('is empty without segments', () => {
    expect(assemble([])).toMatchObject({ parts: [], length: 0 });
    expect(assemble([[1000, '', 0]])).toMatchObject({ parts: [], length: 0 });
  });

  it('puts late segments where they belong and counts them', () => {
    const stream = assemble([
      [1006, 'ghi'],
      [1003, 'def'],
      [1000, 'abc'],
    ]);
    expect(shape(stream)).toBe('abcdefghi');
    expect(stream.outOfOrder).toBe(2);
  });

  it('marks what was not captured, at the start and in the middle', () => {
    expect(
      shape(
        assemble([
          [1002, 'cd'],
          [1007, 'hi'],
        ]),
      ),
    ).toBe('[not-captured 2]cd[not-captured 3]hi');
  });

  it('tells bytes cut by the snaplen from bytes not captured', () => {
    const stream = assemble([
      [1000, 'ab', 5],
      [1005, 'fg', 4],
      [1012, '', 3],
    ]);
    expect(shape(stream)).toBe('ab[cut-by-snaplen 3]fg[cut-by-snaplen 2][not-captured 3][cut-by-snaplen 3]');
    expect(stream.length).toBe(15);
  });

  it('fills what a cut packet left open from another copy', () => {
    expect(
      shape(
        assemble([
          [1000, 'ab', 6],
          [1000, 'abcd', 4],
        ]),
      ),
    ).toBe('abcd[cut-by-snaplen 2]');
  });

  it('counts retransmissions, also partial ones', () => {
    const stream = assemble([
      [1000, 'abcd'],
      [1000, 'abcd'],
      [1002, 'cdef'],
    ]);
    expect(shape(stream)).toBe('abcdef');
    expect(stream.retransmitted).toEqual({ segments: 2, bytes: 6 });
    expect(stream.overlapDifferent).toEqual({ segments: 0, bytes: 0 });
  });

  const CONFLICT: readonly (readonly [number, string])[] = [
    [1000, 'HTTP/1.1 200 OK'],
    [1000, 'HTTP/1.1 302 Go away'],
  ];

  it.each([
    ['first', 'HTTP/1.1 200 OK away'],
    ['last', 'HTTP/1.1 302 Go away'],
  ] as const)('keeps what came %s and reports the conflict', (policy, expected) => {
    const stream = assemble(CONFLICT, { policy });
    expect(shape(stream)).toBe(expected);
    expect(stream.overlapDifferent).toEqual({ segments: 1, bytes: 4 });
    expect(stream.conflicts).toEqual([
      { offset: 9, length: 6, differing: 4, firstPacket: 0, secondPacket: 1 },
    ]);
    expect(stream.retransmitted).toEqual({ segments: 1, bytes: 11 });
  });

  it('names the packet of every block that was contradicted', () => {
    const stream = assemble([
      [1000, 'ab'],
      [1002, 'cd'],
      [1000, 'aXYd'],
    ]);
    expect(stream.conflicts).toEqual([
      { offset: 1, length: 1, differing: 1, firstPacket: 0, secondPacket: 2 },
      { offset: 2, length: 1, differing: 1, firstPacket: 1, secondPacket: 2 },
    ]);
  });

  it('does not take a keep-alive with its byte of garbage for a conflict', () => {
    const stream = assemble([
      [1000, 'abc'],
      [1002, '\0'],
      [1003, 'd'],
    ]);
    expect(shape(stream)).toBe('abcd');
    expect(stream).toMatchObject({ keepAlives: 1, overlapDifferent: { segments: 0, bytes: 0 } });
  });

  it('counts keep-alives before any data as outside the stream', () => {
    const stream = assemble([
      [999, '\0'],
      [1000, 'ab'],
    ]);
    expect(shape(stream)).toBe('ab');
    expect(stream.outside).toEqual({ segments: 1, bytes: 1 });
  });

  it('cuts off what lies before the start', () => {
    const stream = assemble([[997, 'xyzabc']]);
    expect(shape(stream)).toBe('abc');
    expect(stream.outside).toEqual({ segments: 1, bytes: 3 });
  });

  it('puts no segment beyond any window into the stream', () => {
    const stream = assemble([
      [1000, 'ab'],
      [1000 + 2 ** 30 + 3, 'far'],
      [1002, 'cd'],
    ]);
    expect(shape(stream)).toBe('abcd');
    expect(stream.outside).toEqual({ segments: 1, bytes: 3 });
  });

  it('copies: the capture reuses its buffers', () => {
    const assembler = new StreamAssembler(0, OPTIONS);
    const buffer = text('abc');
    assembler.add(0, buffer, 3, 0 as PacketNumber);
    buffer.fill(0);
    expect(shape(assembler.finish())).toBe('abc');
  });

  it('ignores captured bytes beyond the wire length', () => {
    expect(shape(assemble([[1000, 'abcdef', 3]]))).toBe('abc');
  });

  it('crosses the circle and goes beyond 4 GiB', () => {
    const step = 2 ** 26;
    const initial = 0xffff_ff00;
    const assembler = new StreamAssembler(initial, { ...OPTIONS, maxBytes: 1000 });
    for (let i = 0; i < 100; i++)
      assembler.add((initial + i * step) | 0, text('12345678'), step, i as PacketNumber);
    const stream = assembler.finish();
    expect(stream.length).toBe(100 * step);
    expect(stream.parts).toHaveLength(200);
    expect(stream.parts.at(-2)).toMatchObject({ kind: 'data', offset: 99 * step, bytes: text('12345678') });
    expect(stream.parts.at(-1)).toEqual({
      kind: 'gap',
      offset: 99 * step + 8,
      length: step - 8,
      reason: 'cut-by-snaplen',
    });
    expect(stream.outside.segments).toBe(0);
  });
});

describe('bounds', () => {
  it('drops what exceeds the bytes, counts it and says so in the gap', () => {
    const stream = assemble(
      [
        [1000, 'abcd'],
        [1004, 'efgh'],
        [1012, 'xx'],
        [1008, 'zz'],
      ],
      { maxBytes: 6 },
    );
    expect(shape(stream)).toBe('abcd[over-limit 6][not-captured 2]xx');
    expect(stream.dropped).toEqual({ segments: 2, bytes: 6 });
  });

  it('drops what exceeds the pieces, and blames the limit for all between what it dropped', () => {
    const stream = assemble(
      [
        [1000, 'a', 2],
        [1002, 'c'],
        [1004, 'e', 3],
      ],
      { maxSegments: 2 },
    );
    expect(shape(stream)).toBe('a[cut-by-snaplen 1][over-limit 5]');
    expect(stream.dropped).toEqual({ segments: 2, bytes: 2 });
  });

  it('still compares what it can no longer store', () => {
    const stream = assemble(
      [
        [1000, 'abcd'],
        [1002, 'XXef'],
      ],
      { maxBytes: 4 },
    );
    expect(stream.overlapDifferent).toEqual({ segments: 1, bytes: 2 });
    expect(stream.dropped).toEqual({ segments: 1, bytes: 2 });
  });

  it('bounds the list of conflicts, not their count', () => {
    const many = LIMITS.maxStreamConflicts + 50;
    const assembler = new StreamAssembler(0, OPTIONS);
    assembler.add(0, text('abcd'), 4, 0 as PacketNumber);
    for (let i = 0; i < many; i++) assembler.add(0, text('abXd'), 4, (i + 1) as PacketNumber);
    const stream = assembler.finish();
    expect(stream.conflicts).toHaveLength(LIMITS.maxStreamConflicts);
    expect(stream.overlapDifferent).toEqual({ segments: many, bytes: many });
  });

  it('takes as many segments as the limit allows in the worst orders', () => {
    const count = LIMITS.maxReassemblySegments;
    for (const seqOf of [(i: number) => (count - i) * 2, (i: number) => ((i * 7919) % count) * 2]) {
      const assembler = new StreamAssembler(0, { maxBytes: 1 << 24, maxSegments: count, policy: 'first' });
      const byte = Uint8Array.of(1);
      for (let i = 0; i < count; i++) assembler.add(seqOf(i), byte, 1, i as PacketNumber);
      expect(assembler.finish().parts.filter((part) => part.kind === 'data')).toHaveLength(count);
    }
  });
});

/** A plan of segments over a stream: all of it covered or not, overlapping, repeated, shuffled, cut. */
const anyPlan = fc.record({
  size: fc.integer({ min: 1, max: 400 }),
  initialSeq: fc.oneof(
    fc.integer({ min: -500, max: 500 }),
    fc.integer({ min: 2 ** 31 - 500, max: 2 ** 31 + 500 }),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  ),
  segments: fc.array(
    fc.record({ at: fc.nat(399), length: fc.integer({ min: 1, max: 80 }), keep: fc.nat(80) }),
    { maxLength: 60 },
  ),
  cuts: fc.array(fc.nat(399), { maxLength: 20 }),
  order: fc.infiniteStream(fc.nat(1_000_000)),
});

function byteAt(offset: number): number {
  return (offset * 31 + (offset >>> 5)) & 0xff;
}

function shuffled<T>(items: readonly T[], order: Iterator<number>): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const k = (order.next().value as number) % (i + 1);
    [result[i], result[k]] = [result[k], result[i]];
  }
  return result;
}

describe('any segmentation', () => {
  it('in any order, repeated and overlapping, gives the original back', () => {
    fc.assert(
      fc.property(anyPlan, ({ size, initialSeq, segments, cuts, order }) => {
        const original = Uint8Array.from({ length: size }, (_, i) => byteAt(i));
        const bounds = [...new Set([0, size, ...cuts.filter((cut) => cut < size)])].sort((a, b) => a - b);
        const cover = bounds.slice(1).map((end, i) => ({ from: bounds[i], to: end }));
        const extra = segments
          .filter(({ at, length }) => at + length <= size && length > 1)
          .map(({ at, length }) => ({ from: at, to: at + length }));
        const assembler = new StreamAssembler(initialSeq, OPTIONS);
        shuffled([...cover, ...extra], order).forEach(({ from, to }, packet) => {
          assembler.add(
            (initialSeq + from) | 0,
            original.subarray(from, to),
            to - from,
            packet as PacketNumber,
          );
        });
        const stream = assembler.finish();
        expect(stream.parts).toHaveLength(1);
        const part = stream.parts[0];
        expect(part.kind === 'data' && part.bytes).toEqual(original);
        expect(stream.overlapDifferent.segments + stream.dropped.segments + stream.outside.segments).toBe(0);
        const sent = [...cover, ...extra].reduce((sum, { from, to }) => sum + to - from, 0);
        // Every byte was stored once; all others were seen again.
        expect(stream.retransmitted.bytes).toBe(sent - size);
      }),
      { seed: 793, numRuns: 500 },
    );
  });

  it('agrees with a byte-by-byte model about data, gaps and their reasons', () => {
    fc.assert(
      fc.property(anyPlan, fc.boolean(), fc.nat(2), ({ initialSeq, segments }, last, twist) => {
        const assembler = new StreamAssembler(initialSeq, { ...OPTIONS, policy: last ? 'last' : 'first' });
        const model = new Map<number, number>();
        const onWire = new Set<number>();
        let end = 0;
        let differing = 0;
        segments.forEach(({ at, length, keep }, packet) => {
          if (length === 1) return; // may be a keep-alive, see there
          const captured = Math.min(keep, length);
          const bytes = Uint8Array.from(
            { length: captured },
            (_, i) => byteAt(at + i) ^ (packet % (twist + 1)),
          );
          assembler.add((initialSeq + at) | 0, bytes, length, packet as PacketNumber);
          for (let i = 0; i < length; i++) onWire.add(at + i);
          for (let i = 0; i < captured; i++) {
            const old = model.get(at + i);
            if (old !== undefined && old !== bytes[i]) differing++;
            if (old === undefined || last) model.set(at + i, bytes[i]);
          }
          end = Math.max(end, at + length);
        });
        const stream = assembler.finish();
        expect(stream.length).toBe(end);
        expect(stream.overlapDifferent.bytes).toBe(differing);
        let at = 0;
        for (const part of stream.parts) {
          expect(part.offset).toBe(at);
          const length = part.kind === 'data' ? part.bytes.length : part.length;
          for (let i = 0; i < length; i++) {
            if (part.kind === 'data') expect(part.bytes[i]).toBe(model.get(at + i));
            else {
              expect(model.has(at + i)).toBe(false);
              expect(part.reason).toBe(onWire.has(at + i) ? 'cut-by-snaplen' : 'not-captured');
            }
          }
          at += length;
        }
        expect(at).toBe(end);
      }),
      { seed: 794, numRuns: 500 },
    );
  });
});

describe('a storm of overlapping segments', () => {
  it('costs as many visits of blocks as it has bytes and segments', () => {
    const visits = [4000, 40_000].map((segments) => {
      const assembler = new StreamAssembler(1000, { ...OPTIONS, maxBytes: 1 << 26, maxSegments: 200_000 });
      let visited = 0;
      const { overlapping } = BlockList.prototype;
      BlockList.prototype.overlapping = function (start, end, visit) {
        overlapping.call(this, start, end, (block) => {
          visited++;
          visit(block);
        });
      };
      try {
        for (let i = 0; i < segments; i++) {
          // Each overlaps its neighbours on both sides, in an order that is the worst for a list.
          assembler.add(
            1000 + ((i * 7919) % segments) * 40,
            new Uint8Array(100).fill(i),
            100,
            i as PacketNumber,
          );
        }
      } finally {
        BlockList.prototype.overlapping = overlapping;
      }
      return visited;
    });
    expect(visits[0]).toBeGreaterThan(1000);
    expect(visits[1] / visits[0]).toBeLessThanOrEqual(10.5);
  });
});
