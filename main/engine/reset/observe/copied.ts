/**
 * What of the reset's header was copied from a packet of its receiver. A device that turns a packet round copies its TTL as well,
 * so that the TTL then says how many routers the packet passed there and back, and not how far away its maker is.
 */
import { TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { initialTtl } from './hops.ts';

/** Newest packets of the other side whose IP-ID an injector may have copied. */
const COPY_LOOK_BACK = 3;
/** Differences of successive IP-IDs up to this belong to one counter. */
const COUNTER_STEP = 64;
/** Routers that a packet passes there and back at most; and up to where that is likelier than a TTL of the device's own. */
const MOST_PASSAGES = 64;
const FEW_PASSAGES = 8;

/** Needs `family`, `lastIpId` of the facts. */
export function observeCopied(w: FlowWindow, f: ResetFacts): void {
  f.copiedIpIdAt = copiedIpId(w, f);
  f.copiedWindowAt = copiedWindow(w, f);
  const at = Math.max(f.copiedIpIdAt, f.copiedWindowAt);
  if (at < 0) return;
  const passages = w.ttl[at] - f.ttl;
  if (passages < 0 || passages > MOST_PASSAGES) return;
  const isWhole = f.copiedIpIdAt >= 0 && w.window[f.copiedIpIdAt] === f.window && f.window !== 0;
  if (isWhole && passages <= FEW_PASSAGES) f.passages = passages;
  // A TTL of its own that merely lies below the other one would be that of a device so far away: both can be.
  else f.maybeCopiedTtl = initialTtl(f.ttl) === initialTtl(w.ttl[at]);
}

function copiedIpId(w: FlowWindow, f: ResetFacts): number {
  if (f.ipv6 || f.ipId === 0) return -1;
  // The sender's own counter may meet the other side's by chance.
  const ownStep = f.lastIpId < 0 ? 0x8000 : (f.ipId - f.lastIpId) & 0xffff;
  if (ownStep <= COUNTER_STEP) return -1;
  let found = -1;
  let seen = 0;
  for (let i = f.at - 1; i >= w.first && seen < COPY_LOOK_BACK; i--) {
    if (w.from[i] !== f.receiver || (w.flags[i] & TCP_RST) !== 0) continue;
    seen++;
    if (w.ipId[i] === f.ipId) found = i;
  }
  return found;
}

function copiedWindow(w: FlowWindow, f: ResetFacts): number {
  if (f.window === 0) return -1;
  const at = newestAt(w, f.receiver, f.at, true);
  if (at < 0 || w.window[at] !== f.window) return -1;
  // Windows of both sides start alike, and grow: the sender's own has to be known and unlike.
  const own = newestWindow(w, f.sender, f.at, f.family !== 'active');
  const isUnlike = own < 0 ? f.family !== 'active' : f.window < own / 2 || f.window > 2 * own;
  return isUnlike ? at : -1;
}

/** Window of the newest segment of a side, −1 without one; windows in SYNs are not scaled and seldom compare. */
export function newestWindow(w: FlowWindow, side: number, at: number, withSyn: boolean): number {
  const newest = newestAt(w, side, at, withSyn);
  return newest < 0 ? -1 : w.window[newest];
}

function newestAt(w: FlowWindow, side: number, at: number, withSyn: boolean): number {
  for (let i = at - 1; i >= w.first; i--) {
    if (w.from[i] !== side || (w.flags[i] & TCP_RST) !== 0) continue;
    if (withSyn || (w.flags[i] & TCP_SYN) === 0) return i;
  }
  return -1;
}
