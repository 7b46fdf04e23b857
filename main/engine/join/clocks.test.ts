import { describe, expect, it } from 'vitest';
import { ClockPoints } from './clock-points.ts';
import { type FittedClock, fitClock, fitUndirected } from './clocks.ts';
import { VantageClocks } from './vantage-clocks.ts';

const MS = 1e6;
const S = 1e9;

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Case {
  readonly spanNs: number;
  /** Packets of each way. */
  readonly pairs: number;
  readonly offsetNs?: number;
  readonly driftPpm?: number;
  readonly thereNs?: number;
  readonly backNs?: number;
  readonly jitterNs?: number;
  /** A step of one of the clocks in the middle half of the time. */
  readonly step?: { readonly of: 'first' | 'second'; readonly byNs: number };
  /** The second clock runs so much faster for a fifth of the time. */
  readonly slewPpm?: number;
  readonly stampStepNs?: number;
}

interface Seen {
  /** When it passed the two, by a clock of which nobody knows. */
  readonly first: number;
  readonly second: number;
  readonly isThere: boolean;
}

/** Two clocks, and packets past both. */
function simulate(wanted: Case, seed: number) {
  const random = randomOf(seed);
  const { spanNs, pairs, offsetNs = (random() - 0.5) * S, driftPpm = 0, jitterNs = MS } = wanted;
  const stampStep = wanted.stampStepNs ?? 1;
  const stepAt = spanNs * (0.25 + random() / 2);
  const stepOf = (clock: 'first' | 'second', timeNs: number): number =>
    wanted.step?.of === clock && timeNs >= stepAt ? wanted.step.byNs : 0;
  const slew = (timeNs: number): number =>
    ((wanted.slewPpm ?? 0) * Math.min(Math.max(0, timeNs - stepAt), spanNs / 5)) / 1e6;
  const clocks = {
    first: (timeNs: number) => timeNs + stepOf('first', timeNs),
    second: (timeNs: number) =>
      timeNs + offsetNs + (driftPpm * timeNs) / 1e6 + slew(timeNs) + stepOf('second', timeNs),
  };
  const seen: Seen[] = [];
  for (let i = 0; i < 2 * pairs; i++) {
    const isThere = i % 2 === 0;
    const sent = random() * spanNs;
    const base = (isThere ? wanted.thereNs : wanted.backNs) ?? 5 * MS;
    const arrives = sent + base - jitterNs * Math.log(1 - random());
    seen.push({ first: isThere ? sent : arrives, second: isThere ? arrives : sent, isThere });
  }
  seen.sort((a, b) => a.first - b.first);
  const points = new ClockPoints();
  const stamp = (ns: number): number => Math.floor(ns / stampStep) * stampStep;
  // Connections come one after the other, each from the begin of the capture on.
  const order = seen.map((_, i) => i).sort((a, b) => (a % 7) - (b % 7) || a - b);
  for (const i of order) {
    const { first, second, isThere } = seen[i];
    points.add(i, stamp(clocks.first(first)), stamp(clocks.second(second)), isThere);
  }
  const fitted = run(fitClock, points.above(), points.below(), stampStep);
  if (fitted === undefined) throw new Error('no packets');
  return { seen, clocks, stepAt, points, clock: fitted };
}

