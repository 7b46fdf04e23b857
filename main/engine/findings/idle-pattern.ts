/** Recognises a timer by the silence that it leaves before its resets. */
import type { IdlePattern } from '../../../shared/model/finding.ts';
import { knownTimer } from '../reset/observe/idle-constants.ts';

/** Silences without which there is no pattern. */
const ENOUGH = 3;
/** Where there are this many silences, a tenth at either end may be something else that happened to the same server. */
const MANY = 10;
/** Shorter silences are round trips and think times; no middlebox has such a timeout. */
const SHORTEST_S = 2;
/** Timers of coarse clocks fire this far apart. */
const SPREAD_S = 1;
const SPREAD_SHARE = 0.03;

export interface FoundPattern extends IdlePattern {
  /** The silences are constant without an exception. */
  readonly always: boolean;
}

/** @param seconds silences, ascending; only those that are known */
export function idlePattern(seconds: Float64Array): FoundPattern | null {
  const n = seconds.length;
  if (n === 0) return null;
  const median = n % 2 === 1 ? seconds[n >> 1] : (seconds[n / 2 - 1] + seconds[n / 2]) / 2;
  const cut = n >= MANY ? Math.floor(n / 10) : 0;
  const spread = seconds[n - 1 - cut] - seconds[cut];
  const narrow = Math.max(SPREAD_S, median * SPREAD_SHARE);
  const constant = n >= ENOUGH && median >= SHORTEST_S && spread <= narrow;
  return {
    medianSeconds: median,
    spreadSeconds: spread,
    constant,
    always: constant && seconds[n - 1] - seconds[0] <= narrow,
    matchesKnownTimeout: constant || n < ENOUGH ? commonConstant(seconds, cut) : null,
  };
}

/** The constant that all silences but those cut off match. */
function commonConstant(seconds: Float64Array, cut: number): string | null {
  const lowest = knownTimer(seconds[cut] * 1e9);
  const highest = knownTimer(seconds[seconds.length - 1 - cut] * 1e9);
  return lowest !== null && lowest === highest ? lowest.names : null;
}
