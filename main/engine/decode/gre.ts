/** GRE (RFC 2784, RFC 2890), its PPTP variant (RFC 2637) and the mirror sessions of ERSPAN types I to III. */
import { TUNNEL_ERSPAN, TUNNEL_GRE } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_ETHERTYPE, LAYER_PPP } from './layers.ts';
import type { Packet } from './packet.ts';

const FLAGS = 0;
const PROTOCOL_TYPE = 2;
const HEADER_LENGTH = 4;

const FLAG_CHECKSUM = 0x8000;
const FLAG_ROUTING = 0x4000;
const FLAG_KEY = 0x2000;
const FLAG_SEQUENCE = 0x1000;
const FLAG_ACKNOWLEDGMENT = 0x0080; // PPTP
const VERSION_MASK = 0x0007;
const VERSION_PPTP = 1;
const OPTIONAL_FIELD_LENGTH = 4;

const TYPE_PPP = 0x880b;
const TYPE_ERSPAN = 0x88be;
const TYPE_ERSPAN_III = 0x22eb;
const TYPE_MAX_LENGTH = 1500;

const ERSPAN_II_LENGTH = 8;
const ERSPAN_III_LENGTH = 12;
/** Where ERSPAN III says, in its last bit, whether eight more bytes follow. */
const ERSPAN_III_OPTIONAL = 11;
const ERSPAN_III_PLATFORM_LENGTH = 8;

export function decodeGre(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (!packet.descend()) return LAYER_DONE;
  if (end - at < HEADER_LENGTH) return packet.refuseShort();
  const flags = view.getUint16(at + FLAGS);
  const version = flags & VERSION_MASK;
  if (version > VERSION_PPTP || (flags & FLAG_ROUTING) !== 0) return LAYER_DONE;
  let length = HEADER_LENGTH;
  if ((flags & FLAG_CHECKSUM) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_KEY) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_SEQUENCE) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if (version === VERSION_PPTP && (flags & FLAG_ACKNOWLEDGMENT) !== 0) length += OPTIONAL_FIELD_LENGTH;

  const type = view.getUint16(at + PROTOCOL_TYPE);
  packet.tunnel = TUNNEL_GRE;
  if (version === VERSION_PPTP) return type === TYPE_PPP ? enter(packet, length, LAYER_PPP) : LAYER_DONE;
  if (type === TYPE_ERSPAN) {
    packet.tunnel = TUNNEL_ERSPAN;
    // Type I has no sequence number and no header of its own (draft-foschiano-erspan §4.1).
    const isTypeII = (flags & FLAG_SEQUENCE) !== 0;
    return enter(packet, length + (isTypeII ? ERSPAN_II_LENGTH : 0), LAYER_ETHERNET);
  }
  if (type === TYPE_ERSPAN_III) {
    packet.tunnel = TUNNEL_ERSPAN;
    const optionalAt = at + length + ERSPAN_III_OPTIONAL;
    const hasPlatform = optionalAt < end && (data[optionalAt] & 1) === 1;
    length += ERSPAN_III_LENGTH + (hasPlatform ? ERSPAN_III_PLATFORM_LENGTH : 0);
    return enter(packet, length, LAYER_ETHERNET);
  }
  packet.etherType = type;
  return type > TYPE_MAX_LENGTH ? enter(packet, length, LAYER_ETHERTYPE) : LAYER_DONE;
}

function enter(packet: Packet, headerLength: number, layer: number): number {
  if (packet.end - packet.at < headerLength) return packet.refuseShort();
  packet.at += headerLength;
  return layer;
}
