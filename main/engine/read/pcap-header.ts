import { readU16, readU32 } from './bytes.ts';

/** Bytes of the pcap file header (draft-ietf-opsawg-pcap §4). */
export const PCAP_FILE_HEADER_BYTES = 24;

export interface PcapHeader {
  readonly format: 'pcap' | 'pcap-ns' | 'pcap-modified';
  readonly bigEndian: boolean;
  /** Bytes of one record header: 16, or 24 in Kuznetzov's format. */
  readonly recordHeaderBytes: number;
  /** Nanoseconds of one step of the fraction field. */
  readonly unitNs: number;
  /** Where in a record header the captured length stands and the length on the wire: the other way round before version 2.3. */
  readonly capturedAt: 8 | 12;
  readonly wireAt: 8 | 12;
  readonly major: number;
  readonly minor: number;
  readonly snapLength: number;
  readonly linkType: number;
}

interface Variant {
  readonly format: PcapHeader['format'];
  readonly unitNs: number;
  readonly recordHeaderBytes: number;
}

const VARIANTS = new Map<number, Variant>([
  [0xa1b2c3d4, { format: 'pcap', unitNs: 1000, recordHeaderBytes: 16 }],
  [0xa1b23c4d, { format: 'pcap-ns', unitNs: 1, recordHeaderBytes: 16 }],
  [0xa1b2cd34, { format: 'pcap-modified', unitNs: 1000, recordHeaderBytes: 24 }],
]);

/** tcpdump of DG/UX calls its format version 543.0 and writes the lengths in the old order. */
const DGUX_MAJOR = 543;

/**
 * tcpdump of AIX writes version 2.2 with nanoseconds, and types of interfaces (RFC 1573) in place of link types: Ethernet and
 * loopback. No other writer of that version has these numbers.
 */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [24, 0],
]);

/** Whether four bytes are a pcap magic, and in which byte order; undefined where they are not. */
export function sniffPcapMagic(data: Uint8Array, at: number): (Variant & { bigEndian: boolean }) | undefined {
  for (const bigEndian of [false, true]) {
    const variant = VARIANTS.get(readU32(data, at, bigEndian));
    if (variant !== undefined) return { ...variant, bigEndian };
  }
  return undefined;
}

/** @returns undefined where the magic is not a pcap's. All `PCAP_FILE_HEADER_BYTES` must be there. */
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
  return {
    ...variant,
    ...(ofAix === undefined ? {} : { format: 'pcap-ns', unitNs: 1 }),
    capturedAt: isOld ? 12 : 8,
    wireAt: isOld ? 8 : 12,
    major,
    minor,
    snapLength: readU32(data, at + 16, variant.bigEndian),
    linkType: ofAix ?? linkType,
  };
}
