/** Evidence from time: faster than the far side can be, at a device's timer, on the heels of a request. */
import type { FlowHints } from '../../../../shared/model/hints.ts';
import { TCP_FIN } from '../../decode/facts.ts';
import { SEEN_FIN } from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { idleConstant } from '../observe/idle-constants.ts';
import type { EvidenceList } from './evidence-list.ts';

/** Round trips of the connection itself without which the smallest is not trusted as a bound. */
const ENOUGH_SAMPLES = 3;
/** … and handshakes of the sender's other connections: a busy network delays a few of them all. */
const ENOUGH_HANDSHAKES = 10;
/** Part of the smallest round trip below which an answer is too fast. */
const TOO_FAST = 0.7;
/** Round trips below this are a host's own scheduling, not a path. */
const SHORTEST_PATH_NS = 1_000_000;
/** The gain must exceed the clock's step by this, and what hosts and cards vary by. */
const CLOCK_STEPS = 5;
const JITTER_NS = 1_000_000;
/** Round trips within which a reset still belongs to the first request. */
const REQUEST_ROUND_TRIPS = 1.5;
const REQUEST_LONGEST_NS = 400_000_000;

export function timingEvidence(
  w: FlowWindow,
  f: ResetFacts,
  hints: FlowHints | undefined,
  list: EvidenceList,
): void {
  const bound = fastestAnswer(f);
  if (fasterThanRoundTrip(f)) list.add('faster-than-round-trip', f.triggerAt);
  else if (bound > 0 && f.causalDelay >= 0.9 * bound && f.causalDelay <= 1.5 * bound) {
    list.add('round-trip-fits', f.triggerAt);
  }
  if (followsFirstRequest(w, f, hints)) list.add('after-first-request', f.lastDataAt[f.receiver]);
  const closing = ((f.senderSeen | f.receiverSeen) & SEEN_FIN) !== 0;
  if (!closing && f.resetsBefore[0] + f.resetsBefore[1] === 0 && idleConstant(idleOf(f)) !== null) {
    list.add('idle-constant', f.triggerAt >= 0 && f.family === 'reply' ? f.triggerAt : f.at);
  }
}

/**
 * The least time in which the sender ever answered, here or in the handshakes of its other connections; −1 where too few
 * answers were seen to trust it, or where it is no path's but a host's own scheduling.
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

/** The silence that a timer could have measured: before an answered segment, or before an unprovoked reset. */
export function idleOf(f: ResetFacts): number {
  if (f.family === 'reply' && f.triggerAt >= 0) return f.quiet;
  return f.idle;
}

function followsFirstRequest(w: FlowWindow, f: ResetFacts, hints: FlowHints | undefined): boolean {
  // Seen from the side that asks: its first data, nothing back, then a reset in the server's name.
  if (f.sender !== 1 || f.dataPacketsBefore[1] > 0 || f.dataPacketsBefore[0] === 0) return false;
  const last = f.lastDataAt[0];
  if (last < 0 || f.dataPacketsBefore[0] > 3 || (w.flags[last] & TCP_FIN) !== 0) return false;
  const asked = (hints?.clientHelloPacket ?? null) !== null || (hints?.http ?? null) !== null;
  if (!asked) return false;
  const limit = f.rtt > 0 ? Math.min(REQUEST_LONGEST_NS, REQUEST_ROUND_TRIPS * f.rtt) : REQUEST_LONGEST_NS;
  return f.time - w.time[last] <= limit;
}
