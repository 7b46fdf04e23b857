/** IPv4 (RFC 791). */
import { s32, u16 } from './bytes.ts';
import {
  DEFECTS,
  DEFECT_CHECKSUM,
  DEFECT_LENGTH,
  DST0,
  DST1,
  DST2,
  DST3,
  FAMILY,
  IP_DF,
  IP_FLAGS,
  IP_HAS_OPTIONS,
  IP_ID,
  IP_PROTOCOL,
  SRC0,
  SRC1,
  SRC2,
  SRC3,
  TOS,
  TTL,
} from './facts.ts';
import { decodeFragment } from './fragments.ts';
import { LAYER_IP_PROTOCOL, LAYER_TCP, type Packet } from './packet.ts';

const TYPE_OF_SERVICE = 1;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FRAGMENT = 6;
const TIME_TO_LIVE = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;
const MIN_HEADER_LENGTH = 20;

const FRAGMENT_DF = 0x4000;
const FRAGMENT_MF = 0x2000;
/** In units of 8 bytes. */
const FRAGMENT_OFFSET = 0x1fff;

const PROTOCOL_TCP = 6;

export function decodeIpv4(packet: Packet): number {
  const { data, at, facts } = packet;
  const captured = packet.end - at;
  const onWire = packet.wireEnd - at;
  if (captured < MIN_HEADER_LENGTH) return packet.refuseShort();
  const headerLength = (data[at] & 0x0f) << 2;
  const totalLength = u16(data, at + TOTAL_LENGTH);
  if (data[at] >>> 4 !== 4 || headerLength < MIN_HEADER_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  // Zero: the segment was handed to the network card whole, which fills the length in (TSO).
  if (totalLength !== 0) {
    if (totalLength < headerLength) return packet.refuseIp(DEFECT_LENGTH);
    if (totalLength <= onWire || isOverlongLengthSound(packet, headerLength)) setLength(packet, totalLength);
  } else if (onWire < headerLength) {
    return packet.refuseIp(DEFECT_LENGTH);
  }

  packet.acceptIp();
  facts[FAMILY] = 4;
  facts[SRC0] = s32(data, at + SOURCE);
  facts[SRC1] = 0;
  facts[SRC2] = 0;
  facts[SRC3] = 0;
  facts[DST0] = s32(data, at + DESTINATION);
  facts[DST1] = 0;
  facts[DST2] = 0;
  facts[DST3] = 0;
  facts[TTL] = data[at + TIME_TO_LIVE];
  facts[TOS] = data[at + TYPE_OF_SERVICE];
  facts[IP_ID] = u16(data, at + IDENTIFICATION);
  const protocol = data[at + PROTOCOL];
  facts[IP_PROTOCOL] = protocol;
  const fragment = u16(data, at + FRAGMENT);
  facts[IP_FLAGS] =
    ((fragment & FRAGMENT_DF) !== 0 ? IP_DF : 0) | (headerLength > MIN_HEADER_LENGTH ? IP_HAS_OPTIONS : 0);

  if (captured < headerLength) return packet.malformedShort();
  packet.at = at + headerLength;
  packet.protocol = protocol;
  const offset = fragment & FRAGMENT_OFFSET;
  if ((fragment & FRAGMENT_MF) !== 0 || offset !== 0) {
    return decodeFragment(packet, facts[IP_ID], offset << 3, (fragment & FRAGMENT_MF) !== 0);
  }
  return protocol === PROTOCOL_TCP ? LAYER_TCP : LAYER_IP_PROTOCOL;
}

function setLength(packet: Packet, totalLength: number): void {
  const wireEnd = packet.at + totalLength;
  packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
}

/**
 * A total length beyond the frame: either the file tells the wire length wrongly (tools that cut packets do), or the
 * header is broken. The header checksum decides which of the two to believe.
 */
function isOverlongLengthSound(packet: Packet, headerLength: number): boolean {
  const { data, at, facts } = packet;
  facts[DEFECTS] |= DEFECT_LENGTH;
  if (packet.end - at < headerLength) return false;
  let sum = 0;
  for (let i = 0; i < headerLength; i += 2) sum += u16(data, at + i);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  if (sum === 0xffff) return true;
  facts[DEFECTS] |= DEFECT_CHECKSUM;
  return false;
}
