/** L2TP: version 2 (RFC 2661), and version 3 over UDP and over IP (RFC 3931). */
import { TUNNEL_L2TP } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IP, LAYER_PPP, NOT_RECOGNISED } from './layers.ts';
import { NOT_OPENED_IP_PROTOCOL } from './not-opened.ts';
import { PROTOCOL_L2TP } from './ip-protocols.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

const FLAG_CONTROL = 0x8000;
const FLAG_LENGTH = 0x4000;
const FLAG_SEQUENCE = 0x0800;
const FLAG_OFFSET = 0x0200;
/** RFC 2661 §3.1: "All reserved bits MUST be set to 0 on outgoing messages". */
const RESERVED_MASK = 0x34f0;
const VERSION_MASK = 0x000f;

export function openL2tp(packet: Packet): number {
  const { view, at, end, wireEnd } = packet;
  if (end - at < 2) return end < wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const flags = view.getUint16(at);
  const version = flags & VERSION_MASK;
  if ((version !== 2 && version !== 3) || (flags & RESERVED_MASK) !== 0) return NOT_RECOGNISED;
  if ((flags & FLAG_CONTROL) !== 0) return LAYER_DONE;
  return version === 2 ? openVersion2(packet, flags) : openVersion3(packet);
}

function openVersion2(packet: Packet, flags: number): number {
  const { view, at, end, wireEnd } = packet;
  let length = 2;
  if ((flags & FLAG_LENGTH) !== 0) {
    if (end - at < 4) return packet.refuseShort();
    const total = view.getUint16(at + 2);
    if (at + total > wireEnd) return NOT_RECOGNISED;
    length += 2;
  }
  length += 4; // tunnel and session
  if ((flags & FLAG_SEQUENCE) !== 0) length += 4;
  if ((flags & FLAG_OFFSET) !== 0) {
    if (end - at < length + 2) return packet.refuseShort();
    length += 2 + view.getUint16(at + length);
  }
  if (at + length > wireEnd) return NOT_RECOGNISED;
  return packet.enterTunnel(length, TUNNEL_L2TP, LAYER_PPP);
}

/** RFC 3931 §4.1.2.1: flags and version (2 bytes), reserved (2), session (4). */
const SESSION_OVER_UDP = 4;
const SESSION_LENGTH = 4;

function openVersion3(packet: Packet): number {
  return openSession(packet, SESSION_OVER_UDP + SESSION_LENGTH);
}

/** RFC 3931 §4.1.1: over IP the session comes first; 0 is the control connection. */
export function decodeL2tpOverIp(packet: Packet): number {
  const { view, at, end } = packet;
  if (end - at < SESSION_LENGTH) return packet.refuseShort();
  if (view.getInt32(at) === 0) return LAYER_DONE;
  const layer = openSession(packet, SESSION_LENGTH);
  return layer === NOT_RECOGNISED ? packet.notOpened(NOT_OPENED_IP_PROTOCOL, PROTOCOL_L2TP) : layer;
}

/** The cookie is 0, 4 or 8 bytes, the sublayer 0 or 4: what they are was agreed on when the session began. */
const LONGEST_COOKIE_AND_SUBLAYER = 12;

function openSession(packet: Packet, sessionEnd: number): number {
  const { at } = packet;
  const longest = sessionEnd + LONGEST_COOKIE_AND_SUBLAYER;
  for (let length = sessionEnd; length <= longest; length += 4) {
    if (looksLikeFrame(packet, at + length)) {
      return packet.enterTunnel(length, TUNNEL_L2TP, LAYER_ETHERNET);
    }
    if (looksLikePpp(packet, at + length)) return packet.enterTunnel(length, TUNNEL_L2TP, LAYER_PPP);
  }
  for (let length = sessionEnd; length <= longest; length += 4) {
    if (looksLikeIp(packet, at + length)) return packet.enterTunnel(length, TUNNEL_L2TP, LAYER_IP);
  }
  return NOT_RECOGNISED;
}

/** Address, control and a two-byte protocol number. */
function looksLikePpp({ view, end }: Packet, at: number): boolean {
  return end - at >= 4 && view.getUint16(at) === 0xff03 && (view.getUint16(at + 2) & 0x0101) === 0x0001;
}
