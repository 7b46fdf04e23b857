/**
 * What the certain pairs of two vantages tell of their clocks, as far as pairing needs it: by how much the second one is ahead,
 * at a time, give or take a few seconds. Clocks may drift and step, so that only the pairs next to a time are asked.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowFacts } from './flow-facts.ts';

/** Delays, and a SYN that one vantage has and the other only its resend, stay within it. */
const SLACK_NS = 3e9;
/** Pairs asked on either side of a time. */
const NEIGHBOURS = 2;

interface Point {
  readonly atNs: number;
  readonly differenceNs: number;
}

export class PairClock {
  #points: Point[] = [];
  #isSorted = true;

  /** @param atNs on the first's clock @param differenceNs the second's time less the first's */
  note(atNs: number, differenceNs: number): void {
    this.#points.push({ atNs, differenceNs });
    this.#isSorted = false;
  }

  get isKnown(): boolean {
    return this.#points.length > 0;
  }

  /** Whether the two flows were there at the same time; true while nothing is known of the clocks. */
  fits(facts: FlowFacts, first: FlowRecord, second: FlowRecord): boolean {
    const range = this.range(facts.firstNs(first));
    if (range === undefined) return true;
    const [low, high] = range;
    return (
      facts.firstNs(second) - high <= facts.lastNs(first) + SLACK_NS &&
      facts.lastNs(second) - low >= facts.firstNs(first) - SLACK_NS
    );
  }

  /** What the second's clock is ahead at a time of the first's, least and most. */
  range(atNs: number): readonly [low: number, high: number] | undefined {
    if (!this.isKnown) return undefined;
    const points = this.#sorted();
    let from = 0;
    let to = points.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (points[middle].atNs < atNs) from = middle + 1;
      else to = middle;
    }
    const near = points.slice(Math.max(0, from - NEIGHBOURS), from + NEIGHBOURS);
    const differences = near.map(({ differenceNs }) => differenceNs);
    return [Math.min(...differences), Math.max(...differences)];
  }

  #sorted(): readonly Point[] {
    if (!this.#isSorted) this.#points.sort((a, b) => a.atNs - b.atNs);
    this.#isSorted = true;
    return this.#points;
  }
}

/** Without any clock known: clocks that people set, and that no network sets. */
const UNSET_CLOCK_NS = 300e9;

/** Whether two flows may have been there at the same time by clocks that nothing is known of. */
export function isNearInTime(facts: FlowFacts, first: FlowRecord, second: FlowRecord): boolean {
  return (
    facts.firstNs(second) <= facts.lastNs(first) + UNSET_CLOCK_NS &&
    facts.firstNs(first) <= facts.lastNs(second) + UNSET_CLOCK_NS
  );
}
