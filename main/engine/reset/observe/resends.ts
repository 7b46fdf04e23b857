/** Data that was sent again and again: into a silence, or too large for the path. */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { MARK_ANY_RETRANSMISSION, MARK_KEEP_ALIVE, MARK_ZERO_WINDOW_PROBE } from '../../flow/marks.ts';
import { SEEN_ANY } from '../../flow/record.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

/** Segments at least this long may be too large for a path with a tunnel in it. */
const LARGE_SEGMENT = 1200;
/** A segment this much shorter than the one that did not pass counts as smaller. */
const SMALLER = 0.97;

export function observeResends(w: FlowWindow, f: ResetFacts): void {
  observeUnanswered(w, f);
  f.largeResends = largeResends(w, f, f.sender, f.receiverLastAck);
  f.peerLargeResends = largeResends(w, f, f.receiver, f.senderLastAck);
}

/**
 * Counts what the sender sent again since the receiver was last heard: data, a FIN, or probes of a closed window. Keep-alives
 * have a rule of their own.
 */
function observeUnanswered(w: FlowWindow, f: ResetFacts): void {
  const closed = isWindowClosed(f);
  let repeated = 0;
  let first = -1;
  let last = -1;
  for (let i = f.at - 1; i >= w.first; i--) {
    if (w.isDuplicate(i)) continue;
    if (w.from[i] === f.receiver) break;
    if (w.from[i] !== f.sender || (w.flags[i] & (TCP_RST | TCP_SYN)) !== 0) continue;
    const carries = w.payload[i] > 0 || (w.flags[i] & TCP_FIN) !== 0;
    const keepAlive = (w.marks[i] & MARK_KEEP_ALIVE) !== 0;
    // Linux asks for room in a closed window with what looks like a keep-alive.
    const probe = (w.marks[i] & MARK_ZERO_WINDOW_PROBE) !== 0 || (keepAlive && closed);
    if ((!carries && !probe) || (keepAlive && !probe)) continue;
    if (last < 0) last = i;
    first = i;
    if ((w.marks[i] & MARK_ANY_RETRANSMISSION) !== 0 || probe) repeated++;
  }
  f.unanswered = repeated;
  f.unansweredAt = first;
  f.unansweredLastAt = last;
}

/**
 * How often a side sent a segment of full size again that the other side never acknowledged; 0 where one of that size was, for
 * then the path carries it.
 */
function largeResends(w: FlowWindow, f: ResetFacts, side: 0 | 1, acknowledged: number): number {
  let resent = 0;
  let size = 0;
  for (let i = w.first; i < f.at; i++) {
    if (w.from[i] !== side || w.payload[i] < LARGE_SEGMENT || w.isDuplicate(i)) continue;
    if ((w.marks[i] & MARK_ANY_RETRANSMISSION) === 0 || seqDelta(w.seq[i], acknowledged) < 0) continue;
    resent++;
    if (size === 0 || w.payload[i] < size) size = w.payload[i];
  }
  if (resent === 0) return 0;
  for (let i = w.first; i < f.at; i++) {
    if (w.from[i] !== side || w.payload[i] < size * SMALLER) continue;
    if (seqDelta(seqAdd(w.seq[i], w.payload[i]), acknowledged) <= 0) return 0;
  }
  return resent;
}

/** Whether the receiver had no room: what the sender then sends asks for it. */
export function isWindowClosed(f: ResetFacts): boolean {
  return (f.receiverSeen & SEEN_ANY) !== 0 && f.receiverWindow === 0;
}

/** Retransmissions in vain from which it is not chance: Windows makes five, Linux up to fifteen. */
export const UNANSWERED_RESENDS = 3;
/** Fast repetitions within this are the answer to a burst of losses, not patience at its end. */
const SHORTEST_PATIENCE_NS = 500_000_000;

/** Whether the sender gave up a peer that no longer answered: it sent the same data several times, at growing intervals. */
export function lostPeer(w: FlowWindow, f: ResetFacts): boolean {
  if (f.unanswered < UNANSWERED_RESENDS || f.unansweredAt < 0) return false;
  if (f.family !== 'active' && !f.unprovoked) return false;
  return w.time[f.unansweredLastAt] - w.time[f.unansweredAt] >= SHORTEST_PATIENCE_NS;
}
