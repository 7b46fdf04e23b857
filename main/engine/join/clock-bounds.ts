/**
 * Bounds of a clock's offset over time, between its steps.
 *
 * Nothing is assumed of a clock but that between two steps it never gains or loses faster than CLOCK_RATE_PPM. A bound at one time
 * therefore bounds all other times of its segment, the looser the farther they are. What no such clock can have shown is a step.
 */
import type { ClockPoint } from './clock-points.ts';

/**
 * Two clocks part at most this fast: crystals are specified to within 50 ppm each, and ntpd (RFC 5905) and the kernel's `adjtime` slew
 * by at most 500 ppm.
 */
export const CLOCK_RATE_PPM = 600;
export const CLOCK_RATE = CLOCK_RATE_PPM / 1e6;

/** An upper (`isAbove`) or lower bound. */
export interface Bound extends ClockPoint {
  readonly isAbove: boolean;
}

/** Bounds that one clock without a step can have shown, in capture order. */
export interface Segment {
  readonly bounds: readonly Bound[];
  /** Whether it begins where the clock clearly stepped, and not only perhaps. */
  readonly isAfterStep: boolean;
  /** Whether nothing contradicts the bounds before it, so that it is less clear where it begins. */
  readonly isAfterShift: boolean;
  /** Of the first vantage: when it holds at the earliest and at the latest. Where a step happened is not exactly known: ranges overlap. */
  fromNs: number;
  toNs: number;
}

/** The tightest bounds that hold at the same time. */
class Band {
  #high = Infinity;
  #highNs = 0;
  #low = -Infinity;
  #lowNs = 0;

  highAt(timeNs: number): number {
    return this.#high + CLOCK_RATE * Math.abs(timeNs - this.#highNs);
  }

  lowAt(timeNs: number): number {
    return this.#low - CLOCK_RATE * Math.abs(timeNs - this.#lowNs);
  }

  admits({ isAbove, timeNs, differenceNs }: Bound): boolean {
    return isAbove ? differenceNs >= this.lowAt(timeNs) : differenceNs <= this.highAt(timeNs);
  }

  add({ isAbove, timeNs, differenceNs }: Bound): void {
    if (isAbove && differenceNs < this.highAt(timeNs)) {
      this.#high = differenceNs;
      this.#highNs = timeNs;
    } else if (!isAbove && differenceNs > this.lowAt(timeNs)) {
      this.#low = differenceNs;
      this.#lowNs = timeNs;
    }
  }
}

/**
 * All bounds in capture order.
 * @param slackNs how far stamps may be off
 */
export function boundsOf(
  above: readonly ClockPoint[],
  below: readonly ClockPoint[],
  slackNs: number,
): Bound[] {
  const bounds = [
    ...above.map((point) => ({ ...point, differenceNs: point.differenceNs + slackNs, isAbove: true })),
    ...below.map((point) => ({ ...point, differenceNs: point.differenceNs - slackNs, isAbove: false })),
  ];
  return bounds.sort((a, b) => a.at - b.at || Number(b.isAbove) - Number(a.isAbove));
}

/** So many bounds of the other kind after one that does not fit tell whether it is wrong or the clock has stepped. */
const WITNESSES = 3;

/** Segments of which each fits one clock; bounds that nothing around them agrees with are left out. */
export function segmentsOf(bounds: readonly Bound[]): Segment[] {
  const groups: Bound[][] = [];
  let group: Bound[] = [];
  let band = new Band();
  bounds.forEach((bound, i) => {
    if (!band.admits(bound)) {
      if (isStray(bounds, i)) return;
      groups.push(group);
      group = [];
      band = new Band();
    }
    band.add(bound);
    group.push(bound);
  });
  groups.push(group);
  // A packet that was matched with a wrong one makes a segment of its own.
  const lasting = groups.filter(({ length }) => length > 1);
  const kept = joinAgreeing(lasting.length > 0 ? lasting : groups.slice(0, 1));
  const segments: Segment[] = [];
  for (const own of kept) {
    for (const [i, { bounds: part, isClear }] of splitShifts(own).entries()) {
      const isAfterShift = i > 0;
      segments.push({ bounds: part, isAfterStep: isClear, isAfterShift, fromNs: -Infinity, toNs: Infinity });
    }
  }
  for (let i = 1; i < segments.length; i++) meet(segments[i - 1], segments[i]);
  return segments;
}

/** Most of what bounds the offset from the other side soon afterwards contradicts it as well. */
function isStray(bounds: readonly Bound[], at: number): boolean {
  const own = new Band();
  own.add(bounds[at]);
  let witnesses = 0;
  let against = 0;
  for (let i = at + 1; i < bounds.length && witnesses < WITNESSES; i++) {
    if (bounds[i].isAbove === bounds[at].isAbove) continue;
    witnesses++;
    if (!own.admits(bounds[i])) against++;
  }
  return witnesses === 0 || against * 2 > witnesses;
}

/** Segments that were parted by nothing but wrong matches are one. */
function joinAgreeing(groups: readonly Bound[][]): Bound[][] {
  const joined: Bound[][] = [];
  for (const group of groups) {
    const last = joined.at(-1);
    if (last !== undefined && agree(last, group)) last.push(...group);
    else joined.push(group);
  }
  return joined;
}

