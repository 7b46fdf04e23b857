/**
 * GRE (RFC 1701, RFC 2784, RFC 2890), its PPTP variant (RFC 2637), the mirror sessions of ERSPAN types I to III, and what vendors
 * send under protocol types of their own.
 */
import {
  ETHERTYPE_CISCO_METADATA,
  isEtherTypeWithoutTcp,
  isOpenedEtherType,
  MAX_802_3_LENGTH,
} from './ethertypes.ts';
import { TUNNEL_ERSPAN, TUNNEL_GRE, TUNNEL_WCCP } from './facts.ts';
import {
  LAYER_80211,
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_ETHERTYPE,
  LAYER_FRAME_RELAY,
  LAYER_IP,
  LAYER_PPP,
} from './layers.ts';
import { LIMITS } from '../limits.ts';
import { NOT_OPENED_GRE_PROTOCOL } from './not-opened.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

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

const TYPE_NHRP = 0x2001;
const TYPE_ERSPAN_III = 0x22eb;
const TYPE_MIKROTIK_EOIP = 0x6400;
const TYPE_FRAME_RELAY = 0x6559;
const TYPE_PPP = 0x880b;
const TYPE_WCCP = 0x883e;
const TYPE_ERSPAN = 0x88be;
/** Aruba's access points: 802.11 frames, the type tells the radio's tunnel. */
const TYPE_ARUBA_FIRST = 0x8200;
const TYPE_ARUBA_LAST = 0x8370;

export function decodeGre(packet: Packet): number {
  const { view, at, end } = packet;
  if (!packet.descend()) return LAYER_DONE;
  if (end - at < HEADER_LENGTH) return packet.refuseShort();
  const flags = view.getUint16(at + FLAGS);
  const type = view.getUint16(at + PROTOCOL_TYPE);
  const version = flags & VERSION_MASK;
  packet.tunnel = TUNNEL_GRE;
  if (version === VERSION_PPTP) return decodeVersion1(packet, flags, type);
  if (version !== 0) return packet.notOpened(NOT_OPENED_GRE_PROTOCOL, type);
  let length = HEADER_LENGTH;
  // RFC 1701: the two fields share a word that is there where either is.
  if ((flags & (FLAG_CHECKSUM | FLAG_ROUTING)) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_KEY) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_SEQUENCE) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_ROUTING) !== 0) length += routingLength(packet, at + length);
  if (length > end - at) return packet.refuseShort();
  packet.at = at + length;
  return decodePayload(packet, type, (flags & FLAG_SEQUENCE) !== 0);
}

function decodePayload(packet: Packet, type: number, hasSequence: boolean): number {
  switch (type) {
    case TYPE_ERSPAN:
      return decodeErspan(packet, hasSequence);
    case TYPE_ERSPAN_III:
      return decodeErspanIII(packet);
    case ETHERTYPE_CISCO_METADATA:
      return decodeCiscoMetadata(packet);
    case TYPE_WCCP:
      return decodeWccp(packet);
    case TYPE_PPP:
      return LAYER_PPP;
    case TYPE_FRAME_RELAY:
      return LAYER_FRAME_RELAY;
    case TYPE_NHRP:
      return LAYER_DONE;
  }
  if (type >= TYPE_ARUBA_FIRST && type <= TYPE_ARUBA_LAST && (type & 0x0f) === 0) return LAYER_80211;
  // Shorter numbers are those of ISO's protocols (RFC 1701), and 0 a keep-alive.
  if (type <= MAX_802_3_LENGTH || isEtherTypeWithoutTcp(type)) return LAYER_DONE;
  if (!isOpenedEtherType(type)) return packet.notOpened(NOT_OPENED_GRE_PROTOCOL, type);
  packet.etherType = type;
  return LAYER_ETHERTYPE;
}

/**
 * RFC 1701: source route entries of address family (2 bytes), offset (1), length (1), route; an empty one ends the list.
 * @returns bytes of the list; beyond the packet where it does not end in it
 */
function routingLength(packet: Packet, listAt: number): number {
  const { data, view, end } = packet;
  let at = listAt;
  for (let count = 0; at + 4 <= end; count++) {
    if (count === LIMITS.maxTunnelTags) {
      packet.limits.hit('maxTunnelTags');
      break;
    }
    const length = data[at + 3];
    const isLast = view.getUint16(at) === 0 && length === 0;
    at += 4 + length;
    if (isLast) return at - listAt;
  }
  return end - listAt + 1;
}

