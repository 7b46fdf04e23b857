/**
 * Which packets began on the capturing machine, and which it only handed on: a router, firewall or container host sends out
 * every packet that passes it, so that leaving a machine proves nothing by itself.
 *
 * A machine handed a packet on that came in before (a capture on all interfaces shows it twice), or whose TTL is below what
 * stacks begin with. On the loopback interface a packet leaves before it comes in: there the first sight of it is its own.
 */
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { FLAG_INBOUND, FLAG_OUTBOUND } from '../../store/packet-columns.ts';
import { nextCaptureAt } from './captured-again.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { ABOUT } from './flow-window.ts';
import { hopsOf } from './hops.ts';

/**
 * Programs that talk to neighbours only set TTLs this small (BGP sends with 1); above it a TTL that no stack begins with has
 * passed routers.
 */
const SMALL_TTL = 32;

export function observeDirection(w: FlowWindow, f: ResetFacts): void {
  let handMade = 0;
  for (let i = w.first; i < f.at; i++) {
    const from = w.from[i];
    const flags = w.flags[i];
    if (from === ABOUT || w.isDuplicate(i) || (flags & (FLAG_OUTBOUND | FLAG_INBOUND)) === 0) continue;
    const isForwarded = hasPassedRouters(w.ttl[i]);
    if (from === f.sender) {
      if ((flags & TCP_RST) !== 0) continue;
      if ((flags & FLAG_INBOUND) !== 0) f.senderIn++;
      else if (!isForwarded) f.senderOut++;
      else if ((flags & (TCP_SYN | TCP_ACK)) === TCP_SYN) handMade++;
      else f.senderForwarded++;
    } else if ((flags & FLAG_INBOUND) !== 0) f.receiverIn++;
    else if (isForwarded) f.receiverForwarded++;
    else f.receiverOut++;
  }
  // A SYN alone shows no router: scanners make theirs by hand, with any TTL.
  if (f.senderForwarded === 0) f.senderOut += handMade;
  else f.senderForwarded += handMade;
  if (f.in) f.passedAt = passedAt(w, f);
}

function hasPassedRouters(ttl: number): boolean {
  return ttl > SMALL_TTL && hopsOf(ttl) > 0;
}

/** Index of the capture of the reset on its way out; −1 where there is none. */
function passedAt(w: FlowWindow, f: ResetFacts): number {
  let k = nextCaptureAt(w, f, f.at);
  while (k >= 0 && (w.flags[k] & FLAG_OUTBOUND) === 0) k = nextCaptureAt(w, f, k);
  return k;
}
