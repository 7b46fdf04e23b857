import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPTURE_VARIANTS } from '../../../test/support/capture-variants.ts';
import {
  writePcap,
  writePcapng,
  type PcapngBlock,
  type PcapngSection,
} from '../../../test/support/capture-writer.ts';
import { kernelEvent, kernelStarted } from '../../../test/support/kernel-blocks.ts';
import { absoluteTimes, record, type Recording } from '../../../test/support/recording-sink.ts';
import { CaptureCopier, type ChosenPacket, type CopyOptions } from './capture-copier.ts';
import type { CaptureRewriter } from './rewriter.ts';

const START = 1_700_000_000_123_456_789n;
const OPTIONS: CopyOptions = {
  application: 'Resetscope',
  comment: 'cut from a file',
  keepsKernelEvent: null,
};

interface Copied {
  readonly copy: Recording;
  readonly bytes: Uint8Array;
  readonly copier: CaptureCopier;
}

/** Copies the packets of the files whose number among all passes. */
function copied(
  files: readonly Uint8Array[],
  keeps: (packet: number) => boolean = () => true,
  options: Partial<CopyOptions> = {},
  comments: (packet: number) => readonly string[] = () => [],
  chunkBytes = 1 << 20,
): Copied {
  const copier = new CaptureCopier({ ...OPTIONS, ...options });
  const pieces: Uint8Array[] = [];
  let number = 0;
  for (const file of files) {
    const chosen: ChosenPacket[] = [];
    for (const { fileOffset } of record(file).packets) {
      if (keeps(number)) chosen.push({ fileOffset, comments: comments(number) });
      number++;
    }
    copier.startFile(chosen);
    const buffer = new Uint8Array(chunkBytes);
    for (let at = 0; at < file.length; at += chunkBytes) {
      const length = Math.min(chunkBytes, file.length - at);
      buffer.set(file.subarray(at, at + length));
      copier.feed(buffer.subarray(0, length));
      buffer.fill(0xee);
      pieces.push(copier.take());
    }
    copier.endFile();
  }
  copier.finish();
  pieces.push(copier.take());
  const bytes = Uint8Array.from(Buffer.concat(pieces));
  return { copy: record(bytes), bytes, copier };
}

/** What a reader is told of the packets, with absolute times. */
function told(recording: Recording): unknown[] {
  const times = absoluteTimes(recording);
  return recording.packets.map(({ data, wireLength, direction, comments, interfaceId }, i) => {
    const { linkType, name, description, resolutionNs } = recording.interfaces[interfaceId];
    return {
      data: Buffer.from(data).toString('hex'),
      wireLength,
      direction,
      comments,
      time: times[i],
      on: { linkType, name, description, resolutionNs },
    };
  });
}

const packet = (i: number): { timeNs: bigint; data: Uint8Array; wireLength: number } => ({
  timeNs: START + BigInt(i) * 1_234_567n,
  data: Uint8Array.from({ length: 40 + ((i * 17) % 90) }, (_, j) => (i * 3 + j) & 0xff),
  wireLength: 200,
});

const BLOCKS: readonly PcapngBlock[] = [
  { kind: 'names', records: [{ address: Uint8Array.of(10, 0, 0, 1), names: ['host', 'alias'] }] },
  ...Array.from({ length: 12 }, (_, i): PcapngBlock => ({
    kind: i % 5 === 4 ? 'obsolete' : 'packet',
    ...packet(i),
    interfaceId: i % 2,
    direction: i % 3,
    comments: i % 4 === 0 ? ['remark', 'and another'] : [],
    dropCount: i % 6 === 0 ? 3n : undefined,
  })),
  { kind: 'simple', data: packet(0).data },
  { kind: 'secrets', secretsType: 0x544c534b, data: new TextEncoder().encode('CLIENT_RANDOM 00 11\n') },
  kernelStarted(START, ['10.0.0.1', '2001:db8::1']),
  kernelEvent({ kind: 'sent', timeNs: START, local: '10.0.0.1:80', remote: '10.0.0.2:4000', comm: 'nginx' }),
  { kind: 'custom', enterprise: 1, data: new Uint8Array(5) },
];
const STATISTICS: PcapngBlock = { kind: 'statistics', received: 12n, droppedByKernel: 7n };
const SECTION: PcapngSection = {
  interfaces: [
    { tsresol: 9, name: 'eth0', description: 'uplink' },
    { tsresol: 0x80 | 30, tsoffset: 1_600_000_000n, snapLength: 96 },
  ],
  blocks: [...BLOCKS, STATISTICS],
};

