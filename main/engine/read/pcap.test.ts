import { describe, expect, it } from 'vitest';
import { writePcap, type PcapPacket } from '../../../test/support/capture-writer.ts';
import { absoluteTimes, record, type Recording } from '../../../test/support/recording-sink.ts';
import { LIMITS } from '../limits.ts';

const START = 1_700_000_000_000_000_000n;
const BODY = 100;
const RECORD = 16 + BODY;

function packetsOf(count: number): PcapPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    timeNs: START + BigInt(i) * 10_000_000n,
    data: new Uint8Array(BODY).fill(0x60 + (i % 16)),
  }));
}

/** Offset of record number `index`, from 0, in a file of equal records. */
function recordAt(index: number): number {
  return 24 + index * RECORD;
}

function edit(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Which of the packets of `packetsOf` were read. */
function seen(read: Recording): number[] {
  return read.packets.map((packet) => packet.timeNs / 10_000_000 + firstIndex(read));
}

function firstIndex(read: Recording): number {
  return Number(((read.epochNs ?? START) - START) / 10_000_000n);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function readInChunks(file: Uint8Array): Recording {
  const whole = record(file);
  for (const size of [1, 7, 64, 4096]) {
    const read = record(file, size);
    expect(read.warnings).toEqual(whole.warnings);
    expect(read.packets).toEqual(whole.packets);
  }
  return whole;
}

const file = writePcap({ packets: packetsOf(40) });

describe('the end of a file', () => {
  const cuts: [name: string, cut: number, packets: number][] = [
    ['within the packet', recordAt(39) + 50, 39],
    ['within the record header', recordAt(39) + 7, 39],
    ['behind the record header', recordAt(39) + 16, 39],
    ['within the first packet', recordAt(0) + 20, 0],
  ];
  it.each(cuts)('cut %s', (_name, cut, packets) => {
    const read = readInChunks(file.subarray(0, cut));
    expect(read.packets).toHaveLength(packets);
    expect(read.warnings[0]).toMatchObject({
      code: 'truncated-packet',
      offset: recordAt(packets),
      packet: packets,
      lossy: true,
    });
  });

  it('followed by zeros', () => {
    const read = readInChunks(concat(file, new Uint8Array(5000)));
    expect(seen(read)).toEqual(range(0, 40));
    expect(read.warnings).toMatchObject([{ code: 'trailing-garbage', offset: file.length, lossy: false }]);
  });

  it('followed by rubbish', () => {
    const read = readInChunks(concat(file, new Uint8Array(3000).fill(0xaa)));
    expect(seen(read)).toEqual(range(0, 40));
    expect(read.warnings).toMatchObject([{ code: 'oversized-record', offset: file.length, lossy: true }]);
  });
});

describe('damage in the middle', () => {
  const CAPTURED = 8;
  const cases: [name: string, damaged: Uint8Array, lost: number[], code: string][] = [
    ['absurd captured length', edit(file, recordAt(20) + CAPTURED, 0xfffffff0), [20], 'oversized-record'],
    ['large captured length', edit(file, recordAt(20) + CAPTURED, 1_000_000), [20], 'corrupt-record'],
    ['captured length beyond the end', edit(file, recordAt(20) + CAPTURED, 100_000), [20], 'corrupt-record'],
    [
      'impossible fraction',
      edit(edit(file, recordAt(20) + 4, 0x77777777), recordAt(20) + CAPTURED, 99),
      [20],
      'corrupt-record',
    ],
    [
      'time in another century',
      edit(edit(file, recordAt(20), 0x10), recordAt(20) + CAPTURED, 90),
      [20],
      'corrupt-record',
    ],
    [
      'a zeroed stretch',
      concat(file.subarray(0, recordAt(20)), new Uint8Array(3 * RECORD), file.subarray(recordAt(23))),
      [20, 21, 22],
      'corrupt-record',
    ],
    [
      'bytes that were put in',
      concat(file.subarray(0, recordAt(20)), new Uint8Array(333).fill(0xa5), file.subarray(recordAt(20))),
      [],
      'oversized-record',
    ],
    [
      'bytes that are missing',
      concat(file.subarray(0, recordAt(20) + 33), file.subarray(recordAt(22) + 50)),
      [21, 22, 23],
      'oversized-record',
    ],
  ];
  it.each(cases)('%s', (_name, damaged, lost, code) => {
    const read = readInChunks(damaged);
    expect(seen(read)).toEqual(range(0, 40).filter((i) => !lost.includes(i)));
    expect(read.warnings).toHaveLength(1);
    expect(read.warnings[0]).toMatchObject({ code, lossy: true });
    expect(read.warnings[0].message).toMatch(/byte \d+, after packet \d+/);
  });

  it('in the first record', () => {
    const read = readInChunks(edit(file, recordAt(0) + 8, 0x7fffffff));
    expect(seen(read)).toEqual(range(1, 40));
    expect(read.warnings).toMatchObject([{ code: 'oversized-record', offset: 24, packet: 0 }]);
  });

  it('many times over', () => {
    let damaged: Uint8Array = file;
    for (let i = 1; i < 40; i += 2) damaged = edit(damaged, recordAt(i) + 8, 0xffff0000);
    const read = readInChunks(damaged);
    // A record is found again only with a second one behind it, or the end.
    expect(read.packets.length).toBeGreaterThan(0);
    expect(read.warnings.every((warning) => warning.lossy)).toBe(true);
  });

  it('without end: gives up after a bounded search', () => {
    const rubbish = new Uint8Array(LIMITS.maxResyncBytes + 100_000).fill(0xa5);
    const read = record(concat(file, rubbish, file.subarray(24)), 1 << 20);
    expect(seen(read)).toEqual(range(0, 40));
    expect(read.limits.count('maxResyncBytes')).toBe(1);
    expect(read.warnings).toMatchObject([{ code: 'corrupt-record', lossy: true }]);
    expect(read.warnings[0].message).toContain('the rest of the file is not read');
  });
});

describe('odd but true', () => {
  it('keeps packets that claim less on the wire than was captured', () => {
    const packets = packetsOf(5).map((packet) => ({ ...packet, wireLength: 60 }));
    const read = readInChunks(writePcap({ packets }));
    expect(read.packets.map((packet) => packet.wireLength)).toEqual(Array(5).fill(BODY));
    expect(read.warnings).toMatchObject([
      { code: 'captured-longer-than-wire', packet: 1, lossy: false },
      { code: 'captured-longer-than-wire', message: expect.stringMatching(/^5 packets/) },
    ]);
  });

  it('does not believe an absurd length on the wire', () => {
    const read = readInChunks(edit(file, recordAt(3) + 12, 0xffffffff));
    expect(seen(read)).toEqual(range(0, 40));
    expect(read.packets[3].wireLength).toBe(BODY);
    expect(read.warnings).toMatchObject([{ code: 'captured-longer-than-wire', packet: 4 }]);
  });

  it('keeps empty packets', () => {
    const packets = packetsOf(6).map((packet, i) =>
      i % 2 ? packet : { ...packet, data: new Uint8Array(0) },
    );
    const read = readInChunks(writePcap({ packets }));
    expect(read.packets.map((packet) => packet.data.length)).toEqual([0, 100, 0, 100, 0, 100]);
    expect(read.warnings).toEqual([]);
  });

  it('keeps packets longer than the snap length where the next record bears witness', () => {
    const packets = packetsOf(3);
    const read = readInChunks(writePcap({ packets, snapLength: 68 }));
    expect(read.packets).toHaveLength(3);
    const jumbo = [packets[0], { ...packets[1], data: new Uint8Array(300_000).fill(7) }, packets[2]];
    const big = record(writePcap({ packets: jumbo }), 4096);
    expect(big.packets.map((packet) => packet.data.length)).toEqual([100, 300_000, 100]);
    expect(big.warnings).toEqual([]);
  });

  it('keeps times that jump by years, forward and back', () => {
    const years = [0n, 3n, -8n, 5n, 0n];
    const packets = packetsOf(5).map((packet, i) => ({
      ...packet,
      timeNs: packet.timeNs + years[i] * 31_536_000_000_000_000n,
    }));
    const read = readInChunks(writePcap({ packets }));
    expect(read.packets).toHaveLength(5);
    expect(read.warnings).toEqual([]);
    // Beyond 104 days float64 nanoseconds are no longer exact, but near.
    expect(read.packets[1].timeNs).toBeCloseTo(Number(packets[1].timeNs - START), -3);
  });

  it('keeps stamps after 2038', () => {
    const late = 2_500_000_000n * 1_000_000_000n;
    const packets = packetsOf(3).map((packet, i) => ({ ...packet, timeNs: late + BigInt(i) * 1_000_000n }));
    const read = readInChunks(writePcap({ packets }));
    expect(read.epochNs).toBe(late);
    expect(read.packets.map((packet) => packet.timeNs)).toEqual([0, 1_000_000, 2_000_000]);
  });

  it('takes the direction from the modified header', () => {
    const modified = writePcap({ packets: packetsOf(3), modified: true });
    modified[24 + 22] = 4;
    modified[24 + 124 + 22] = 3;
    expect(record(modified).packets.map((packet) => packet.direction)).toEqual([2, 0, 1]);
  });
});

describe('variants of the format', () => {
  const START_SECOND = 1_700_000_000;
  const le32 = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

  interface Variant {
    readonly version?: readonly [number, number];
    readonly linkType?: number;
    readonly lengthsSwapped?: boolean;
    readonly fractions: readonly number[];
  }

  /** Little endian under the magic of microseconds; ten bytes more on the wire than are kept. */
  function variant({
    version = [2, 4],
    linkType = 1,
    lengthsSwapped = false,
    fractions,
  }: Variant): Uint8Array {
    const records = fractions.map((fraction, i) => {
      const lengths = lengthsSwapped ? [60 + i, 50 + i] : [50 + i, 60 + i];
      return Buffer.concat([
        le32(START_SECOND + i, fraction, ...lengths),
        new Uint8Array(50 + i).fill(i + 1),
      ]);
    });
    const head = le32(0xa1b2c3d4, version[0] | (version[1] << 16), 0, 0, 65_535, linkType);
    return new Uint8Array(Buffer.concat([head, ...records]));
  }

  const times = (read: Recording): number[] =>
    absoluteTimes(read).map((time) => Number(time - BigInt(START_SECOND) * 1_000_000_000n));
  const lengths = (read: Recording): number[][] =>
    read.packets.map(({ data, wireLength }) => [data.length, wireLength]);
  const LENGTHS = [0, 1, 2, 3].map((i) => [50 + i, 60 + i]);

  it('reads nanoseconds under the magic of microseconds', () => {
    const read = record(variant({ fractions: [250_000_000, 5000, 999_999_999, 1_500_000] }));
    expect(lengths(read)).toEqual(LENGTHS);
    expect(times(read)).toEqual([250_000_000, 1_000_005_000, 2_999_999_999, 3_001_500_000]);
    expect(read.warnings).toMatchObject([{ code: 'odd-time', lossy: false }]);
  });

  it('keeps neighbours with a million microseconds', () => {
    const read = record(variant({ fractions: [10, 1_000_000, 1_000_000, 20] }));
    expect(lengths(read)).toEqual(LENGTHS);
    expect(times(read)).toEqual([10_000, 2_000_000_000, 3_000_000_000, 3_000_020_000]);
    expect(read.warnings.map(({ code, lossy }) => [code, lossy])).toEqual([
      ['odd-time', false],
      ['odd-time', false],
    ]);
  });

  it.each([[[2, 2]], [[2, 0]], [[543, 0]]] as const)('reads the lengths of version %j', (version) => {
    const read = record(variant({ version, lengthsSwapped: true, fractions: [1, 2, 3, 4] }));
    expect(lengths(read)).toEqual(LENGTHS);
    expect(read.warnings).toEqual([]);
  });

  it('reads nanoseconds and interface types of AIX', () => {
    const file = { version: [2, 2], linkType: 6, lengthsSwapped: true } as const;
    const read = record(variant({ ...file, fractions: [1, 2_000_000, 3, 4] }));
    expect(lengths(read)).toEqual(LENGTHS);
    expect(times(read)).toEqual([1, 1_002_000_000, 2_000_000_003, 3_000_000_004]);
    expect(read.interfaces).toMatchObject([{ linkType: 1, resolutionNs: 1 }]);
  });
});
