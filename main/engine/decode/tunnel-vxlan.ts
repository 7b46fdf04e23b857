/** VXLAN (RFC 7348), with group policy (draft-smith-vxlan-group-policy), and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe). */
import { TUNNEL_VXLAN, TUNNEL_VXLAN_GPE } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, NOT_RECOGNISED } from './layers.ts';
import { nextLayer } from './nsh.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

const LENGTH = 8;
/** "The I flag MUST be set to 1 for a valid VXLAN Network ID"; reserved bits "MUST be ignored on receipt" (RFC 7348 §5). */
const FLAG_INSTANCE = 0x08;

export function openVxlan(packet: Packet): number {
  const { data, at, end } = packet;
  if (at < end && (data[at] & FLAG_INSTANCE) === 0) return NOT_RECOGNISED;
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  if (!looksLikeFrame(packet, at + LENGTH)) return NOT_RECOGNISED;
  return packet.enterTunnel(LENGTH, TUNNEL_VXLAN, LAYER_ETHERNET);
}

/** VXLAN on a port that clients are given, too: what is none is no tunnel's loss. */
export function openVxlanAnywhere(packet: Packet): number {
  const layer = openVxlan(packet);
  return layer === NOT_RECOGNISED ? LAYER_DONE : layer;
}

// §3: flags, 16 reserved bits, next protocol; network identifier (24 bits), 8 reserved.
/** Version, then I, P (a next protocol is there), B and O. */
const VERSION_MASK = 0x30;
const FLAG_NEXT_PROTOCOL = 0x04;
const FLAG_OAM = 0x01;
const NEXT_PROTOCOL = 3;

export function openVxlanGpe(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const flags = data[at];
  if ((flags & FLAG_INSTANCE) === 0 || (flags & VERSION_MASK) !== 0) return NOT_RECOGNISED;
  if ((flags & FLAG_OAM) !== 0) return LAYER_DONE;
  // Without the P flag it is VXLAN as ever.
  const layer = (flags & FLAG_NEXT_PROTOCOL) === 0 ? LAYER_ETHERNET : nextLayer(data[at + NEXT_PROTOCOL]);
  if (layer === LAYER_DONE) return NOT_RECOGNISED;
  if (layer === LAYER_ETHERNET && !looksLikeFrame(packet, at + LENGTH)) return NOT_RECOGNISED;
  const isIp = layer === LAYER_IPV4 || layer === LAYER_IPV6;
  if (isIp && !looksLikeIp(packet, at + LENGTH)) return NOT_RECOGNISED;
  return packet.enterTunnel(LENGTH, TUNNEL_VXLAN_GPE, layer);
}
