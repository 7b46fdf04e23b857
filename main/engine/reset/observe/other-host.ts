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
/** What comes sooner than this share of the least round trip comes from nearer than the host. */
const AS_SLOW = 0.7;
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
  if (!f.established || !steered || f.family === 'syn-reply') return;
  if (isAnswer && isFar) f.otherHost = 'likely';
  else if (f.rtt > 0 && since <= LATEST_NS && mayBeOther(f, since)) f.otherHost = 'maybe';
}

/**
 * A bare answer from clearly farther away, not sooner than the host of the handshake answers, to data of which that host never shows
 * that it came. A device that forges from near the client is sooner, and one that lets the data pass is betrayed by the host.
 */
function mayBeOther(f: ResetFacts, since: number): boolean {
  const hasHeard = f.afterAckAt >= 0 || f.afterCausalAt >= 0;
  const isAsSlow = since >= AS_SLOW * f.rtt;
  return (
    f.family === 'reply' && f.triggerBytes > 0 && f.hopDifference >= CLEARLY_FARTHER && isAsSlow && !hasHeard
  );
}