describe('a copy of all packets', () => {
  it.each(CAPTURE_VARIANTS)('of $name tells what the file tells', ({ bytes }) => {
    expect(told(copied([bytes]).copy)).toEqual(told(record(bytes)));
  });

  it.each([false, true])('of pcapng tells what the file tells; big endian: %s', (bigEndian) => {
    const file = writePcapng({
      sections: [
        { ...SECTION, bigEndian },
        { ...SECTION, bigEndian: !bigEndian },
      ],
    });
    const original = record(file);
    const { copy, copier } = copied([file]);
    expect(told(copy)).toEqual(told(original));
    expect(copy.interfaces).toEqual(original.interfaces);
    expect(copy.names).toEqual(original.names);
    expect(copy.drops).toEqual(original.drops);
    expect(copy.kernel).toEqual(original.kernel);
    expect(copy.warnings).toEqual([]);
    expect(copier.counts).toMatchObject({ packets: 26, missing: 0, names: 4, secrets: 2, otherBlocks: 2 });
  });

  it('goes wrong nowhere, however the file is cut into chunks', () => {
    const file = writePcapng({ sections: [SECTION] });
    const whole = copied([file]).bytes;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (chunkBytes) => {
        expect(Buffer.compare(copied([file], undefined, {}, undefined, chunkBytes).bytes, whole)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same again when it is copied', () => {
    const once = copied([writePcapng({ sections: [SECTION] })]).bytes;
    expect(told(copied([once]).copy)).toEqual(told(record(once)));
  });
});

describe('a copy of some packets', () => {
  it('has these, in their order, and counts what was lost before those that it has not', () => {
    const file = writePcapng({ sections: [{ ...SECTION, blocks: BLOCKS }] });
    const original = record(file);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }), (kept) => {
        const { copy, copier } = copied([file], (i) => kept[i]);
        expect(told(copy)).toEqual(told(original).filter((_, i) => kept[i]));
        expect(copier.counts.packets).toBe(kept.filter(Boolean).length);
        const lost = (drops: Recording['drops']): number =>
          drops.reduce((sum, { droppedByKernel = 0 }) => sum + droppedByKernel, 0);
        expect(lost(copy.drops)).toBe(lost(original.drops));
      }),
    );
  });

  it('of several files has a section of each', () => {
    const files = [
      writePcap({ packets: [packet(0), packet(1)] }),
      writePcap({ packets: [packet(2), packet(3)], nanos: true, linkType: 101 }),
    ];
    const { copy } = copied(files, (i) => i !== 1);
    const originals = files.flatMap((file) => told(record(file)));
    expect(told(copy)).toEqual(originals.filter((_, i) => i !== 1));
  });

  it('that are none is a capture without packets', () => {
    const { copy } = copied([writePcap({ packets: [packet(0)] })], () => false);
    expect(copy.format).toBe('pcapng');
    expect(copy.packets).toEqual([]);
  });

  it('tells of those that are not there any more', () => {
    const file = writePcap({ packets: [packet(0), packet(1)] });
    const copier = new CaptureCopier(OPTIONS);
    const [, second] = record(file).packets;
    copier.startFile([
      { fileOffset: 25, comments: [] },
      { fileOffset: second.fileOffset, comments: [] },
      { fileOffset: 99_999, comments: [] },
    ]);
    copier.feed(file);
    copier.endFile();
    copier.finish();
    expect(copier.counts).toMatchObject({ packets: 1, missing: 2 });
    expect(record(copier.take()).packets.map(({ data }) => Array.from(data))).toEqual([
      Array.from(packet(1).data),
    ]);
  });

  it('has notes behind the comments of the file', () => {
    const file = writePcapng({ sections: [{ ...SECTION, blocks: BLOCKS }] });
    const notes = (i: number): string[] => (i === 0 || i === 3 ? [`note on ${i}`, 'ü'.repeat(3000)] : []);
    const { copy } = copied([file], undefined, {}, notes);
    expect(copy.packets[0].comments).toEqual(['remark', 'and another', 'note on 0', 'ü'.repeat(2048)]);
    expect(copy.packets[3].comments).toEqual(['note on 3', 'ü'.repeat(2048)]);
    expect(copy.packets[1].comments).toEqual([]);
  });

  it('has what the kernel said of those that belong', () => {
    const file = writePcapng({ sections: [SECTION] });
    const { copy } = copied([file], undefined, { keepsKernelEvent: ({ kind }) => kind === 'started' });
    expect(copy.kernel.map(({ kind }) => kind)).toEqual(['started']);
  });
});

