import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  writePcap,
  writePcapng,
  type PcapPacket,
  type PcapngBlock,
} from '../../../test/support/capture-writer.ts';
import { absoluteTimes, record, type Recording } from '../../../test/support/recording-sink.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { CaptureReader } from './capture-reader.ts';
import { CaptureClock } from './sink.ts';

const CHUNKS = [1, 7, 64, 4096];
const START = 1_700_000_000_123_456_789n;

function packetsOf(count: number): PcapPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    timeNs: START + BigInt(i) * 1_000_001n,
    data: Uint8Array.from({ length: 40 + ((i * 37) % 300) }, (_, j) => (i + j) & 0xff),
    wireLength: 1500,
  }));
}

/** Everything that must not depend on how the file was cut into chunks. */
function facts(recording: Recording) {
  const { interfaces, packets, names, drops, warnings, format, epochNs, counted } = recording;
  const limits = recording.limits.entries();
  return { interfaces, packets, names, drops, warnings, format, epochNs, counted, limits };
}

function expectSameInChunks(file: Uint8Array): Recording {
  const whole = record(file);
  for (const size of CHUNKS) expect(facts(record(file, size)), `chunks of ${size}`).toEqual(facts(whole));
  return whole;
}

describe('formats', () => {
  const variants = [
    ['pcap', {}],
    ['pcap-ns', { nanos: true }],
    ['pcap-modified', { modified: true }],
  ] as const;
  for (const [format, options] of variants) {
    for (const bigEndian of [false, true]) {
      it(`reads ${format}, ${bigEndian ? 'big' : 'little'} endian`, () => {
        const packets = packetsOf(50);
        const read = expectSameInChunks(
          writePcap({ packets, bigEndian, linkType: 113, snapLength: 400, ...options }),
        );
        expect(read.format).toBe(format);
        expect(read.warnings).toEqual([]);
        expect(read.interfaces).toEqual([
          {
            id: 0,
            linkType: 113,
            snapLength: 400,
            name: undefined,
            description: undefined,
            resolutionNs: format === 'pcap-ns' ? 1 : 1000,
          },
        ]);
        expect(read.packets.map((packet) => packet.data)).toEqual(packets.map((packet) => packet.data));
        expect(read.packets.every((packet) => packet.wireLength === 1500)).toBe(true);
        const step = format === 'pcap-ns' ? 1n : 1000n;
        expect(absoluteTimes(read)).toEqual(packets.map(({ timeNs }) => (timeNs / step) * step));
        expect(read.packets[0].fileOffset).toBe(24);
        expect(read.counted.packets).toBe(50);
      });
    }
  }

  it('masks the FCS bits of the link type', () => {
    expect(
      record(writePcap({ packets: packetsOf(1), linkType: 1, fcsWords: 2 })).interfaces[0].linkType,
    ).toBe(1);
  });

  it('reads another version as 2.4 and says so', () => {
    const read = record(writePcap({ packets: packetsOf(3), version: [2, 5] }));
    expect(read.packets).toHaveLength(3);
    expect(read.warnings).toMatchObject([{ code: 'unsupported-version', lossy: false }]);
  });

  it('keeps the epoch of a clock that another file has set', () => {
    const clock = new CaptureClock();
    clock.epochNs = START - 5_000_000_000n;
    const times: number[] = [];
    const sink = { onPacket: (...args: number[]) => times.push(args[4]), onInterface: () => {} };
    const reader = new CaptureReader(sink as never, clock, new LimitCounter());
    reader.feed(writePcap({ packets: packetsOf(1), nanos: true }));
    reader.end();
    expect(clock.epochNs).toBe(START - 5_000_000_000n);
    expect(times).toEqual([5_000_000_000]);
  });

  it('hands records inside a chunk on in place and copies only the one that straddles', () => {
    const file = writePcap({ packets: packetsOf(10) });
    const inPlace: boolean[] = [];
    let chunk = file.subarray(0, 0);
    const sink = { onPacket: (data: Uint8Array) => inPlace.push(data === chunk), onInterface: () => {} };
    const reader = new CaptureReader(sink as never, new CaptureClock(), new LimitCounter());
    const cut = Math.floor(file.length / 2);
    for (chunk of [file.subarray(0, cut), file.subarray(cut)]) reader.feed(chunk);
    reader.end();
    expect(inPlace).toHaveLength(10);
    expect(inPlace.filter((same) => !same)).toHaveLength(1);
  });
});

it('goes on in place once the damage that straddled chunks is behind it', () => {
  const file = writePcap({ packets: packetsOf(40) });
  const { fileOffset } = record(file).packets[10];
  file.fill(0xff, fileOffset, fileOffset + 16);
  const inPlace: boolean[] = [];
  let chunk = file.subarray(0, 0);
  const sink = {
    onPacket: (data: Uint8Array) => inPlace.push(data === chunk),
    onInterface: () => {},
    onWarning: () => {},
  };
  const reader = new CaptureReader(sink as never, new CaptureClock(), new LimitCounter());
  for (chunk of [file.subarray(0, fileOffset + 10), file.subarray(fileOffset + 10)]) reader.feed(chunk);
  reader.end();
  expect(inPlace).toEqual(Array(39).fill(true));
});

