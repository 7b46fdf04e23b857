import { describe, expect, it } from 'vitest';
import {
  writePcapng,
  type PcapngBlock,
  type PcapngPacketBlock,
  type PcapngSection,
} from '../../../test/support/capture-writer.ts';
import { absoluteTimes, record, type Recording } from '../../../test/support/recording-sink.ts';
import { LIMITS } from '../limits.ts';
import { ARRIVAL_STAMPS } from './pcapng-interfaces.ts';

const START = 1_700_000_000_123_456_789n;

function packet(index: number, more: Partial<PcapngPacketBlock> = {}): PcapngBlock {
  return {
    kind: 'packet',
    timeNs: START + BigInt(index) * 1_000_000n,
    data: new Uint8Array(61 + (index % 4)).fill(0x40 + index),
    ...more,
  };
}

function packets(from: number, to: number): PcapngBlock[] {
  return Array.from({ length: to - from }, (_, i) => packet(from + i));
}

const NANOS = { tsresol: 9 };

function readInChunks(file: Uint8Array): Recording {
  const whole = record(file);
  for (const size of [1, 7, 64, 4096]) {
    const read = record(file, size);
    for (const key of [
      'packets',
      'warnings',
      'interfaces',
      'names',
      'otherFrames',
      'drops',
      'epochNs',
      'counted',
    ] as const) {
      expect(read[key], `${key} in chunks of ${size}`).toEqual(whole[key]);
    }
  }
  return whole;
}

function readSections(...sections: PcapngSection[]): Recording {
  return readInChunks(writePcapng({ sections }));
}

/** Which of the packets made by `packet` were read, by their bytes. */
function seen(read: Recording): number[] {
  return read.packets.map(({ data }) => data[0] - 0x40);
}

describe.each([false, true])('blocks, big endian %s', (bigEndian) => {
  it('reads what an interface says of itself', () => {
    const read = readSections({
      bigEndian,
      interfaces: [
        { linkType: 113, snapLength: 1500, name: 'eth0', description: 'Büro, links', tsresol: 9 },
        { linkType: 1, tsresol: 0x80 | 20 },
        {},
      ],
      blocks: [packet(0)],
    });
    expect(read.interfaces).toEqual([
      { id: 0, linkType: 113, snapLength: 1500, name: 'eth0', description: 'Büro, links', resolutionNs: 1 },
      { id: 1, linkType: 1, snapLength: 0, name: undefined, description: undefined, resolutionNs: 954 },
      { id: 2, linkType: 1, snapLength: 0, name: undefined, description: undefined, resolutionNs: 1000 },
    ]);
    expect(read.warnings).toEqual([]);
  });

  it('reads directions, comments and lengths', () => {
    const read = readSections({
      bigEndian,
      interfaces: [NANOS],
      blocks: [
        packet(0, { direction: 1, comments: ['first', 'größer'], wireLength: 1500 }),
        packet(1, { direction: 2 }),
        packet(2, { direction: 3, comments: ['third'] }),
        packet(3),
      ],
    });
    expect(read.packets.map((one) => one.direction)).toEqual([1, 2, 0, 0]);
    expect(read.packets.map((one) => one.comments)).toEqual([['first', 'größer'], [], ['third'], []]);
    expect(read.packets[0].wireLength).toBe(1500);
    expect(read.packets[1].data).toHaveLength(62);
  });

  it('reads simple and obsolete packets', () => {
    const read = readSections({
      bigEndian,
      interfaces: [{ tsresol: 9, snapLength: 80 }],
      blocks: [
        {
          kind: 'obsolete',
          timeNs: START,
          data: new Uint8Array(50).fill(0x40),
          direction: 2,
          comments: ['old'],
        },
        { kind: 'simple', data: new Uint8Array(70).fill(0x41) },
        { kind: 'simple', data: new Uint8Array(80).fill(0x42), wireLength: 900 },
        packet(3),
      ],
    });
    expect(seen(read)).toEqual([0, 1, 2, 3]);
    expect(read.packets.map((one) => one.data.length)).toEqual([50, 70, 80, 64]);
    expect(read.packets.map((one) => one.wireLength)).toEqual([50, 70, 900, 64]);
    // A simple packet has no time of its own.
    expect(read.packets.map((one) => one.timeNs)).toEqual([0, 0, 0, 3_000_000]);
    expect(read.packets[0]).toMatchObject({ direction: 2, comments: ['old'] });
  });

  it('reads drops and names, and skips what it does not know', () => {
    const v6 = Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    const read = readSections({
      bigEndian,
      statesLength: true,
      comment: 'a section',
      interfaces: [NANOS],
      blocks: [
        { kind: 'custom', enterprise: 32473, data: new Uint8Array(33) },
        { kind: 'secrets', secretsType: 0x544c534b, data: new Uint8Array(9) },
        { kind: 'raw', blockType: 0x80001234, body: new Uint8Array(8) },
        packet(0),
        {
          kind: 'names',
          records: [
            { address: Uint8Array.of(192, 0, 2, 7), names: ['a.example', 'b.example'] },
            { address: v6, names: ['six.example'] },
          ],
        },
        { kind: 'statistics', timeNs: START, received: 1000n, droppedByInterface: 3n, droppedByKernel: 7n },
      ],
    });
    expect(seen(read)).toEqual([0]);
    expect(read.names).toEqual([
      ['192.0.2.7', 'a.example'],
      ['192.0.2.7', 'b.example'],
      ['2001:db8::9', 'six.example'],
    ]);
    expect(read.drops).toEqual([
      { interfaceId: 0, received: 1000, droppedByInterface: 3, droppedByKernel: 7 },
    ]);
    expect(read.warnings).toEqual([]);
  });

  it('adds up the drops that only packets tell of', () => {
    const read = readSections({
      bigEndian,
      interfaces: [NANOS, NANOS],
      blocks: [
        packet(0, { dropCount: 4n }),
        packet(1, { dropCount: 5n }),
        { kind: 'obsolete', interfaceId: 0, timeNs: START, data: new Uint8Array(9), dropCount: 2n },
        packet(2, { interfaceId: 1, dropCount: 9n }),
        { kind: 'statistics', interfaceId: 1, droppedByKernel: 8n },
      ],
    });
    expect(read.drops).toEqual([
      { interfaceId: 1, received: undefined, droppedByInterface: undefined, droppedByKernel: 8 },
      { interfaceId: 0, received: undefined, droppedByInterface: undefined, droppedByKernel: 11 },
    ]);
  });

  it('numbers the interfaces of several sections of either byte order densely', () => {
    const read = readSections(
      { bigEndian, interfaces: [NANOS, { tsresol: 6 }], blocks: [packet(0), packet(1, { interfaceId: 1 })] },
      { bigEndian: !bigEndian, interfaces: [{ tsresol: 3 }], blocks: [packet(2)] },
      { bigEndian, blocks: [{ kind: 'interface', ...NANOS }, packet(3)] },
    );
    // The last is described as the first was.
    expect(read.packets.map((one) => one.interfaceId)).toEqual([0, 1, 2, 0]);
    expect(read.interfaces.map((info) => info.id)).toEqual([0, 1, 2]);
    expect(absoluteTimes(read)).toEqual([
      START,
      ((START + 1_000_000n) / 1000n) * 1000n,
      ((START + 2_000_000n) / 1_000_000n) * 1_000_000n,
      START + 3_000_000n,
    ]);
  });
});

