/** Locator/ID separation (RFC 9300), and the variant that names what it carries (RFC 9305). */
import { TUNNEL_LISP } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IP, LAYER_IPV4, LAYER_IPV6, NOT_RECOGNISED } from './layers.ts';
import { nextLayer } from './nsh.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

// RFC 9300 §5.1: flags N, L, E, V, I, P, K, K; nonce or map version (24 bits); instance or locator status (32).
const LENGTH = 8;
const FLAG_NEXT_PROTOCOL = 0x04;
const NEXT_PROTOCOL = 3;

export function openLisp(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const named = (data[at] & FLAG_NEXT_PROTOCOL) !== 0 ? nextLayer(data[at + NEXT_PROTOCOL]) : LAYER_IP;
  const isIp = named === LAYER_IP || named === LAYER_IPV4 || named === LAYER_IPV6;
  if (named === LAYER_DONE || (isIp && !looksLikeIp(packet, at + LENGTH))) return NOT_RECOGNISED;
  if (named === LAYER_ETHERNET && !looksLikeFrame(packet, at + LENGTH)) return NOT_RECOGNISED;
  return packet.enterTunnel(LENGTH, TUNNEL_LISP, named);
}
