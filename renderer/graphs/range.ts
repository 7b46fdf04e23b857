/** The stretch of time that graphs show, and how it is moved: it never leaves the connection, and never becomes nothing. */
export interface TimeRange {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Closer one does not come: a microsecond. */
const SHORTEST_NS = 1e3;

export function zoomed(range: TimeRange, whole: TimeRange, atNs: number, factor: number): TimeRange {
  const span = Math.min(
    whole.toNs - whole.fromNs,
    Math.max(SHORTEST_NS, (range.toNs - range.fromNs) * factor),
  );
  const share = (atNs - range.fromNs) / Math.max(1, range.toNs - range.fromNs);
  return inside(atNs - span * share, span, whole);
}

export function moved(range: TimeRange, whole: TimeRange, byNs: number): TimeRange {
  return inside(range.fromNs + byNs, range.toNs - range.fromNs, whole);
}

function inside(fromNs: number, spanNs: number, whole: TimeRange): TimeRange {
  const from = Math.max(whole.fromNs, Math.min(whole.toNs - spanNs, fromNs));
  return { fromNs: from, toNs: from + spanNs };
}

/** Round values from 0 on, no more of them than asked for; in the steps that people count in. */
export function ticksTo(most: number, count: number): number[] {
  if (!(most > 0) || count < 1) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [1, 2, 5, 10].map((one) => one * power);
  const roomy = steps.find((one) => one >= rough * (1 - 1e-9)) ?? 10 * power;
  // A scale with nothing but its 0 says nothing: one value above it there is always.
  const step = roomy <= most ? roomy : (steps.findLast((one) => one <= most) ?? roomy);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** Round times inside of a range, as offsets from `zeroNs`. */
export function timeTicks({ fromNs, toNs }: TimeRange, zeroNs: number, count: number): number[] {
  const span = toNs - fromNs;
  if (!(span > 0)) return [fromNs - zeroNs];
  const [, step] = ticksTo(span, count);
  const first = Math.ceil((fromNs - zeroNs) / step);
  const last = Math.floor((toNs - zeroNs) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}
