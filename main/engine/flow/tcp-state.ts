/**
 * What a segment changes in the flow's record: numbers, windows, TTLs, the handshake, and what was ever seen of its side.
 */
import { seqAdd, seqGeq, seqGt } from '../../../shared/base/seq.ts';
import type { Nanoseconds, SeqNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import {
  ACK,
  FLAGS,
  OPTIONS,
  OPTION_STYLE,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  PAYLOAD_LENGTH,
  SEQ,
  TCP_ACK,
  TCP_FIN,
  TCP_SYN,
  TS_VALUE,
  TTL,
  WINDOW,
  WINDOW_SCALE,
} from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import { HISTORY_LETTERS, addHistory } from './history.ts';
import {
  MARK_ACKED_UNSEEN,
  MARK_ANY_RETRANSMISSION,
  MARK_KEEP_ALIVE,
  MARK_LOST_SEGMENT,
  MARK_ZERO_WINDOW,
} from './marks.ts';
import {
  BASE_SEQ,
  FIN_SEQ,
  FIN_SEQ_APART,
  FLOW_BITS,
  FLOW_ESTABLISHED,
  FLOW_LOST_SEGMENTS,
  LAST_ACK,
  LAST_ACK_TIME,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  RESENT,
  RESENT_MORE,
  SEEN,
  SEEN_ACK,
  SEEN_ACK_APART,
  SEEN_AFTER_RST,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_APART,
  SEEN_FIN_ACKED,
  SEEN_KEEP_ALIVE_LAST,
  SEEN_PURE_ACK,
  SEEN_RST,
  SEEN_SACK_PERMITTED,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SEEN_TIMESTAMPS,
  SEEN_ZERO_WINDOW,
  SENT_PACKETS,
  SYN_ACK_US,
  SYN_OPTIONS,
  SYN_TIME,
  TTLS,
} from './record.ts';

/** The first segment of a direction. */
export function begin(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): void {
  const { sides, forward, sideTimes, forwardTimes } = flow;
  sides[forward + BASE_SEQ] = facts[SEQ];
  sides[forward + NEXT_SEQ] = end;
  sides[forward + MAX_TO_BE_ACKED] = end;
  sideTimes[forwardTimes + NEXT_SEQ_TIME] = timeNs;
}

/** A further segment of a direction. */
export function advance(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): void {
  const { sides, forward, sideTimes, forwardTimes } = flow;
  if (seqGt(end, sides[forward + NEXT_SEQ])) {
    keepFin(flow, flow.direction);
    sides[forward + NEXT_SEQ] = end;
    sideTimes[forwardTimes + NEXT_SEQ_TIME] = timeNs;
  }
  if (facts[SEQ] === sides[forward + MAX_TO_BE_ACKED]) {
    sides[forward + MAX_TO_BE_ACKED] = sides[forward + NEXT_SEQ];
  }
}

/** State that every segment but a reset updates. */
export function noteSegment(
  flow: FlowCursor,
  facts: Facts,
  timeNs: Nanoseconds,
  marks: number,
  end: SeqNumber,
): void {
  const { sides, forward, sideTimes, forwardTimes } = flow;
  const flags = facts[FLAGS];
  const length = facts[PAYLOAD_LENGTH];
  let seen = sides[forward + SEEN] | SEEN_ANY;

  if ((seen & SEEN_RST) !== 0 && (length > 0 || (flags & (TCP_FIN | TCP_ACK)) !== 0)) seen |= SEEN_AFTER_RST;
  if ((flags & TCP_SYN) !== 0) {
    seen |= noteSyn(flow, facts, timeNs);
  } else if ((seen & SEEN_PURE_ACK) === 0 && length === 0 && (flags & (TCP_FIN | TCP_ACK)) === TCP_ACK) {
    seen |= SEEN_PURE_ACK;
    addHistory(flow, HISTORY_LETTERS.ack);
  }
  if (length > 0) {
    flow.addPayload(length);
    if ((seen & SEEN_DATA) === 0) {
      seen |= SEEN_DATA;
      addHistory(flow, HISTORY_LETTERS.data);
    }
  }
  if ((flags & TCP_FIN) !== 0) {
    seen = withFin(flow, seen, end);
    addHistory(flow, HISTORY_LETTERS.fin);
  }
  if (marks !== 0) seen |= noteMarks(flow, marks);
  seen = (marks & MARK_KEEP_ALIVE) !== 0 ? seen | SEEN_KEEP_ALIVE_LAST : seen & ~SEEN_KEEP_ALIVE_LAST;
  if ((flags & TCP_ACK) !== 0) {
    seen |= SEEN_ACK;
    noteAck(flow, facts[ACK], (flags & TCP_SYN) !== 0, timeNs, seen);
    seen &= ~SEEN_ACK_APART;
  } else {
    seen = withAckApart(flow, seen);
  }
  if ((facts[OPTIONS] & OPT_TIMESTAMPS) !== 0) {
    seen |= SEEN_TIMESTAMPS;
    sides[forward + LAST_TS_VALUE] = facts[TS_VALUE];
  }
  sides[forward + SEEN] = seen;
  flow.setWindow(facts[WINDOW]);
  sides[forward + SENT_PACKETS]++;
  sideTimes[forwardTimes + LAST_SENT_TIME] = timeNs;
  sides[forward + TTLS] = withTtl(sides[forward + TTLS], facts[TTL]);
}

/** Takes in a SYN or SYN-ACK. @returns the SEEN bits that it adds */
function noteSyn(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
  const { sides, forward } = flow;
  const sack = (facts[OPTIONS] & OPT_SACK_PERMITTED) !== 0 ? SEEN_SACK_PERMITTED : 0;
  sides[forward + SYN_OPTIONS] = (facts[WINDOW_SCALE] + 1) | (facts[OPTION_STYLE] << 16);
  sides[forward + BASE_SEQ] = facts[SEQ];
  if ((facts[FLAGS] & TCP_ACK) !== 0) {
    noteSynAck(flow, timeNs);
    addHistory(flow, HISTORY_LETTERS.synAck);
    return sack | SEEN_SYN_ACK;
  }
  flow.table.setSynTime(flow.flow, timeNs);
  addHistory(flow, HISTORY_LETTERS.syn);
  return sack | SEEN_SYN;
}

/**
 * Keeps the time from SYN to SYN-ACK. A SYN sent again makes it too short rather than too long: who takes it for a bound errs
 * on the safe side.
 */
function noteSynAck(flow: FlowCursor, timeNs: Nanoseconds): void {
  const { words, at, sides, reverse } = flow;
  if ((sides[reverse + SEEN] & SEEN_SYN) === 0 || words[at + SYN_ACK_US] !== 0) return;
  const elapsedUs = (timeNs - flow.table.double(flow.flow, SYN_TIME)) / 1e3;
  words[at + SYN_ACK_US] = Math.min(0x7fff_ffff, Math.max(1, elapsedUs));
}

/** Takes in what the marks say of the whole flow. @returns the SEEN bits that they add */
function noteMarks(flow: FlowCursor, marks: number): number {
  const { words, at } = flow;
  if ((marks & MARK_ANY_RETRANSMISSION) !== 0) {
    countResent(flow);
    addHistory(flow, HISTORY_LETTERS.retransmission);
  }
  const hasZeroWindow = (marks & MARK_ZERO_WINDOW) !== 0;
  if (hasZeroWindow) addHistory(flow, HISTORY_LETTERS.zeroWindow);
  if ((marks & (MARK_LOST_SEGMENT | MARK_ACKED_UNSEEN)) !== 0) {
    words[at + FLOW_BITS] |= FLOW_LOST_SEGMENTS;
    addHistory(flow, HISTORY_LETTERS.gap);
  }
  return hasZeroWindow ? SEEN_ZERO_WINDOW : 0;
}

function countResent({ table, flow, direction, sides, sidesAt }: FlowCursor): void {
  const shift = 16 * direction;
  if (((sides[sidesAt + RESENT] >>> shift) & 0xffff) !== 0xffff) {
    sides[sidesAt + RESENT] += 1 << shift;
    return;
  }
  table.setDirectionWord(flow, direction, RESENT_MORE, table.directionWord(flow, direction, RESENT_MORE) + 1);
}

/**
 * Takes in a FIN, after NEXT_SEQ has.
 * @param seen of its sender @param end one past the FIN @returns what `seen` is then
 */
function withFin(flow: FlowCursor, seen: number, end: SeqNumber): number {
  if (end === flow.sides[flow.forward + NEXT_SEQ]) return (seen | SEEN_FIN) & ~SEEN_FIN_APART;
  flow.table.setDirectionWord(flow.flow, flow.direction, FIN_SEQ_APART, seqAdd(end, -1));
  return seen | SEEN_FIN | SEEN_FIN_APART;
}

/** Before NEXT_SEQ of a side changes: keeps the number of its FIN if that followed from it. */
export function keepFin({ table, flow, direction, sides, forward, reverse }: FlowCursor, side: 0 | 1): void {
  const at = side === direction ? forward : reverse;
  if ((sides[at + SEEN] & (SEEN_FIN | SEEN_FIN_APART)) !== SEEN_FIN) return;
  table.setDirectionWord(flow, side, FIN_SEQ_APART, table.directionWord(flow, side, FIN_SEQ));
  sides[at + SEEN] |= SEEN_FIN_APART;
}

/**
 * Takes in an acknowledgement: of the other side's FIN, and the one that ends the handshake.
 * @param isSyn of a SYN-ACK
 * @param seen of its sender
 */
export function noteAck(
  flow: FlowCursor,
  ack: number,
  isSyn: boolean,
  timeNs: Nanoseconds,
  seen: number,
): void {
  const { words, at, sides, forward, reverse } = flow;
  sides[forward + LAST_ACK] = ack;
  const reverseSeen = sides[reverse + SEEN];
  if ((reverseSeen & SEEN_FIN) !== 0) {
    const fin = flow.table.directionWord(flow.flow, flow.otherDirection, FIN_SEQ);
    if (seqGt(ack, fin)) sides[reverse + SEEN] = reverseSeen | SEEN_FIN_ACKED;
  }
  // The third segment of the handshake acknowledges the server's SYN (RFC 9293 §3.5).
  if (
    flow.direction === 0 &&
    (words[at + FLOW_BITS] & FLOW_ESTABLISHED) === 0 &&
    !isSyn &&
    (seen & SEEN_SYN) !== 0 &&
    (reverseSeen & SEEN_SYN_ACK) !== 0 &&
    seqGeq(ack, seqAdd(sides[reverse + BASE_SEQ], 1))
  ) {
    words[at + FLOW_BITS] |= FLOW_ESTABLISHED;
    flow.table.setHandshake(flow.flow, timeNs - flow.table.double(flow.flow, SYN_TIME));
  }
}

/**
 * Before the sender's LAST_SENT_TIME becomes that of a segment whose acknowledgement is not believed, or that has none: keeps when
 * LAST_ACK was sent.
 * @param seen of the sender @returns what it is then
 */
export function withAckApart(flow: FlowCursor, seen: number): number {
  if ((seen & (SEEN_ACK | SEEN_ACK_APART)) !== SEEN_ACK) return seen;
  const { table, direction, sideTimes, forwardTimes } = flow;
  table.setDirectionDouble(flow.flow, direction, LAST_ACK_TIME, sideTimes[forwardTimes + LAST_SENT_TIME]);
  return seen | SEEN_ACK_APART;
}

/** The word TTLS of a direction after one more segment. */
export function withTtl(ttls: number, ttl: number): number {
  if (ttls === 0) return ttl | (ttl << 8) | (ttl << 16) | (ttl << 24);
  const low = Math.min((ttls >>> 8) & 0xff, ttl);
  const high = Math.max((ttls >>> 16) & 0xff, ttl);
  return (ttls & 0xff) | (low << 8) | (high << 16) | (ttl << 24);
}