describe('damage', () => {
  const head = writePcapng({ sections: [{ interfaces: [NANOS], blocks: [] }] });
  const body = (blocks: PcapngBlock[]) =>
    writePcapng({ sections: [{ interfaces: [NANOS], blocks }] }).subarray(head.length);
  const concat = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

  const before = concat(head, body(packets(0, 5)));
  const after = body(packets(6, 10));
  const victim = body([packet(5)]);
  const victimWith = (at: number, value: number) => {
    const copy = victim.slice();
    new DataView(copy.buffer).setUint32(at < 0 ? copy.length + at : at, value, true);
    return copy;
  };
  const rubbish = new Uint8Array(333).fill(0xa5);

  const cases: [name: string, damaged: Uint8Array, lost: number[], code: string][] = [
    ['a length that is too short', victimWith(4, 40), [5], 'corrupt-block'],
    ['a length that is no multiple of 4', victimWith(4, victim.length + 1), [5], 'corrupt-block'],
    ['a length of 0', victimWith(4, 0), [5], 'corrupt-block'],
    ['a length beyond the end', victimWith(4, 1_000_000), [5], 'corrupt-block'],
    ['an absurd length', victimWith(4, 0xfffffff0), [5], 'oversized-block'],
    ['a wrong second length', victimWith(-4, 40), [5], 'corrupt-block'],
    ['a captured length beyond the block', victimWith(20, 4000), [5], 'corrupt-block'],
    ['rubbish between blocks', concat(rubbish, victim), [], 'corrupt-block'],
    ['a zeroed block', new Uint8Array(victim.length), [5], 'corrupt-block'],
    ['a block cut in the middle', victim.subarray(0, 40), [5], 'corrupt-block'],
    [
      'a second section header without its magic',
      concat(head.subarray(0, 8), new Uint8Array(20)),
      [5],
      'corrupt-block',
    ],
  ];
  it.each(cases)('%s', (_name, damaged, lost, code) => {
    const read = readInChunks(concat(before, damaged, after));
    expect(seen(read)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((i) => !lost.includes(i)));
    expect(read.warnings).toHaveLength(1);
    expect(read.warnings[0]).toMatchObject({ code, offset: before.length, packet: 5, lossy: true });
  });

  it('the end cut off', () => {
    for (const cut of [1, 4, 30, victim.length - 11, victim.length - 1]) {
      const read = readInChunks(concat(before, victim.subarray(0, victim.length - cut)));
      expect(seen(read)).toEqual([0, 1, 2, 3, 4]);
      expect(read.warnings).toMatchObject([
        { code: 'truncated-packet', offset: before.length, packet: 5, lossy: true },
      ]);
    }
  });

  it('zeros behind the end', () => {
    const read = readInChunks(concat(before, new Uint8Array(1000)));
    expect(seen(read)).toHaveLength(5);
    expect(read.warnings).toMatchObject([{ code: 'trailing-garbage', offset: before.length, lossy: false }]);
  });

  it('packets of an interface that nobody described', () => {
    const read = readSections({
      interfaces: [NANOS],
      blocks: [packet(0), packet(1, { interfaceId: 3 }), packet(2, { interfaceId: 9 }), packet(3)],
    });
    expect(seen(read)).toEqual([0, 3]);
    expect(read.warnings).toMatchObject([
      { code: 'unknown-interface', packet: 1, lossy: true },
      { code: 'unknown-interface', message: expect.stringMatching(/^2 packets/), lossy: true },
    ]);
  });

  it('packets that claim less on the wire than was captured', () => {
    const read = readSections({ interfaces: [NANOS], blocks: [packet(0, { wireLength: 10 })] });
    expect(read.packets[0].wireLength).toBe(61);
    expect(read.warnings).toMatchObject([{ code: 'captured-longer-than-wire', lossy: false }]);
  });

  it('a block that nobody would buffer is skipped without loss', () => {
    const long = new Uint8Array(LIMITS.maxBlockBytes + 8);
    const file = writePcapng({
      sections: [
        {
          interfaces: [NANOS],
          blocks: [packet(0), { kind: 'secrets', secretsType: 1, data: long }, packet(1)],
        },
      ],
    });
    const read = record(file, 1 << 20);
    expect(seen(read)).toEqual([0, 1]);
    expect(read.warnings).toMatchObject([{ code: 'oversized-block', lossy: false }]);
    const cut = record(file.subarray(0, 20_000_000), 1 << 20);
    expect(cut.warnings.map((warning) => warning.code)).toEqual(['oversized-block', 'truncated-packet']);
  });

  it('options that lie about their lengths cost the options, not the packet', () => {
    const file = writePcapng({
      sections: [{ interfaces: [NANOS], blocks: [packet(0, { comments: ['hello'] }), packet(1)] }],
    });
    const at = Buffer.from(file).indexOf('hello') - 2;
    new DataView(file.buffer).setUint16(at, 60_000, true);
    const read = readInChunks(file);
    expect(seen(read)).toEqual([0, 1]);
    expect(read.packets[0].comments).toEqual([]);
  });
});