function agree(before: readonly Bound[], after: readonly Bound[]): boolean {
  const band = new Band();
  for (const bound of before) band.add(bound);
  return after.every((bound) => {
    const fits = band.admits(bound);
    band.add(bound);
    return fits;
  });
}

// ── Steps that are smaller than a round trip ─────────────────────────────────────────────────────────────────

/** Bounds of each kind that are looked at on either side. */
const WINDOW = 12;
/** With fewer on one side a shift is never clear. */
const CLEAR_WINDOW = 6;
/** Bounds on either side of a shift of which nobody can tell which side they are of. */
const GUARD = 6;
/** Steps below this share of the round trip hardly ever take the truth out of the interval. */
const LEAST_SHIFT = 0.2;
const LEAST_SUSPECTED_SHIFT = 0.3;
/** What crystals alone may do meanwhile, for a suspicion. */
const CRYSTAL_RATE = 100e-6;

interface Part {
  readonly bounds: readonly Bound[];
  readonly isClear: boolean;
}

interface Shift {
  readonly sizeNs: number;
  readonly isClear: boolean;
}

/**
 * A step moves the bounds of both kinds by the same amount at one time, while a change of the way moves one of them, or both apart. One
 * that is smaller than the round trip contradicts nothing, and yet bounds from before it would be wrong after it. It costs little to
 * part bounds where there was no step, so that a suspicion suffices for it; only what is clear is told.
 */
function splitShifts(bounds: readonly Bound[]): Part[] {
  const parts: Part[] = [];
  let rest = bounds;
  let isClear = true;
  for (;;) {
    const found = firstShift(rest);
    if (found === undefined) break;
    const guard = Math.min(GUARD, found.at >> 2, (rest.length - found.at) >> 2);
    parts.push({ bounds: rest.slice(0, found.at - guard), isClear });
    rest = rest.slice(found.at + guard);
    isClear = found.isClear;
  }
  parts.push({ bounds: rest, isClear });
  return parts;
}

function firstShift(bounds: readonly Bound[]): (Shift & { readonly at: number }) | undefined {
  const above = bounds.flatMap(({ isAbove }, i) => (isAbove ? [i] : []));
  const below = bounds.flatMap(({ isAbove }, i) => (isAbove ? [] : [i]));
  let best: (Shift & { readonly at: number }) | undefined;
  let nextAbove = 0;
  let nextBelow = 0;
  let aboveNow: Levels | undefined;
  let belowNow: Levels | undefined;
  for (let at = 1; at < bounds.length; at++) {
    // One bound is passed at a time: the levels of the other kind stay.
    if (above[nextAbove] < at) aboveNow = around(bounds, above, ++nextAbove, 1);
    if (below[nextBelow] < at) belowNow = around(bounds, below, ++nextBelow, -1);
    const shift = shiftAt([aboveNow, belowNow]);
    if (shift !== undefined && (best === undefined || shift.sizeNs > best.sizeNs)) best = { ...shift, at };
    // The first one is taken; whoever calls looks on behind it.
    else if (best !== undefined && at > best.at + 2 * WINDOW) break;
  }
  return best;
}

interface Level {
  readonly count: number;
  /** The tightest bound, and how far the third tightest is from it: how well it is known. */
  readonly value: number;
  readonly spread: number;
  readonly fromNs: number;
  readonly toNs: number;
}

type Levels = readonly [before: Level, after: Level];

/** The levels of one kind before and after its bound number `next`; undefined where one side has none. */
function around(
  bounds: readonly Bound[],
  own: readonly number[],
  next: number,
  sign: 1 | -1,
): Levels | undefined {
  if (next === 0 || next === own.length) return undefined;
  return [
    levelOf(bounds, own, Math.max(0, next - WINDOW), next, sign),
    levelOf(bounds, own, next, Math.min(own.length, next + WINDOW), sign),
  ];
}

function levelOf(
  bounds: readonly Bound[],
  own: readonly number[],
  from: number,
  to: number,
  sign: 1 | -1,
): Level {
  let first = Infinity;
  let second = Infinity;
  let third = Infinity;
  let fromNs = Infinity;
  let toNs = -Infinity;
  for (let i = from; i < to; i++) {
    const { timeNs, differenceNs } = bounds[own[i]];
    const value = sign * differenceNs;
    if (value < first) [first, second, third] = [value, first, second];
    else if (value < second) [second, third] = [value, second];
    else if (value < third) third = value;
    fromNs = Math.min(fromNs, timeNs);
    toNs = Math.max(toNs, timeNs);
  }
  return { count: to - from, value: sign * first, spread: third - first, fromNs, toNs };
}

