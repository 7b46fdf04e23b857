/** Where the reset's numbers lie, which family it belongs to, and which segment provoked it. */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, TCP_URG, TCP_AE, TCP_RESERVED } from '../../decode/facts.ts';
import { SEEN_ACK, SEEN_ANY, SEEN_FIN } from '../../flow/record.ts';
import { MARK_ANY_RETRANSMISSION } from '../../flow/marks.ts';
import type { ResetFacts, SeqPlace } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { latestAnswer } from './silence.ts';
import { carries, segmentEnd } from './timing.ts';

/** Packets this much later may have been captured in the wrong order (several queues of one card). */
export const REORDER_NS = 1_000_000;
/** Resets of one direction this close belong together (Weaver et al. 2009). */
const BURST_NS = 2_000_000_000;
/** Resets of both directions this close may come from one middlebox. */
const MIRROR_NS = 50_000_000;
/** Data that a reset overtook follows within this. */
const OVERTAKE_NS = 50_000_000;
/** Resets looked at before and after, so that a storm of them costs no more than this. */
const MAX_BURST = 24;
/** Answer, abort, answer, abort: fewer resets do not alternate. */
const LEAST_ALTERNATING = 4;
/** Flags that no stack sets together with RST. */
export const ODD_FLAGS = TCP_SYN | TCP_FIN | TCP_URG | TCP_AE | TCP_RESERVED;

export function observeSequence(w: FlowWindow, f: ResetFacts): void {
  f.seqAhead = (f.senderSeen & SEEN_ANY) !== 0 ? seqDelta(f.seq, f.senderNext) : 0;
  f.ackAhead = f.hasAck && (f.receiverSeen & SEEN_ANY) !== 0 ? seqDelta(f.ack, f.receiverNext) : Number.NaN;
  findTrigger(w, f);
  f.seqPlace = placeOf(w, f);
  f.family = familyOf(w, f);
  f.answersWithAck = answersInShapeOfAbort(w, f);
  f.missingBefore = f.family === 'reply' ? missingBefore(w, f) : 0;
  f.triggerBytes = f.triggerAt >= 0 ? w.payload[f.triggerAt] : 0;
  f.quiet = quietBefore(w, f);
  if (f.gone && f.lastAt[f.sender] < 0) {
    // The silence reaches back behind the window; the sender's last packet bounds it.
    f.quiet = Math.max(f.quiet, f.senderSilence - (f.time - w.time[w.first]));
  }
  observeBurst(w, f);
  f.overtakenAt = overtaken(w, f);
}

/**
 * Index of the data that the reset overtook, −1 where it overtook none. Its number then lies beyond what its sender had sent,
 * and right after it comes the data that fills the gap: something that had seen this data was faster than the data itself.
 */
function overtaken(w: FlowWindow, f: ResetFacts): number {
  if ((f.senderSeen & SEEN_ANY) === 0 || f.seqAhead <= 0 || f.lossy) return -1;
  let next = f.senderNext;
  for (let i = f.at + 1; i < w.end && w.time[i] - f.time <= OVERTAKE_NS; i++) {
    if (w.from[i] !== f.sender || (w.flags[i] & TCP_RST) !== 0 || w.payload[i] === 0) continue;
    if (w.seq[i] === next) next = seqAdd(next, w.payload[i]);
    if (next === f.seq) return i;
  }
  return -1;
}

function placeOf(w: FlowWindow, f: ResetFacts): SeqPlace {
  const senderKnown = (f.senderSeen & SEEN_ANY) !== 0;
  if (senderKnown && f.seqAhead === 0) return 'next';
  if (f.triggerAt >= 0 && !f.hasAck) return 'acked';
  if ((f.receiverSeen & SEEN_ACK) !== 0 && f.receiverLastAck === f.seq) return 'acked';
  if (acknowledged(w, f)) return 'acked';
  if (f.seq === 0) return 'zero';
  if (!senderKnown) return (f.receiverSeen & SEEN_ACK) !== 0 ? 'ahead' : 'unknown';
  if ((f.senderSeen & SEEN_FIN) !== 0 && f.seq === f.senderFin) return 'fin';
  return f.seqAhead > 0 ? 'ahead' : 'behind';
}

/** Whether the receiver ever sent this number as an acknowledgement, a moment of reordering included. */
function acknowledged(w: FlowWindow, f: ResetFacts): boolean {
  for (let i = w.first; i < w.end; i++) {
    if (i > f.at && w.time[i] > f.time + REORDER_NS) return false;
    if (w.from[i] === f.receiver && (w.flags[i] & TCP_ACK) !== 0 && w.ack[i] === f.seq) return true;
  }
  return false;
}

