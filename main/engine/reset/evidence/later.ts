/** How long after the reset a packet came, for people. */
import { delayText } from '../phrases.ts';
import type { Telling } from './entry.ts';

/** "12.3 ms", from the reset to the packet that the evidence rests on; empty without one. */
export function later({ at, w, f }: Telling): string {
  return at >= 0 ? delayText(w.time[at] - f.time) : '';
}
