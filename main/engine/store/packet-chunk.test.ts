import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { FORM_DOUBTFUL, FORM_IP } from './packet-columns.ts';
import { CHUNK_PACKETS, PacketIndex, rowOf } from './packet-index.ts';

/** What is asked back of a packet. */
interface Row {
  readonly ns: number;
  readonly offset: number;
  readonly payload: number;
  readonly form: number;
  readonly tos: number;
  readonly ttl: number;
  readonly overhead: number;
  readonly payloadAt: number;
  readonly digest: number;
}

function filled(rows: readonly Row[], chunkPackets = CHUNK_PACKETS): PacketIndex {
  const packets = new PacketIndex({ chunkPackets });
  packets.keepsDigests = true;
  packets.startFile(0);
  for (const { ns, offset, payload, form, tos, ttl, overhead, payloadAt, digest } of rows) {
    const chunk = packets.begin(offset, ns as Nanoseconds);
    const row = rowOf(packets.next);
    chunk.setPayload(row, payload);
    chunk.setShape(row, form, tos, ttl, overhead, payloadAt);
    chunk.setDigest(row, digest);
    packets.end();
  }
  return packets;
}

function numbersOf(packets: PacketIndex): PacketNumber[] {
  return Array.from({ length: packets.chunkCount }, (_, index) =>
    Array.from({ length: packets.usedOf(index) }, (_, row) => packets.numberAt(index, row)),
  ).flat();
}

function told(packets: PacketIndex): Row[] {
  return numbersOf(packets).map((packet) => ({
    ns: packets.time(packet),
    offset: packets.fileOffset(packet),
    payload: packets.payload(packet),
    form: packets.form(packet),
    tos: packets.tos(packet),
    ttl: packets.ttl(packet),
    overhead: packets.chunk(packet).overheadAt(rowOf(packet)),
    payloadAt: packets.payloadAt(packet),
    digest: packets.optionDigest(packet),
  }));
}

/** Tells the rows while the last chunk is filled, and once it is closed. */
function expectTold(rows: readonly Row[], chunkPackets?: number): PacketIndex {
  const packets = filled(rows, chunkPackets);
  expect(told(packets)).toEqual(rows);
  packets.closeChunk();
  expect(told(packets)).toEqual(rows);
  return packets;
}

const PLAIN: Row = {
  ns: 0,
  offset: 24,
  payload: 1448,
  form: FORM_IP,
  tos: 0,
  ttl: 64,
  overhead: 66,
  payloadAt: 66,
  digest: 0,
};

/** Records one behind the other, as a file has them. */
function laid(
  rows: readonly Partial<Row>[],
  start: number,
  stride: (wire: number, i: number) => number,
): Row[] {
  let offset = start;
  return rows.map((row, i) => {
    const one = { ...PLAIN, ...row, offset };
    offset += stride(one.payload + one.overhead, i);
    return one;
  });
}

function shapesIn(packets: PacketIndex): number {
  return packets.chunkAt(0).shapes.count;
}

const instant = fc.oneof(
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e19, max: 1e19 }),
);
const hostile: fc.Arbitrary<Row> = fc.record({
  ns: instant.map((ns) => ns + 0),
  offset: fc.oneof(fc.nat(100_000), fc.maxSafeNat()),
  payload: fc.oneof(fc.nat(2000), fc.constantFrom(0xfffe, 0xffff, 0x1_0000, 0xffff_ffff)),
  form: fc.nat(0xff),
  tos: fc.nat(0xff),
  ttl: fc.nat(0xff),
  overhead: fc.nat(0xffff),
  payloadAt: fc.nat(0xffff),
  digest: fc.nat(0xffff),
});

describe('what is written of a packet comes back', () => {
  it('whatever it is', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (rows, room) => {
        expectTold(rows, room);
      }),
    );
  });

  it('where packets of few kinds come again and again', () => {
    const some = fc.array(hostile, { minLength: 1, maxLength: 4 });
    const picks = fc.array(fc.record({ kind: fc.nat(3), after: fc.nat(10 ** 10), stride: fc.nat(2000) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(some, picks, (kinds, rows) => {
        let [ns, offset] = [0, 24];
        expectTold(
          rows.map(({ kind, after, stride }) => {
            ns += after;
            offset += stride;
            return { ...kinds[kind % kinds.length], ns, offset };
          }),
        );
      }),
    );
  });

  it('where each packet is of another kind, and lies in the file as none before', () => {
    const rows = laid(
      Array.from({ length: 3 * CHUNK_PACKETS }, (_, i) => ({
        overhead: i,
        ttl: i & 0xff,
        payload: i % 1400,
      })),
      24,
      (wire, i) => wire + 16 + i,
    );
    expect(shapesIn(expectTold(rows))).toBeGreaterThan(CHUNK_PACKETS);
  });
});

