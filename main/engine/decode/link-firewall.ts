/** What packet filters log: PFLOG (117) of BSD's pf, its old form (17), and NFLOG (239) of Linux' netfilter. IP follows. */
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '../read/sink.ts';
import { DEFECT_LENGTH, LINK_DIRECTION, SRC_MAC_HIGH, SRC_MAC_LOW } from './facts.ts';
import { LAYER_DONE, LAYER_IP } from './layers.ts';
import { LIMITS } from '../limits.ts';
import type { Packet } from './packet.ts';
import { looksLikeIp } from './plausible.ts';

// struct pfloghdr of net/if_pflog.h. Systems have added fields at its end (61 bytes, 72, 100), and pad it to 4 or 8 bytes.
const PFLOG_MIN_LENGTH = 45;
const PFLOG_DIRECTION = 60;
const PF_IN = 1;
const PF_OUT = 2;

export function decodePflog(packet: Packet): number {
  const { data, at, end, facts } = packet;
  if (end - at < PFLOG_MIN_LENGTH) return packet.refuseShort();
  const length = data[at];
  if (length < PFLOG_MIN_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  if (length > PFLOG_DIRECTION && end - at > PFLOG_DIRECTION) {
    facts[LINK_DIRECTION] = directionOf(data[at + PFLOG_DIRECTION]);
  }
  const padded4 = (length + 3) & ~3;
  const padded8 = (length + 7) & ~7;
  const isPaddedTo8 = !looksLikeIp(packet, at + padded4) && looksLikeIp(packet, at + padded8);
  return packet.enter(isPaddedTo8 ? padded8 : padded4, LAYER_IP);
}

/** Address family (4 bytes), interface (16), rule, reason, action, direction (2 bytes each). */
const OLD_PFLOG_LENGTH = 28;
const OLD_PFLOG_DIRECTION = 26;

export function decodeOldPflog(packet: Packet): number {
  const { data, at, end, facts } = packet;
  if (end - at < OLD_PFLOG_LENGTH) return packet.refuseShort();
  // One of the two bytes is 0, whatever the byte order.
  const direction = data[at + OLD_PFLOG_DIRECTION] | data[at + OLD_PFLOG_DIRECTION + 1];
  // In this form pf counted from 0: in, out.
  facts[LINK_DIRECTION] = directionOf(direction + 1);
  return packet.enter(OLD_PFLOG_LENGTH, LAYER_IP);
}

function directionOf(direction: number): number {
  if (direction === PF_IN) return DIRECTION_INBOUND;
  return direction === PF_OUT ? DIRECTION_OUTBOUND : DIRECTION_UNKNOWN;
}

// Address family, version, resource (2 bytes); then attributes of length (2 bytes, with these four), type (2), content, padding to
// a multiple of 4. Lengths and types are in the byte order of the machine that captured, contents in network order.
const NFLOG_HEADER_LENGTH = 4;
const NFLOG_VERSION = 0;
const ATTRIBUTE_HEADER_LENGTH = 4;
/** The highest bits tell how the content is coded. */
const ATTRIBUTE_TYPE_MASK = 0x3fff;
const ATTRIBUTE_PACKET_HEADER = 1;
const ATTRIBUTE_HARDWARE_ADDRESS = 8;
const ATTRIBUTE_PAYLOAD = 9;
const FAMILY_ARP = 3;
const PACKET_HEADER_HOOK = 2;
const MAC_LENGTH = 6;
const MAC_AT = 4;

// enum nf_inet_hooks of Linux; FORWARD (2) is neither.
const HOOK_PREROUTING = 0;
const HOOK_INPUT = 1;
const HOOK_OUTPUT = 3;
const HOOK_POSTROUTING = 4;

export function decodeNflog(packet: Packet): number {
  const { data, view, at, end, facts } = packet;
  if (end - at < NFLOG_HEADER_LENGTH) return packet.refuseShort();
  if (data[at + 1] !== NFLOG_VERSION) return packet.refuseIp(DEFECT_LENGTH);
  if (data[at] === FAMILY_ARP) return LAYER_DONE;
  let isLittle = true;
  let payload = findAttribute(packet, ATTRIBUTE_PAYLOAD, isLittle);
  if (payload < 0) {
    isLittle = false;
    payload = findAttribute(packet, ATTRIBUTE_PAYLOAD, isLittle);
  }
  if (payload < 0) return packet.refuseShort();
  const header = findAttribute(packet, ATTRIBUTE_PACKET_HEADER, isLittle);
  if (header >= 0 && header + PACKET_HEADER_HOOK < end) {
    facts[LINK_DIRECTION] = directionOfHook(data[header + PACKET_HEADER_HOOK]);
  }
  const address = findAttribute(packet, ATTRIBUTE_HARDWARE_ADDRESS, isLittle);
  if (address >= 0 && address + MAC_AT + MAC_LENGTH <= end && view.getUint16(address) === MAC_LENGTH) {
    facts[SRC_MAC_HIGH] = view.getUint16(address + MAC_AT);
    facts[SRC_MAC_LOW] = view.getInt32(address + MAC_AT + 2);
  }
  const length = view.getUint16(payload - ATTRIBUTE_HEADER_LENGTH, isLittle) - ATTRIBUTE_HEADER_LENGTH;
  if (payload + length < packet.wireEnd) packet.wireEnd = payload + length;
  if (packet.wireEnd < packet.end) packet.end = packet.wireEnd;
  return packet.enter(payload - at, LAYER_IP);
}

/** @returns where the content of the first such attribute starts, at most at the packet's end; −1 where there is none */
function findAttribute(packet: Packet, type: number, isLittle: boolean): number {
  const { view, end } = packet;
  let at = packet.at + NFLOG_HEADER_LENGTH;
  for (let count = 0; at + ATTRIBUTE_HEADER_LENGTH <= end; count++) {
    if (count === LIMITS.maxTunnelTags) {
      packet.limits.hit('maxTunnelTags');
      return -1;
    }
    const length = view.getUint16(at, isLittle);
    if (length < ATTRIBUTE_HEADER_LENGTH) return -1;
    if ((view.getUint16(at + 2, isLittle) & ATTRIBUTE_TYPE_MASK) === type)
      return at + ATTRIBUTE_HEADER_LENGTH;
    at += (length + 3) & ~3;
  }
  return -1;
}

function directionOfHook(hook: number): number {
  if (hook === HOOK_PREROUTING || hook === HOOK_INPUT) return DIRECTION_INBOUND;
  return hook === HOOK_OUTPUT || hook === HOOK_POSTROUTING ? DIRECTION_OUTBOUND : DIRECTION_UNKNOWN;
}