function shiftAt([high, low]: readonly (Levels | undefined)[]): Shift | undefined {
  if (high === undefined || low === undefined) return undefined;
  const highShift = high[1].value - high[0].value;
  const lowShift = low[1].value - low[0].value;
  if (Math.sign(highShift) !== Math.sign(lowShift)) return undefined;
  const sizeNs = Math.min(Math.abs(highShift), Math.abs(lowShift));
  const levels = [...high, ...low];
  const spanNs = Math.abs(
    Math.max(...levels.map(({ toNs }) => toNs)) - Math.min(...levels.map(({ fromNs }) => fromNs)),
  );
  const roundTrip = Math.min(high[0].value - low[0].value, high[1].value - low[1].value);
  const isSmall = levels.some(({ count }) => count < CLEAR_WINDOW);
  const noise = Math.max(...levels.map(({ spread }) => spread));
  const isClear =
    !isSmall &&
    sizeNs >= LEAST_SHIFT * roundTrip &&
    sizeNs >= 2 * noise + CLOCK_RATE * spanNs &&
    Math.abs(highShift - lowShift) <= sizeNs / 2;
  if (isClear) return { sizeNs, isClear };
  const isSuspected = sizeNs >= LEAST_SUSPECTED_SHIFT * roundTrip && sizeNs >= CRYSTAL_RATE * spanNs;
  return isSuspected ? { sizeNs, isClear } : undefined;
}

// ── Where a step happened ────────────────────────────────────────────────────────────────────────────────────

/** Two segments that follow each other: bounds near the step that fit both do not tell on which side of it they are. */
function meet(before: Segment, after: Segment): void {
  const old = new Band();
  for (const bound of before.bounds) old.add(bound);
  const fresh = new Band();
  for (const bound of after.bounds) fresh.add(bound);
  const isFresh = (bound: Bound): boolean => !old.admits(bound);
  const isOld = (bound: Bound): boolean => !fresh.admits(bound);
  const firstFresh = Math.max(0, after.bounds.findIndex(isFresh));
  const lastOld = Math.max(0, before.bounds.findLastIndex(isOld));
  const oldEnd = before.bounds[lastOld].timeNs - transit(before.bounds[lastOld], old, false);
  const freshStart = after.bounds[firstFresh].timeNs + transit(after.bounds[firstFresh], fresh, true);
  const perhapsFresh = [...before.bounds.slice(lastOld + 1), ...after.bounds];
  const perhapsOld = [...before.bounds, ...after.bounds.slice(0, firstFresh)];
  after.fromNs = Math.min(oldEnd, ...perhapsFresh.map(({ timeNs }) => timeNs));
  before.toNs = Math.max(freshStart, ...perhapsOld.map(({ timeNs }) => timeNs));
  if (after.isAfterShift) {
    const near = after.bounds.slice(0, GUARD).map(({ timeNs }) => timeNs);
    before.toNs = Math.max(before.toNs, ...near);
    after.fromNs = Math.min(after.fromNs, ...before.bounds.slice(-GUARD).map(({ timeNs }) => timeNs));
  }
  if (freshStart >= oldEnd) return;
  // The first vantage's own clock went back: packets between the two were stamped up to so much earlier or later.
  const backNs = fresh.highAt(freshStart) - old.lowAt(oldEnd);
  if (!Number.isFinite(backNs)) return;
  after.fromNs = Math.min(after.fromNs, oldEnd - Math.abs(backNs));
  before.toNs = Math.max(before.toNs, freshStart + Math.abs(backNs));
}

/**
 * The second vantage stamped a packet on its way there after the first, by so much at most, and one on its way back before: its bound
 * is one of that moment.
 */
function transit({ isAbove, timeNs, differenceNs }: Bound, band: Band, isThere: boolean): number {
  if (isAbove !== isThere) return 0;
  const most = isThere ? differenceNs - band.lowAt(timeNs) : band.highAt(timeNs) - differenceNs;
  return Number.isFinite(most) ? Math.max(0, most) : 0;
}

// ── The offset at one time ───────────────────────────────────────────────────────────────────────────────────

/** Bounds of one kind made as tight as all others of the segment make them, to be asked for any time. */
export class Envelope {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #sign: 1 | -1;

  /** @param sign 1: of upper bounds, −1: of lower ones */
  constructor(bounds: readonly Bound[], sign: 1 | -1) {
    this.#sign = sign;
    const own = bounds.filter(({ isAbove }) => isAbove === (sign === 1)).sort((a, b) => a.timeNs - b.timeNs);
    this.#times = Float64Array.from(own, ({ timeNs }) => timeNs);
    const values = Float64Array.from(own, ({ differenceNs }) => sign * differenceNs);
    this.#values = values;
    const tighten = (i: number, by: number): void => {
      const reach = values[by] + CLOCK_RATE * Math.abs(this.#times[i] - this.#times[by]);
      values[i] = Math.min(values[i], reach);
    };
    for (let i = 1; i < values.length; i++) tighten(i, i - 1);
    for (let i = values.length - 2; i >= 0; i--) tighten(i, i + 1);
  }

  /** ±Infinity where there are no such bounds. */
  at(timeNs: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle] < timeNs) low = middle + 1;
      else high = middle;
    }
    const reach = (i: number): number =>
      i < 0 || i >= this.#times.length
        ? Infinity
        : this.#values[i] + CLOCK_RATE * Math.abs(timeNs - this.#times[i]);
    return this.#sign * Math.min(reach(low - 1), reach(low));
  }
}
