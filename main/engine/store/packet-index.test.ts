import { describe, expect, it } from 'vitest';
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { FORM_DOUBTFUL, FORM_IP, PAYLOAD_ELSEWHERE, storedOverhead } from './packet-columns.ts';
import { MemoryFile } from '../../../test/support/memory-file.ts';
import { type SpillFile, SpillLost, SpillSpace } from '../spill-space.ts';
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
  packets.keepsDigests = true;
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
  const packets = new PacketIndex({ chunkPackets: 2 });
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
  const packets = new PacketIndex({ chunkPackets: 1 });
  packets.startFile(0);
  const marked = enter(packets, PLAIN);
  packets.chunk(marked).marks[rowOf(marked)] = 0xffff;
  enter(packets, PLAIN);
  packets.dropOldest();
  expect(packets.holds(marked)).toBe(false);
  expect(packets.holdsChunk(0)).toBe(false);
  expect(packets.marks(enter(packets, PLAIN))).toBe(0);
});

describe('with little memory', () => {
  const ROWS = 64;
  const BYTES = 3 * 2048;
  const made = (i: number): Made => ({
    ...PLAIN,
    offset: 24 + 1530 * i,
    ns: i * 1e9,
    ttl: i % 256,
    payload: i % 100 === 3 ? 70_000 + i : i,
  });

  function many(count: number, spillFile: SpillFile, onSpillFull?: () => void): PacketIndex {
    const packets = new PacketIndex({
      chunkPackets: ROWS,
      spill: new SpillSpace(spillFile),
      budget: BYTES,
      ...(onSpillFull === undefined ? {} : { onSpillFull }),
    });
    packets.startFile(0);
    for (let i = 0; i < count; i++) enter(packets, made(i));
    return packets;
  }
  const numberOf = (i: number): PacketNumber =>
    (Math.floor(i / ROWS) * CHUNK_PACKETS + (i % ROWS)) as PacketNumber;

  it('answers the same, in whatever order it is asked', () => {
    const packets = many(2000, new MemoryFile());
    expect(packets.traffic.written).toBeGreaterThan(20);
    for (let i = 0; i < 4000; i++) {
      const at = (i * 7919) % 2000;
      expectSame(packets, numberOf(at), made(at));
      expect(packets.frame(numberOf(at))).toBe(at + 1);
    }
    expect(packets.traffic.read).toBeGreaterThan(100);
  });

  it('holds no more than it may', () => {
    const packets = many(5000, new MemoryFile());
    // The newest chunk, and the details of one more, which are known when it is closed.
    expect(packets.bytes).toBeLessThan(BYTES + 2048);
    for (let index = 0; index < packets.chunkCount; index++) {
      packets.chunkAt(index);
      expect(packets.bytes).toBeLessThan(BYTES + 2048);
    }
  });

  it('leaves room to others, but for its share', () => {
    const budget = 20 * 2048;
    const packets = new PacketIndex({ chunkPackets: ROWS, spill: new SpillSpace(new MemoryFile()), budget });
    packets.startFile(0);
    for (let i = 0; i < 2000; i++) enter(packets, made(i));
    packets.leaveRoom(budget / 2);
    packets.chunkAt(0);
    expect(packets.bytes).toBeLessThan(budget / 2 + 2048);
    packets.leaveRoom(100 * budget);
    packets.chunkAt(1);
    expect(packets.bytes).toBeLessThan(budget / 4 + 2048);
    expect(packets.bytes).toBeGreaterThan(budget / 8);
    expectSame(packets, numberOf(500), made(500));
  });

  it('writes each chunk once', () => {
    const file = new MemoryFile();
    const packets = many(1280, file);
    for (let round = 0; round < 3; round++)
      for (let index = 0; index < packets.chunkCount; index++) packets.chunkAt(index);
    expect(packets.traffic.read).toBeGreaterThan(2 * packets.chunkCount);
    expect(packets.traffic.written).toBeLessThanOrEqual(packets.chunkCount);
    expect(file.writes).toBe(2 * packets.traffic.written);
  });

  it('shows who holds a chunk the same rows while all others come and go', () => {
    const packets = many(2000, new MemoryFile());
    const held = Array.from({ length: packets.chunkCount }, (_, index) => packets.chunkAt(index));
    held.forEach((chunk, index) => {
      for (let row = 0; row < chunk.used; row++) {
        const { offset, ns, payload, ttl } = made(index * ROWS + row);
        expect([chunk.offsetAt(row), chunk.timeAt(row), chunk.payloadBytesAt(row), chunk.ttlAt(row)]).toEqual(
          [offset, ns, payload, ttl],
        );
      }
    });
  });

  it('keeps all in memory where there is no room, and says so once', () => {
    let said = 0;
    const packets = many(2000, new MemoryFile(10 * 16 * 1024), () => said++);
    expect(said).toBe(1);
    expect(packets.traffic.written).toBe(5);
    for (let i = 0; i < 2000; i += 3) expectSame(packets, numberOf(i), made(i));
    expect(packets.bytes).toBeGreaterThan(2 * BYTES);
  });

  it('says that a chunk cannot be read again, and goes on telling all others', () => {
    const file = new MemoryFile();
    const packets = many(2000, file);
    file.isLost = true;
    expect(() => packets.time(numberOf(0))).toThrow(SpillLost);
    expectSame(packets, numberOf(1999), made(1999));
    file.isLost = false;
    for (let i = 0; i < 2000; i += 3) expectSame(packets, numberOf(i), made(i));
  });

  it('uses the places of what was let go again', () => {
    const file = new MemoryFile();
    const packets = many(640, file);
    const length = file.length;
    for (let i = 640; i < 6400; i++) {
      enter(packets, made(i));
      while (packets.chunksHeld > 10) packets.dropOldest();
    }
    expect(file.length).toBeLessThanOrEqual(2 * length);
    expect(packets.traffic.written).toBeGreaterThan(50);
    for (let i = 6399; packets.holds(numberOf(i)); i--) expectSame(packets, numberOf(i), made(i));
    expect(packets.gone).toBe(6400 - 640);
  });
});
