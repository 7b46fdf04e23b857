import { threeDigits } from './digits.ts';

const MICROSECOND = 1e3;
const MILLISECOND = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds stay seconds up to here: timeouts are configured and searched for as `350 s`. */
const SECONDS_UNTIL = 10 * MINUTE;

/**
 * A duration for people: `840 ns`, `12.3 ms`, `350 s`, `25 min 3 s`, `2 h 5 min`, `3 d 4 h`.
 * @param ns nanoseconds
 */
export function durationText(ns: number): string {
  if (!Number.isFinite(ns)) return 'unknown';
  if (ns < 0) return `-${durationText(-ns)}`;
  // Each bound is where the rounded value would reach the next unit, so that no `1000 ms` is written.
  if (ns < 999.5) return `${threeDigits(ns)} ns`;
  if (ns < 999.5 * MICROSECOND) return `${threeDigits(ns / MICROSECOND)} µs`;
  if (ns < 999.5 * MILLISECOND) return `${threeDigits(ns / MILLISECOND)} ms`;
  if (ns < SECONDS_UNTIL - SECOND / 2) return `${threeDigits(ns / SECOND)} s`;
  if (ns < HOUR - SECOND / 2) return pair(ns, MINUTE, 'min', SECOND, 's');
  if (ns < DAY - MINUTE / 2) return pair(ns, HOUR, 'h', MINUTE, 'min');
  return pair(ns, DAY, 'd', HOUR, 'h');
}

/** Two units, rounded to the smaller one, which is left out where it is 0. */
function pair(ns: number, large: number, largeName: string, small: number, smallName: string): string {
  const smalls = Math.round(ns / small);
  const perLarge = large / small;
  const rest = smalls % perLarge;
  const head = `${Math.floor(smalls / perLarge)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}
