/**
 * What is remarkable about one segment, told from the state of both sides before it. The marks mean what Wireshark's
 * tcp.analysis.* of the same names mean. They need two memories of their own, which move on here: `sequenceMarks` counts repeated
 * acknowledgements (DUPLICATE_ACKS of SEEN), and `acknowledgementMark` keeps up to where they are covered by what was captured
 * (MAX_TO_BE_ACKED).
 */
import { seqAdd, seqGt, seqLeq, seqLt } from '../../../shared/base/seq.ts';
import type { Nanoseconds, SeqNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import { ACK, FLAGS, PAYLOAD_LENGTH, SEQ, TCP_FIN, TCP_RST, TCP_SYN, WINDOW } from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import {
  MARK_ACKED_UNSEEN,
  MARK_DUPLICATE_ACK,
  MARK_FAST_RETRANSMISSION,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_SPURIOUS_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_WINDOW_UPDATE,
  MARK_ZERO_WINDOW,
} from './marks.ts';
import {
  DUPLICATE_ACK,
  DUPLICATE_ACKS,
  HANDSHAKE_RTT,
  LAST_ACK,
  LAST_ACK_TIME,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_KEEP_ALIVE_LAST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SYN_OPTIONS,
} from './record.ts';

/** Where a retransmission after duplicate ACKs still counts as fast (Wireshark). */
const FAST_RETRANSMISSION_NS = 20_000_000;
/** A segment this soon after a later one is out of order rather than resent, where no round trip is known. */
const OUT_OF_ORDER_NS = 3_000_000;

const CONTROL = TCP_SYN | TCP_FIN | TCP_RST;

/** One octet at SND.NXT into a window of zero (RFC 9293 §3.8.6.1). */
export function isZeroWindowProbe(flow: FlowCursor, facts: Facts): boolean {
  const { sides, forward, reverse } = flow;
  return (
    facts[PAYLOAD_LENGTH] === 1 &&
    (sides[forward + SEEN] & SEEN_ANY) !== 0 &&
    facts[SEQ] === sides[forward + NEXT_SEQ] &&
    (sides[reverse + SEEN] & SEEN_ANY) !== 0 &&
    flow.window(flow.otherDirection) === 0
  );
}

/** What the place of a segment in the sequence says: gaps, keep-alives, repeated acknowledgements, and windows. */
export function sequenceMarks(flow: FlowCursor, facts: Facts, end: SeqNumber): number {
  const { sides, forward, reverse } = flow;
  const seq = facts[SEQ];
  const length = facts[PAYLOAD_LENGTH];
  const nextSeq = sides[forward + NEXT_SEQ];
  const isPlain = (facts[FLAGS] & CONTROL) === 0;
  let marks = isPlain && facts[WINDOW] === 0 ? MARK_ZERO_WINDOW : 0;
  if ((sides[forward + SEEN] & SEEN_ANY) !== 0) {
    if (seqGt(seq, nextSeq)) marks |= MARK_LOST_SEGMENT;
    // SEG.SEQ = SND.NXT − 1, with one octet of garbage or none (RFC 9293 §3.8.4).
    if (isPlain && length <= 1 && seq === seqAdd(nextSeq, -1)) marks |= MARK_KEEP_ALIVE;
    if (isPlain && length === 0 && seq === nextSeq && facts[ACK] === sides[forward + LAST_ACK]) {
      marks |= repeatedAckMark(flow, facts[WINDOW]);
    }
  }
  // Windows can be scaled right only where the other side's SYN was seen.
  if (isPlain && length > 0 && (sides[reverse + SEEN] & (SEEN_SYN | SEEN_SYN_ACK)) !== 0) {
    const shift = windowShift(sides[forward + SYN_OPTIONS], sides[reverse + SYN_OPTIONS]);
    const window = flow.window(flow.otherDirection) << shift;
    if (end === seqAdd(sides[reverse + LAST_ACK], window)) marks |= MARK_WINDOW_FULL;
  }
  return marks;
}

/** What an acknowledgement is that has no data and acknowledges nothing new (RFC 5681 §2, Wireshark's order of tests). */
function repeatedAckMark(flow: FlowCursor, window: number): number {
  const { sides, forward, reverse } = flow;
  if (window === 0) return 0;
  if (window !== flow.window(flow.direction)) return MARK_WINDOW_UPDATE;
  if ((sides[reverse + SEEN] & SEEN_KEEP_ALIVE_LAST) !== 0) return MARK_KEEP_ALIVE_ACK;
  if ((sides[forward + SEEN] & DUPLICATE_ACKS) !== DUPLICATE_ACKS) sides[forward + SEEN] += DUPLICATE_ACK;
  return MARK_DUPLICATE_ACK;
}

/** Whether a segment acknowledges what was not captured. */
export function acknowledgementMark({ sides, forward, reverse }: FlowCursor, facts: Facts): number {
  const ack = facts[ACK];
  if (ack !== sides[forward + LAST_ACK]) sides[forward + SEEN] &= ~DUPLICATE_ACKS;
  if ((sides[reverse + SEEN] & SEEN_ANY) === 0) return 0;
  if (!seqGt(ack, sides[reverse + MAX_TO_BE_ACKED])) return 0;
  sides[reverse + MAX_TO_BE_ACKED] = sides[reverse + NEXT_SEQ];
  return MARK_ACKED_UNSEEN;
}

/**
 * Which kind of repetition a segment is that carries data, SYN or FIN (Wireshark's order of tests). A resend is fast where
 * duplicate ACKs asked for it (RFC 5681 §3.2; two are enough here).
 */
export function retransmissionMark(
  flow: FlowCursor,
  facts: Facts,
  end: SeqNumber,
  timeNs: Nanoseconds,
): number {
  const { sides, forward, reverse, sideTimes } = flow;
  const seq = facts[SEQ];
  const length = facts[PAYLOAD_LENGTH];
  const nextSeq = sides[forward + NEXT_SEQ];
  const reverseAcks = (sides[reverse + SEEN] & SEEN_ACK) !== 0;
  let notAdvanced = seqLt(seq, nextSeq);
  // One byte back with more to say: the byte was a zero-window probe.
  if (length > 1 && seq === seqAdd(nextSeq, -1)) notAdvanced = false;
  if (length > 0 && reverseAcks && seqLeq(seqAdd(seq, length), sides[reverse + LAST_ACK])) {
    return MARK_SPURIOUS_RETRANSMISSION;
  }
  if (!notAdvanced) return 0;
  if (
    (sides[reverse + SEEN] & DUPLICATE_ACKS) >= 2 * DUPLICATE_ACK &&
    sides[reverse + LAST_ACK] === seq &&
    timeNs - flow.table.directionDouble(flow.flow, flow.otherDirection, LAST_ACK_TIME) <
      FAST_RETRANSMISSION_NS
  ) {
    return MARK_FAST_RETRANSMISSION;
  }
  const rtt = flow.table.double(flow.flow, HANDSHAKE_RTT);
  const threshold = rtt > 0 ? rtt : OUT_OF_ORDER_NS;
  if (timeNs - sideTimes[flow.forwardTimes + NEXT_SEQ_TIME] < threshold && nextSeq !== end)
    return MARK_OUT_OF_ORDER;
  return MARK_RETRANSMISSION;
}

/**
 * The shift of the reverse side's windows: there is one only where both SYNs offered scaling (RFC 7323 §2.2).
 * @param ours, theirs SYN_OPTIONS of both sides
 */
export function windowShift(ours: number, theirs: number): number {
  const scale = theirs & 0xffff;
  return scale > 0 && (ours & 0xffff) > 0 ? Math.min(scale - 1, 14) : 0;
}
