/** IPv4 (RFC 791). */
import {
  DEFECTS,
  DEFECT_CHECKSUM,
  DEFECT_LENGTH,
  DST0,
  DST1,
  DST3,
  FAMILY,
  IP_DF,
  IP_FLAGS,
  IP_HAS_OPTIONS,
  IP_ID,
  IP_PROTOCOL,
  LONG_ADDRESSES,
  SRC0,
  SRC1,
  SRC3,
  TOS,
  TTL,
} from './facts.ts';
import { decodeFragment } from './fragments.ts';
import { PROTOCOL_TCP } from './ip-protocols.ts';
import { LAYER_IP_PROTOCOL, LAYER_TCP } from './layers.ts';
import type { Packet } from './packet.ts';

// The header's 32-bit words, read whole and taken apart: measured to be faster than field by field.
/** Version (4 bits), header length in words (4), type of service (8), total length (16). */
const WORD_LENGTH = 0;
/** Identification (16), flags (3), fragment offset (13). */
const WORD_FRAGMENT = 4;
/** Time to live (8), protocol (8), header checksum (16). */
const WORD_PROTOCOL = 8;
const SOURCE = 12;
const DESTINATION = 16;
const MIN_HEADER_LENGTH = 20;

const FRAGMENT_DF = 0x4000;
const FRAGMENT_MF = 0x2000;
/** In units of 8 bytes. */
const FRAGMENT_OFFSET = 0x1fff;

export function decodeIpv4(packet: Packet): number {
  const { view, at, facts } = packet;
  const captured = packet.end - at;
  const onWire = packet.wireEnd - at;
  if (captured < MIN_HEADER_LENGTH) return packet.refuseShort();
  const lengths = view.getInt32(at + WORD_LENGTH);
  const headerLength = ((lengths >>> 24) & 0x0f) << 2;
  const totalLength = lengths & 0xffff;
  if (lengths >>> 28 !== 4 || headerLength < MIN_HEADER_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  // Zero: the segment was handed to the network card whole, which fills the length in (TSO).
  if (totalLength !== 0) {
    if (totalLength < headerLength) return packet.refuseIp(DEFECT_LENGTH);
    if (totalLength <= onWire || isOverlongLengthSound(packet, headerLength)) setLength(packet, totalLength);
  } else if (onWire < headerLength) {
    return packet.refuseIp(DEFECT_LENGTH);
  }

  packet.acceptIp();
  facts[SRC0] = view.getInt32(at + SOURCE);
  facts[DST0] = view.getInt32(at + DESTINATION);
  if (facts[LONG_ADDRESSES] !== 0) {
    facts[LONG_ADDRESSES] = 0;
    facts.fill(0, SRC1, SRC3 + 1);
    facts.fill(0, DST1, DST3 + 1);
  }
  facts[FAMILY] = 4;
  const fragment = view.getInt32(at + WORD_FRAGMENT);
  const protocolWord = view.getInt32(at + WORD_PROTOCOL);
  const protocol = (protocolWord >>> 16) & 0xff;
  facts[TTL] = protocolWord >>> 24;
  facts[IP_PROTOCOL] = protocol;
  facts[TOS] = (lengths >>> 16) & 0xff;
  facts[IP_ID] = fragment >>> 16;
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
  const { view, at, facts } = packet;
  facts[DEFECTS] |= DEFECT_LENGTH;
  if (packet.end - at < headerLength) return false;
  let sum = 0;
  for (let i = 0; i < headerLength; i += 2) sum += view.getUint16(at + i);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  if (sum === 0xffff) return true;
  facts[DEFECTS] |= DEFECT_CHECKSUM;
  return false;
}
