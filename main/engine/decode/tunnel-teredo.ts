/** Teredo (RFC 4380). Its clients talk to each other on ports of their own, so that it is known by its addresses, too. */
import { TUNNEL_TEREDO } from './facts.ts';
import { LAYER_IPV6, NOT_RECOGNISED } from './layers.ts';
import type { Packet } from './packet.ts';

// Indications before the IPv6 packet (§5.1.1).
const AUTHENTICATION = 0x0001;
const AUTHENTICATION_LENGTH = 13;
const ORIGIN = 0x0000;
const ORIGIN_LENGTH = 8;
/** 2001::/32 */
const PREFIX = 0x2001_0000;
const LINK_LOCAL_PREFIX = 0xfe80;
const IPV6_LENGTH = 40;
const IPV6_PAYLOAD_LENGTH = 4;
const IPV6_SOURCE = 8;
const IPV6_DESTINATION = 24;

export function openTeredo(packet: Packet): number {
  const { view } = packet;
  const at = ipv6At(packet);
  if (at < 0) return packet.end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const isTeredo =
    isTeredoAddress(view, at + IPV6_SOURCE) ||
    isTeredoAddress(view, at + IPV6_DESTINATION) ||
    // Router solicitations and what answers them.
    isLinkLocal(view, at + IPV6_SOURCE) ||
    isLinkLocal(view, at + IPV6_DESTINATION);
  return isTeredo ? enter(packet, at) : NOT_RECOGNISED;
}

/** Whether a datagram of any port is Teredo beyond doubt. */
export function looksLikeTeredo(packet: Packet): boolean {
  const at = ipv6At(packet);
  if (at < 0) return false;
  const { view } = packet;
  return isTeredoAddress(view, at + IPV6_SOURCE) || isTeredoAddress(view, at + IPV6_DESTINATION);
}

export function decodeTeredo(packet: Packet): number {
  return enter(packet, ipv6At(packet));
}

/** Where the IPv6 header starts whose length fits; −1 where there is none. */
function ipv6At({ data, view, at: start, end, wireEnd }: Packet): number {
  let at = start;
  if (end - at >= AUTHENTICATION_LENGTH && view.getUint16(at) === AUTHENTICATION) {
    at += AUTHENTICATION_LENGTH + data[at + 2] + data[at + 3];
  }
  if (end - at >= ORIGIN_LENGTH && view.getUint16(at) === ORIGIN) at += ORIGIN_LENGTH;
  if (end - at < IPV6_LENGTH || data[at] >>> 4 !== 6) return -1;
  // Trailers may follow the packet (RFC 6081 §4), so its length may fall short of the datagram's.
  return at + IPV6_LENGTH + view.getUint16(at + IPV6_PAYLOAD_LENGTH) <= wireEnd ? at : -1;
}

function isTeredoAddress(view: DataView, at: number): boolean {
  return view.getInt32(at) === PREFIX;
}

function isLinkLocal(view: DataView, at: number): boolean {
  return view.getUint16(at) === LINK_LOCAL_PREFIX;
}

function enter(packet: Packet, at: number): number {
  return packet.enterTunnel(at - packet.at, TUNNEL_TEREDO, LAYER_IPV6);
}
