/** Words that several failures share. */
import { durationText } from '../../../shared/format/duration.ts';
import { countText } from '../../../shared/format/count.ts';
import { logTime } from '../../../shared/format/time.ts';
import type { EndingCase } from './found.ts';

export function secondsOf(ns: number): number {
  return Math.max(0, Math.round(ns / 1e6) / 1e3);
}

/** When to look for it in a log. */
export function whenText({ view }: EndingCase, ns: number): string {
  return logTime(view.epochNs, ns);
}

export function spanText(seconds: number): string {
  return durationText(Math.max(0, seconds) * 1e9);
}

/** "once", "4 times". */
export function timesText(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`;
}

/** A probability that claims neither impossibility nor certainty. */
export function bounded(value: number, low = 0.01, high = 0.99): number {
  return Math.min(high, Math.max(low, value));
}