describe('times that microseconds cannot say', () => {
  it('go to an interface of nanoseconds', () => {
    // The magic says microseconds, and the first fraction is none.
    const file = writePcap({ packets: [packet(0), packet(1)], nanos: true });
    new DataView(file.buffer).setUint32(0, 0xa1b2c3d4, true);
    const original = record(file);
    const { copy } = copied([file]);
    expect(absoluteTimes(copy)).toEqual(absoluteTimes(original));
    expect(copy.interfaces[0].resolutionNs).toBe(1);
  });
});

describe('a rewriter', () => {
  const rewriter: CaptureRewriter = {
    packet: (_, bytes) => bytes.map((byte) => byte ^ 0xff),
    text: (kind) => (kind === 'description' ? null : `a ${kind}`),
    name: (address, name) =>
      name === 'alias' ? null : { address: address.map((byte) => byte + 1), name: 'x' },
    kernel: (bytes) => (bytes[2] === 3 ? bytes : null),
    keepsComments: false,
    keepsSecrets: false,
    notice: 'all was changed',
    counts: () => [],
  };

  it('is asked for all that is copied', () => {
    const file = writePcapng({ sections: [{ ...SECTION, comment: 'secret place' }] });
    const { copy, bytes, copier } = copied([file], undefined, { rewriter }, () => ['a secret note']);
    const original = record(file);
    expect(copy.packets.map(({ data }) => data.map((byte) => byte ^ 0xff))).toEqual(
      original.packets.map(({ data }) => data),
    );
    expect(copy.interfaces.map(({ name, description }) => ({ name, description }))).toEqual([
      { name: 'a interface', description: undefined },
      { name: undefined, description: undefined },
    ]);
    expect(copy.names).toEqual([['11.1.1.2', 'x']]);
    expect(copy.kernel.map(({ kind }) => kind)).toEqual(['started']);
    expect(copy.packets.flatMap(({ comments }) => comments)).toEqual([]);
    expect(copier.counts.secrets).toBe(0);
    const text = Buffer.from(bytes).toString('latin1');
    for (const gone of ['secret', 'remark', 'CLIENT_RANDOM', 'uplink', 'eth0', 'alias'])
      expect(text).not.toContain(gone);
    expect(text).toContain('all was changed');
  });

  it('must keep the length of packets', () => {
    const file = writePcap({ packets: [packet(0)] });
    const shorter = { ...rewriter, packet: () => new Uint8Array(3) };
    expect(() => copied([file], undefined, { rewriter: shorter })).toThrow('another length');
  });
});
