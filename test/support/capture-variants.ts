/**
 * One conversation as files of every format and variant that is read, each written from its document or, where there is none, from what
 * Wireshark reads: unit tests, the fuzzer and the comparison with tshark take them from here.
 */
import { ByteWriter } from './byte-writer.ts';
import { Conversation } from './conversation.ts';
import * as build from './packet-builder.ts';

/** How the packets of the conversation lie on their network. */
type Medium = 'ethernet' | 'fddi' | 'token ring';

interface Packet {
  readonly timeNs: bigint;
  readonly data: Uint8Array;
  readonly wireLength: number;
}

export interface CaptureVariant {
  readonly name: string;
  /** As the reader calls it. */
  readonly format: string;
  readonly linkType: number;
  readonly resolutionNs: bigint;
  readonly packets: readonly Packet[];
  readonly bytes: Uint8Array;
  /** Why tshark does not read it, or not so. */
  readonly tsharkLacks?: string;
  /** Codes of the warnings that it brings. */
  readonly warns?: readonly string[];
}

const KEPT_BYTES = 70;
const SECOND = 1_000_000_000n;

/** The data of the last packets is cut off, so that lengths in the file and on the wire differ. */
function packetsOn(medium: Medium): Packet[] {
  const talk = new Conversation().handshake().exchange('GET / HTTP/1.1\r\n\r\n', 900).rst({ from: 'server' });
  const snap = [0xaa, 0xaa, 3, 0, 0, 0];
  return talk.packets.map(({ timeNs, data }) => {
    const [addresses, rest] = [data.subarray(0, 12), data.subarray(12)];
    const frame = {
      ethernet: data,
      fddi: build.concat([0x50], addresses, snap, rest),
      'token ring': build.concat([0x10, 0x40], addresses, snap, rest),
    }[medium];
    return { timeNs, data: frame.slice(0, KEPT_BYTES), wireLength: frame.length };
  });
}

interface PcapVariant {
  readonly magic?: number;
  readonly version?: readonly [number, number];
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  readonly nanos?: boolean;
  /** Whether the length on the wire comes first. */
  readonly wireFirst?: boolean;
  /** Between file header and records. */
  readonly behindHeader?: readonly number[];
  /** Between record header and packet. */
  readonly fields?: (out: ByteWriter, packet: number) => void;
  /** Padding that counts as part of the packet. */
  readonly padding?: number;
}

function writeVariant(packets: readonly Packet[], variant: PcapVariant): Uint8Array {
  const [major, minor] = variant.version ?? [2, 4];
  const out = new ByteWriter(variant.bigEndian ?? false);
  out
    .u32(variant.magic ?? 0xa1b2c3d4)
    .u16(major)
    .u16(minor)
    .u32(0)
    .u32(0);
  out.u32(65_535).u32(variant.linkType ?? 1);
  out.raw(Uint8Array.from(variant.behindHeader ?? []));
  const padding = variant.padding ?? 0;
  for (const [i, { timeNs, data, wireLength }] of packets.entries()) {
    const fraction = Number(timeNs % SECOND);
    out.u32(Number(timeNs / SECOND)).u32(variant.nanos === true ? fraction : Math.floor(fraction / 1000));
    const [captured, wire] = [data.length + padding, wireLength + padding];
    if (variant.wireFirst === true) out.u32(wire).u32(captured);
    else out.u32(captured).u32(wire);
    variant.fields?.(out, i);
    out.raw(new Uint8Array(padding)).raw(data);
  }
  return out.finish();
}

/** The fields of the patches of 1999: interface, protocol, type of the packet; SuSE's had five bytes more. */
function linuxFields(behind: number): (out: ByteWriter, packet: number) => void {
  return (out, packet) =>
    out
      .u32(2)
      .u16(0x0800)
      .u8(packet % 2 === 0 ? 4 : 0)
      .raw(new Uint8Array(behind).fill(0xe7));
}

function pcapVariant(
  name: string,
  format: string,
  variant: PcapVariant & { readonly medium?: Medium; readonly readAs?: number },
): CaptureVariant {
  const packets = packetsOn(variant.medium ?? 'ethernet');
  const linkType = variant.readAs ?? variant.linkType ?? 1;
  const resolutionNs = variant.nanos === true ? 1n : 1000n;
  return { name, format, linkType, resolutionNs, packets, bytes: writeVariant(packets, variant) };
}

function snoopVariant(name: string, dataLink: number, linkType: number, medium: Medium): CaptureVariant {
  const packets = packetsOn(medium);
  const out = new ByteWriter(true).raw(new TextEncoder().encode('snoop\0\0\0')).u32(2).u32(dataLink);
  for (const { timeNs, data, wireLength } of packets) {
    const padding = -data.length & 3;
    out
      .u32(wireLength)
      .u32(data.length)
      .u32(24 + data.length + padding)
      .u32(0);
    out.u32(Number(timeNs / SECOND)).u32(Number((timeNs % SECOND) / 1000n));
    out.raw(data).raw(new Uint8Array(padding));
  }
  return { name, format: 'snoop', linkType, resolutionNs: 1000n, packets, bytes: out.finish() };
}

