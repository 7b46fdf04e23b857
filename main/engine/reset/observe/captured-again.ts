/** Other captures of a reset's own packet: one capture point may see it on its way in and on its way out. */
import { TCP_RST } from '../../decode/facts.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

/** Packets of the flow that may lie between two captures of one packet. */
const LOOK_AROUND = 8;

/** Index of the first capture of a packet of which the reset is a further one; −1 where it is not near. */
export function firstCaptureAt(w: FlowWindow, f: ResetFacts): number {
  for (let k = f.at - 1; k >= w.first && k >= f.at - LOOK_AROUND; k--)
    if (isSameReset(w, f, k) && !w.isDuplicate(k)) return k;
  return -1;
}

/** Index of the next capture of the reset's packet behind `after`; −1 where none is near the reset. */
export function nextCaptureAt(w: FlowWindow, f: ResetFacts, after: number): number {
  for (let k = after + 1; k < w.end && k <= f.at + LOOK_AROUND; k++)
    if (isSameReset(w, f, k) && w.isDuplicate(k)) return k;
  return -1;
}

function isSameReset(w: FlowWindow, f: ResetFacts, k: number): boolean {
  return w.from[k] === f.sender && w.seq[k] === f.seq && (w.flags[k] & TCP_RST) !== 0;
}
