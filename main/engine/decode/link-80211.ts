/**
 * IEEE 802.11 data frames (105), also behind radiotap (127), Prism (119) and AVS (163) headers. Encrypted frames,
 * frames without data and later fragments of a frame stay KIND_OTHER; the first of these are told as not opened.
 */
import { DEFECT_LENGTH, SRC_MAC_HIGH, SRC_MAC_LOW } from './facts.ts';
import { LAYER_80211, LAYER_DONE, LAYER_LLC } from './layers.ts';
import { NOT_OPENED_WLAN, NOT_OPENED_WLAN_AGGREGATE, NOT_OPENED_WLAN_PROTECTED } from './not-opened.ts';
import type { Packet } from './packet.ts';

// Frame control, first byte: version (2 bits), type (2), subtype (4); second byte: flags.
const TYPE_MASK = 0x0c;
const TYPE_DATA = 0x08;
const SUBTYPE_NO_DATA = 0x40;
const SUBTYPE_QOS = 0x80;
const FLAG_TO_DS = 0x01;
const FLAG_FROM_DS = 0x02;
const FLAG_PROTECTED = 0x40;
const FLAG_ORDER = 0x80;

const ADDRESS_2 = 10;
const ADDRESS_3 = 16;
const SEQUENCE_CONTROL = 22;
const ADDRESS_4 = 24;
const HEADER_LENGTH = 24;
const MAC_LENGTH = 6;
const QOS_LENGTH = 2;
const QOS_AMSDU = 0x80;
const HT_CONTROL_LENGTH = 4;
/** Destination, source and length before each frame of an A-MSDU. */
const SUBFRAME_HEADER_LENGTH = 14;

export function decode80211(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < 2) return packet.refuseShort();
  return decodeFrame(packet, data[at], data[at + 1], false);
}

export function decode80211Swapped(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < 2) return packet.refuseShort();
  return decodeFrame(packet, data[at + 1], data[at], false);
}

/** @param kind, flags the two bytes of the frame control */
function decodeFrame(packet: Packet, kind: number, flags: number, isPadded: boolean): number {
  const { data, at, end } = packet;
  const isData = (kind & (TYPE_MASK | SUBTYPE_NO_DATA)) === TYPE_DATA;
  if (!isData) return LAYER_DONE;
  if ((flags & FLAG_PROTECTED) !== 0) {
    return packet.notOpened(NOT_OPENED_WLAN, NOT_OPENED_WLAN_PROTECTED, true);
  }
  if (end - at < HEADER_LENGTH) return packet.refuseShort();
  // Only the first fragment of a frame holds the headers.
  if ((data[at + SEQUENCE_CONTROL] & 0x0f) !== 0) return LAYER_DONE;

  const hasAddress4 = (flags & (FLAG_TO_DS | FLAG_FROM_DS)) === (FLAG_TO_DS | FLAG_FROM_DS);
  const isQos = (kind & SUBTYPE_QOS) !== 0;
  const qosAt = HEADER_LENGTH + (hasAddress4 ? MAC_LENGTH : 0);
  let length = qosAt + (isQos ? QOS_LENGTH : 0);
  if (isQos && (flags & FLAG_ORDER) !== 0) length += HT_CONTROL_LENGTH;
  if (isPadded) length = (length + 3) & ~3;
  if (end - at < length) return packet.refuseShort();

  if (hasAddress4) setSource(packet, at + ADDRESS_4);
  else setSource(packet, at + ((flags & FLAG_FROM_DS) !== 0 ? ADDRESS_3 : ADDRESS_2));
  packet.at = at + length;
  return isQos && (data[at + qosAt] & QOS_AMSDU) !== 0 ? decodeSubframe(packet) : LAYER_LLC;
}

