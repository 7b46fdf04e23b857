import { describe, expect, it } from 'vitest';
import { CAPTURE_VARIANTS } from '../../../test/support/capture-variants.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { absoluteTimes, record } from '../../../test/support/recording-sink.ts';
import { packetInRecord } from './record-at.ts';

const CHUNKS = [1, 7, 29, 64, 4096];

describe.each(CAPTURE_VARIANTS)('$name', ({ format, linkType, resolutionNs, packets, bytes, warns = [] }) => {
  it('is read, in pieces of any size', () => {
    const read = record(bytes);
    expect(read.format).toBe(format);
    expect(read.interfaces.map((one) => one.linkType)).toEqual([linkType]);
    expect(read.packets.map(({ data }) => data)).toEqual(packets.map(({ data }) => data));
    expect(read.packets.map(({ wireLength }) => wireLength)).toEqual(packets.map((one) => one.wireLength));
    expect(absoluteTimes(read)).toEqual(packets.map(({ timeNs }) => timeNs - (timeNs % resolutionNs)));
    expect(read.warnings.map(({ code }) => code)).toEqual(warns);
    for (const size of CHUNKS) {
      const pieces = record(bytes, size);
      expect(pieces.packets, `pieces of ${size}`).toEqual(read.packets);
      expect(pieces.warnings).toEqual(read.warnings);
    }
  });

  it('has its packets found again', () => {
    for (const [i, { fileOffset, data }] of record(bytes).packets.entries()) {
      const { start, capturedLength } = packetInRecord(format as 'pcap', bytes, bytes.subarray(fileOffset));
      const again = bytes.subarray(fileOffset + start, fileOffset + start + capturedLength);
      expect(Buffer.from(again).equals(data), `packet ${i + 1}`).toBe(true);
    }
  });

  it('is read when it has one packet', () => {
    const [first, second] = record(bytes).packets;
    const read = record(bytes.subarray(0, second.fileOffset));
    expect(read.packets).toEqual([first]);
    expect(read.format).toBe(format);
  });

  it('is read on behind damage', () => {
    const whole = record(bytes).packets;
    const damaged = bytes.slice();
    damaged.fill(0xff, whole[4].fileOffset, whole[4].fileOffset + 16);
    const read = record(damaged);
    const offsets = whole.filter((_packet, i) => i !== 4).map(({ fileOffset }) => fileOffset);
    expect(read.packets.map(({ fileOffset }) => fileOffset)).toEqual(offsets);
    expect(read.warnings).toMatchObject([{ lossy: true }]);
  });
});

it('is told by no fewer bytes in pieces than at once', () => {
  // Two records of Nokia without its mark, which could be of no other format, and are just enough to tell.
  const record16 = (second: number): number[] => [second, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0];
  const one = (second: number): number[] => [...record16(second), 0, 0, 0, 0, 0x7f, 0x7f];
  const bytes = build.concat(CAPTURE_VARIANTS[0].bytes.slice(0, 24), one(11), one(12), one(13), one(14));
  expect(record(bytes).format).toBe('pcap-nokia');
  expect(record(bytes, 1).packets).toEqual(record(bytes).packets);
});

describe('a file that only resembles a variant', () => {
  // A destination of zeros is what the loopback has, and interface 0 of the modified formats.
  const loopback = Array.from({ length: 20 }, (_, i) => ({
    timeNs: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000n,
    data: Uint8Array.from({ length: 60 + i }, (_byte, at) => (at < 12 ? 0 : at + i)),
  }));
  // What Nokia writes behind the header, as the begin of an address.
  const nokia = loopback.map(({ timeNs, data }) => ({
    timeNs,
    data: Uint8Array.from([0x01, 0xb6, 0xbf, 0x9f, ...data]),
  }));

  it.each([
    ['of the loopback', loopback],
    ['of an odd address', nokia],
  ])('%s is what its magic says', (_name, packets) => {
    const read = record(writePcap({ packets }));
    expect(read.format).toBe('pcap');
    expect(read.packets.map(({ data }) => data)).toEqual(packets.map(({ data }) => data));
  });

  it('stays so when its second record is damaged', () => {
    const file = writePcap({ packets: loopback });
    const { fileOffset } = record(file).packets[1];
    const lengths = [0, 60, 255, 0xffff_ffff];
    for (const length of lengths) {
      const damaged = file.slice();
      new DataView(damaged.buffer).setUint32(fileOffset + 8, length, true);
      const read = record(damaged);
      expect(read.format).toBe('pcap');
      expect(read.packets.length).toBeGreaterThanOrEqual(17);
    }
  });
});
