/**
 * What both sides do after the reset. A host that reset a connection has forgotten it: it sends nothing of it any more
 * but further resets. Whoever goes on sending did not send "its" reset.
 */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { SEEN_ACK, SEEN_ANY, SEEN_SYN } from '../../flow/record.ts';
import { MARK_ANY_RETRANSMISSION, MARK_KEEP_ALIVE, MARK_OUT_OF_ORDER } from '../../flow/marks.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { REORDER_NS } from './sequence.ts';
import { fasterThanRoundTrip } from './timing.ts';

/** Paths that reorder hold a packet back for no longer than this. */
const LONGEST_DETOUR_NS = 100_000_000;

/** Needs `family`, `triggerAt` and `rtt` of the facts. */
export function observeAftermath(w: FlowWindow, f: ResetFacts): void {
  f.halfOpen = resetLeavesSocket(w, f);

  let newSyn = false;
  for (let i = f.at + 1; i < w.end; i++) {
    if (w.isDuplicate(i)) continue;
    const flags = w.flags[i];
    if (w.from[i] === f.receiver) {
      if ((flags & TCP_SYN) !== 0 && (flags & TCP_ACK) === 0) newSyn = true;
      noteReceiver(w, f, i);
    } else if (w.from[i] === f.sender) {
      // A new SYN of the sender opens something new; what follows belongs to that.
      if ((flags & (TCP_SYN | TCP_ACK)) === TCP_SYN) return;
      noteSender(w, f, i, newSyn);
    }
  }
}

/** Whether the reset answers a wrong segment in SYN-SENT, LISTEN or SYN-RECEIVED and so ends nothing (RFC 9293 §3.10.7). */
function resetLeavesSocket(w: FlowWindow, f: ResetFacts): boolean {
  if (f.family !== 'reply' || f.triggerAt < 0) return false;
  if (f.established || f.dataPacketsBefore[f.sender] > 0) return false;
  const trigger = f.triggerAt;
  if ((f.senderSeen & SEEN_SYN) !== 0 && f.synAt >= 0 && w.from[f.synAt] === f.sender) {
    // The segment that it answers came in reply to the sender's SYN; it is wrong where it does not acknowledge that SYN.
    return (w.flags[trigger] & TCP_ACK) !== 0 && w.ack[trigger] !== seqAdd(w.seq[f.synAt], 1);
  }
  if (f.synAckAt >= 0 && w.from[f.synAckAt] === f.sender) {
    return w.ack[trigger] !== seqAdd(w.seq[f.synAckAt], 1);
  }
  return false;
}

function noteReceiver(w: FlowWindow, f: ResetFacts, i: number): void {
  const flags = w.flags[i];
  if ((flags & TCP_RST) !== 0) return;
  const wantsAnswer = w.payload[i] > 0 || (flags & (TCP_FIN | TCP_SYN)) !== 0;
  if (wantsAnswer) {
    if (f.afterPeerAt < 0) f.afterPeerAt = i;
    f.afterPeerPackets++;
    f.afterPeerSpan = w.time[i] - f.time;
  }
  // Packets that were under way when the reset passed do not show that the receiver stayed alive.
  const patience = Math.max(REORDER_NS, f.rtt > 0 ? f.rtt : 0);
  if (w.time[i] - f.time <= patience || (flags & TCP_SYN) !== 0) return;
  if (f.receiverWentOnAt < 0) f.receiverWentOnAt = i;
  f.receiverWentOnBytes += w.payload[i];
}

function noteSender(w: FlowWindow, f: ResetFacts, i: number, newSyn: boolean): void {
  const flags = w.flags[i];
  const late = w.time[i] - f.time > REORDER_NS;
  if ((flags & TCP_RST) !== 0) {
    f.afterAnswers++;
    return;
  }
  if (!newSyn && leftBefore(w, f, i)) {
    f.disordered = true;
    return;
  }
  if (f.halfOpen) return;
  if ((flags & TCP_SYN) !== 0) {
    // A SYN-ACK after the reset, without another SYN in between, is the real host's answer.
    if (!newSyn && f.afterSynAckAt < 0 && answersSameSyn(w, f, i)) f.afterSynAckAt = i;
    return;
  }
  if (!late || newSyn || (w.marks[i] & MARK_OUT_OF_ORDER) !== 0) return;
  const length = w.payload[i] + ((flags & TCP_FIN) !== 0 ? 1 : 0);
  const end = seqAdd(w.seq[i], length);
  const known = (f.senderSeen & SEEN_ANY) !== 0;
  // A packet that acknowledges what passed after the reset was sent after the reset: no reordering explains it.
  if ((flags & TCP_ACK) !== 0 && f.afterCausalAt < 0 && seqDelta(w.ack[i], f.receiverNext) > 0) {
    if ((f.receiverSeen & SEEN_ANY) !== 0) f.afterCausalAt = i;
  }
  if (f.afterTakenAt < 0 && takesAnswered(w, f, i)) f.afterTakenAt = i;
  if (length > 0 && (w.marks[i] & MARK_KEEP_ALIVE) === 0) {
    if (!known || seqDelta(end, f.senderNext) > 0) {
      // The reset may have overtaken data that its number counts already.
      const counted = f.seqAhead > 0 && seqDelta(end, f.seq) <= 0;
      if (f.afterDataAt < 0 && !counted) f.afterDataAt = i;
    } else if (f.afterResentAt < 0 && sentBefore(w, f, i)) {
      f.afterResentAt = i;
      if (isUnheard(w, f, end)) f.afterUnheardAt = i;
    }
    return;
  }
  if ((flags & TCP_ACK) === 0) return;
  if ((f.senderSeen & SEEN_ACK) !== 0 && seqDelta(w.ack[i], f.senderLastAck) > 0) {
    // A reset that overtook data overtook acknowledgements, too: an acknowledgement that it carries itself is no news.
    const counted = f.seqAhead > 0 && f.hasAck && seqDelta(w.ack[i], f.ack) <= 0;
    if (f.afterAckAt < 0 && !counted) f.afterAckAt = i;
  } else if (f.afterPureAt < 0 && (w.marks[i] & MARK_ANY_RETRANSMISSION) === 0) {
    f.afterPureAt = i;
  }
}

