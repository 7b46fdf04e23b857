/**
 * Round widths for what is counted over time: people read "2 s a bar", not "384 ms a bar".
 *
 * Below a second widths are 1, 2 or 5 times a power of ten; from there on they are what clocks show, up to days.
 */

const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [1, 2, 5] as const;
/** Each divides the next but one, so that bars of a zoomed view fall together with those of the whole. */
const CLOCK_WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
] as const;

/**
 * The smallest round width of which `most` cover the span.
 * @param spanNs nanoseconds; 0 and less give the smallest width
 * @returns nanoseconds, a whole number, 1 at least
 */
export function roundWidthNs(spanNs: number, most: number): number {
  const wanted = spanNs / Math.max(1, most);
  if (!(wanted > 1)) return 1;
  if (wanted <= SECOND / 2) return stepAbove(wanted);
  return CLOCK_WIDTHS.find((width) => width >= wanted) ?? stepAbove(wanted / DAY) * DAY;
}

/** The smallest of 1, 2, 5, 10, 20, 50, … that is not below. */
function stepAbove(wanted: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) if (step * power >= wanted) return step * power;
  }
}

/** Bars side by side from `fromNs` on; the last of them holds `toNs`. */
export interface Buckets {
  /** A multiple of the width from zero. */
  readonly fromNs: number;
  readonly widthNs: number;
  readonly count: number;
}

/**
 * Bars of a round width over [fromNs, toNs], both of which lie in one, that begin at multiples of the width.
 * @param fromNs, toNs nanoseconds since whatever zero the bars are to be aligned to
 * @param most bars
 */
export function bucketsOver(fromNs: number, toNs: number, most: number): Buckets {
  const limit = Math.max(2, Math.floor(most));
  let widthNs = roundWidthNs(toNs - fromNs, limit);
  for (;;) {
    const first = Math.floor(fromNs / widthNs);
    const count = Math.max(1, Math.floor(toNs / widthNs) - first + 1);
    if (count <= limit) return { fromNs: first * widthNs, widthNs, count };
    // Aligned bars may need one more than the span alone: the next round width then does.
    widthNs = roundWidthNs(widthNs + 1, 1);
  }
}
