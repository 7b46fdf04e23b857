/**
 * The layout of a flow's record. Everything the hot path touches for one packet lies in a few cache lines:
 * 64 words (Int32) and 12 doubles a flow, in blocks of 8,192 flows that never move.
 *
 * Directions: 0 is what the client sends, 1 what the server sends.
 */

import type { PacketNumber } from '../../../shared/base/units.ts';
import { PROTOCOL_TCP } from '../decode/ip-protocols.ts';

/** Where a packet is named and there is none. */
export const NO_PACKET = 0xffff_ffff as PacketNumber;

/** What tells flows apart beside addresses and ports: IP version (4, 6) and protocol, packed. */
export function flowMeta(ipVersion: number, protocol: number): number {
  return ipVersion | (protocol << 8);
}

export function ipVersionOf(meta: number): number {
  return meta & 0xff;
}

export function isTcp(meta: number): boolean {
  return meta >> 8 === PROTOCOL_TCP;
}

export const FLOW_WORDS = 64;
export const FLOW_DOUBLES = 12;

// Words of the flow
export const CLIENT_ADDRESS = 0; // … 3
export const SERVER_ADDRESS = 4; // … 7
/** client << 16 | server */
export const PORTS = 8;
/** flowMeta of its IP version and protocol. */
export const META = 9;
/** FLOW_* bits */
export const FLOW_BITS = 10;
/** Newest packet (unsigned), see PacketIndex.previous. */
export const LAST_PACKET = 11;
export const FIRST_PACKET = 12;
export const PACKETS = 13;
export const RESETS = 14;
export const TIMELINE = 15;
/** The flow before this one with the same addresses and ports (port reuse); −1 for none. */
export const REUSED_FROM = 16;
/** Chains of flows by address, newest first; −1 ends. */
export const NEXT_OF_CLIENT = 17;
export const NEXT_OF_SERVER = 18;
/** TUNNEL_* of the first packet | (VLAN + 1) << 8 */
export const ENCAPSULATION = 19;
/** Zeek-style history: 20 letters at most, one byte each, zeros behind them. */
export const HISTORY = 20; // … 24
/** SYN to SYN-ACK as they passed the capture, microseconds; 0 where not seen. The rest of HANDSHAKE_RTT is the client's. */
export const SYN_ACK_US = 25;
/** Number of the newest reset of the flow in the reset log; −1 for none. */
export const LAST_RESET = 26;
/** SYN_OPTIONS of the second SYN-ACK, meaningful while FLOW_RIVAL_SYN_ACK. */
export const RIVAL_SYN_OPTIONS = 27;

// Words of a direction, at FLOW_DIRECTION + direction * DIRECTION_WORDS
export const FLOW_DIRECTION = 28;
export const DIRECTION_WORDS = 18;
/** SND.NXT: one past the highest sequence number sent; meaningful once SEEN_ANY. */
export const NEXT_SEQ = 0;
/** The newest acknowledgement number this side sent. */
export const LAST_ACK = 1;
/** Sequence number of the first segment seen (the ISN when it was a SYN). */
export const BASE_SEQ = 2;
/** Sequence number that this side's FIN occupies. */
export const FIN_SEQ = 3;
/** Last advertised window, unscaled. */
export const LAST_WINDOW = 4;
/** SEEN_* bits */
export const SEEN = 5;
export const SENT_PACKETS = 6;
/** Duplicate acknowledgements in a row. */
export const DUPLICATE_ACKS = 7;
export const RETRANSMISSIONS = 8;
/** TTLs of the segments other than RST: first | min << 8 | max << 16 | last << 24; 0 before the first. */
export const TTLS = 9;
export const LAST_TS_VALUE = 10;
/** Newest packet of this direction (unsigned), NO_PACKET before the first. */
export const LAST_SENT = 11;
export const MAC_HIGH = 12;
export const MAC_LOW = 13;
/** What the side's SYN said: window scale + 1 (0: none) | option style << 16. */
export const SYN_OPTIONS = 14;
/** Highest sequence number the other side could have acknowledged without our missing packets. */
export const MAX_TO_BE_ACKED = 15;
/** MARK_* of the last segment of this direction. */
export const LAST_MARKS = 16;
/** Payload packets handed to the application hints. */
export const SNIFFED = 17;

// Doubles of the flow
export const FIRST_TIME = 0;
export const LAST_TIME = 1;
/** Handshake round trip, ns: SYN to the ACK that ends the handshake; −1 where not seen. */
export const HANDSHAKE_RTT = 2;
/** Time of the newest SYN of the client. */
export const SYN_TIME = 3;
// Doubles of a direction, at TIMES_DIRECTION + direction * DIRECTION_DOUBLES
export const TIMES_DIRECTION = 4;
export const DIRECTION_DOUBLES = 4;
/** Payload bytes on the wire, retransmissions included. */
export const PAYLOAD_BYTES = 0;
/** When NEXT_SEQ last advanced. */
export const NEXT_SEQ_TIME = 1;
/** When LAST_ACK was last sent. */
export const LAST_ACK_TIME = 2;
export const LAST_SENT_TIME = 3;

// FLOW_BITS
export const FLOW_MIDSTREAM = 1 << 0;
/** Who the client is was guessed from the ports, for want of a SYN. */
export const FLOW_CLIENT_GUESSED = 1 << 1;
export const FLOW_DUPLICATED = 1 << 2;
export const FLOW_ICMP_ERROR = 1 << 3;
export const FLOW_MAC_CHANGED_0 = 1 << 4;
export const FLOW_MAC_CHANGED_1 = 1 << 5;
export const FLOW_LOST_SEGMENTS = 1 << 6;
export const FLOW_CUT = 1 << 7;
export const FLOW_FRAGMENTED = 1 << 8;
/** The handshake's final ACK was seen. */
export const FLOW_ESTABLISHED = 1 << 9;
/** Two SYN-ACKs with different numbers answered the SYN, and the client has not yet said which of them it takes. */
export const FLOW_RIVAL_SYN_ACK = 1 << 10;

// SEEN bits of a direction
export const SEEN_ANY = 1 << 0;
export const SEEN_SYN = 1 << 1;
export const SEEN_SYN_ACK = 1 << 2;
export const SEEN_ACK = 1 << 3;
export const SEEN_DATA = 1 << 4;
export const SEEN_FIN = 1 << 5;
export const SEEN_RST = 1 << 6;
export const SEEN_TIMESTAMPS = 1 << 7;
export const SEEN_SACK_PERMITTED = 1 << 8;
export const SEEN_ZERO_WINDOW = 1 << 9;
/** The other side acknowledged this side's FIN. */
export const SEEN_FIN_ACKED = 1 << 10;
/** Data or a FIN came from this side after its reset. */
export const SEEN_AFTER_RST = 1 << 11;
/** A segment with ACK and nothing else. */
export const SEEN_PURE_ACK = 1 << 12;