describe('times', () => {
  const times = (all: readonly number[]): PacketIndex =>
    expectTold(
      laid(
        all.map((ns) => ({ ns })),
        24,
        (wire) => 16 + wire,
      ),
    );

  it('need one base while packets come quickly, and another after each long pause', () => {
    expect(times([5, 6, 2 ** 31 + 4]).chunkAt(0).details.times).toBe(1);
    expect(times([5, 6, 2 ** 31 + 5]).chunkAt(0).details.times).toBe(2);
    expect(times([0, -(2 ** 31), 4e9, 4e9 + 1, 8e9]).chunkAt(0).details.times).toBe(3);
  });

  it('are exact where the sum would not be', () => {
    times([2 ** 60, 2 ** 60 + 256, 2 ** 60 + 1024, 0.5, 0.75, -1e300, 1]);
  });

  it('are read many at once as one by one', () => {
    const all = Array.from({ length: 500 }, (_, i) => i ** 3 * 1000 - (i % 7) * 5e9);
    const chunk = times(all).chunkAt(0);
    const into = new Float64Array(all.length);
    for (const [from, to] of [
      [0, all.length],
      [17, 444],
      [3, 3],
      [499, 500],
    ]) {
      into.fill(0);
      chunk.readTimes(from, to, into);
      expect([...into]).toEqual(all.map((ns, i) => (i >= from && i < to ? ns : 0)));
    }
  });
});

describe('offsets', () => {
  const sizes = Array.from({ length: 1000 }, (_, i) => ({ payload: (i * 7919) % 1449 }));

  it('are told by one shape where records follow the bytes on the wire', () => {
    expect(shapesIn(expectTold(laid(sizes, 24, (wire) => 16 + wire)))).toBeLessThanOrEqual(2);
  });

  it('are told by few shapes where blocks are filled up to a multiple of four', () => {
    const rows = laid(sizes, 28, (wire) => 32 + Math.ceil(wire / 4) * 4);
    expect(shapesIn(expectTold(rows))).toBeLessThanOrEqual(6);
  });

  it('are told by few shapes where packets are cut', () => {
    const rows = laid(sizes, 24, (wire) => 16 + Math.min(96, wire));
    // Those that are cut, those that are whole, and those that lack less than a record's header.
    expect(shapesIn(expectTold(rows))).toBeLessThan(24);
  });

  it('skip what lies between records, however long it is', () => {
    expectTold(laid(sizes, 24, (wire, i) => 16 + wire + (i % 100 === 7 ? 5 * 2 ** 32 : 0)));
  });
});

it('keeps sizes beyond 16 bits', () => {
  expectTold(
    laid([{ payload: 0xffff }, { payload: 1 }, { payload: 0xffff_ffff }, {}], 24, (wire) => wire + 16),
  );
});

it('tells the wire of what is longer than it came', () => {
  const form = FORM_IP | FORM_DOUBTFUL;
  const packets = filled([{ ...PLAIN, form, payload: 3000, overhead: 0x8000 - 1400 }]);
  expect(packets.wire(0 as PacketNumber)).toBe(1600);
});

it('counts frames that are no packets, closed or not', () => {
  const packets = new PacketIndex();
  packets.startFile(0);
  const frames: number[] = [];
  let frame = 1;
  for (let i = 0; i < 300; i++) {
    if (i % 5 === 0) {
      packets.skipFrames(i);
      packets.skipFrames(1);
      frame += i + 1;
    }
    packets.begin(i, 0 as Nanoseconds).setShape(rowOf(packets.next), 0, 0, 0, 0, 0);
    packets.end();
    frames.push(frame++);
  }
  const all = (): number[] => frames.map((_, i) => packets.frame(i as PacketNumber));
  expect(all()).toEqual(frames);
  packets.closeChunk();
  expect(all()).toEqual(frames);
});

it('takes 32 bytes a packet, and of a small file no more than it has packets', () => {
  const rows = laid(
    Array.from({ length: 3 * CHUNK_PACKETS + 10 }, (_, i) => ({ ns: i * 1000 })),
    24,
    (wire) => wire + 16,
  );
  const packets = new PacketIndex();
  packets.startFile(0);
  for (const { offset, ns } of rows) {
    const chunk = packets.begin(offset, ns as Nanoseconds);
    chunk.setPayload(rowOf(packets.next), PLAIN.payload);
    chunk.setShape(rowOf(packets.next), PLAIN.form, 0, 64, PLAIN.overhead, PLAIN.payloadAt);
    packets.end();
  }
  packets.closeChunk();
  expect(packets.bytes / rows.length).toBeLessThan(32.5);
});
