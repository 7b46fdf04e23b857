/**
 * Two SYN-ACKs of different numbers that answer one SYN: a SYN proxy and the server behind it, two servers behind one address,
 * or a forger. The client takes one of them, and its first acknowledgement says which; that one's number is the server's.
 *
 *   the client had acknowledged the first ─────────▶ the second changes nothing
 *   it had not ─▶ FLOW_RIVAL_SYN_ACK ─▶ its ACK ──┬─▶ of the first: nothing changes
 *                                                 └─▶ of the second: the server's side begins anew with that
 */
import { seqAdd, seqDelta, seqGeq, seqLeq } from '../../../shared/base/seq.ts';
import type { Nanoseconds } from '../../../shared/base/units.ts';
import {
  ACK,
  FLAGS,
  OPTION_STYLE,
  SEQ,
  TCP_ACK,
  TCP_SYN,
  WINDOW_SCALE,
  type Facts,
} from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import {
  BASE_SEQ,
  FLOW_BITS,
  FLOW_RIVAL_SYN_ACK,
  LAST_ACK,
  LAST_SENT_TIME,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  RIVAL_SYN_OPTIONS,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_SYN_ACK,
  SENT_PACKETS,
  SYN_OPTIONS,
  TTLS,
} from './record.ts';

/** Whether a segment with SYN is a SYN-ACK of another number than that which its side sent before. */
export function isRivalSynAck({ words, forward }: FlowCursor, facts: Facts): boolean {
  return (
    (facts[FLAGS] & TCP_ACK) !== 0 &&
    (words[forward + SEEN] & SEEN_SYN_ACK) !== 0 &&
    facts[SEQ] !== words[forward + BASE_SEQ]
  );
}

/** Numbers of one connection lie within this of each other while its SYN-ACK is on its way. */
const ONE_CONNECTION = 1 << 20;

/**
 * Before the first SYN-ACK of a side is taken in: what that side sent before may be of an older connection that it still had, as
 * a challenge is (RFC 9293 §3.10.7.4). Then the numbers begin with the SYN-ACK.
 */
export function leaveOldNumbers({ words, forward }: FlowCursor, facts: Facts): void {
  if ((facts[FLAGS] & TCP_ACK) === 0 || (words[forward + SEEN] & (SEEN_ANY | SEEN_SYN_ACK)) !== SEEN_ANY)
    return;
  const ahead = seqDelta(words[forward + NEXT_SEQ], facts[SEQ]);
  if (ahead >= 0 && ahead <= ONE_CONNECTION) return;
  words[forward + NEXT_SEQ] = facts[SEQ];
  words[forward + MAX_TO_BE_ACKED] = facts[SEQ];
}

/** Takes in a second SYN-ACK: that it came is all that the state of its sender learns. */
export function noteRivalSynAck(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): void {
  const { words, times, at, forward, reverse, forwardTimes } = flow;
  const hasTaken =
    (words[reverse + SEEN] & SEEN_ACK) !== 0 && acknowledgesFirst(flow, forward, words[reverse + LAST_ACK]);
  if (!hasTaken) {
    words[at + FLOW_BITS] |= FLOW_RIVAL_SYN_ACK;
    words[at + RIVAL_SYN_OPTIONS] = (facts[WINDOW_SCALE] + 1) | (facts[OPTION_STYLE] << 16);
  }
  words[forward + SENT_PACKETS]++;
  times[forwardTimes + LAST_SENT_TIME] = timeNs;
}

/** Looks, while there are two SYN-ACKs, whether a segment is the acknowledgement of one of them. */
export function settleRivals(flow: FlowCursor, facts: Facts): void {
  const { words, at, reverse } = flow;
  if ((facts[FLAGS] & (TCP_SYN | TCP_ACK)) !== TCP_ACK || (words[reverse + SEEN] & SEEN_SYN_ACK) === 0)
    return;
  words[at + FLOW_BITS] &= ~FLOW_RIVAL_SYN_ACK;
  if (acknowledgesFirst(flow, reverse, facts[ACK])) return;
  words[reverse + BASE_SEQ] = seqAdd(facts[ACK], -1);
  words[reverse + NEXT_SEQ] = facts[ACK];
  words[reverse + MAX_TO_BE_ACKED] = facts[ACK];
  words[reverse + SYN_OPTIONS] = words[at + RIVAL_SYN_OPTIONS];
  // What the first one showed of its sender was not the server's; the next segment begins its TTLs.
  words[reverse + TTLS] = 0;
}

/** @param side which sent the SYN-ACKs, forward or reverse @param ack of the other side */
function acknowledgesFirst({ words }: FlowCursor, side: number, ack: number): boolean {
  return seqGeq(ack, seqAdd(words[side + BASE_SEQ], 1)) && seqLeq(ack, words[side + NEXT_SEQ]);
}
