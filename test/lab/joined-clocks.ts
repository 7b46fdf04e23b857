/** What is said of clocks and of the order of the places, against what they are. */
import { aheadAt } from './clock.ts';
import type { Session } from './joined-capture.ts';
import type { TruthFile } from './cases.ts';
import type { ClockTruth } from './output.ts';
import type { Place } from './places.ts';

export interface ClockScore {
  /** Clocks of which an offset is said, beside the one that they are measured against. */
  readonly said: number;
  /** … of these, those whose true offset lies in the interval that is stated, and those that state one. */
  readonly inside: number;
  readonly bounded: number;
  /** Widths of the intervals, half of each, nanoseconds. */
  readonly errorsNs: readonly number[];
  readonly order: 'right' | 'wrong' | 'not said' | 'not joined';
  readonly mistakes: readonly string[];
}

export function judgeClocks(
  session: Session,
  truth: TruthFile,
  placeOf: (file: number) => Place,
): ClockScore {
  const report = session.join.report();
  if (report === null)
    return { said: 0, inside: 0, bounded: 0, errorsNs: [], order: 'not joined', mistakes: [] };
  const { vantages } = report;
  const places = vantages.map(({ files }) => placeOf(files[0]));
  const clocks = places.map((place) => truth.captures[place]?.clock);
  const reference = Math.max(
    0,
    vantages.findIndex(({ offsetNs, offsetErrorNs }) => offsetNs === 0 && offsetErrorNs === 0),
  );
  const mistakes: string[] = [];
  const errorsNs: number[] = [];
  let inside = 0;
  let bounded = 0;
  vantages.forEach((vantage, at) => {
    if (at === reference) return;
    const { offsetNs, offsetErrorNs, driftPpm, atNs } = vantage;
    const epochNs = session.epochNs ?? 0n;
    const actual = offsetAt(epochNs, atNs, clocks[reference], clocks[at]);
    if (offsetErrorNs === null) {
      inside++; // bounded from one side, it claims no interval
      return;
    }
    bounded++;
    errorsNs.push(offsetErrorNs);
    // A clock is read in whole nanoseconds, and some captures keep microseconds.
    if (Math.abs(actual - offsetNs) <= offsetErrorNs + ROUNDING_NS) inside++;
    else
      mistakes.push(
        `the clock at the ${places[at]} is ${ms(actual)} ahead, said ${ms(offsetNs)} ± ${ms(offsetErrorNs)} and ${driftPpm.toFixed(1)} ppm`,
      );
  });
  const order = orderOf(
    vantages.map(({ order: said }) => said),
    places,
    truth,
  );
  if (order === 'wrong')
    mistakes.push(
      `order of the places said: ${describe(
        vantages.map((v) => v.order),
        places,
      )}`,
    );
  return { said: vantages.length - 1, inside, bounded, errorsNs, order, mistakes };
}

const ROUNDING_NS = 2000;

const ms = (ns: number): string => `${(ns / 1e6).toFixed(3)} ms`;

const describe = (orders: readonly (number | null)[], places: readonly Place[]): string =>
  places.map((place, i) => `${place} ${orders[i]}`).join(', ');

function orderOf(
  orders: readonly (number | null)[],
  places: readonly Place[],
  truth: TruthFile,
): ClockScore['order'] {
  if (orders.includes(null)) return 'not said';
  const positions = places
    .map((place, i) => ({ order: orders[i] ?? 0, position: truth.captures[place]?.positions?.[0] ?? NaN }))
    .sort((a, b) => a.order - b.order)
    .map(({ position }) => position);
  return positions.every((position, i) => i === 0 || positions[i - 1] < position) ? 'right' : 'wrong';
}

/** By how much `clock` is ahead of `reference` when that one shows `atNs` after the epoch. */
function offsetAt(
  epochNs: bigint,
  atNs: number,
  reference: ClockTruth | undefined,
  clock: ClockTruth | undefined,
): number {
  // The true time at which the reference shows that: its error changes so slowly that a few rounds find it.
  let trueNs = atNs;
  for (let round = 0; round < 8; round++) trueNs = atNs - aheadAt(epochNs, trueNs, reference);
  return aheadAt(epochNs, trueNs, clock) - (atNs - trueNs);
}
