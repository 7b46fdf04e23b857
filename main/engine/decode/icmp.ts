/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443) errors, which quote the packet they are about. An error is KIND_ICMP_ERROR
 * where the quote names a TCP or UDP connection: protocol, addresses and ports. All else stays KIND_IP.
 */
import { LIMITS } from '../limits.ts';
import {
  DEFECTS,
  DEFECT_CUT,
  EMBEDDED_DST0,
  EMBEDDED_DST_PORT,
  EMBEDDED_PROTOCOL,
  EMBEDDED_SEQ,
  EMBEDDED_SRC0,
  EMBEDDED_SRC_PORT,
  EMBEDDED_TTL,
  ICMP_CODE,
  ICMP_TYPE,
  KIND,
  KIND_ICMP_ERROR,
} from './facts.ts';
import { extensionLength, isExtension } from './extensions.ts';
import { LAYER_DONE } from './layers.ts';
import type { Packet } from './packet.ts';
import { PROTOCOL_FRAGMENT, PROTOCOL_TCP, PROTOCOL_UDP } from './ip-protocols.ts';

const TYPE = 0;
const CODE = 1;
const HEADER_LENGTH = 8;

const IPV4_HEADER_LENGTH = 20;
const IPV6_HEADER_LENGTH = 40;
const PORTS_LENGTH = 4;
const PORTS_AND_SEQUENCE_LENGTH = 8;

export function decodeIcmp(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < HEADER_LENGTH) return cut(packet);
  switch (data[at + TYPE]) {
    case 3: // destination unreachable
    case 4: // source quench
    case 5: // redirect
    case 11: // time exceeded
    case 12: // parameter problem
      return decodeQuotedIpv4(packet, at + HEADER_LENGTH);
    default:
      return LAYER_DONE;
  }
}

export function decodeIcmpv6(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < HEADER_LENGTH) return cut(packet);
  const type = data[at + TYPE];
  // 1 unreachable, 2 too big, 3 time exceeded, 4 parameter problem
  return type >= 1 && type <= 4 ? decodeQuotedIpv6(packet, at + HEADER_LENGTH) : LAYER_DONE;
}

function decodeQuotedIpv4(packet: Packet, quoteAt: number): number {
  const { data, view, end, facts } = packet;
  if (end - quoteAt < IPV4_HEADER_LENGTH) return cut(packet);
  const headerLength = (data[quoteAt] & 0x0f) << 2;
  if (data[quoteAt] >>> 4 !== 4 || headerLength < IPV4_HEADER_LENGTH) return LAYER_DONE;
  if ((view.getUint16(quoteAt + 6) & 0x1fff) !== 0) return LAYER_DONE; // a later fragment names no ports
  for (let i = 0; i < 4; i++) {
    facts[EMBEDDED_SRC0 + i] = i === 0 ? view.getInt32(quoteAt + 12) : 0;
    facts[EMBEDDED_DST0 + i] = i === 0 ? view.getInt32(quoteAt + 16) : 0;
  }
  facts[EMBEDDED_TTL] = data[quoteAt + 8];
  return decodeQuotedPorts(packet, data[quoteAt + 9], quoteAt + headerLength);
}

function decodeQuotedIpv6(packet: Packet, quoteAt: number): number {
  const { data, view, end, facts } = packet;
  if (end - quoteAt < IPV6_HEADER_LENGTH) return cut(packet);
  if (data[quoteAt] >>> 4 !== 6) return LAYER_DONE;
  for (let i = 0; i < 4; i++) {
    facts[EMBEDDED_SRC0 + i] = view.getInt32(quoteAt + 8 + 4 * i);
    facts[EMBEDDED_DST0 + i] = view.getInt32(quoteAt + 24 + 4 * i);
  }
  facts[EMBEDDED_TTL] = data[quoteAt + 7];
  let protocol = data[quoteAt + 6];
  let at = quoteAt + IPV6_HEADER_LENGTH;
  for (let count = 0; isExtension(protocol); count++) {
    if (count === LIMITS.maxExtensionHeaders) {
      packet.limits.hit('maxExtensionHeaders');
      return LAYER_DONE;
    }
    if (end - at < PORTS_AND_SEQUENCE_LENGTH) return cut(packet);
    if (protocol === PROTOCOL_FRAGMENT && (view.getUint16(at + 2) & 0xfff8) !== 0) return LAYER_DONE;
    const length = extensionLength(protocol, data[at + 1]);
    protocol = data[at];
    at += length;
  }
  return decodeQuotedPorts(packet, protocol, at);
}

/** @param at where the quoted transport header starts; may lie beyond the quote */
function decodeQuotedPorts(packet: Packet, protocol: number, at: number): number {
  const { data, view, end, facts } = packet;
  if (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP) return LAYER_DONE;
  if (end - at < PORTS_LENGTH) return cut(packet);
  const hasSequence = protocol === PROTOCOL_TCP && end - at >= PORTS_AND_SEQUENCE_LENGTH;
  facts[KIND] = KIND_ICMP_ERROR;
  facts[ICMP_TYPE] = data[packet.at + TYPE];
  facts[ICMP_CODE] = data[packet.at + CODE];
  facts[EMBEDDED_PROTOCOL] = protocol;
  facts[EMBEDDED_SRC_PORT] = view.getUint16(at);
  facts[EMBEDDED_DST_PORT] = view.getUint16(at + 2);
  facts[EMBEDDED_SEQ] = hasSequence ? view.getInt32(at + 4) : 0;
  return LAYER_DONE;
}

/** Only a snap length is a defect of the capture; routers may quote as little as they like. */
function cut(packet: Packet): number {
  if (packet.end < packet.wireEnd) packet.facts[DEFECTS] |= DEFECT_CUT;
  return LAYER_DONE;
}
