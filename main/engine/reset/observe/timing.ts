/**
 * How fast the far side can answer, and how fast this reset came. The near round trip is the time from a segment
 * passing the capture point towards the sender until the sender's acknowledgement of it passes back; its minimum
 * bounds what the real sender can do.
 */
import { seqAdd } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { MARK_ANY_RETRANSMISSION } from '../../flow/marks.ts';
import type { EmitterTable } from './emitters.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { isLinuxSender } from './stacks.ts';

/** How far back the segment is sought that a packet acknowledges. */
const LOOK_BACK = 24;
/** Samples are taken from so many packets at most: the newest say enough. */
const MOST_SAMPLES = 64;

/** Round trips of the connection itself without which the smallest is not trusted as a bound. */
const ENOUGH_SAMPLES = 3;
/** The same for handshakes of the sender's other connections: a busy network delays a few of them all. */
const ENOUGH_HANDSHAKES = 10;
/** Part of the smallest round trip below which an answer is too fast. */
const TOO_FAST = 0.7;
/** Round trips below this are a host's own scheduling, not a path. */
const SHORTEST_PATH_NS = 1_000_000;
/** The gain must exceed the clock's step by this, and what hosts and cards vary by. */
const CLOCK_STEPS = 5;
const JITTER_NS = 1_000_000;

/** Needs `triggerAt`, `seqPlace` and `baseTtls` of the facts. */
export function observeTiming(emitters: EmitterTable, w: FlowWindow, f: ResetFacts): void {
  for (let i = f.at - 1; i >= w.first && f.rttSamples < MOST_SAMPLES; i--) {
    if (w.from[i] !== f.sender || (w.flags[i] & (TCP_ACK | TCP_RST)) !== TCP_ACK || w.isDuplicate(i))
      continue;
    const sample = roundTripEndingAt(w, f, i);
    if (sample < 0) continue;
    f.rttSamples++;
    if (f.rtt < 0 || sample < f.rtt) f.rtt = sample;
  }
  const profile = emitters.profile(f.flow, f.sender);
  f.addressRtt = profile.roundTrip;
  f.addressRttFlows = profile.roundTrips;
  f.causalDelay = causalDelay(w, f);
}

/** Time since the segment whose end this packet acknowledges was first sent; −1 where it is not seen or ambiguous. */
function roundTripEndingAt(w: FlowWindow, f: ResetFacts, i: number): number {
  const lowest = Math.max(w.first, i - LOOK_BACK);
  for (let k = i - 1; k >= lowest; k--) {
    if (w.from[k] === f.sender) {
      // Then the earlier packet of the sender, with the same acknowledgement, was the answer.
      if ((w.flags[k] & TCP_ACK) !== 0 && w.ack[k] === w.ack[i]) return -1;
      continue;
    }
    if (w.from[k] !== f.receiver || w.isDuplicate(k)) continue;
    if (segmentEnd(w, k) === w.ack[i] && carries(w, k)) {
      return (w.marks[k] & MARK_ANY_RETRANSMISSION) !== 0 ? -1 : w.time[i] - w.time[k];
    }
  }
  return -1;
}

/**
 * Delay between the reset and the segment without which its numbers could not be known: the one that a RST+ACK
 * acknowledges, or the first whose ACK number a bare reset took. −1 where there is none.
 */
function causalDelay(w: FlowWindow, f: ResetFacts): number {
  if (f.triggerAt < 0) return -1;
  let first = f.triggerAt;
  if (!f.hasAck) {
    // Any earlier segment with the same ACK number may have provoked it just as well.
    for (let i = f.triggerAt - 1; i >= w.first; i--) {
      if (w.from[i] !== f.receiver || (w.flags[i] & TCP_ACK) === 0 || w.ack[i] !== f.seq) continue;
      first = i;
    }
    // The sender already knew this number when it sent its last data, and some stacks abort without ACK, unprovoked.
    // Linux' resets without ACK always answer a segment: the earliest that may be it bounds the delay.
    const spontaneous = !isLinuxSender(f) || f.lossy || f.oneSided || w.cutBefore;
    if (f.seqPlace === 'next' && first !== f.triggerAt && spontaneous) return -1;
  } else if ((w.marks[first] & MARK_ANY_RETRANSMISSION) !== 0) {
    return -1;
  }
  return Math.max(0, f.time - w.time[first]);
}

function carries(w: FlowWindow, i: number): boolean {
  return w.payload[i] > 0 || (w.flags[i] & (TCP_SYN | TCP_FIN)) !== 0;
}

function segmentEnd(w: FlowWindow, i: number): number {
  const flags = w.flags[i];
  const consumed = ((flags & TCP_SYN) !== 0 ? 1 : 0) + ((flags & TCP_FIN) !== 0 ? 1 : 0);
  return seqAdd(w.seq[i], w.payload[i] + consumed);
}

/**
 * The least time in which the sender ever answered, here or in the handshakes of its other connections; −1 where too few
 * answers were seen to trust it, or where it is a host's own scheduling rather than a path.
 */
export function fastestAnswer(f: ResetFacts): number {
  if (f.rttSamples < ENOUGH_SAMPLES && f.addressRttFlows < ENOUGH_HANDSHAKES) return -1;
  const both = f.rtt >= 0 && f.addressRtt >= 0;
  const fastest = both ? Math.min(f.rtt, f.addressRtt) : Math.max(f.rtt, f.addressRtt);
  return fastest >= SHORTEST_PATH_NS ? fastest : -1;
}

/** Causality: what the reset answers cannot have reached its sender and the reset come back in this time. */
export function fasterThanRoundTrip(f: ResetFacts): boolean {
  const bound = fastestAnswer(f);
  if (bound < 0 || f.causalDelay < 0) return false;
  const gain = bound - f.causalDelay;
  return f.causalDelay < TOO_FAST * bound && gain > Math.max(JITTER_NS, CLOCK_STEPS * f.clockStep);
}

/** The silence that a timer could have measured, see `silence.ts`. */
export function idleOf(f: ResetFacts): number {
  return f.silence;
}
