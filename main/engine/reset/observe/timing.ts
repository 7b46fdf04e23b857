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
/** So many times the answer's delay, and so much longer, must a round trip be that hardly anything but distance explains it. */
const FAR_TOO_FAST = 10;
const FAR_GAIN_NS = 50_000_000;
/** Or so many times, where it is that much longer: names are looked up before, so that the way was awake. */
const TOO_FAST_BY_FAR = 4;
const BY_FAR_NS = 100_000_000;
/** The same where one handshake alone gives the round trip, and hosts or radios that wake up might have made it longer. */
const IMPOSSIBLE = 20;
const IMPOSSIBLE_GAIN_NS = 100_000_000;
/** And where that is still a hint. */
const RATHER_FAST = 3;
const RATHER_GAIN_NS = 10_000_000;
/** From here on a handshake may hold the resend of a SYN-ACK that got lost before the capture: RFC 6298 §2.1, 1 s at first. */
const FIRST_RESEND_NS = 900_000_000;
/** Packets after the reset that may show round trips, too. */
const LATER_PACKETS = 64;
/** A reset answers what came at most so long before it, or two round trips. */
const ANSWERS_WITHIN_NS = 500_000_000;
const ANSWER_ROUND_TRIPS = 2;
/** Round trips below this are a host's own scheduling, not a path. */
const SHORTEST_PATH_NS = 1_000_000;
/** The gain must exceed the clock's step by this, and what hosts and cards vary by. */
const CLOCK_STEPS = 5;
const JITTER_NS = 1_000_000;

/** Needs `triggerAt`, `seqPlace` and `baseTtls` of the facts. */
export function observeTiming(emitters: EmitterTable, w: FlowWindow, f: ResetFacts): void {
  for (let i = f.at - 1; i >= w.first && f.rttSamples < MOST_SAMPLES; i--) {
    const sample = roundTripOf(w, f, i);
    if (sample < 0) continue;
    f.rttSamples++;
    if (f.rtt < 0 || sample < f.rtt) f.rtt = sample;
    if (endsHandshake(w, f, i)) f.handshakeTimed = true;
  }
  // Where the sender lives on, its later answers show what it can do as well; they may have waited for an application.
  const last = Math.min(w.end, f.at + 1 + LATER_PACKETS);
  for (let i = f.at + 1; i < last && f.rtt >= 0; i++) {
    const sample = roundTripOf(w, f, i);
    if (sample >= 0 && sample < f.rtt) f.rtt = sample;
  }
  const profile = emitters.profile(f.flow, f.sender);
  f.addressRtt = profile.roundTrip;
  f.addressRttFlows = profile.roundTrips;
  f.causalDelay = causalDelay(w, f);
  f.brokenSilence = brokenSilence(w, f);
}

function roundTripOf(w: FlowWindow, f: ResetFacts, i: number): number {
  const isAnswer = w.from[i] === f.sender && (w.flags[i] & (TCP_ACK | TCP_RST)) === TCP_ACK;
  return isAnswer && !w.isDuplicate(i) ? roundTripEndingAt(w, f, i) : -1;
}

/** Whether that packet of the sender is its answer in the handshake: the SYN-ACK, or the acknowledgement of it alone. */
function endsHandshake(w: FlowWindow, f: ResetFacts, i: number): boolean {
  if (f.sender === 1) return i === f.synAckAt;
  return w.payload[i] === 0 && f.synAckAt >= 0 && w.ack[i] === seqAdd(w.seq[f.synAckAt], 1);
}

/** The silence that the receiver's packets right before the reset ended, where the reset comes as soon as an answer to them. */
function brokenSilence(w: FlowWindow, f: ResetFacts): number {
  const last = f.lastAt[f.receiver];
  if (last < 0 || last < f.lastAt[f.sender]) return -1;
  if (f.time - w.time[last] > Math.max(ANSWERS_WITHIN_NS, ANSWER_ROUND_TRIPS * f.rtt)) return -1;
  let longest = -1;
  for (let i = last; i > w.first; i--) {
    longest = Math.max(longest, w.time[i] - w.time[i - 1]);
    if (w.from[i - 1] !== f.receiver) break;
  }
  return longest;
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
    // A server that showed nothing but its SYN-ACK has no connection to abort before the handshake's last ACK reaches it.
    const hasConnection = f.sender === 0 || f.packetsBefore[1] > 1 || !f.established;
    const spontaneous = hasConnection && (!isLinuxSender(f) || f.lossy || f.oneSided || w.cutBefore);
    if (f.seqPlace === 'next' && first !== f.triggerAt && spontaneous) return -1;
  } else if ((w.marks[first] & MARK_ANY_RETRANSMISSION) !== 0 && !resetBetween(w, f, first)) {
    return -1;
  }
  return Math.max(0, f.time - w.time[first]);
}

