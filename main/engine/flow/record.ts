/**
 * The layout of a flow's record: what it takes in memory decides how many flows a capture may have, and how many cache lines a
 * packet touches.
 *
 *   head ────── every flow: 20 words ──┬─▶ sides ───── both directions: 32 words; none in a flow of one SYN (lone-syn.ts)
 *   (FlowTable.block)                  └─▶ rarities ── 26 words that few flows have: resets, reused ports …
 *
 * Words are Int32; doubles lie among them in the same memory, so that a double's place is half that of a word.
 *
 * Invariants
 * - An ordinary segment reads and writes head and sides alone.
 * - Directions: 0 is what the client sends, 1 what the server sends.
 * - What a flow has no part for reads as if it had one to which nothing came: FlowTable's accessors see to that, and
 *   FlowCursor.bind gives a flow its sides before anything is written to them.
 * - What nearly always follows from something else is kept only where it does not: a bit says so (…_APART), the value is among the
 *   rarities, and whoever changes what it follows from keeps it first.
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

// ── the head ────────────────────────────────────────────────────────────────────────────────────────────────
export const FLOW_WORDS = 20;

/** IPv4: the address. IPv6: both of these name the pair of addresses in the table's pool of them. */
export const CLIENT_ADDRESS = 0;
export const SERVER_ADDRESS = 1;
/** client << 16 | server */
export const PORTS = 2;
/** flowMeta of its IP version and protocol; 0 where there is no flow. */
export const META = 3;
/** FLOW_* bits */
export const FLOW_BITS = 4;
/** Newest packet (unsigned), see PacketIndex.previous. */
export const LAST_PACKET = 5;
export const PACKETS = 6;
export const FIRST_PACKET = 7;
/** Chains of flows by address, newest first; −1 ends. */
export const NEXT_OF_CLIENT = 8;
export const NEXT_OF_SERVER = 9;
/** TUNNEL_* of the first packet | (VLAN + 1) << 8 */
export const ENCAPSULATION = 10;
/** Which link-layer addresses the sides send from, see link-addresses.ts: client | server << 16. */
export const LINK_ADDRESSES = 11;
/** The flow's part with its sides; 0 while it is a lone SYN. */
export const SIDES = 12;
/** The flow's part with its rarities; 0 while it has none. */
export const RARITIES = 13;
/** A double, counted from the head's first one; it lies in words 14 and 15. */
export const FIRST_TIME = 7;
// The last words have another meaning in a lone SYN, see lone-syn.ts.
export const LAST_WORDS = 16;
/** Zeek-style history: twelve letters, six in each word (history.ts). */
export const HISTORY = 16; // … 17
/** What the first of them is where the client's SYN is all that came. */
export const FIRST_LETTER_SYN = 1;
/** HANDSHAKE_RTT + 1 as far as that is a whole number that fits, 0 for none, HANDSHAKE_IS_RARE where it does not fit. */
export const HANDSHAKE_NS = 18;
export const HANDSHAKE_IS_RARE = 0xffff_ffff;
/** SYN to SYN-ACK as they passed the capture, microseconds; 0 where not seen. The rest of HANDSHAKE_RTT is the client's. */
export const SYN_ACK_US = 19;

// ── the sides ─────────────────────────────────────────────────────────────────────────────────────────────
/** Words of one direction, before those of both and the times. */
export const SIDE_WORDS = 11;
/** Doubles of one direction. */
export const SIDE_TIMES = 2;
export const SIDES_WORDS = 2 * (SIDE_WORDS + 1 + 2 * SIDE_TIMES);

/** SND.NXT: one past the highest sequence number sent; meaningful once SEEN_ANY. */
export const NEXT_SEQ = 0;
/** The newest acknowledgement number this side sent. */
export const LAST_ACK = 1;
/** Sequence number of the first segment seen (the ISN when it was a SYN). */
export const BASE_SEQ = 2;
/** PAYLOAD_BYTES modulo 2^32. */
export const PAYLOAD_LOW = 3;
/** SEEN_* bits, and above them what is counted up to a few only: DUPLICATE_ACKS and SNIFFED. */
export const SEEN = 4;
export const SENT_PACKETS = 5;
/** TTLs of the segments other than RST: first | min << 8 | max << 16 | last << 24; 0 before the first. */
export const TTLS = 6;
export const LAST_TS_VALUE = 7;
/** Newest packet of this direction (unsigned), NO_PACKET before the first. */
export const LAST_SENT = 8;
/** Highest sequence number the other side could have acknowledged without our missing packets. */
export const MAX_TO_BE_ACKED = 9;
/** What the side's SYN said: window scale + 1 (0: none) | option style << 16. */
export const SYN_OPTIONS = 10;
// Words of both directions, counted from the part's first one: client | server << 16
export const WINDOWS = 2 * SIDE_WORDS;
/** RETRANSMISSIONS as far as they fit. */
export const RESENT = 2 * SIDE_WORDS + 1;
// Doubles of a direction; those of the client lie in words 24 … 27 of the part, those of the server behind them.
/** When NEXT_SEQ last advanced. */
export const NEXT_SEQ_TIME = SIDE_WORDS + 1;
export const LAST_SENT_TIME = SIDE_WORDS + 2;