describe('limits', () => {
  it('reads only so many options of a block and so much of a text', () => {
    const comments = Array.from({ length: LIMITS.maxOptionsPerBlock + 10 }, (_, i) => `${i}`);
    const long = 'x'.repeat(LIMITS.maxTextBytes + 1);
    const read = readSections({
      interfaces: [NANOS],
      blocks: [packet(0, { comments }), packet(1, { comments: [long] })],
    });
    expect(read.packets[0].comments).toHaveLength(LIMITS.maxOptionsPerBlock);
    expect(read.packets[1].comments[0]).toHaveLength(LIMITS.maxTextBytes);
    expect(read.limits.count('maxOptionsPerBlock')).toBeGreaterThan(0);
    expect(read.limits.count('maxTextBytes')).toBe(1);
  });

  it('describes only so many interfaces', () => {
    const interfaces = Array.from({ length: LIMITS.maxInterfaces + 3 }, () => NANOS);
    const blocks = [packet(0), packet(1, { interfaceId: LIMITS.maxInterfaces })];
    const read = record(writePcapng({ sections: [{ interfaces, blocks }] }));
    expect(read.interfaces).toHaveLength(LIMITS.maxInterfaces);
    expect(read.limits.count('maxInterfaces')).toBe(3);
    expect(seen(read)).toEqual([0]);
    expect(read.warnings).toMatchObject([{ code: 'unknown-interface' }]);
  });

  it('files of simple packets only have times, of 1970', () => {
    const read = readSections({ interfaces: [{}], blocks: [{ kind: 'simple', data: Uint8Array.of(0x40) }] });
    expect(absoluteTimes(read)).toEqual([0n]);
  });
});