/** Records of Ethernet, padded to eight bytes; one of padding alone stands between. */
function erfVariant(name: string, extensions: readonly number[]): CaptureVariant {
  const out = new ByteWriter(true);
  const packets = packetsOn('ethernet').map(({ timeNs, data, wireLength }, i) => {
    const headers = 16 + 8 * extensions.length + 2;
    const padding = -(headers + data.length) & 7;
    const stamp = new ByteWriter(false);
    stamp.u32(Number(((timeNs % SECOND) * 0x1_0000_0000n) / SECOND)).u32(Number(timeNs / SECOND));
    const record = new ByteWriter(true).raw(stamp.finish());
    record.u8(extensions.length === 0 ? 2 : 0x82).u8(4);
    record
      .u16(headers + data.length + padding)
      .u16(0)
      .u16(wireLength);
    for (const type of extensions) record.u8(type).raw(new Uint8Array(7).fill(1));
    record.u16(0).raw(data);
    const bytes = record.finish();
    out.raw(bytes).raw(new Uint8Array(padding));
    if (i === 2) out.u32(0).u32(0).u8(48).u8(0).u16(24).u16(0).u16(0).raw(new Uint8Array(8));
    return {
      timeNs,
      data: withPadding(bytes, padding, headers + wireLength),
      wireLength: headers + wireLength,
    };
  });
  return { name, format: 'erf', linkType: 197, resolutionNs: 1n, packets, bytes: out.finish() };
}

/** Padding cannot be told from the packet where that was cut. */
function withPadding(record: Uint8Array, padding: number, wireLength: number): Uint8Array {
  return build.concat(record, new Uint8Array(padding)).slice(0, wireLength);
}

const nokiaFields = (out: ByteWriter, packet: number): void => {
  out.u32([0x9fbf_b601, 0xbfbf_d902, 0x9fbf_d901][packet % 3]);
};
const AIX = { version: [2, 2], nanos: true, wireFirst: true, bigEndian: true } as const;

export const CAPTURE_VARIANTS: readonly CaptureVariant[] = [
  pcapVariant('pcap', 'pcap', {}),
  pcapVariant('pcap with nanoseconds', 'pcap-ns', { magic: 0xa1b23c4d, nanos: true, bigEndian: true }),
  pcapVariant('modified pcap', 'pcap-modified', { magic: 0xa1b2cd34, fields: linuxFields(1) }),
  pcapVariant('modified pcap of SuSE', 'pcap-suse', {
    magic: 0xa1b2cd34,
    fields: linuxFields(5),
    bigEndian: true,
  }),
  pcapVariant('modified pcap of Red Hat', 'pcap-modified', { fields: linuxFields(1) }),
  pcapVariant('pcap of Nokia', 'pcap-nokia', { fields: nokiaFields }),
  pcapVariant('pcap of Nokia, as Wireshark writes it', 'pcap-nokia', { fields: (out) => out.u32(0) }),
  pcapVariant('pcap of Nokia, big endian', 'pcap-nokia', { fields: nokiaFields, bigEndian: true }),
  pcapVariant('pcap of Ixia', 'pcap', { magic: 0x1c0001ab, behindHeader: [1, 2, 3, 4] }),
  {
    ...pcapVariant('pcap of Ixia hardware', 'pcap-ns', {
      magic: 0x1c0001ac,
      nanos: true,
      bigEndian: true,
      behindHeader: [1, 2, 3, 4],
    }),
    tsharkLacks: 'Its releases of 2022 take nanoseconds of this magic for microseconds; later ones do not.',
  },
  pcapVariant('pcap 2.2', 'pcap', { version: [2, 2], wireFirst: true }),
  pcapVariant('pcap 2.3', 'pcap', { version: [2, 3] }),
  pcapVariant('pcap 2.3 in the old order', 'pcap', { version: [2, 3], wireFirst: true }),
  pcapVariant('pcap of DG/UX', 'pcap', { version: [543, 0], wireFirst: true, bigEndian: true }),
  pcapVariant('pcap of AIX', 'pcap-ns', { ...AIX, linkType: 6, readAs: 1 }),
  pcapVariant('pcap of AIX, token ring', 'pcap-ns', { ...AIX, linkType: 9, readAs: 6, medium: 'token ring' }),
  pcapVariant('pcap of AIX, FDDI', 'pcap-ns', {
    ...AIX,
    linkType: 15,
    readAs: 10,
    medium: 'fddi',
    padding: 3,
  }),
  snoopVariant('snoop', 4, 1, 'ethernet'),
  snoopVariant('snoop of token ring', 2, 6, 'token ring'),
  snoopVariant('snoop of FDDI', 8, 10, 'fddi'),
  erfVariant('ERF', []),
  erfVariant('ERF with extensions', [0x84, 0x03]),
];
