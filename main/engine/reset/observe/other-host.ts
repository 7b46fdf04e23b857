/**
 * A reset from farther away and later than the host that made the handshake comes from no device before that host: another
 * host of the address got a packet of the connection (anycast, several equal routes, a farm behind one address).
 */
import { TCP_RST } from '../../decode/facts.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

/** Routes change by a hop. */
const CLEARLY_FARTHER = 2;
/** The answer of the farther host takes so much longer than the handshake, as a share and in all, and no longer than that. */
const LATER = 1.15;
const LATER_NS = 500_000;
const MUCH_LATER = 1.5;
const LATEST_NS = 1_000_000_000;
/** The six upper bits of the type of service, RFC 2474 §3; the lower two are for congestion, and change on their own. */
const DSCP = 0xfc;

/** Needs the header, `rtt` and `afterTakenAt` of the facts. */
export function observeOtherHost(w: FlowWindow, f: ResetFacts): void {
  const last = f.lastAt[f.receiver];
  if (f.sender !== 1 || f.synAt < 0 || w.from[f.synAt] !== 0 || last <= f.synAt) return;
  const changed = w.ttl[last] !== w.ttl[f.synAt] || ((w.tos[last] ^ w.tos[f.synAt]) & DSCP) !== 0;
  if (changed && (w.flags[last] & TCP_RST) === 0) f.steeredAt = last;
  if (f.measuredIn !== 'flow' || f.baseTtls !== 1 || !(f.hopDifference > 0)) return;
  const since = f.time - w.time[last];
  const isAnswer = f.rtt > 0 && since >= LATER * f.rtt && since >= f.rtt + LATER_NS && since <= LATEST_NS;
  // A route that changed by a hop takes no longer for it, and a kernel answers at once.
  const isFar = f.hopDifference >= CLEARLY_FARTHER || (f.family === 'reply' && since >= MUCH_LATER * f.rtt);
  // The host that took what the reset rejects was not passed over.
  const steered = f.afterTakenAt < 0 && f.resetsBefore[1] === 0;
  f.otherHost = f.established && isAnswer && isFar && steered && f.family !== 'syn-reply';
}