/** RFC 9293 §3.5.2: an answer takes its numbers from the segment that it answers. */
function findTrigger(w: FlowWindow, f: ResetFacts): void {
  for (let i = f.at - 1; i >= w.first; i--) {
    if (w.from[i] !== f.receiver) continue;
    const flags = w.flags[i];
    if ((flags & TCP_RST) !== 0) continue;
    const matches = f.hasAck ? acknowledges(w, f, i) : (flags & TCP_ACK) !== 0 && w.ack[i] === f.seq;
    if (!matches) continue;
    // An open connection answers within round trips; what comes later was not provoked by this segment.
    f.unprovoked = !f.hasAck && f.established && f.time - w.time[i] > latestAnswer(f.handshake);
    if (!f.unprovoked) f.triggerAt = i;
    return;
  }
  // A number beyond all that the receiver acknowledged cannot be taken from a segment of it: the sender knew what it had sent.
  const whole = !f.lossy && !f.oneSided && !w.cutBefore && f.resetsBefore[0] + f.resetsBefore[1] === 0;
  f.unprovoked = !f.hasAck && f.established && whole && isOwnNext(f) && !acknowledged(w, f);
}

/** Whether the reset carries the next number of a sender that had sent data. */
function isOwnNext(f: ResetFacts): boolean {
  return (f.senderSeen & SEEN_ANY) !== 0 && f.seq === f.senderNext && f.dataPacketsBefore[f.sender] > 0;
}

/**
 * Whether a RST+ACK is an answer: it acknowledges the last segment, which came just before, and has no window, where its sender's
 * segments have one. A host that aborts a connection of its own offers its window in the reset as before (Linux, BSD).
 */
function answersInShapeOfAbort(w: FlowWindow, f: ResetFacts): boolean {
  const { triggerAt } = f;
  if (f.family !== 'active' || triggerAt < 0 || f.window !== 0 || f.senderWindow === 0) return false;
  if (f.time - w.time[triggerAt] > latestAnswer(f.handshake)) return false;
  return f.lastAt[f.sender] < triggerAt;
}

/** Bytes before the data that was answered that its sender had not sent yet, as far as the capture saw. */
function missingBefore(w: FlowWindow, f: ResetFacts): number {
  const t = f.triggerAt;
  if (t < 0 || w.payload[t] === 0 || (f.senderSeen & SEEN_ANY) === 0) return 0;
  let next = 0;
  let known = false;
  for (let i = w.first; i < t; i++) {
    if (w.from[i] !== f.receiver || (w.flags[i] & TCP_RST) !== 0) continue;
    if (known && w.seq[i] !== next) continue;
    next = segmentEnd(w, i);
    known = true;
  }
  return known ? Math.max(0, seqDelta(w.seq[t], next)) : 0;
}

/** Whether a RST+ACK acknowledges the end of that segment, which must carry something. */
function acknowledges(w: FlowWindow, f: ResetFacts, i: number): boolean {
  return carries(w, i) && segmentEnd(w, i) === f.ack;
}

function familyOf(w: FlowWindow, f: ResetFacts): ResetFacts['family'] {
  if ((f.tcpFlags & ODD_FLAGS) !== 0) return 'irregular';
  if (!f.hasAck) return 'reply';
  const trigger = f.triggerAt;
  const answersSyn = trigger >= 0 && (w.flags[trigger] & TCP_SYN) !== 0 && (w.flags[trigger] & TCP_ACK) === 0;
  if (answersSyn && (f.senderSeen & SEEN_ANY) === 0) return 'syn-reply';
  if (f.seq === 0 && f.seqPlace === 'zero') {
    // It answers a segment without ACK that was not captured, or contradicts what its sender already sent.
    return (f.senderSeen & SEEN_ANY) === 0 || answersSyn ? 'syn-reply' : 'irregular';
  }
  return 'active';
}

/**
 * The longest silence of the flow before the run of segments to which the trigger belongs, or inside it: there the flow
 * lay idle. Pauses before resends are the sender's timers, not idleness; before a keep-alive it was idle, which is why that came.
 */
function quietBefore(w: FlowWindow, f: ResetFacts): number {
  let longest = -1;
  for (let i = f.triggerAt >= 0 ? f.triggerAt : f.at; i > w.first; i--) {
    const resent = (w.marks[i] & MARK_ANY_RETRANSMISSION) !== 0;
    if (!resent) longest = Math.max(longest, w.time[i] - w.time[i - 1]);
    if (f.triggerAt < 0 || w.from[i - 1] !== f.receiver) break;
  }
  return longest;
}

function observeBurst(w: FlowWindow, f: ResetFacts): void {
  let near = 0;
  for (let i = f.at - 1; i >= w.first && f.time - w.time[i] <= BURST_NS && near < MAX_BURST; i--) {
    near += lookAtNeighbour(w, f, i);
  }
  near = 0;
  for (let i = f.at + 1; i < w.end && w.time[i] - f.time <= BURST_NS && near < MAX_BURST; i++) {
    near += lookAtNeighbour(w, f, i);
  }
  if (f.burst >= LEAST_ALTERNATING && f.burstTurnsAt >= 0) f.burstTurns = turnsOf(w, f);
}

/**
 * Aborts right behind answers among the resets around this one, as far as they look as if one emitter made them: with this one's
 * TTL and, where it is an abort, its window. An abort of the host's own among forged ones has the host's window.
 */
