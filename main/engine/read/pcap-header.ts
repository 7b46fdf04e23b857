import { readU16, readU32 } from './bytes.ts';

/** Bytes of the pcap file header (draft-ietf-opsawg-pcap §4). */
export const PCAP_FILE_HEADER_BYTES = 24;

/**
 * The formats of pcap by their records; their record headers differ in length. Modified ones are of the patches that
 * Alexey Kuznetzov made for Linux in 1999; Nokia's is of its firewalls.
 */
export type PcapFormat = 'pcap' | 'pcap-ns' | 'pcap-modified' | 'pcap-suse' | 'pcap-nokia';

export interface PcapHeader {
  readonly format: PcapFormat;
  readonly bigEndian: boolean;
  readonly fileHeaderBytes: number;
  readonly recordHeaderBytes: number;
  /** Bytes that stand before the packet, inside its record: those of AIX before FDDI. */
  readonly paddingBytes: number;
  /** Nanoseconds of one step of the fraction field. */
  readonly unitNs: number;
  /** Where in a record header the captured length stands and the length on the wire: the other way round before version 2.3. */
  readonly capturedAt: 8 | 12;
  readonly wireAt: 8 | 12;
  /** Some writers of version 2.3 had the old order still: the captured length is then the smaller one, wherever it stands. */
  readonly mayBeSwapped: boolean;
  readonly major: number;
  readonly minor: number;
  readonly snapLength: number;
  readonly linkType: number;
}

/** Bytes of a record header in each format. */
const RECORD_HEADER_BYTES: Readonly<Record<PcapFormat, number>> = {
  pcap: 16,
  'pcap-ns': 16,
  'pcap-modified': 24,
  'pcap-suse': 28,
  'pcap-nokia': 20,
};

/** Where the modified formats keep a packet's type, which tells its direction. */
export const PACKET_TYPE_AT = 22;

type Variant = Pick<PcapHeader, 'format' | 'unitNs' | 'fileHeaderBytes'>;

/** Ixia's files have their length in four bytes more behind the file header. */
const IXIA_FILE_HEADER_BYTES = PCAP_FILE_HEADER_BYTES + 4;

const VARIANTS = new Map<number, Variant>([
  [0xa1b2c3d4, { format: 'pcap', unitNs: 1000, fileHeaderBytes: PCAP_FILE_HEADER_BYTES }],
  [0xa1b23c4d, { format: 'pcap-ns', unitNs: 1, fileHeaderBytes: PCAP_FILE_HEADER_BYTES }],
  [0xa1b2cd34, { format: 'pcap-modified', unitNs: 1000, fileHeaderBytes: PCAP_FILE_HEADER_BYTES }],
  [0x1c0001ab, { format: 'pcap', unitNs: 1000, fileHeaderBytes: IXIA_FILE_HEADER_BYTES }],
  [0x1c0001ac, { format: 'pcap-ns', unitNs: 1, fileHeaderBytes: IXIA_FILE_HEADER_BYTES }],
]);

/** tcpdump of DG/UX calls its format version 543.0 and writes the lengths in the old order. */
const DGUX_MAJOR = 543;

/**
 * tcpdump of AIX writes version 2.2 with nanoseconds, and types of interfaces (RFC 1573) in place of link types: Ethernet, token ring,
 * FDDI and loopback. As link types two of these numbers have never been in such a file; PPP may have been, once.
 */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
]);
const LINKTYPE_FDDI = 10;
const AIX_FDDI_PADDING_BYTES = 3;

/** Whether four bytes are a pcap magic, and in which byte order; undefined where they are not. */
export function sniffPcapMagic(data: Uint8Array, at: number): (Variant & { bigEndian: boolean }) | undefined {
  for (const bigEndian of [false, true]) {
    const variant = VARIANTS.get(readU32(data, at, bigEndian));
    if (variant !== undefined) return { ...variant, bigEndian };
  }
  return undefined;
}

/**
 * What the file header says; records may yet turn out to be of another format (`pcap-variant.ts`).
 * @returns undefined where the magic is not a pcap's. All `PCAP_FILE_HEADER_BYTES` must be there.
 */
export function readPcapHeader(data: Uint8Array, at: number): PcapHeader | undefined {
  const variant = sniffPcapMagic(data, at);
  if (variant === undefined) return undefined;
  const major = readU16(data, at + 4, variant.bigEndian);
  const minor = readU16(data, at + 6, variant.bigEndian);
  const isOld = (major === 2 && minor < 3) || major === DGUX_MAJOR;
  // The upper half tells of frame check sequences and extensions; the type itself has 16 bits.
  const linkType = readU32(data, at + 20, variant.bigEndian) & 0xffff;
  const ofAix =
    major === 2 && minor === 2 && variant.format === 'pcap' ? AIX_LINK_TYPES.get(linkType) : undefined;
  const format = ofAix === undefined ? variant.format : 'pcap-ns';
  return {
    format,
    bigEndian: variant.bigEndian,
    fileHeaderBytes: variant.fileHeaderBytes,
    recordHeaderBytes: RECORD_HEADER_BYTES[format],
    paddingBytes: ofAix === LINKTYPE_FDDI ? AIX_FDDI_PADDING_BYTES : 0,
    unitNs: ofAix === undefined ? variant.unitNs : 1,
    capturedAt: isOld ? 12 : 8,
    wireAt: isOld ? 8 : 12,
    mayBeSwapped: major === 2 && minor === 3,
    major,
    minor,
    snapLength: readU32(data, at + 16, variant.bigEndian),
    linkType: ofAix ?? linkType,
  };
}

/** The header of a file whose records are of another format than its magic says. */
export function withFormat(header: PcapHeader, format: PcapFormat): PcapHeader {
  return { ...header, format, recordHeaderBytes: RECORD_HEADER_BYTES[format] };
}

/** The captured length in the record header at `at`, as the file's version writes it; padding counts. */
export function capturedLengthAt(header: PcapHeader, data: Uint8Array, at: number): number {
  const captured = readU32(data, at + header.capturedAt, header.bigEndian);
  return header.mayBeSwapped
    ? Math.min(captured, readU32(data, at + header.wireAt, header.bigEndian))
    : captured;
}

/** The length on the wire, as `capturedLengthAt`. */
export function wireLengthAt(header: PcapHeader, data: Uint8Array, at: number): number {
  const wire = readU32(data, at + header.wireAt, header.bigEndian);
  return header.mayBeSwapped ? Math.max(wire, readU32(data, at + header.capturedAt, header.bigEndian)) : wire;
}