function run(fit: typeof fitClock, ...points: Parameters<typeof fitClock>): FittedClock | undefined {
  const steps = fit(...points);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

type Simulated = ReturnType<typeof simulate>;

/** By how much the truth is outside of the interval where it is farthest, over all packets. */
function farthestOutside({ seen, clocks, clock }: Simulated): number {
  let farthest = 0;
  for (const { first, second } of seen) {
    const { low, high } = clock.interval(clocks.first(first));
    const truth = clocks.second(first) - clocks.first(first);
    farthest = Math.max(farthest, low - truth, truth - high);
    const { timeNs, errorNs } = clock.toFirst(clocks.second(second));
    if (errorNs !== null) farthest = Math.max(farthest, Math.abs(timeNs - clocks.first(second)) - errorNs);
  }
  return farthest;
}

function isTold({ clocks }: Simulated, clock: FittedClock): boolean {
  const truth = clocks.second(clock.atNs) - clocks.first(clock.atNs);
  return clock.offsetErrorNs !== null && Math.abs(clock.offsetNs - truth) <= clock.offsetErrorNs;
}

const CASES: readonly (readonly [string, Case])[] = [
  ['five packets each way', { spanNs: 2 * S, pairs: 5, driftPpm: 50, jitterNs: 2 * MS }],
  ['a minute', { spanNs: 60 * S, pairs: 200, driftPpm: 20 }],
  ['an hour', { spanNs: 3600 * S, pairs: 500, driftPpm: -100 }],
  ['another way back', { spanNs: 60 * S, pairs: 200, driftPpm: 20, backNs: 9 * MS }],
  ['one switch, coarse stamps', { ...lan(), driftPpm: 100, stampStepNs: 1000 }],
  ['clocks of two time zones', { spanNs: 60 * S, pairs: 50, offsetNs: 5 * 3600 * S }],
  ['a clock that was never set', { spanNs: 60 * S, pairs: 50, offsetNs: -1.79e18, stampStepNs: 1000 }],
  ['slewing', { spanNs: 600 * S, pairs: 600, thereNs: 2 * MS, backNs: 2 * MS, slewPpm: 500 }],
  ['slewing back', { spanNs: 600 * S, pairs: 600, thereNs: 2 * MS, backNs: 2 * MS, slewPpm: -500 }],
  ['a step below the round trip', { ...stepped('second', MS) }],
  ['a step of the round trip', { ...stepped('second', 12 * MS) }],
  ['a step of seconds', { ...stepped('second', 2 * S) }],
  ['a step back of hours', { ...stepped('second', -7200 * S) }],
  ['a step back of the first clock', { ...stepped('first', -2 * S) }],
  ['a step of the first clock by hours', { ...stepped('first', 3600 * S) }],
];

function lan(): Case {
  return { spanNs: 60 * S, pairs: 200, thereNs: 0.05 * MS, backNs: 0.05 * MS, jitterNs: 0.05 * MS };
}

function stepped(of: 'first' | 'second', byNs: number): Case {
  return { spanNs: 60 * S, pairs: 200, driftPpm: 20, jitterNs: 0.5 * MS, step: { of, byNs } };
}

describe('the offset of two clocks', () => {
  it.each(CASES)('lies in its interval, at all times: %s', (_, wanted) => {
    for (let seed = 1; seed <= 40; seed++) {
      const simulated = simulate(wanted, seed);
      expect(farthestOutside(simulated), `run ${seed}`).toBeLessThanOrEqual(
        2 * (wanted.stampStepNs ?? 1) + 256,
      );
      if (wanted.step?.of !== 'first') expect(isTold(simulated, simulated.clock), `run ${seed}`).toBe(true);
    }
  });

  it('is bounded by half of the smallest round trip, and hardly wider where packets are many', () => {
    const { clock } = simulate({ spanNs: 60 * S, pairs: 2000, thereNs: 5 * MS, backNs: 9 * MS }, 1);
    expect(clock.offsetErrorNs).toBeGreaterThanOrEqual(7 * MS);
    expect(clock.offsetErrorNs).toBeLessThan(7.5 * MS);
    expect(clock.roundTripNs).toBeGreaterThanOrEqual(14 * MS);
    expect(clock.roundTripNs).toBeLessThan(14.2 * MS);
  });

  it('has a drift where there are packets enough to tell it', () => {
    const far = simulate({ spanNs: 3600 * S, pairs: 500, driftPpm: 37 }, 3);
    expect(far.clock.driftPpm).toBeCloseTo(37, 0);
    expect(simulate({ spanNs: 3600 * S, pairs: 10, driftPpm: 37 }, 3).clock.driftPpm).toBe(0);
    expect(simulate({ spanNs: 2 * S, pairs: 500, driftPpm: 37 }, 3).clock.driftPpm).toBe(0);
  });

  it('has no bound by packets of one way', () => {
    const points = new ClockPoints();
    for (let i = 0; i < 50; i++) points.add(i, i * MS, i * MS + 3 * MS + (i % 5), true);
    const clock = run(fitClock, points.above(), points.below(), 1);
    expect(clock?.offsetErrorNs).toBeNull();
    expect(clock?.offsetNs).toBeCloseTo(3 * MS, -2);
    expect(clock?.roundTripNs).toBeNull();
  });

  it('lies between both ways where nothing tells which of the two is which', () => {
    for (const isFirst of [true, false]) {
      const points = new ClockPoints();
      for (let i = 0; i < 50; i++) {
        const isThere = i % 2 === 0;
        points.add(i, i * MS, i * MS + (isThere ? 900 : -200), isThere === isFirst);
      }
      const clock = run(fitUndirected, points.above(), points.below(), 1);
      expect(clock?.steps).toEqual([]);
      expect(clock?.offsetErrorNs).toBeGreaterThanOrEqual(550);
    }
  });

  it('is that of one host where one capture stamps every packet after the other one does', () => {
    const random = randomOf(7);
    const points = new ClockPoints();
    for (let i = 0; i < 400; i++) {
      const timeNs = i * MS;
      points.add(i, timeNs, timeNs + Math.round(random() * 20) * 1000, i % 2 === 0);
    }
    const clock = run(fitUndirected, points.above(), points.below(), 1000);
    expect(clock?.steps).toEqual([]);
    expect(clock?.roundTripNs).toBeNull();
    expect(Math.abs(clock?.offsetNs ?? NaN)).toBeLessThanOrEqual(clock?.offsetErrorNs ?? NaN);
  });
});

describe('a step of a clock', () => {
  it.each([
    [2 * S, 'second', 1],
    [-2 * S, 'second', 1],
    [3600 * S, 'first', -1],
    [-2 * S, 'first', -1],
  ] as const)('of %d ns of the %s clock is found with its size and time', (byNs, of, sign) => {
    const { clock, stepAt } = simulate({ ...stepped(of, byNs) }, 5);
    expect(clock.steps).toHaveLength(1);
    expect(clock.hasStepped).toBe(true);
    expect(clock.steps[0].byNs / byNs).toBeCloseTo(sign, 2);
    if (of === 'second') expect(Math.abs(clock.steps[0].timeNs - stepAt)).toBeLessThan(2 * S);
  });

  it('is not what another way of one direction looks like', () => {
    const points = new ClockPoints();
    const random = randomOf(9);
    for (let i = 0; i < 400; i++) {
      const isThere = i % 2 === 0;
      const transit = (isThere ? (i < 200 ? 5 : 25) : 5) * MS + random() * MS;
      points.add(i, i * 50 * MS, i * 50 * MS + (isThere ? transit : -transit), isThere);
    }
    expect(run(fitClock, points.above(), points.below(), 1)?.steps).toEqual([]);
  });

  it('is not what a packet looks like that was taken for another one', () => {
    const points = new ClockPoints();
    for (let i = 0; i < 400; i++) {
      const difference = i === 151 ? 200 * MS : i % 2 === 0 ? 5 * MS : -5 * MS;
      points.add(i, i * 50 * MS, i * 50 * MS + difference, i % 2 === 0);
    }
    const clock = run(fitClock, points.above(), points.below(), 1);
    expect(clock?.steps).toEqual([]);
    expect(clock?.offsetNs).toBeCloseTo(0, -5);
  });
});

describe('points of clocks', () => {
  it('keep the extremes of any number of packets, in whatever order they come', () => {
    const points = new ClockPoints();
    const random = randomOf(2);
    let least = Infinity;
    for (let i = 0; i < 50_000; i++) {
      const at = (i * 7919) % 50_000;
      const difference = 1000 + random() * MS;
      least = Math.min(least, difference);
      points.add(1_000_000 + at, at * MS, at * MS + difference, true);
    }
    const kept = points.above();
    expect(kept.length).toBeLessThanOrEqual(4096);
    expect(kept.length).toBeGreaterThan(1000);
    expect(Math.min(...kept.map(({ differenceNs }) => differenceNs))).toBeCloseTo(least, 3);
    expect(kept.every(({ at }, i) => i === 0 || at > kept[i - 1].at)).toBe(true);
    expect(points.there).toBe(50_000);
  });
});

describe('clocks of several vantages', () => {
  const clockOf = (fromNs: number, offsetNs: number, errorNs: number): FittedClock => {
    const points = new ClockPoints();
    for (let i = 0; i < 100; i++) {
      const isThere = i % 2 === 0;
      points.add(i, fromNs + i * MS, fromNs + i * MS + offsetNs + (isThere ? errorNs : -errorNs), isThere);
    }
    const clock = run(fitClock, points.above(), points.below(), 1);
    if (clock === undefined) throw new Error('no packets');
    return clock;
  };
  const pairs = [
    { first: 1, second: 2, clock: clockOf(0, 5 * S, MS) },
    { first: 2, second: 3, clock: clockOf(5 * S, -2 * S, 2 * MS) },
  ];

  it('are told against one of them, through those between', () => {
    const clocks = new VantageClocks(pairs, 1);
    expect(clocks.offset(1).offsetNs).toBe(0);
    expect(clocks.offset(2).offsetNs).toBeCloseTo(5 * S, -4);
    expect(clocks.offset(3).offsetNs).toBeCloseTo(3 * S, -4);
    expect(clocks.offset(3).offsetErrorNs).toBeGreaterThanOrEqual(3 * MS);
    expect(clocks.corrected(3, 3 * S + 50 * MS).timeNs).toBeCloseTo(50 * MS, -4);
    expect(clocks.offset(4).offsetErrorNs).toBeNull();
    const turned = new VantageClocks(pairs, 3);
    expect(turned.offset(1).offsetNs).toBeCloseTo(-3 * S, -4);
  });

  it('never tell an order that their intervals leave open', () => {
    const clocks = new VantageClocks(pairs, 1);
    expect(clocks.orderOf(1, 50 * MS, 2, 5 * S + 50.5 * MS)).toBe('unknown');
    expect(clocks.orderOf(1, 50 * MS, 2, 5 * S + 52 * MS)).toBe('before');
    expect(clocks.orderOf(2, 5 * S + 52 * MS, 1, 50 * MS)).toBe('after');
    expect(clocks.orderOf(1, 50 * MS, 3, 3 * S + 52 * MS)).toBe('unknown');
    expect(clocks.orderOf(1, 50 * MS, 3, 3 * S + 54 * MS)).toBe('before');
    expect(clocks.orderOf(2, 1, 2, 2)).toBe('before');
    expect(clocks.orderOf(2, 2, 2, 2)).toBe('unknown');
    expect(clocks.orderOf(1, 0, 4, S)).toBe('unknown');
  });
});