function turnsOf(w: FlowWindow, f: ResetFacts): number {
  let turns = 0;
  let answered = false;
  const isNear = (i: number): boolean => Math.abs(w.time[i] - f.time) <= BURST_NS;
  let first = f.at;
  for (let near = 0; first > w.first && near < MAX_BURST && isNear(first - 1); first--) {
    if (isOfBurst(w, f, first - 1)) near++;
  }
  for (let i = first, near = 0; i < w.end && near < 2 * MAX_BURST && isNear(i); i++) {
    if (!isOfBurst(w, f, i)) continue;
    near++;
    const isAnswer = (w.flags[i] & TCP_ACK) === 0;
    if (answered && !isAnswer) turns++;
    answered = isAnswer;
  }
  return turns;
}

function isOfBurst(w: FlowWindow, f: ResetFacts, i: number): boolean {
  if (w.from[i] !== f.sender || (w.flags[i] & TCP_RST) === 0 || w.isDuplicate(i)) return false;
  // RST+ACK with sequence number 0 answers a SYN, as a host without the connection may at any time.
  if (w.ttl[i] !== f.ttl || (w.flags[i] & TCP_ACK) === 0) return w.ttl[i] === f.ttl;
  return w.seq[i] !== 0 && (!f.hasAck || w.window[i] === f.window);
}

/** Takes another packet of the flow into account where it is a reset; gives 1 when it was one. */
function lookAtNeighbour(w: FlowWindow, f: ResetFacts, i: number): number {
  if ((w.flags[i] & TCP_RST) === 0 || w.isDuplicate(i)) return 0;
  if (w.from[i] !== f.sender) {
    const close = Math.abs(w.time[i] - f.time) <= MIRROR_NS;
    if (close && f.mirrorAt < 0 && independent(w, f, i)) f.mirrorAt = i;
    return 1;
  }
  f.burst++;
  if (w.ttl[i] !== f.ttl) {
    f.burstTtls++;
    f.burstOtherAt = i;
  }
  if (w.seq[i] !== f.seq && f.guessedAt < 0 && isGuess(w, f, i)) f.guessedAt = i;
  const otherAcks = (w.flags[i] & TCP_ACK) !== 0;
  // RST+ACK with sequence number 0 answers a SYN, as a host without the connection may at any time.
  const abort = otherAcks ? w.seq[i] !== 0 : f.hasAck && f.seq !== 0;
  // A host without the connection answers, a host that has it aborts: here an answer stands before an abort.
  if (abort && otherAcks !== f.hasAck && otherAcks === i > f.at && f.burstTurnsAt < 0) f.burstTurnsAt = i;
  if (abort && otherAcks && f.hasAck && !isCopy(w, f, i)) f.burstAborts++;
  return 1;
}

/** Whether two resets of one sender may be one packet that the path doubled. */
function isCopy(w: FlowWindow, f: ResetFacts, i: number): boolean {
  return w.seq[i] === f.seq && w.ack[i] === f.ack && w.window[i] === f.window && w.ipId[i] === f.ipId;
}

/**
 * Two resets of one sender whose numbers no stack produces (Weaver et al. 2009, RST_SEQ_CHANGE). A host's own resets may
 * stand among guessed ones, so this one has to be out of place itself or of one kind with the one that is.
 */
function isGuess(w: FlowWindow, f: ResetFacts, i: number): boolean {
  const inPlace = f.seqPlace === 'next' || f.seqPlace === 'acked' || f.seqPlace === 'fin';
  const sameKind = w.ttl[i] === f.ttl && ((w.flags[i] ^ w.flags[f.at]) & TCP_ACK) === 0;
  if (inPlace && (!sameKind || (!f.hasAck && f.triggerAt >= 0))) return false;
  if ((f.senderSeen & SEEN_FIN) !== 0 || f.lossy) return false;
  const later = seqDelta(w.seq[i], f.seq) > 0 ? w.seq[i] : f.seq;
  const beyond = seqDelta(later, f.senderNext) > 2 && seqDelta(later, f.receiverLastAck) > 2;
  if (!beyond || (f.senderSeen & SEEN_ANY) === 0) return false;
  for (let k = w.first; k < w.end; k++) {
    if (w.from[k] === f.receiver && (w.flags[k] & TCP_ACK) !== 0 && w.ack[k] === later) return false;
    // Where one of two segments that pass later ends and the other begins, the sender knew the number: its data was delayed.
    const data = w.from[k] === f.sender && w.payload[k] > 0 && (w.flags[k] & TCP_RST) === 0;
    if (data && (w.seq[k] === later || seqAdd(w.seq[k], w.payload[k]) === later)) return false;
  }
  return Math.abs(seqDelta(w.seq[i], f.seq)) > 2;
}

/** Whether a reset of the other direction answers nothing: then both may come from one middlebox. */
function independent(w: FlowWindow, f: ResetFacts, i: number): boolean {
  if (f.family === 'reply' && f.triggerAt >= 0) return false;
  if ((w.flags[i] & TCP_ACK) !== 0) return true;
  for (let k = i - 1; k >= w.first; k--) {
    if (w.from[k] !== f.sender || (w.flags[k] & (TCP_ACK | TCP_RST)) !== TCP_ACK) continue;
    if (w.ack[k] === w.seq[i]) return false;
  }
  return true;
}
