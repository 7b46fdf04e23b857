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
import { MARK_ACKED_UNSEEN, MARK_ANY_RETRANSMISSION, MARK_LOST_SEGMENT, MARK_ZERO_WINDOW } from './marks.ts';
import {
  BASE_SEQ,
  FIN_SEQ,
  FLOW_BITS,
  FLOW_ESTABLISHED,
  FLOW_LOST_SEGMENTS,
  HANDSHAKE_RTT,
  LAST_ACK,
  LAST_ACK_TIME,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  LAST_WINDOW,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  PAYLOAD_BYTES,
  RETRANSMISSIONS,
  SEEN,
  SEEN_ACK,
  SEEN_AFTER_RST,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_ACKED,
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
  const { words, times, forward, forwardTimes } = flow;
  words[forward + BASE_SEQ] = facts[SEQ];
  words[forward + NEXT_SEQ] = end;
  words[forward + MAX_TO_BE_ACKED] = end;
  times[forwardTimes + NEXT_SEQ_TIME] = timeNs;
}

/** A further segment of a direction. */
export function advance(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): void {
  const { words, times, forward, forwardTimes } = flow;
  if (seqGt(end, words[forward + NEXT_SEQ])) {
    words[forward + NEXT_SEQ] = end;
    times[forwardTimes + NEXT_SEQ_TIME] = timeNs;
  }
  if (facts[SEQ] === words[forward + MAX_TO_BE_ACKED]) {
    words[forward + MAX_TO_BE_ACKED] = words[forward + NEXT_SEQ];
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
  const { words, times, forward, forwardTimes } = flow;
  const flags = facts[FLAGS];
  const length = facts[PAYLOAD_LENGTH];
  let seen = words[forward + SEEN] | SEEN_ANY;

  if ((seen & SEEN_RST) !== 0 && (length > 0 || (flags & (TCP_FIN | TCP_ACK)) !== 0)) seen |= SEEN_AFTER_RST;
  if ((flags & TCP_SYN) !== 0) {
    seen |= noteSyn(flow, facts, timeNs);
  } else if ((seen & SEEN_PURE_ACK) === 0 && length === 0 && (flags & (TCP_FIN | TCP_ACK)) === TCP_ACK) {
    seen |= SEEN_PURE_ACK;
    addHistory(flow, HISTORY_LETTERS.ack);
  }
  if (length > 0) {
    times[forwardTimes + PAYLOAD_BYTES] += length;
    if ((seen & SEEN_DATA) === 0) {
      seen |= SEEN_DATA;
      addHistory(flow, HISTORY_LETTERS.data);
    }
  }
  if ((flags & TCP_FIN) !== 0) {
    seen |= SEEN_FIN;
    words[forward + FIN_SEQ] = seqAdd(end, -1);
    addHistory(flow, HISTORY_LETTERS.fin);
  }
  if (marks !== 0) seen |= noteMarks(flow, marks);
  if ((flags & TCP_ACK) !== 0) {
    seen |= SEEN_ACK;
    noteAck(flow, facts[ACK], (flags & TCP_SYN) !== 0, timeNs, seen);
  }
  if ((facts[OPTIONS] & OPT_TIMESTAMPS) !== 0) {
    seen |= SEEN_TIMESTAMPS;
    words[forward + LAST_TS_VALUE] = facts[TS_VALUE];
  }
  words[forward + SEEN] = seen;
  words[forward + LAST_WINDOW] = facts[WINDOW];
  words[forward + SENT_PACKETS]++;
  times[forwardTimes + LAST_SENT_TIME] = timeNs;
  words[forward + TTLS] = withTtl(words[forward + TTLS], facts[TTL]);
}

/** Takes in a SYN or SYN-ACK. @returns the SEEN bits that it adds */
function noteSyn(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
  const { words, times, timesAt, forward } = flow;
  const sack = (facts[OPTIONS] & OPT_SACK_PERMITTED) !== 0 ? SEEN_SACK_PERMITTED : 0;
  words[forward + SYN_OPTIONS] = (facts[WINDOW_SCALE] + 1) | (facts[OPTION_STYLE] << 16);
  words[forward + BASE_SEQ] = facts[SEQ];
  if ((facts[FLAGS] & TCP_ACK) !== 0) {
    noteSynAck(flow, timeNs);
    addHistory(flow, HISTORY_LETTERS.synAck);
    return sack | SEEN_SYN_ACK;
  }
  times[timesAt + SYN_TIME] = timeNs;
  addHistory(flow, HISTORY_LETTERS.syn);
  return sack | SEEN_SYN;
}

/**
 * Keeps the time from SYN to SYN-ACK. A SYN sent again makes it too short rather than too long: who takes it for a bound errs
 * on the safe side.
 */
function noteSynAck({ words, times, at, timesAt, reverse }: FlowCursor, timeNs: Nanoseconds): void {
  if ((words[reverse + SEEN] & SEEN_SYN) === 0 || words[at + SYN_ACK_US] !== 0) return;
  const elapsedUs = (timeNs - times[timesAt + SYN_TIME]) / 1e3;
  words[at + SYN_ACK_US] = Math.min(0x7fff_ffff, Math.max(1, elapsedUs));
}

/** Takes in what the marks say of the whole flow. @returns the SEEN bits that they add */
function noteMarks(flow: FlowCursor, marks: number): number {
  const { words, at, forward } = flow;
  if ((marks & MARK_ANY_RETRANSMISSION) !== 0) {
    words[forward + RETRANSMISSIONS]++;
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
  const { words, times, at, timesAt, forward, reverse } = flow;
  words[forward + LAST_ACK] = ack;
  times[flow.forwardTimes + LAST_ACK_TIME] = timeNs;
  const reverseSeen = words[reverse + SEEN];
  if ((reverseSeen & SEEN_FIN) !== 0 && seqGt(ack, words[reverse + FIN_SEQ])) {
    words[reverse + SEEN] = reverseSeen | SEEN_FIN_ACKED;
  }
  // The third segment of the handshake acknowledges the server's SYN (RFC 9293 §3.5).
  if (
    flow.direction === 0 &&
    (words[at + FLOW_BITS] & FLOW_ESTABLISHED) === 0 &&
    !isSyn &&
    (seen & SEEN_SYN) !== 0 &&
    (reverseSeen & SEEN_SYN_ACK) !== 0 &&
    seqGeq(ack, seqAdd(words[reverse + BASE_SEQ], 1))
  ) {
    words[at + FLOW_BITS] |= FLOW_ESTABLISHED;
    times[timesAt + HANDSHAKE_RTT] = timeNs - times[timesAt + SYN_TIME];
  }
}

/** The word TTLS of a direction after one more segment. */
export function withTtl(ttls: number, ttl: number): number {
  if (ttls === 0) return ttl | (ttl << 8) | (ttl << 16) | (ttl << 24);
  const low = Math.min((ttls >>> 8) & 0xff, ttl);
  const high = Math.max((ttls >>> 16) & 0xff, ttl);
  return (ttls & 0xff) | (low << 8) | (high << 16) | (ttl << 24);
}
