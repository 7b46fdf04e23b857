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
import { keepFin, withAckApart } from './tcp-state.ts';

/** Whether a segment with SYN is a SYN-ACK of another number than that which its side sent before. */
export function isRivalSynAck({ sides, forward }: FlowCursor, facts: Facts): boolean {
  return (
    (facts[FLAGS] & TCP_ACK) !== 0 &&
    (sides[forward + SEEN] & SEEN_SYN_ACK) !== 0 &&
    facts[SEQ] !== sides[forward + BASE_SEQ]
  );
}

/** Numbers of one connection lie within this of each other while its SYN-ACK is on its way. */
const ONE_CONNECTION = 1 << 20;

/**
 * Before the first SYN-ACK of a side is taken in: what that side sent before may be of an older connection that it still had, as
 * a challenge is (RFC 9293 §3.10.7.4). Then the numbers begin with the SYN-ACK.
 */
export function leaveOldNumbers(flow: FlowCursor, facts: Facts): void {
  const { sides, forward } = flow;
  if ((facts[FLAGS] & TCP_ACK) === 0 || (sides[forward + SEEN] & (SEEN_ANY | SEEN_SYN_ACK)) !== SEEN_ANY)
    return;
  const ahead = seqDelta(sides[forward + NEXT_SEQ], facts[SEQ]);
  if (ahead >= 0 && ahead <= ONE_CONNECTION) return;
  keepFin(flow, flow.direction);
  sides[forward + NEXT_SEQ] = facts[SEQ];
  sides[forward + MAX_TO_BE_ACKED] = facts[SEQ];
}

/** Takes in a second SYN-ACK: that it came is all that the state of its sender learns. */
export function noteRivalSynAck(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): void {
  const { words, at, sides, forward, reverse, sideTimes, forwardTimes } = flow;
  const hasTaken =
    (sides[reverse + SEEN] & SEEN_ACK) !== 0 && acknowledgesFirst(flow, forward, sides[reverse + LAST_ACK]);
  if (!hasTaken) {
    words[at + FLOW_BITS] |= FLOW_RIVAL_SYN_ACK;
    const options = (facts[WINDOW_SCALE] + 1) | (facts[OPTION_STYLE] << 16);
    flow.table.setWord(flow.flow, RIVAL_SYN_OPTIONS, options);
  }
  sides[forward + SEEN] = withAckApart(flow, sides[forward + SEEN]);
  sides[forward + SENT_PACKETS]++;
  sideTimes[forwardTimes + LAST_SENT_TIME] = timeNs;
}

/** Looks, while there are two SYN-ACKs, whether a segment is the acknowledgement of one of them. */
export function settleRivals(flow: FlowCursor, facts: Facts): void {
  const { words, at, sides, reverse } = flow;
  if ((facts[FLAGS] & (TCP_SYN | TCP_ACK)) !== TCP_ACK || (sides[reverse + SEEN] & SEEN_SYN_ACK) === 0)
    return;
  words[at + FLOW_BITS] &= ~FLOW_RIVAL_SYN_ACK;
  if (acknowledgesFirst(flow, reverse, facts[ACK])) return;
  keepFin(flow, flow.otherDirection);
  sides[reverse + BASE_SEQ] = seqAdd(facts[ACK], -1);
  sides[reverse + NEXT_SEQ] = facts[ACK];
  sides[reverse + MAX_TO_BE_ACKED] = facts[ACK];
  sides[reverse + SYN_OPTIONS] = flow.table.word(flow.flow, RIVAL_SYN_OPTIONS);
  // What the first one showed of its sender was not the server's; the next segment begins its TTLs.
  sides[reverse + TTLS] = 0;
}

/** @param side which sent the SYN-ACKs, forward or reverse @param ack of the other side */
function acknowledgesFirst({ sides }: FlowCursor, side: number, ack: number): boolean {
  return seqGeq(ack, seqAdd(sides[side + BASE_SEQ], 1)) && seqLeq(ack, sides[side + NEXT_SEQ]);
}
