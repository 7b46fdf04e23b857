/**
 * Tells which format the records of a pcap file have. In 1999 several makers put fields of their own behind the record header and left the
 * magic, or shared a new one: that shows in the first records only.
 *
 * Invariant: a file that can be read as its magic says is read so. Another format is believed where the first record has its fields and
 * the records follow each other in it, and do not as the magic says; so damage makes no variant of a file that is none.
 */
import { readU16, readU32 } from './bytes.ts';
import { PACKET_TYPE_AT, withFormat, type PcapFormat, type PcapHeader } from './pcap-header.ts';
import { PcapPlausibility, PLAUSIBLE } from './pcap-plausible.ts';

/** Longest record header of any format, bytes. */
const LONGEST_RECORD_HEADER_BYTES = 28;

const FIELDS_AT = 16;
const NOKIA_FIELD_END = 20;
const FIELDS_END = 24;

// Fields of the modified formats: interface, protocol, type of the packet (linux/if_packet.h), as kernels of the time had them.
const PROTOCOL_AT = 20;
const MAX_INTERFACE = 10_000;
const MAX_PACKET_TYPE = 4;
/** Where ethertypes begin; below are Linux' own numbers for frames without one, up to MAX_LINUX_PROTOCOL, and three old ones. */
const MIN_ETHERTYPE = 0x600;
const MAX_LINUX_PROTOCOL = 0x17;
const OLD_PROTOCOLS: readonly number[] = [0x60, 0x200, 0x400];

/** Nokia's field is 0xXfbfYZ0W: a part that is always the same, and a few values of the four other digits. Wireshark writes 0 there. */
const NOKIA_MASK = 0x0fff_00f0;
const NOKIA_VALUE = 0x0fbf_0000;
const NOKIA_DIGITS: readonly { readonly shift: number; readonly values: readonly number[] }[] = [
  { shift: 28, values: [0x9, 0xb] },
  { shift: 12, values: [0xb, 0xd] },
  { shift: 8, values: [0x6, 0x9] },
  { shift: 0, values: [0x1, 0x2] },
];

/** What the records may be where the magic says the key. */
const OTHERS: Partial<Record<PcapFormat, readonly PcapFormat[]>> = {
  pcap: ['pcap-nokia', 'pcap-modified'],
  'pcap-modified': ['pcap-suse'],
};

/**
 * The header with the format of the records, the first of which begins at `at`.
 * @returns how many bytes are needed from `at` on, where these do not tell yet
 */
export function findPcapVariant(
  header: PcapHeader,
  data: Uint8Array,
  at: number,
  to: number,
  final: boolean,
): PcapHeader | number {
  const others = OTHERS[header.format];
  // Versions before 2.4 are older than the variants.
  if (others === undefined || header.major !== 2 || header.minor < 4) return header;
  if (to - at < LONGEST_RECORD_HEADER_BYTES && !final) return LONGEST_RECORD_HEADER_BYTES;
  const likely = others.filter((format) => hasFieldsOf(format, header, data, at, to));
  const asSaid = new PcapPlausibility(header);
  if (likely.length === 0 || !asSaid.soundsRight(data, at)) return header;
  const saidRight = asSaid.isFollowed(data, at, to, final, true);
  if (saidRight === PLAUSIBLE) return header;
  if (saidRight > 0) return saidRight;
  for (const format of likely) {
    const variant = withFormat(header, format);
    // So odd a field needs no second record.
    if (format === 'pcap-nokia' && readU32(data, at + FIELDS_AT, header.bigEndian) !== 0) return variant;
    const plausibility = new PcapPlausibility(variant);
    const isFollowed = plausibility.isFollowed(data, at, to, final, true);
    if (isFollowed > 0) return isFollowed;
    if (isFollowed !== PLAUSIBLE) continue;
    const next = at + plausibility.span(data, at);
    if (next === to || hasFieldsOf(format, header, data, next, to)) return variant;
  }
  return header;
}

function hasFieldsOf(
  format: PcapFormat,
  { bigEndian }: PcapHeader,
  data: Uint8Array,
  at: number,
  to: number,
): boolean {
  if (format === 'pcap-nokia') {
    return at + NOKIA_FIELD_END <= to && isNokiaField(readU32(data, at + FIELDS_AT, bigEndian));
  }
  if (at + FIELDS_END > to) return false;
  const protocol = readU16(data, at + PROTOCOL_AT, bigEndian);
  return (
    readU32(data, at + FIELDS_AT, bigEndian) <= MAX_INTERFACE &&
    data[at + PACKET_TYPE_AT] <= MAX_PACKET_TYPE &&
    (protocol >= MIN_ETHERTYPE || protocol <= MAX_LINUX_PROTOCOL || OLD_PROTOCOLS.includes(protocol))
  );
}

function isNokiaField(field: number): boolean {
  if (field === 0) return true;
  const hasDigits = NOKIA_DIGITS.every(({ shift, values }) => values.includes((field >>> shift) & 0xf));
  return hasDigits && (field & NOKIA_MASK) === NOKIA_VALUE;
}
