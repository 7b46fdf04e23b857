/**
 * Tunnels over UDP: VXLAN (RFC 7348), Geneve (RFC 8926), Teredo (RFC 4380).
 *
 * A port number proves nothing, so each payload must pass for the tunnel's in every field that has few valid values.
 * Otherwise it stays ordinary UDP, without a defect.
 */
import { TUNNEL_GENEVE, TUNNEL_TEREDO, TUNNEL_VXLAN } from './facts.ts';
import { looksLikeEthernet } from './link-ethernet.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6 } from './layers.ts';
import type { Packet } from './packet.ts';

const VXLAN_LENGTH = 8;
/** The I flag alone, or with the G flag of group policy (draft-smith-vxlan-group-policy). */
const VXLAN_FLAGS = 0x08;
const VXLAN_GROUP_POLICY_FLAGS = 0x88;

export function decodeVxlan(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < VXLAN_LENGTH) return LAYER_DONE;
  const flags = data[at];
  const isVxlan =
    (flags === VXLAN_GROUP_POLICY_FLAGS ||
      (flags === VXLAN_FLAGS && data[at + 1] === 0 && view.getUint16(at + 2) === 0)) &&
    data[at + 7] === 0;
  if (!isVxlan || !looksLikeEthernet(packet, at + VXLAN_LENGTH)) return LAYER_DONE;
  return enter(packet, at + VXLAN_LENGTH, TUNNEL_VXLAN, LAYER_ETHERNET);
}

const GENEVE_LENGTH = 8;
const GENEVE_VERSION_MASK = 0xc0;
const GENEVE_OPTIONS_MASK = 0x3f;
const GENEVE_RESERVED_MASK = 0x3f;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_TRANSPARENT_BRIDGING = 0x6558;

export function decodeGeneve(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < GENEVE_LENGTH) return LAYER_DONE;
  const isGeneve =
    (data[at] & GENEVE_VERSION_MASK) === 0 &&
    (data[at + 1] & GENEVE_RESERVED_MASK) === 0 &&
    data[at + 7] === 0;
  const innerAt = at + GENEVE_LENGTH + ((data[at] & GENEVE_OPTIONS_MASK) << 2);
  if (!isGeneve || innerAt >= packet.end) return LAYER_DONE;
  switch (view.getUint16(at + 2)) {
    case ETHERTYPE_TRANSPARENT_BRIDGING:
      return looksLikeEthernet(packet, innerAt)
        ? enter(packet, innerAt, TUNNEL_GENEVE, LAYER_ETHERNET)
        : LAYER_DONE;
    case ETHERTYPE_IPV4:
      return data[innerAt] >>> 4 === 4 ? enter(packet, innerAt, TUNNEL_GENEVE, LAYER_IPV4) : LAYER_DONE;
    case ETHERTYPE_IPV6:
      return data[innerAt] >>> 4 === 6 ? enter(packet, innerAt, TUNNEL_GENEVE, LAYER_IPV6) : LAYER_DONE;
    default:
      return LAYER_DONE;
  }
}

// Indications before the IPv6 packet (RFC 4380 §5.1.1).
const TEREDO_AUTHENTICATION = 0x0001;
const TEREDO_AUTHENTICATION_LENGTH = 13;
const TEREDO_ORIGIN = 0x0000;
const TEREDO_ORIGIN_LENGTH = 8;
/** 2001::/32 */
const TEREDO_PREFIX = 0x2001_0000;
const IPV6_LENGTH = 40;
const IPV6_PAYLOAD_LENGTH = 4;
const IPV6_SOURCE = 8;
const IPV6_DESTINATION = 24;

export function decodeTeredo(packet: Packet): number {
  const { data, view, end } = packet;
  let at = packet.at;
  if (end - at >= TEREDO_AUTHENTICATION_LENGTH && view.getUint16(at) === TEREDO_AUTHENTICATION) {
    at += TEREDO_AUTHENTICATION_LENGTH + data[at + 2] + data[at + 3];
  }
  if (end - at >= TEREDO_ORIGIN_LENGTH && view.getUint16(at) === TEREDO_ORIGIN) at += TEREDO_ORIGIN_LENGTH;
  if (end - at < IPV6_LENGTH || data[at] >>> 4 !== 6) return LAYER_DONE;
  // Trailers may follow the packet (RFC 6081 §4), so its length may fall short of the datagram's.
  if (at + IPV6_LENGTH + view.getUint16(at + IPV6_PAYLOAD_LENGTH) > packet.wireEnd) return LAYER_DONE;
  if (!isTeredoAddress(view, at + IPV6_SOURCE) && !isTeredoAddress(view, at + IPV6_DESTINATION))
    return LAYER_DONE;
  return enter(packet, at, TUNNEL_TEREDO, LAYER_IPV6);
}

/** The Teredo prefix, or link-local as in router solicitations. */
function isTeredoAddress(view: DataView, at: number): boolean {
  return view.getInt32(at) === TEREDO_PREFIX || view.getInt32(at) >>> 16 === 0xfe80;
}

function enter(packet: Packet, innerAt: number, tunnel: number, layer: number): number {
  if (!packet.descend()) return LAYER_DONE;
  packet.at = innerAt;
  packet.tunnel = tunnel;
  return layer;
}