describe('what is no capture', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const cases: [name: string, bytes: Uint8Array, code: string, message: RegExp][] = [
    ['nothing', new Uint8Array(0), 'empty-file', /empty/],
    ['three bytes', Uint8Array.of(0xd4, 0xc3, 0xb2), 'unknown-format', /neither pcap nor pcapng/],
    [
      'a cut pcap header',
      writePcap({ packets: [] }).subarray(0, 20),
      'truncated-header',
      /within its header/,
    ],
    ['a cut pcapng header', text('\n\r\r\nabc'), 'truncated-header', /within its header/],
    ['HTML', text('<!DOCTYPE html><html><body>404'), 'unknown-format', /web page/],
    ['text', text('hello world\n'.repeat(100)), 'unknown-format', /looks like text/],
    ['JSON', text('{"a": 1}'), 'unknown-format', /JSON/],
    [
      'tcpdump text',
      text('12:00:00.123456 IP 1.2.3.4.5 > 6.7.8.9.0: Flags [S]'),
      'unknown-format',
      /tcpdump/,
    ],
    ['a ZIP archive', text('PK\x03\x04\0\0'), 'unknown-format', /unpack/],
    ['zeros', new Uint8Array(5000), 'unknown-format', /neither pcap nor pcapng, snoop or ERF$/],
  ];
  it.each(cases)('%s', (_name, bytes, code, message) => {
    const read = expectSameInChunks(bytes);
    expect(read.warnings).toHaveLength(1);
    expect(read.warnings[0]).toMatchObject({ code, lossy: true });
    expect(read.warnings[0].message).toMatch(message);
  });

  it('a file without packets is whole', () => {
    expect(record(writePcap({ packets: [] })).warnings).toMatchObject([{ code: 'empty-file', lossy: false }]);
  });
});

describe('round trips', () => {
  const arbitraryPacket = fc.record({
    // Within ± 100 days, where float64 nanoseconds since the first packet are exact.
    timeNs: fc.bigInt({ min: START, max: START + 8_640_000_000_000_000n }),
    data: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  });
  const arbitraryPackets = fc.array(arbitraryPacket, { minLength: 1, maxLength: 20 });
  const chunkBytes = fc.integer({ min: 1, max: 400 });

  it('pcap keeps every nanosecond and byte', () => {
    fc.assert(
      fc.property(arbitraryPackets, fc.boolean(), chunkBytes, (packets, bigEndian, size) => {
        packets.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
        const read = record(writePcap({ packets, nanos: true, bigEndian }), size);
        expect(read.warnings).toEqual([]);
        expect(absoluteTimes(read)).toEqual(packets.map((packet) => packet.timeNs));
        expect(read.packets.map((packet) => packet.data)).toEqual(packets.map((packet) => packet.data));
      }),
    );
  });

  it('pcapng keeps every nanosecond and byte, on interfaces of different clocks', () => {
    const resolutions = [9, 6, 0x80 | 30, 0x80 | 32, 12, 3, 0];
    // Picoseconds of today do not fit 64 bits without an offset.
    const interfaces = resolutions.map((tsresol, i) => ({ tsresol, tsoffset: 1_699_999_000n + BigInt(i) }));
    const packetsOnInterfaces = fc.array(
      fc.tuple(arbitraryPacket, fc.integer({ min: 0, max: resolutions.length - 1 })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(packetsOnInterfaces, fc.boolean(), chunkBytes, (packets, bigEndian, size) => {
        packets.sort((a, b) => (a[0].timeNs < b[0].timeNs ? -1 : 1));
        const blocks = packets.map(([packet, interfaceId]): PcapngBlock => {
          return { kind: 'packet', ...packet, interfaceId };
        });
        const read = record(writePcapng({ sections: [{ bigEndian, interfaces, blocks }] }), size);
        expect(read.packets.map((packet) => packet.data)).toEqual(packets.map(([packet]) => packet.data));
        expect(absoluteTimes(read)).toEqual(
          packets.map(([{ timeNs }, id]) => throughUnits(timeNs, resolutions[id], interfaces[id].tsoffset)),
        );
      }),
    );
  });

  it('any chunking gives the same, however damaged the file', () => {
    const file = writePcap({ packets: packetsOf(30) });
    fc.assert(
      fc.property(
        chunkBytes,
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 6 }),
        (size, edits) => {
          const damaged = file.slice();
          for (const [at, value] of edits) damaged[at] = value;
          expect(facts(record(damaged, size))).toEqual(facts(record(damaged)));
        },
      ),
    );
  });
});

/** What is left of a time in an interface's own steps, floored as the format floors it. */
function throughUnits(timeNs: bigint, tsresol: number, offset: bigint): bigint {
  const perSecond = tsresol & 0x80 ? 1n << BigInt(tsresol & 0x7f) : 10n ** BigInt(tsresol);
  const units = ((timeNs - offset * 1_000_000_000n) * perSecond) / 1_000_000_000n;
  return (units * 1_000_000_000n) / perSecond + offset * 1_000_000_000n;
}

it('tells only so many warnings one by one and counts the others', () => {
  // Each second block contradicts itself: a captured length beyond its block.
  const bad = new Uint8Array(20);
  new DataView(bad.buffer).setUint32(12, 4000, true);
  const blocks = Array.from({ length: LIMITS.maxWarnings + 50 }, (): PcapngBlock => {
    return { kind: 'raw', blockType: 6, body: bad };
  });
  const read = record(writePcapng({ sections: [{ interfaces: [{}], blocks }] }));
  expect(read.warnings).toHaveLength(LIMITS.maxWarnings);
  expect(read.limits.count('maxWarnings')).toBeGreaterThanOrEqual(50);
});
