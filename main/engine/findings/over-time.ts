/** Resets of a burst over the time that it took: evenly, since only its first and its newest moment are kept of each. */
import type { Nanoseconds } from '../../../shared/base/units.ts';

/** Parts into which a burst is cut at most: more than a chart shows of one. */
const MOST_PARTS = 256;

/** @param take told of moments and how many resets fall there, `times` together; a single reset falls on `fromNs` */
export function overTime(
  fromNs: Nanoseconds,
  toNs: Nanoseconds,
  times: number,
  take: (ns: Nanoseconds, times: number) => void,
): void {
  const parts = Math.min(times, MOST_PARTS);
  for (let part = 0; part < parts; part++) {
    const share = Math.floor(((part + 1) * times) / parts) - Math.floor((part * times) / parts);
    const ns = part === 0 ? fromNs : fromNs + ((toNs - fromNs) * part) / (parts - 1);
    take(ns as Nanoseconds, share);
  }
}
