import { expect, it } from 'vitest';
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { FORM_DOUBTFUL, FORM_IP, PAYLOAD_ELSEWHERE, storedOverhead } from './packet-columns.ts';
import { CHUNK_PACKETS, NO_FLOW, PacketIndex, rowOf } from './packet-index.ts';

interface Made {
  readonly offset: number;
  readonly ns: number;
  readonly form: number;
  readonly ttl: number;
  readonly tos: number;
  readonly overhead: number;
  readonly payload: number;
  readonly payloadAt: number;
}

function enter(packets: PacketIndex, made: Made): PacketNumber {
  const number = packets.next;
  const chunk = packets.begin(made.offset, made.ns as Nanoseconds);
  const row = rowOf(packets.next);
  chunk.seq[row] = -1;
  chunk.ack[row] = 7;
  chunk.flow[row] = NO_FLOW << 1;
  chunk.previous[row] = 0xffff_ffff;
  chunk.window[row] = 501;
  chunk.ipId[row] = 0xbeef;
  chunk.flags[row] = 0x10;
  chunk.setPayload(row, made.payload);
  chunk.setShape(row, made.form, made.tos, made.ttl, made.overhead, made.payloadAt);
  chunk.setDigest(row, 0xd1e5);
  packets.end();
  // A chunk that had to begin for it gives another number than the next one promised.
  return rowOf(packets.next) === 1 ? ((packets.next - 1) as PacketNumber) : number;
}

function expectSame(packets: PacketIndex, number: PacketNumber, made: Made): void {
  const row = rowOf(number);
  const chunk = packets.chunk(number);
  expect({
    offset: packets.fileOffset(number),
    ns: packets.time(number),
    form: packets.form(number),
    ttl: packets.ttl(number),
    tos: packets.tos(number),
    overhead: chunk.overheadAt(row),
    payload: packets.payload(number),
    payloadAt: packets.payloadAt(number),
  }).toEqual(made);
}

const PLAIN: Made = {
  offset: 24,
  ns: 0,
  form: FORM_IP,
  ttl: 64,
  tos: 0,
  overhead: 54,
  payload: 1460,
  payloadAt: 54,
};

it('gives back what was written of each packet', () => {
  const packets = new PacketIndex();
  packets.startFile(0);
  const all: Made[] = [
    PLAIN,
    { ...PLAIN, offset: 1554, ns: -5, ttl: 255, tos: 255, payload: 0xffff_ffff },
    { ...PLAIN, offset: 3084, ns: 2 ** 52, form: 0xff, overhead: 0xffff, payloadAt: PAYLOAD_ELSEWHERE },
    { ...PLAIN, offset: 2 ** 40, payload: 0xffff },
    { ...PLAIN, offset: 2 ** 40 + 5000, payload: 0xfffe },
  ];
  const numbers = all.map((made) => enter(packets, made));
  all.forEach((made, i) => {
    expectSame(packets, numbers[i], made);
  });
  expect(packets.count).toBe(all.length);
  expect(packets.optionDigest(numbers[0])).toBe(0xd1e5);
});

it('tells the bytes on the wire, also of packets whose lengths contradict each other', () => {
  const packets = new PacketIndex();
  packets.startFile(0);
  const form = FORM_IP | FORM_DOUBTFUL;
  const doubtful = { ...PLAIN, form, payload: 3000, overhead: storedOverhead(-1400, form) };
  expect(packets.wire(enter(packets, doubtful))).toBe(1600);
  expect(packets.wire(enter(packets, PLAIN))).toBe(1514);
});

it('begins a chunk where one is full, and where a file begins', () => {
  const packets = new PacketIndex(2);
  packets.startFile(0);
  const numbers = [0, 1, 2].map((i) => enter(packets, { ...PLAIN, offset: 24 + 1530 * i }));
  packets.startFile(1);
  numbers.push(enter(packets, PLAIN));
  expect(numbers).toEqual([0, 1, CHUNK_PACKETS, 2 * CHUNK_PACKETS]);
  expect(numbers.map((number) => packets.file(number))).toEqual([0, 0, 0, 1]);
  expect(numbers.map((number) => packets.frame(number))).toEqual([1, 2, 3, 1]);
  expect(packets.chunkCount).toBe(3);
  expect([0, 1, 2].map((index) => packets.usedOf(index))).toEqual([2, 1, 1]);
});

it('gives marks to no packet that got none, in memory that was used before as well', () => {
  const packets = new PacketIndex(1);
  packets.startFile(0);
  const marked = enter(packets, PLAIN);
  packets.chunk(marked).marks[rowOf(marked)] = 0xffff;
  enter(packets, PLAIN);
  packets.dropOldest();
  expect(packets.holds(marked)).toBe(false);
  expect(packets.holdsChunk(0)).toBe(false);
  expect(packets.marks(enter(packets, PLAIN))).toBe(0);
});