// ── the rarities ────────────────────────────────────────────────────────────────────────────────────────────
export const RARITY_WORDS = 26;
/** Numbers of words and doubles from here on are of rarities; only the table's accessors know them. */
export const RARITY = 64;

/** The flow before this one with the same addresses and ports (port reuse); −1 for none. */
export const REUSED_FROM = RARITY + 0;
/** Number of the newest reset of the flow in the reset log; −1 for none. */
export const LAST_RESET = RARITY + 1;
export const RESETS = RARITY + 2;
/** SYN_OPTIONS of the second SYN-ACK, meaningful while FLOW_RIVAL_SYN_ACK. */
export const RIVAL_SYN_OPTIONS = RARITY + 3;
/** The letters that HISTORY has no room for. */
export const HISTORY_MORE = RARITY + 4;
// Words of a direction
/** Retransmissions past those that RESENT counts. */
export const RESENT_MORE = RARITY + 5; // … 6
/** Where LINK_ADDRESSES cannot name the address; −1 for none. */
export const MAC_HIGH = RARITY + 7; // … 8
export const MAC_LOW = RARITY + 9; // … 10
/** FIN_SEQ where it is not the number before NEXT_SEQ (SEEN_FIN_APART). */
export const FIN_SEQ_APART = RARITY + 11; // … 12
/** How often PAYLOAD_LOW began again. */
export const PAYLOAD_HIGH = RARITY + 13; // … 14
// Doubles; they lie in words 16 … 25.
/** Time of the newest SYN that is no SYN-ACK; 0 for none. It is here only where it is not FIRST_TIME (FLOW_SYN_IS_FIRST). */
export const SYN_TIME = RARITY + 8;
/** Handshake round trip, ns: SYN to the ACK that ends the handshake; −1 where not seen. It is here only where HANDSHAKE_NS says so. */
export const HANDSHAKE_RTT = RARITY + 9;
/** LAST_TIME where it is not when a side sent LAST_PACKET (FLOW_TIME_APART). */
export const LAST_TIME_APART = RARITY + 10;
// Double of a direction
/** When LAST_ACK was last sent; 0 before that. It is here only where it is not LAST_SENT_TIME (SEEN_ACK_APART). */
export const LAST_ACK_TIME = RARITY + 11; // … 12

// ── what is put together ────────────────────────────────────────────────────────────────────────────────────
/** Words and doubles from here on are put together from several places; only the table's accessors know them. */
export const TOGETHER = 128;

// Words of a direction
/** Last advertised window, unscaled. */
export const LAST_WINDOW = TOGETHER + 0;
export const RETRANSMISSIONS = TOGETHER + 1;
/** Sequence number that this side's FIN occupies; 0 before one. */
export const FIN_SEQ = TOGETHER + 2;
// Double of a direction
/** Payload bytes on the wire, retransmissions included. */
export const PAYLOAD_BYTES = TOGETHER + 0;
// Double
/** When the newest packet came. */
export const LAST_TIME = TOGETHER + 1;

/** What the rarities are of a flow that has none, by word. */
export const NO_RARITIES = new Int32Array(RARITY_WORDS);
NO_RARITIES[REUSED_FROM - RARITY] = -1;
NO_RARITIES[LAST_RESET - RARITY] = -1;
NO_RARITIES[MAC_HIGH - RARITY] = -1;
NO_RARITIES[MAC_HIGH - RARITY + 1] = -1;

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
/** SYN_TIME is FIRST_TIME. */
export const FLOW_SYN_IS_FIRST = 1 << 11;
/** LAST_TIME is not when a side sent LAST_PACKET: that is an ICMP error, or was captured twice. */
export const FLOW_TIME_APART = 1 << 12;

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
/** The newest segment other than RST was a keep-alive. */
export const SEEN_KEEP_ALIVE_LAST = 1 << 13;
/** LAST_ACK_TIME is not LAST_SENT_TIME: what was sent last acknowledged nothing that is believed. */
export const SEEN_ACK_APART = 1 << 14;
/** The bits above, without what is counted: what a copy of the word is made of. */
export const SEEN_BITS = (1 << 15) - 1;
/** FIN_SEQ is not the number before NEXT_SEQ. */
export const SEEN_FIN_APART = 1 << 15;

/** Duplicate acknowledgements in a row, three at most: two are enough for whoever asks. */
export const DUPLICATE_ACK = 1 << 16;
export const DUPLICATE_ACKS = 3 * DUPLICATE_ACK;
/** Payload packets handed to the application hints, as far as they count. */
export const SNIFFED_ONE = 1 << 20;
export const SNIFFED = 7 * SNIFFED_ONE;
