/**
 * The silence that a timer could have measured, where it was: before the sender's own FIN, before its keep-alive probes, before
 * the segment that the reset answers, or before the reset itself. Cause, evidence, finding and JSON all tell this one.
 */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_ZERO_WINDOW_PROBE,
} from '../../flow/marks.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { ABOUT } from './flow-window.ts';
import { isWindowClosed } from './resends.ts';
import { carries, segmentEnd } from './timing.ts';

/** Shorter silences are round trips and think times; the shortest keep-alive timeouts of servers are 2 s. */
export const SHORTEST_SILENCE_NS = 1_900_000_000;
/** Shorter silences let no state of a connection expire, in a device or a host. */
export const SHORTEST_EXPIRY_NS = 5_000_000_000;
/** An answer comes within this, or within so many round trips where they are long: delayed stacks and sleepy radios included. */
const LATEST_ANSWER_NS = 1_000_000_000;
const ROUND_TRIPS = 4;

/** Segments of a timer of their sender's stack, which say nothing of the application. */
const OWN_TIMER = MARK_ANY_RETRANSMISSION | MARK_KEEP_ALIVE | MARK_KEEP_ALIVE_ACK | MARK_ZERO_WINDOW_PROBE;

/** How long after a segment a reset may still be its answer. @param roundTrip of the handshake, −1 where unknown */
export function latestAnswer(roundTrip: number): number {
  return Math.max(LATEST_ANSWER_NS, ROUND_TRIPS * roundTrip);
}

/** Needs the counts, `triggerAt`, `family`, `unprovoked` and `quiet` of the facts. */
export function observeSilence(w: FlowWindow, f: ResetFacts): void {
  observeCrossing(w, f);
  f.silenceBefore = 'reset';
  f.silenceEndAt = f.at;
  const fin = f.finAt[f.sender];
  const answers = f.triggerAt >= 0 && (f.family === 'reply' || f.answersWithAck);
  if (fin >= 0) {
    measure(w, f, 'fin', fin);
    if (f.silence >= SHORTEST_SILENCE_NS) return;
  }
  if (answers) {
    f.silenceBefore = 'answer';
    f.silence = f.quiet;
    f.silenceEndAt = f.triggerAt;
  } else if (f.keepAlives > 0 && f.keepAliveAt >= 0 && f.family === 'active' && !isWindowClosed(f)) {
    measure(w, f, 'probe', firstProbe(w, f));
  } else {
    const probe = answeredProbe(w, f);
    if (probe >= 0) {
      f.silenceBefore = 'answer';
      f.silence = probe > w.first ? w.time[probe] - w.time[probe - 1] : -1;
      f.silenceAt = probe - 1;
      f.silenceEndAt = probe;
      return;
    }
    measure(w, f, 'reset', f.at);
    // Packets that are not here hide the beginning of the silence.
    if (f.silence < 0) f.silence = f.idle;
    // Data that is sent again and again is no silence.
    if (f.unanswered > 0) f.silence = -1;
  }
}

/** A keep-alive probe of the receiver right before the reset, whatever the reset's numbers make of it; −1 for none. */
function answeredProbe(w: FlowWindow, f: ResetFacts): number {
  const last = f.lastAt[f.receiver];
  if (last < 0 || last !== f.at - 1 || (w.marks[last] & MARK_KEEP_ALIVE) === 0) return -1;
  return f.time - w.time[last] <= latestAnswer(f.handshake) ? last : -1;
}

function measure(w: FlowWindow, f: ResetFacts, before: ResetFacts['silenceBefore'], end: number): void {
  const start = lastUse(w, end, f.sender);
  f.silenceBefore = before;
  f.silenceAt = start;
  f.silenceEndAt = end;
  f.silence = start < 0 ? -1 : w.time[end] - w.time[start];
}

/**
 * The last packet before `end` by which the connection was used, as the side that keeps the timer saw it: anything that it sent
 * itself, or data that it had received. What crosses its FIN had not arrived when the timer fired. −1 for none.
 */
export function lastUse(w: FlowWindow, end: number, side: number): number {
  const isFin = (w.flags[end] & TCP_FIN) !== 0 && (w.flags[end] & TCP_ACK) !== 0;
  for (let i = end - 1; i >= w.first; i--) {
    if (!isUse(w, i)) continue;
    if (w.from[i] === side) return i;
    if (carries(w, i) && !(isFin && seqDelta(segmentEnd(w, i), w.ack[end]) > 0)) return i;
  }
  return -1;
}

/** Whether a packet is one of the connection's use: no reset, no probe or its answer, no segment sent again, no copy. */
export function isUse(w: FlowWindow, i: number): boolean {
  if (w.from[i] === ABOUT || (w.flags[i] & TCP_RST) !== 0 || w.isDuplicate(i)) return false;
  if ((w.marks[i] & OWN_TIMER) !== 0) return false;
  // An answer to a keep-alive whose window or time stamp moved bears no mark.
  const bare = w.payload[i] === 0 && (w.flags[i] & (TCP_SYN | TCP_FIN)) === 0;
  return !bare || i === w.first || (w.marks[i - 1] & MARK_KEEP_ALIVE) === 0 || w.from[i - 1] === w.from[i];
}

function firstProbe(w: FlowWindow, f: ResetFacts): number {
  let left = f.keepAlives;
  let first = f.keepAliveAt;
  for (let i = f.keepAliveAt; i >= w.first && left > 0; i--) {
    if (w.from[i] !== f.sender || (w.marks[i] & MARK_KEEP_ALIVE) === 0 || w.isDuplicate(i)) continue;
    first = i;
    left--;
  }
  return first;
}

/**
 * Data of the receiver that the sender's FIN does not acknowledge, and that no segment after the FIN took: it met a socket that was
 * closed. Where a segment of its own acknowledges it, the sender had closed one direction only, and went on reading.
 */
function observeCrossing(w: FlowWindow, f: ResetFacts): void {
  const fin = f.finAt[f.sender];
  if (fin < 0 || (w.flags[fin] & TCP_FIN) === 0 || (w.flags[fin] & TCP_ACK) === 0) return;
  let taken = w.ack[fin];
  for (let i = fin + 1; i < f.at; i++) {
    if (w.from[i] === f.sender && (w.flags[i] & (TCP_ACK | TCP_RST)) === TCP_ACK) {
      if (seqDelta(w.ack[i], taken) > 0) taken = w.ack[i];
    }
  }
  for (let i = w.first; i < f.at; i++) {
    if (w.from[i] !== f.receiver || w.payload[i] === 0 || (w.flags[i] & TCP_RST) !== 0) continue;
    if ((w.marks[i] & (MARK_KEEP_ALIVE | MARK_ANY_RETRANSMISSION)) !== 0 || w.isDuplicate(i)) continue;
    if (seqDelta(seqAdd(w.seq[i], w.payload[i]), taken) <= 0) continue;
    if (f.crossedAt < 0) f.crossedAt = i;
    f.crossedBytes += w.payload[i];
  }
}