/** Whether a reset had answered the segment already when it was sent again: then this one answers the newer copy. */
function resetBetween(w: FlowWindow, f: ResetFacts, resent: number): boolean {
  const lowest = Math.max(w.first, resent - LOOK_BACK);
  let answered = false;
  for (let i = resent - 1; i >= lowest; i--) {
    if (w.from[i] === f.sender && (w.flags[i] & TCP_RST) !== 0) answered = true;
    else if (w.from[i] === f.receiver && w.seq[i] === w.seq[resent]) return answered;
  }
  return false;
}

/** Whether a segment takes room in the sequence: data, SYN or FIN (RFC 9293 §3.4). */
export function carries(w: FlowWindow, i: number): boolean {
  return w.payload[i] > 0 || (w.flags[i] & (TCP_SYN | TCP_FIN)) !== 0;
}

/** The number after a segment. */
export function segmentEnd(w: FlowWindow, i: number): number {
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
  const fastest = leastAnswer(f);
  return fastest >= SHORTEST_PATH_NS ? fastest : -1;
}

/** Causality: what the reset answers cannot have reached its sender and the reset come back in this time. */
export function fasterThanRoundTrip(f: ResetFacts): boolean {
  const bound = fastestAnswer(f);
  if (bound < 0 || f.causalDelay < 0) return false;
  const gain = bound - f.causalDelay;
  return f.causalDelay < TOO_FAST * bound && gain > Math.max(JITTER_NS, CLOCK_STEPS * f.clockStep);
}

/** How an answer's delay compares with what the sender was ever seen to need. */
export type Haste = 'impossible' | 'far-too-fast' | 'too-fast' | 'rather-fast' | 'possible';

/**
 * One handshake is a bound as well, weighed by how many times and how much the answer came sooner: what makes a first round trip
 * too long (address resolution, a radio or a host that wakes up) seldom makes it that long. A host that answers later than its
 * network must only makes the bound higher after the handshake, which the smallest of all samples does not follow.
 */
export function hasteOf(f: ResetFacts): Haste {
  const bound = leastAnswer(f);
  if (f.causalDelay < 0 || bound < SHORTEST_PATH_NS) return 'possible';
  const gain = bound - f.causalDelay;
  const times = bound / Math.max(f.causalDelay, f.clockStep);
  const handshakes = (f.handshakeTimed ? 1 : 0) + (f.sender === 1 ? f.addressRttFlows : 0);
  const isKnown =
    (f.handshakeTimed && f.rttSamples >= ENOUGH_SAMPLES) || f.addressRttFlows >= ENOUGH_HANDSHAKES;
  const isClear = handshakes > 0 && !f.lossy && !f.oneSided && f.clockStep * CLOCK_STEPS < gain;
  if (isClear && (isKnown || bound < FIRST_RESEND_NS)) {
    if (times >= IMPOSSIBLE && gain >= IMPOSSIBLE_GAIN_NS) return 'impossible';
    if (times >= FAR_TOO_FAST && gain >= FAR_GAIN_NS) return isKnown ? 'impossible' : 'far-too-fast';
    if (times >= TOO_FAST_BY_FAR && gain >= BY_FAR_NS) return 'far-too-fast';
  }
  if (fasterThanRoundTrip(f)) return 'too-fast';
  return isClear && times >= RATHER_FAST && gain >= RATHER_GAIN_NS ? 'rather-fast' : 'possible';
}

/** The least time in which the sender was seen to answer, however seldom that was; −1 where it never was. */
export function leastAnswer(f: ResetFacts): number {
  if (f.rtt < 0 || f.addressRtt < 0) return Math.max(f.rtt, f.addressRtt);
  return Math.min(f.rtt, f.addressRtt);
}

/**
 * Share of the sender's round trip after which the reset came, where that is too short for the sender: its maker is within that
 * share of the way. −1 where time says nothing.
 */
export function shareOfRoundTrip(f: ResetFacts): number {
  const haste = hasteOf(f);
  return haste === 'possible' || haste === 'rather-fast' ? -1 : f.causalDelay / leastAnswer(f);
}
