/**
 * The clock of one vantage as seen from another's, by packets that pass both (Paxson 1998).
 *
 *   clock-points ─▶ clock-bounds (segments between steps) ─▶ clock-hull (the line within one) ─▶ FittedClock
 *
 * A line through the hulls is the best guess; what is certain are the bounds alone, and between them the guess is kept. How transit
 * divides between the two ways cannot be seen: no interval is smaller than half the round trip.
 */
import type { ClockOffset, ClockStep } from '../../../shared/model/join.ts';
import { type Bound, CLOCK_RATE, Envelope, type Segment, boundsOf, segmentsOf } from './clock-bounds.ts';
import { hullLine } from './clock-hull.ts';
import type { ClockPoint } from './clock-points.ts';

/** With fewer packets of either way, or in a shorter time, the hulls' slope is noise. */
const LEAST_PAIRS = 20;
const LEAST_SPAN_NS = 5e9;
/** The two hulls tell the drift independently of each other; what they differ by more is noise, too. */
const MOST_DISAGREEMENT_PPM = 50;

/** One host stamps a packet for each of its captures, one after the other whichever way it goes. */
const SAME_HOST_NS = 50e3;

/** A time on another clock, and how far it may be off; null where nothing bounds it. */
export interface ClockTime {
  readonly timeNs: number;
  readonly errorNs: number | null;
}

/** One segment with its guess. */
class Piece {
  readonly fromNs: number;
  readonly toNs: number;
  readonly atNs: number;
  readonly offsetNs: number;
  readonly bounds: readonly Bound[];
  readonly isAfterStep: boolean;
  readonly #high: Envelope;
  readonly #low: Envelope;

  constructor({ bounds, isAfterStep, fromNs, toNs }: Segment, slope: number) {
    this.bounds = bounds;
    this.isAfterStep = isAfterStep;
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.#high = new Envelope(bounds, 1);
    this.#low = new Envelope(bounds, -1);
    this.atNs = this.#typicalTime();
    this.offsetNs = this.#clamp(this.#guess(slope), this.atNs);
  }

  high(timeNs: number): number {
    return this.#high.at(timeNs);
  }

  low(timeNs: number): number {
    return this.#low.at(timeNs);
  }

  /** The line's value, kept between the bounds. */
  offset(timeNs: number, slope: number): number {
    return this.#clamp(this.offsetNs + slope * (timeNs - this.atNs), timeNs);
  }

  #clamp(offsetNs: number, timeNs: number): number {
    const low = this.low(timeNs);
    const high = this.high(timeNs);
    // Bounds that cross would be two segments; rounding may still do it.
    if (low > high) return (low + high) / 2;
    return Math.min(high, Math.max(low, offsetNs));
  }

  /**
   * Where the bounds are about as far apart as they mostly are, the one nearest to the middle: extremes may be wrong. A packet that was
   * under way when a clock stepped is of either side of the step, so that one a round trip from the ends is taken, where there is any.
   */
  #typicalTime(): number {
    const all = this.bounds.map(({ timeNs }) => timeNs);
    const [first, last] = [Math.min(...all), Math.max(...all)];
    const middle = (first + last) / 2;
    const isInner = (timeNs: number): boolean => {
      const width = this.high(timeNs) - this.low(timeNs);
      return timeNs - first >= width && last - timeNs >= width;
    };
    const inner = all.filter(isInner);
    const times = inner.length > 0 ? inner : all;
    const widths = times.map((timeNs) => this.high(timeNs) - this.low(timeNs));
    const usual = [...widths].sort((a, b) => a - b)[widths.length >> 1];
    let best = 0;
    let isUsual = false;
    times.forEach((timeNs, i) => {
      if (widths[i] > usual) return;
      if (isUsual && Math.abs(timeNs - middle) >= Math.abs(times[best] - middle)) return;
      best = i;
      isUsual = true;
    });
    return times[best];
  }

  #guess(slope: number): number {
    const { atNs } = this;
    const low = this.low(atNs);
    const high = this.high(atNs);
    if (!Number.isFinite(low) || !Number.isFinite(high)) return Number.isFinite(low) ? low : high;
    if (slope === 0) return (low + high) / 2;
    // The lines touch the hulls, so that they lie farther apart than the bounds where these stray from a line.
    return (this.#touching(1, slope) + this.#touching(-1, slope)) / 2;
  }

  /** The line of that slope that touches all upper, or all lower bounds. */
  #touching(sign: 1 | -1, slope: number): number {
    let nearest = Infinity;
    for (const { isAbove, timeNs, differenceNs } of this.bounds) {
      if (isAbove !== (sign === 1)) continue;
      nearest = Math.min(nearest, sign * (differenceNs - slope * (timeNs - this.atNs)));
    }
    return sign * nearest;
  }
}