/** The first frame of an A-MSDU; the others are told as not opened. */
function decodeSubframe(packet: Packet): number {
  const { view, at } = packet;
  if (packet.end - at < SUBFRAME_HEADER_LENGTH) return packet.refuseShort();
  setSource(packet, at + MAC_LENGTH);
  packet.at = at + SUBFRAME_HEADER_LENGTH;
  const wireEnd = packet.at + view.getUint16(at + 2 * MAC_LENGTH);
  if (wireEnd > packet.wireEnd) return packet.refuseIp(DEFECT_LENGTH);
  if (packet.wireEnd - wireEnd > SUBFRAME_HEADER_LENGTH) {
    packet.notOpened(NOT_OPENED_WLAN, NOT_OPENED_WLAN_AGGREGATE);
  }
  packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
  return LAYER_LLC;
}

function setSource(packet: Packet, at: number): void {
  packet.facts[SRC_MAC_HIGH] = packet.view.getUint16(at);
  packet.facts[SRC_MAC_LOW] = packet.view.getInt32(at + 2);
}

// radiotap.org: version, padding, length, then words of presence bits; all little-endian.
const RADIOTAP_LENGTH = 2;
const RADIOTAP_PRESENT = 4;
const RADIOTAP_HEADER_LENGTH = 8;
const PRESENT_TSFT = 1;
const PRESENT_FLAGS = 2;
const PRESENT_MORE = 0x80;
const RADIOTAP_FCS_AT_END = 0x10;
const RADIOTAP_DATA_PADDED = 0x20;
const FCS_LENGTH = 4;

export function decodeRadiotap(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < RADIOTAP_HEADER_LENGTH) return packet.refuseShort();
  const length = data[at + RADIOTAP_LENGTH] | (data[at + RADIOTAP_LENGTH + 1] << 8);
  if (data[at] !== 0 || length < RADIOTAP_HEADER_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  if (end - at < length) return packet.refuseShort();
  const flags = radiotapFlags(data, at, length);
  packet.at = at + length;
  if ((flags & RADIOTAP_FCS_AT_END) !== 0 && packet.wireEnd - packet.at >= FCS_LENGTH) {
    packet.wireEnd -= FCS_LENGTH;
    if (packet.wireEnd < packet.end) packet.end = packet.wireEnd;
  }
  if (packet.end - packet.at < 2) return packet.refuseShort();
  return decodeFrame(packet, data[packet.at], data[packet.at + 1], (flags & RADIOTAP_DATA_PADDED) !== 0);
}

/** The flags field, 0 where absent. It is the second field, after the 8-byte timer if that is there. */
function radiotapFlags(data: Uint8Array, at: number, length: number): number {
  const present = data[at + RADIOTAP_PRESENT];
  if ((present & PRESENT_FLAGS) === 0) return 0;
  let field = RADIOTAP_PRESENT;
  // The highest bit of each presence word says whether another follows.
  while (field + 4 <= length && (data[at + field + 3] & PRESENT_MORE) !== 0) field += 4;
  field += 4;
  if ((present & PRESENT_TSFT) !== 0) field = ((field + 7) & ~7) + 8;
  return field < length ? data[at + field] : 0;
}

const AVS_MAGIC = 0x80211;
const PRISM_LENGTH = 4;
const MONITOR_HEADER_LENGTH = 8;

/** PRISM (119) and AVS (163): both have their length in the second word; AVS is told by its magic number. */
export function decodePrism(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < MONITOR_HEADER_LENGTH) return packet.refuseShort();
  const isAvs = view.getInt32(at) >>> 12 === AVS_MAGIC;
  const lengthAt = at + PRISM_LENGTH;
  const length = isAvs
    ? view.getInt32(lengthAt)
    : data[lengthAt] | (data[lengthAt + 1] << 8) | (data[lengthAt + 2] << 16) | (data[lengthAt + 3] << 24);
  if (length < MONITOR_HEADER_LENGTH || length > packet.wireEnd - at) return packet.refuseIp(DEFECT_LENGTH);
  if (length > end - at) return packet.refuseShort();
  packet.at = at + length;
  return LAYER_80211;
}
