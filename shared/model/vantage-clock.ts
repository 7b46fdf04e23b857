/** Times of one capture on the clock of another. */
import type { ClockOffset } from './join.ts';

/** How much the clock is ahead of the reference at that time of the reference. */
export function offsetAt({ offsetNs, driftPpm, atNs, steps }: ClockOffset, timeNs: number): number {
  let offset = offsetNs + (driftPpm * (timeNs - atNs)) / 1e6;
  for (const step of steps) {
    if (step.timeNs > atNs && step.timeNs <= timeNs) offset += step.byNs;
    else if (step.timeNs <= atNs && step.timeNs > timeNs) offset -= step.byNs;
  }
  return offset;
}

/** A time of that clock as the reference would have shown it. */
export function correctedNs(clock: ClockOffset, timeNs: number): number {
  // The offset is told by the time of the reference, which is what is asked for: the second guess is off by a share of the drift alone.
  const guess = timeNs - offsetAt(clock, timeNs - clock.offsetNs);
  return timeNs - offsetAt(clock, guess);
}

/** How far the difference of two corrected times may be off; null where it has no bound. */
export function differenceErrorNs(one: ClockOffset, other: ClockOffset): number | null {
  return one.offsetErrorNs === null || other.offsetErrorNs === null
    ? null
    : one.offsetErrorNs + other.offsetErrorNs;
}
