/** The clocks of all vantages against one of them, the reference, and which of two times of different clocks was earlier. */
import type { ClockOffset } from '../../../shared/model/join.ts';
import { offsetAt } from '../../../shared/model/vantage-clock.ts';
import type { ClockTime, FittedClock } from './clocks.ts';

/** Two vantages with what is known of their clocks. */
export interface ClockPair {
  readonly first: number;
  readonly second: number;
  readonly clock: FittedClock | undefined;
}

/** What can be said for certain of two times. */
export type TimeOrder = 'before' | 'after' | 'unknown';

const AS_IT_IS: ClockOffset = { offsetNs: 0, offsetErrorNs: 0, driftPpm: 0, atNs: 0, steps: [] };
/** More clocks in a row hardly say anything. */
const MOST_BETWEEN = 8;

/** From one vantage's clock to another's. */
interface Leg {
  readonly to: number;
  readonly clock: FittedClock;
  readonly isTurned: boolean;
}

export class VantageClocks {
  readonly #reference: number;
  readonly #legs = new Map<number, Leg[]>();

  /** @param reference the vantage by whose clock all times are told */
  constructor(pairs: readonly ClockPair[], reference: number) {
    this.#reference = reference;
    for (const { first, second, clock } of pairs) {
      if (clock === undefined) continue;
      this.#add(first, { to: second, clock, isTurned: false });
      this.#add(second, { to: first, clock, isTurned: true });
    }
  }

  #add(from: number, leg: Leg): void {
    const legs = this.#legs.get(from);
    if (legs === undefined) this.#legs.set(from, [leg]);
    else legs.push(leg);
  }

  /** A time of that vantage on the reference's clock; as it is where the two were never compared. */
  corrected(vantage: number, timeNs: number): ClockTime {
    return this.convert(vantage, timeNs, this.#reference) ?? { timeNs, errorNs: null };
  }

  /** Undefined where nothing connects the two clocks. */
  convert(from: number, timeNs: number, to: number): ClockTime | undefined {
    // Errors add up along a chain of clocks: the shortest known comes first, as in Dijkstra's search.
    const known = new Map<number, ClockTime>();
    const open = new Map<number, ClockTime>([[from, { timeNs, errorNs: 0 }]]);
    while (open.size > 0 && known.size <= MOST_BETWEEN) {
      const [vantage, time] = surest(open);
      open.delete(vantage);
      known.set(vantage, time);
      if (vantage === to) return time;
      for (const { to: next, clock, isTurned } of this.#legs.get(vantage) ?? []) {
        if (known.has(next)) continue;
        const there = isTurned ? clock.toFirst(time.timeNs) : clock.toSecond(time.timeNs);
        const sum = { timeNs: there.timeNs, errorNs: sumOf(time.errorNs, there.errorNs) };
        const other = open.get(next);
        if (other === undefined || errorOf(sum) < errorOf(other)) open.set(next, sum);
      }
    }
    return undefined;
  }

  /** Never says what the clocks' errors leave open. */
  orderOf(vantage: number, timeNs: number, other: number, otherNs: number): TimeOrder {
    const order = this.#orderOn(vantage, timeNs, other, otherNs);
    if (vantage === other) return order;
    // A clock that was set back shows the same time twice: what is true on both clocks does not rest on such a time.
    const turned = this.#orderOn(other, otherNs, vantage, timeNs);
    if (order === 'before') return turned === 'after' ? order : 'unknown';
    return order === 'after' && turned === 'before' ? order : 'unknown';
  }

  /** By the other vantage's clock. */
  #orderOn(vantage: number, timeNs: number, other: number, otherNs: number): TimeOrder {
    const there = vantage === other ? { timeNs, errorNs: 0 } : this.convert(vantage, timeNs, other);
    if (there === undefined || there.errorNs === null) return 'unknown';
    if (there.timeNs + there.errorNs < otherNs) return 'before';
    return there.timeNs - there.errorNs > otherNs ? 'after' : 'unknown';
  }

  /** The clock of a vantage against the reference, as reports tell it. */
  offset(vantage: number): ClockOffset {
    if (vantage === this.#reference) return AS_IT_IS;
    const direct = this.#legs.get(this.#reference)?.find(({ to }) => to === vantage);
    if (direct !== undefined) return direct.isTurned ? turned(direct.clock) : told(direct.clock);
    return this.#chained(vantage);
  }

  /** Through a third vantage: at the time that its own clock is best known for. */
  #chained(vantage: number): ClockOffset {
    for (const { to, clock, isTurned } of this.#legs.get(vantage) ?? []) {
      const own = isTurned ? told(clock) : turned(clock);
      const first = this.#legs.get(this.#reference)?.find((leg) => leg.to === to);
      if (first === undefined) continue;
      const reference = first.isTurned ? turned(first.clock) : told(first.clock);
      const driftPpm = reference.driftPpm + own.driftPpm;
      const atNs = own.atNs - reference.offsetNs;
      return {
        offsetNs: own.offsetNs + offsetAt(reference, atNs),
        offsetErrorNs: sumOf(own.offsetErrorNs, this.corrected(to, own.atNs).errorNs),
        driftPpm,
        atNs,
        steps: [...reference.steps, ...own.steps].sort((a, b) => a.timeNs - b.timeNs),
      };
    }
    return { ...AS_IT_IS, offsetErrorNs: null };
  }
}

function surest(open: ReadonlyMap<number, ClockTime>): readonly [number, ClockTime] {
  return [...open].reduce((a, b) => (errorOf(b[1]) < errorOf(a[1]) ? b : a));
}

function errorOf({ errorNs }: ClockTime): number {
  return errorNs ?? Infinity;
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

/** In whole nanoseconds. */
function told({ offsetNs, offsetErrorNs, driftPpm, atNs, steps }: FittedClock): ClockOffset {
  return {
    offsetNs: Math.round(offsetNs),
    offsetErrorNs: offsetErrorNs === null ? null : Math.ceil(offsetErrorNs) + 1,
    driftPpm,
    atNs: Math.round(atNs),
    steps: steps.map(({ timeNs, byNs }) => ({ timeNs: Math.round(timeNs), byNs })),
  };
}

/** The same the other way round: the first's clock against the second's. */
function turned(clock: FittedClock): ClockOffset {
  const { offsetNs, offsetErrorNs, driftPpm, atNs, steps } = told(clock);
  return {
    offsetNs: offsetNs === 0 ? 0 : -offsetNs,
    offsetErrorNs,
    driftPpm: driftPpm === 0 ? 0 : -driftPpm,
    atNs: atNs + offsetNs,
    steps: steps.map(({ timeNs, byNs }) => ({ timeNs: timeNs + offsetNs, byNs: -byNs })),
  };
}
