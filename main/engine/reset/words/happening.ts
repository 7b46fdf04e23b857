/** What several resets have in common as one event: a loop, an outage, a full queue. Findings tell it in their sentence. */
import type { CauseCode } from '../../../../shared/causes/list.ts';
import { countText } from '../../../../shared/format/count.ts';
import type { CauseContext } from '../cause/context.ts';
import { timeBetween } from '../observe/flow-window.ts';
import { clockText, delayText } from '../phrases.ts';

/** It holds for resets of this time only: of two outages each has its own begin and end. */
export interface Happening {
  /** "one loop, 301 rounds in 119.9 ms" */
  readonly text: string;
  readonly fromNs: number;
  readonly toNs: number;
}

/** What one reset is told with. */
export interface ResetDescription {
  /** Who sent it. */
  readonly label: string;
  readonly next: string;
  readonly happening: Happening | null;
}

export function happeningOf(c: CauseContext, cause: CauseCode): Happening | null {
  switch (cause) {
    case 'reset-loop':
      return loop(c);
    case 'listen-overflow':
      return fullQueue(c);
    case 'connection-refused':
      return refusals(c);
    default:
      return null;
  }
}

function loop({ f, w }: CauseContext): Happening | null {
  if (f.loopRounds === 0) return null;
  const rounds = `${f.loopCut ? 'at least ' : ''}${countText(f.loopRounds)} rounds`;
  const span = delayText(timeBetween(w, f.loopFirstAt, f.loopLastAt));
  return {
    text: `one loop, ${rounds} in ${span}`,
    fromNs: w.time[f.loopFirstAt],
    toNs: w.time[f.loopLastAt],
  };
}

function fullQueue({ f, across: { refusal } }: CauseContext): Happening | null {
  if (f.family !== 'syn-reply' || refusal.refused === 0) return null;
  const { accepted, refused } = refusal;
  return {
    text: `while others were accepted (${countText(accepted)} accepted and ${countText(refused)} refused in one moment)`,
    fromNs: -Infinity,
    toNs: Infinity,
  };
}

function refusals({ view, across: { refusal } }: CauseContext): Happening | null {
  const { pattern, from, to, before, after } = refusal;
  const time = { fromNs: from, toNs: to };
  switch (pattern) {
    case 'outage':
      return {
        text: `while it was down, between ${clockText(view, before)} and ${clockText(view, after)}`,
        ...time,
      };
    case 'stopped':
      return { text: `all since it stopped listening, after ${clockText(view, before)}`, ...time };
    case 'not-yet':
      return { text: `all before it began to listen, by ${clockText(view, after)}`, ...time };
    default:
      return null;
  }
}