it('knows stamps that are of arrival only, and takes them for coarse', () => {
  const comment = new TextEncoder().encode(ARRIVAL_STAMPS);
  const option = (code: number, value: Uint8Array): number[] => {
    const padding = new Array<number>((4 - (value.length % 4)) % 4).fill(0);
    return [code, 0, value.length, 0, ...value, ...padding];
  };
  const resolution = (...options: number[][]): number => {
    // Link type Ethernet, no snap length.
    const body = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, ...options.flat()]);
    return readSections({ blocks: [{ kind: 'raw', blockType: 1, body }] }).interfaces[0].resolutionNs;
  };
  const micros = option(9, Uint8Array.of(6));
  expect(resolution(micros)).toBe(1000);
  expect(resolution(option(1, comment), micros)).toBe(20_000_000);
  expect(resolution(option(1, comment.subarray(1)), micros)).toBe(1000);
});

it('tells of records that Wireshark numbers and that hold no packet', () => {
  const other = (blockType: number): PcapngBlock => ({ kind: 'raw', blockType, body: new Uint8Array(40) });
  const numbered = [9, 0x204, 0x216, 0x221, 0xbad, 0x4000_0bad];
  const others = [5, 8, 10, 0x201, 0x208, 0x8000_0001];
  const blocks = [...numbered, ...others].flatMap((type, i) => [other(type), packet(i)]);
  const read = readSections({ interfaces: [NANOS], blocks });
  expect(read.packets).toHaveLength(12);
  expect(read.otherFrames).toEqual(numbered.map((_, i) => ({ after: i, count: 1 })));
});

describe('files joined section by section', () => {
  const of = (count: number, section: (i: number) => PcapngSection): Recording =>
    record(writePcapng({ sections: Array.from({ length: count }, (_, i) => section(i)) }));

  it('have each interface once that is said in the same words', () => {
    const interfaces = [
      { ...NANOS, name: 'eth0' },
      { ...NANOS, name: 'eth1' },
    ];
    const read = of(LIMITS.maxInterfaces, () => ({ interfaces, blocks: [packet(0, { interfaceId: 1 })] }));
    expect(read.interfaces.map(({ name }) => name)).toEqual(['eth0', 'eth1']);
    expect(read.packets).toHaveLength(LIMITS.maxInterfaces);
    expect(read.limits.entries()).toEqual([]);
  });

  it('have interfaces of their own, more than one section may have', () => {
    const count = LIMITS.maxInterfaces + 100;
    const read = of(count, (i) => ({ interfaces: [{ ...NANOS, name: `if${i}` }], blocks: [packet(0)] }));
    expect(read.packets).toHaveLength(count);
    expect(read.warnings).toEqual([]);
  });

  it('tells two interfaces of one description apart', () => {
    const blocks: PcapngBlock[] = [0, 1].map((interfaceId) => ({
      kind: 'statistics',
      interfaceId,
      droppedByKernel: BigInt(interfaceId + 1),
    }));
    const read = of(1, () => ({ interfaces: [NANOS, NANOS], blocks: [packet(0), ...blocks] }));
    expect(read.drops.map(({ interfaceId, droppedByKernel }) => [interfaceId, droppedByKernel])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('count losses over all of them', () => {
    const statistics: PcapngBlock = { kind: 'statistics', received: 10n, droppedByKernel: 3n };
    const read = of(3, () => ({ interfaces: [NANOS], blocks: [packet(0), statistics] }));
    expect(read.drops.at(-1)).toMatchObject({ interfaceId: 0, received: 30, droppedByKernel: 9 });
    const told = of(3, () => ({ interfaces: [NANOS], blocks: [packet(0, { dropCount: 2n })] }));
    expect(told.drops.at(-1)).toMatchObject({ interfaceId: 0, droppedByKernel: 6 });
  });

  it('have as many names in each', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `host${i}`);
    const records = [{ address: Uint8Array.of(10, 0, 0, 1), names }];
    const section: PcapngSection = { blocks: [{ kind: 'names', records }] };
    const count = LIMITS.maxNames / 5000 + 1;
    const read = of(count, () => section);
    expect(read.names).toHaveLength(count * 5000);
    expect(read.limits.entries()).toEqual([]);
  });
});