/**
 * Whether a bare acknowledgement comes late: a live socket's carries its next number (RFC 9293 §3.10.7.4), so that one with a
 * number before what passed already left before that, and so the path reorders. Only a keep-alive stands one behind.
 */
function leftBefore(w: FlowWindow, f: ResetFacts, i: number): boolean {
  if ((w.flags[i] & (TCP_ACK | TCP_SYN | TCP_FIN)) !== TCP_ACK || w.payload[i] > 0) return false;
  if ((f.senderSeen & SEEN_ANY) === 0 || w.time[i] - f.time > LONGEST_DETOUR_NS) return false;
  return seqDelta(w.seq[i], f.senderNext) < -1;
}

/**
 * Whether a packet of the sender acknowledges the new data that the reset answers. A packet filter on the sender's host
 * would have kept this data from the socket, so it was not that filter which answered it.
 */
function takesAnswered(w: FlowWindow, f: ResetFacts, i: number): boolean {
  const t = f.triggerAt;
  // Where segments are missing, the same data may have been sent again in one of them.
  if (f.family !== 'reply' || f.disordered || t < 0 || w.payload[t] === 0 || (w.flags[i] & TCP_ACK) === 0)
    return false;
  if ((w.marks[t] & (MARK_ANY_RETRANSMISSION | MARK_KEEP_ALIVE)) !== 0) return false;
  if ((f.senderSeen & SEEN_ACK) === 0 || seqDelta(w.seq[t], f.senderLastAck) < 0) return false;
  if (seqDelta(w.ack[i], seqAdd(w.seq[t], w.payload[t])) < 0) return false;
  // Where the data was sent again, the second segment may be the one that arrived.
  for (let k = t + 1; k < i; k++) {
    if (w.from[k] === f.receiver && w.payload[k] > 0 && seqDelta(w.seq[k], w.seq[t]) <= 0) return false;
  }
  return true;
}

/** Whether the segment that the reset answers acknowledges data up to this number. */
function isUnheard(w: FlowWindow, f: ResetFacts, end: number): boolean {
  const t = f.triggerAt;
  if (f.family !== 'reply' || f.disordered || t < 0 || (w.flags[t] & TCP_ACK) === 0) return false;
  return seqDelta(w.ack[t], end) >= 0;
}

/** Whether the same bytes passed before the reset: else they were only late. */
function sentBefore(w: FlowWindow, f: ResetFacts, i: number): boolean {
  for (let k = f.at - 1; k >= w.first; k--) {
    if (w.from[k] === f.sender && w.seq[k] === w.seq[i] && w.payload[k] + (w.flags[k] & TCP_FIN) > 0)
      return true;
  }
  return false;
}

/** Whether a SYN-ACK of the sender acknowledges the SYN that was there before the reset. */
function answersSameSyn(w: FlowWindow, f: ResetFacts, i: number): boolean {
  if ((w.flags[i] & TCP_ACK) === 0 || f.synAt < 0 || w.from[f.synAt] !== f.receiver) return false;
  return w.ack[i] === seqAdd(w.seq[f.synAt], 1);
}

/**
 * Whether the sender rejects a segment with its own TTL and afterwards repeats what that segment acknowledges, with nothing else to
 * show that it hears: its socket never got the segment.
 */
export function unheardAnswer(f: ResetFacts): boolean {
  if (f.afterUnheardAt < 0 || f.baseTtl !== f.ttl || f.baseTtls !== 1) return false;
  return f.afterDataAt < 0 && f.afterAckAt < 0 && f.afterCausalAt < 0 && !fasterThanRoundTrip(f);
}

/**
 * Whether the sender goes on after a reset that answers a segment with the sender's own TTL. A rule of the host's packet filter
 * does that, too, unless what it answered reached the socket, or the answer came sooner than the host can give one.
 */
export function livesAfterAnswer(f: ResetFacts): boolean {
  // Where one direction alone was captured, the segment that it answers cannot be seen.
  const answers = f.family === 'reply' && (f.triggerAt >= 0 || f.oneSided) && f.baseTtl === f.ttl;
  if (!answers || f.afterTakenAt >= 0 || (f.afterDataAt < 0 && f.afterAckAt < 0)) return false;
  return !fasterThanRoundTrip(f);
}
