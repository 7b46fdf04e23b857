/** Tells pcapng blocks from arbitrary bytes, by the length that each block states at both of its ends. */
import { LIMITS } from '../limits.ts';
import { readU32 } from './bytes.ts';
import { IMPLAUSIBLE, PLAUSIBLE } from './pcap-plausible.ts';

/** Block types (draft-ietf-opsawg-pcapng §11.1). */
export const BLOCK_SECTION_HEADER = 0x0a0d0d0a;
export const BLOCK_INTERFACE = 1;
export const BLOCK_PACKET_OBSOLETE = 2;
export const BLOCK_SIMPLE_PACKET = 3;
export const BLOCK_NAMES = 4;
export const BLOCK_STATISTICS = 5;
export const BLOCK_ENHANCED_PACKET = 6;
const BLOCK_JOURNAL = 9;
export const BLOCK_SECRETS = 10;
const BLOCK_CUSTOM = 0x0bad;
const BLOCK_CUSTOM_NO_COPY = 0x4000_0bad;
/** Events of sysdig and Falco; those with flags (0x208) are none to Wireshark. */
const BLOCK_SYSDIG_EVENT = 0x204;
const BLOCK_SYSDIG_EVENT_V2 = 0x216;
const BLOCK_SYSDIG_EVENT_V2_LARGE = 0x221;
/** Of those left for local use: see pcapng-kernel.ts. */
export const BLOCK_KERNEL = 0x8052_5301;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Type, length, and the length again. */
export const MIN_BLOCK_BYTES = 12;

/** Bytes of a section header that tell its byte order. */
export const SECTION_SNIFF_BYTES = 12;

/** Blocks without packets that may be long with good reason. */
export function maySkipUnread(type: number): boolean {
  return (
    type === BLOCK_JOURNAL || type === BLOCK_SECRETS || type === BLOCK_CUSTOM || type === BLOCK_CUSTOM_NO_COPY
  );
}

/** Blocks that hold no packet, and to which Wireshark gives a frame number all the same. */
export function isOtherFrame(type: number): boolean {
  return (
    type === BLOCK_JOURNAL ||
    type === BLOCK_CUSTOM ||
    type === BLOCK_CUSTOM_NO_COPY ||
    type === BLOCK_SYSDIG_EVENT ||
    type === BLOCK_SYSDIG_EVENT_V2 ||
    type === BLOCK_SYSDIG_EVENT_V2_LARGE
  );
}

function isKnownType(type: number): boolean {
  const isStandard = type >= BLOCK_INTERFACE && type <= BLOCK_ENHANCED_PACKET;
  return isStandard || type === BLOCK_KERNEL || maySkipUnread(type);
}

/** The byte order that a section header at `at` states; undefined where its magic is none. */
export function sniffByteOrder(data: Uint8Array, at: number): boolean | undefined {
  if (readU32(data, at + 8, false) === BYTE_ORDER_MAGIC) return false;
  if (readU32(data, at + 8, true) === BYTE_ORDER_MAGIC) return true;
  return undefined;
}

/**
 * Whether blocks begin again at `at`: a known type, the same length at both ends, and a block after it.
 * @param to end of the bytes at hand, and of the file if `final`
 * @returns PLAUSIBLE, IMPLAUSIBLE, or the bytes needed from `at` on to judge
 */
export function blockRestartsAt(
  data: Uint8Array,
  at: number,
  to: number,
  final: boolean,
  bigEndian: boolean,
): number {
  let order = bigEndian;
  const type = readU32(data, at, bigEndian);
  if (type === BLOCK_SECTION_HEADER) {
    const stated = sniffByteOrder(data, at);
    if (stated === undefined) return IMPLAUSIBLE;
    order = stated;
  } else if (!isKnownType(type)) {
    return IMPLAUSIBLE;
  }
  const length = readU32(data, at + 4, order);
  if (!isBlockLength(length) || length > LIMITS.maxBlockBytes) return IMPLAUSIBLE;
  const next = at + length;
  if (next > to) return final ? IMPLAUSIBLE : length;
  if (readU32(data, next - 4, order) !== length) return IMPLAUSIBLE;
  if (next + 8 > to) {
    if (!final) return length + 8;
    return next === to ? PLAUSIBLE : IMPLAUSIBLE;
  }
  const nextType = readU32(data, next, order);
  if (nextType === BLOCK_SECTION_HEADER) return PLAUSIBLE;
  return isBlockLength(readU32(data, next + 4, order)) ? PLAUSIBLE : IMPLAUSIBLE;
}

export function isBlockLength(length: number): boolean {
  return length >= MIN_BLOCK_BYTES && (length & 3) === 0;
}