/** The second vantage's clock against the first's. */
export class FittedClock implements ClockOffset {
  readonly offsetNs: number;
  readonly offsetErrorNs: number | null;
  readonly driftPpm: number;
  readonly atNs: number;
  readonly steps: readonly ClockStep[];
  /** The smallest round trip between the vantages; null where packets of one way are missing, or nothing tells which way is which. */
  readonly roundTripNs: number | null;
  readonly #pieces: readonly Piece[];
  readonly #slope: number;

  constructor(pieces: readonly Piece[], slope: number, isDirected: boolean) {
    this.#slope = slope;
    this.#pieces = pieces;
    const main = this.#pieces.reduce((a, b) => (b.bounds.length > a.bounds.length ? b : a));
    this.atNs = main.atNs;
    this.offsetNs = main.offsetNs;
    this.offsetErrorNs = finite(
      Math.max(main.high(main.atNs) - main.offsetNs, main.offsetNs - main.low(main.atNs)),
    );
    this.driftPpm = slope * 1e6;
    this.steps = this.#pieces.slice(1).flatMap((piece, i): ClockStep[] => {
      if (!piece.isAfterStep) return [];
      const before = this.#pieces[i];
      const timeNs = (before.toNs + piece.fromNs) / 2;
      return [{ timeNs, byNs: Math.round(line(piece, timeNs, slope) - line(before, timeNs, slope)) }];
    });
    this.roundTripNs = isDirected ? smallestRoundTrip(this.#pieces) : null;
  }

  /** Whether the clock has stepped for certain: no clock without a step can have shown what was seen. */
  get hasStepped(): boolean {
    return this.#pieces.some((piece, i) => i > 0 && areApart(this.#pieces[i - 1], piece));
  }

  /** The interval in which the offset lies at a time of the first vantage. */
  interval(timeNs: number): { readonly low: number; readonly high: number; readonly guess: number } {
    let low = Infinity;
    let high = -Infinity;
    let guess: number | undefined;
    for (const piece of this.#pieces) {
      if (timeNs < piece.fromNs || timeNs > piece.toNs) continue;
      low = Math.min(low, piece.low(timeNs));
      high = Math.max(high, piece.high(timeNs));
      guess ??= piece.offset(timeNs, this.#slope);
    }
    // Between two segments nothing was seen that tells.
    if (guess === undefined) return { low: -Infinity, high: Infinity, guess: this.offsetNs };
    return { low, high, guess };
  }

  /** A time of the first vantage on the second's clock. */
  toSecond(timeNs: number): ClockTime {
    const { low, high, guess } = this.interval(timeNs);
    return { timeNs: timeNs + guess, errorNs: finite(Math.max(high - guess, guess - low)) };
  }

  /** A time of the second vantage on the first's clock. */
  toFirst(timeNs: number): ClockTime {
    // Which segment it is in depends on the answer: each says when that would be.
    let low = Infinity;
    let high = -Infinity;
    let guess: number | undefined;
    for (const piece of this.#pieces) {
      let there = timeNs - piece.offsetNs;
      there = timeNs - piece.offset(there, this.#slope);
      const width = finite(piece.high(there) - piece.low(there)) ?? 0;
      if (there + width < piece.fromNs || there - width > piece.toNs) continue;
      guess ??= there;
      low = Math.min(low, timeNs - piece.high(there));
      high = Math.max(high, timeNs - piece.low(there));
    }
    if (guess === undefined) return { timeNs: timeNs - this.offsetNs, errorNs: null };
    return { timeNs: guess, errorNs: finite(Math.max(high - guess, guess - low)) };
  }
}

function line(piece: Piece, timeNs: number, slope: number): number {
  return piece.offsetNs + slope * (timeNs - piece.atNs);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? Math.max(0, value) : null;
}

function areApart(before: Piece, after: Piece): boolean {
  const timeNs = (before.toNs + after.fromNs) / 2;
  return before.high(timeNs) < after.low(timeNs) || after.high(timeNs) < before.low(timeNs);
}

function smallestRoundTrip(pieces: readonly Piece[]): number | null {
  let least = Infinity;
  for (const piece of pieces) {
    for (const { timeNs } of piece.bounds) least = Math.min(least, piece.high(timeNs) - piece.low(timeNs));
  }
  return finite(least);
}

/** Undefined without any packet. Between its steps it gives others a turn. */
export function fitClock(
  above: readonly ClockPoint[],
  below: readonly ClockPoint[],
  stampStepNs: number,
): Generator<void, FittedClock | undefined> {
  return fit(above, below, stampStepNs, true);
}

function* fit(
  above: readonly ClockPoint[],
  below: readonly ClockPoint[],
  stampStepNs: number,
  isDirected: boolean,
): Generator<void, FittedClock | undefined> {
  const bounds = boundsOf(above, below, slack(stampStepNs, above, below));
  if (bounds.length === 0) return undefined;
  yield;
  const segments = segmentsOf(bounds);
  yield;
  const drift = driftOf(segments);
  yield;
  const pieces: Piece[] = [];
  for (const segment of segments) {
    pieces.push(new Piece(segment, drift));
    yield;
  }
  return new FittedClock(pieces, drift, isDirected);
}

/** How far a difference of stamps may be off: the clocks' steps, and numbers that cannot hold years to the nanosecond. */
function slack(stampStepNs: number, ...all: readonly (readonly ClockPoint[])[]): number {
  let largest = 0;
  for (const { timeNs, differenceNs } of all.flat()) {
    largest = Math.max(largest, Math.abs(differenceNs), Math.abs(timeNs));
  }
  return stampStepNs + 2 * Number.EPSILON * largest;
}

/** Drift by the longest segment; 0 where there is too little to tell one. */
function driftOf(segments: readonly Segment[]): number {
  const longest = segments.reduce((a, b) => (b.bounds.length > a.bounds.length ? b : a));
  const { bounds } = longest;
  const times = bounds.map(({ timeNs }) => timeNs);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const above = bounds.reduce((sum, { isAbove }) => sum + Number(isAbove), 0);
  if (Math.min(above, bounds.length - above) < LEAST_PAIRS || last - first < LEAST_SPAN_NS) return 0;
  const middle = times.reduce((sum, timeNs) => sum + (timeNs - first) / times.length, first);
  const high = hullLine(bounds, true, middle);
  const low = hullLine(bounds, false, middle);
  if (high === undefined || low === undefined) return 0;
  const slope = (high.slope + low.slope) / 2;
  const disagreement = Math.abs(high.slope - low.slope);
  return disagreement > MOST_DISAGREEMENT_PPM / 1e6 || Math.abs(slope) < disagreement / 2 ? 0 : slope;
}

/**
 * Where nothing tells which vantage is nearer to the client, the offset lies between the differences of both sides' packets, whichever
 * of them bounds it from above. Two captures of one host are further from it than that: there the later one is later both ways.
 */
export function fitUndirected(
  least: readonly ClockPoint[],
  greatest: readonly ClockPoint[],
  stampStepNs: number,
): Generator<void, FittedClock | undefined> {
  const all = [
    ...least.map((point) => ({ point, isOfClient: true })),
    ...greatest.map((point) => ({ point, isOfClient: false })),
  ].sort((a, b) => a.point.at - b.point.at);
  const above: ClockPoint[] = [];
  const below: ClockPoint[] = [];
  for (let i = 1; i < all.length; i++) {
    const [{ point: one, isOfClient }, { point: other, isOfClient: isAlike }] = [all[i - 1], all[i]];
    if (isOfClient === isAlike) continue;
    const drift = CLOCK_RATE * Math.abs(one.timeNs - other.timeNs);
    const [low, high] = one.differenceNs < other.differenceNs ? [one, other] : [other, one];
    above.push({ ...one, differenceNs: high.differenceNs + drift });
    below.push({ ...one, differenceNs: low.differenceNs - drift });
  }
  return fit(above, below, stampStepNs + SAME_HOST_NS, false);
}
