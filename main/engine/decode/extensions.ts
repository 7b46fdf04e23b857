/** IPv6 extension headers (RFC 8200 §4) and the authentication header of either IP version (RFC 4302). */
import { LIMITS } from '../limits.ts';
import {
  DEFECTS,
  DEFECT_LENGTH,
  DEFECT_TOO_DEEP,
  FAMILY,
  IP_FLAGS,
  IP_HAS_EXTENSIONS,
  IP_PROTOCOL,
} from './facts.ts';
import { decodeFragment } from './fragments.ts';
import { LAYER_DONE, LAYER_IP_PROTOCOL } from './layers.ts';
import type { Packet } from './packet.ts';
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION_OPTIONS,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_MOBILITY,
  PROTOCOL_ROUTING,
} from './ip-protocols.ts';

const MIN_LENGTH = 8;
const FRAGMENT_LENGTH = 8;
const FRAGMENT_FIELD = 2;
const FRAGMENT_IDENTIFICATION = 4;
/** In place: the offset in bytes, because its unit of 8 bytes and its shift by 3 cancel out. */
const FRAGMENT_OFFSET_MASK = 0xfff8;
const FRAGMENT_MORE = 1;

export function decodeExtensions(packet: Packet): number {
  const { data, view, facts } = packet;
  if (facts[FAMILY] === 6) facts[IP_FLAGS] |= IP_HAS_EXTENSIONS;
  for (let count = 0; count < LIMITS.maxExtensionHeaders; count++) {
    const { at, end, protocol } = packet;
    if (!isExtension(protocol)) return LAYER_IP_PROTOCOL;
    if (end - at < MIN_LENGTH) return packet.malformedShort();
    const length = extensionLength(protocol, data[at + 1]);
    if (length > packet.wireEnd - at) return packet.malformed(DEFECT_LENGTH);
    if (length > end - at) return packet.malformedShort();
    packet.protocol = data[at];
    packet.at = at + length;
    facts[IP_PROTOCOL] = packet.protocol;
    if (protocol === PROTOCOL_FRAGMENT) {
      const field = view.getUint16(at + FRAGMENT_FIELD);
      // An "atomic fragment" is whole (RFC 6946).
      if ((field & (FRAGMENT_OFFSET_MASK | FRAGMENT_MORE)) === 0) continue;
      const id = view.getInt32(at + FRAGMENT_IDENTIFICATION);
      return decodeFragment(packet, id, field & FRAGMENT_OFFSET_MASK, (field & FRAGMENT_MORE) !== 0);
    }
  }
  packet.limits.hit('maxExtensionHeaders');
  facts[DEFECTS] |= DEFECT_TOO_DEEP;
  return LAYER_DONE;
}

export function isExtension(protocol: number): boolean {
  switch (protocol) {
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_AUTHENTICATION:
    case PROTOCOL_DESTINATION_OPTIONS:
    case PROTOCOL_MOBILITY:
      return true;
    default:
      return false;
  }
}

/** @param lengthField the header's second byte */
export function extensionLength(protocol: number, lengthField: number): number {
  if (protocol === PROTOCOL_FRAGMENT) return FRAGMENT_LENGTH;
  if (protocol === PROTOCOL_AUTHENTICATION) return (lengthField + 2) << 2;
  return (lengthField + 1) << 3;
}