function decodeVersion1(packet: Packet, flags: number, type: number): number {
  // MikroTik's Ethernet over IP: length and tunnel stand where PPTP has its key.
  if (type === TYPE_MIKROTIK_EOIP) return skip(packet, HEADER_LENGTH + OPTIONAL_FIELD_LENGTH, LAYER_ETHERNET);
  let length = HEADER_LENGTH;
  if ((flags & FLAG_KEY) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_SEQUENCE) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if ((flags & FLAG_ACKNOWLEDGMENT) !== 0) length += OPTIONAL_FIELD_LENGTH;
  if (type !== TYPE_PPP) return packet.notOpened(NOT_OPENED_GRE_PROTOCOL, type);
  // Without a sequence number it is an acknowledgment alone (RFC 2637 §4.1).
  return (flags & FLAG_SEQUENCE) === 0 ? LAYER_DONE : skip(packet, length, LAYER_PPP);
}

// draft-foschiano-erspan §4.2: version (4 bits), VLAN …; 8 bytes in type II; type I has neither header nor sequence number (§4.1).
const ERSPAN_II_LENGTH = 8;
const ERSPAN_VERSION_II = 1;

function decodeErspan(packet: Packet, hasSequence: boolean): number {
  const { data, at, end } = packet;
  packet.tunnel = TUNNEL_ERSPAN;
  if (!hasSequence) {
    // Some senders of type II leave the number out.
    const isTypeII =
      at < end &&
      data[at] >>> 4 === ERSPAN_VERSION_II &&
      !looksLikeFrame(packet, at) &&
      looksLikeFrame(packet, at + ERSPAN_II_LENGTH);
    return isTypeII ? skip(packet, ERSPAN_II_LENGTH, LAYER_ETHERNET) : LAYER_ETHERNET;
  }
  return skip(packet, ERSPAN_II_LENGTH, LAYER_ETHERNET);
}

// §4.3: version (4 bits), VLAN (12) … ; in the last two bytes P, the kind of frame (5 bits), hardware (6), D, granularity (2), O.
const ERSPAN_III_LENGTH = 12;
const ERSPAN_III_LAST_WORD = 10;
const ERSPAN_III_KIND_SHIFT = 10;
const ERSPAN_III_KIND_MASK = 0x1f;
const ERSPAN_III_KIND_IP = 2;
/** O: eight more bytes follow. */
const ERSPAN_III_OPTIONAL = 1;
const ERSPAN_III_PLATFORM_LENGTH = 8;

function decodeErspanIII(packet: Packet): number {
  const { view, at, end } = packet;
  packet.tunnel = TUNNEL_ERSPAN;
  if (end - at < ERSPAN_III_LENGTH) return packet.refuseShort();
  const last = view.getUint16(at + ERSPAN_III_LAST_WORD);
  const hasPlatform = (last & ERSPAN_III_OPTIONAL) !== 0;
  const isIp = ((last >>> ERSPAN_III_KIND_SHIFT) & ERSPAN_III_KIND_MASK) === ERSPAN_III_KIND_IP;
  const length = ERSPAN_III_LENGTH + (hasPlatform ? ERSPAN_III_PLATFORM_LENGTH : 0);
  return skip(packet, length, isIp ? LAYER_IP : LAYER_ETHERNET);
}

/** WCCP version 2 puts four bytes before the redirected packet (draft-wilson-wrec-wccp-v2 §4.12), version 1 none. */
const WCCP_HEADER_LENGTH = 4;

function decodeWccp(packet: Packet): number {
  packet.tunnel = TUNNEL_WCCP;
  if (looksLikeIp(packet, packet.at)) return LAYER_IP;
  return skip(packet, WCCP_HEADER_LENGTH, LAYER_IP);
}

/** The tag of frame-tags.ts, with the type of what follows in front: type (2 bytes), version, length of the options in words. */
const METADATA_LENGTH = 4;
const METADATA_VERSION = 1;

function decodeCiscoMetadata(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < METADATA_LENGTH) return packet.refuseShort();
  if (data[at + 2] !== METADATA_VERSION) {
    return packet.notOpened(NOT_OPENED_GRE_PROTOCOL, ETHERTYPE_CISCO_METADATA);
  }
  packet.etherType = view.getUint16(at);
  return packet.enter(METADATA_LENGTH + (data[at + 3] << 2), LAYER_ETHERTYPE);
}

function skip(packet: Packet, length: number, layer: number): number {
  if (packet.end - packet.at < length) return packet.refuseShort();
  packet.at += length;
  return layer;
}
