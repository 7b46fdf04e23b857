/** Evidence from time: faster than the far side can be, at a device's timer, on the heels of a request. */
import type { FlowHints } from '../../../../shared/model/hints.ts';
import { TCP_FIN } from '../../decode/facts.ts';
import { SEEN_FIN } from '../../flow/record.ts';
import type { ResetFacts } from '../facts.ts';
import type { FlowWindow } from '../flow-window.ts';
import { idleConstant } from '../idle-constants.ts';
import type { EvidenceList } from './evidence-list.ts';

/** Samples without which the smallest round trip is not trusted as a bound. */
const ENOUGH_SAMPLES = 3;
/** Part of the smallest round trip below which an answer is too fast. */
const TOO_FAST = 0.7;
/** Round trips below this are a host's own scheduling, not a path. */
const SHORTEST_PATH_NS = 1_000_000;
/** The gain must exceed the clock's step by this. */
const CLOCK_STEPS = 5;
/** Round trips within which a reset still belongs to the first request. */
const REQUEST_ROUND_TRIPS = 1.5;
const REQUEST_LONGEST_NS = 400_000_000;

export function timingEvidence(
  w: FlowWindow,
  f: ResetFacts,
  hints: FlowHints | undefined,
  list: EvidenceList,
): void {
  if (f.rttSamples >= ENOUGH_SAMPLES && f.causalDelay >= 0 && f.rtt >= SHORTEST_PATH_NS) {
    const gain = f.rtt - f.causalDelay;
    if (f.causalDelay < TOO_FAST * f.rtt && gain > CLOCK_STEPS * f.clockStep) {
      list.add('faster-than-round-trip', f.triggerAt);
    } else if (f.causalDelay >= 0.9 * f.rtt && f.causalDelay <= 1.5 * f.rtt) {
      list.add('round-trip-fits', f.triggerAt);
    }
  }
  if (followsFirstRequest(w, f, hints)) list.add('after-first-request', f.lastDataAt[f.receiver]);
  const closing = ((f.senderSeen | f.receiverSeen) & SEEN_FIN) !== 0;
  if (!closing && f.resetsBefore[0] + f.resetsBefore[1] === 0 && idleConstant(idleOf(f)) !== null) {
    list.add('idle-constant', f.triggerAt >= 0 && f.family === 'reply' ? f.triggerAt : f.at);
  }
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
