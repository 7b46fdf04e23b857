/** The flows of two vantages while they are paired: which of them have their twin, and what the pairs tell of the clocks. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { MatchClass } from '../../../shared/model/join.ts';
import { LIMITS } from '../limits.ts';
import { FlowFacts } from './flow-facts.ts';
import { KeyIndex } from './key-index.ts';
import { PairClock } from './pair-clock.ts';
import type { JoinStores } from './stores.ts';

/** One connection at two vantages, `first` at the one with the lower timeline. */
export interface FlowPair {
  readonly first: FlowRecord;
  readonly second: FlowRecord;
  readonly class: MatchClass;
  readonly isSwapped: boolean;
  /** Of the first flow's client and server: what is added to their numbers at the second. */
  readonly seqShift: readonly [number, number];
}

export const AS_THEY_ARE = [0, 0] as const;

/** Steps of work after which others get a turn. */
const SLICE = 2048;

/** The TCP flows of one vantage, in the order in which they began. */
export interface VantageFlows {
  readonly vantage: number;
  readonly flows: Uint32Array;
  /** Flows by the number of the client's SYN. */
  readonly byClientNumber: KeyIndex;
}

export class PairBook {
  readonly stores: JoinStores;
  readonly facts: FlowFacts;
  readonly first: VantageFlows;
  readonly second: VantageFlows;
  readonly clock = new PairClock();
  readonly pairs: FlowPair[] = [];
  /** Pairs that leave no doubt that both vantages hold the same traffic. */
  certain = 0;
  readonly #taken: Uint8Array;
  /** How often a flow of the second vantage was held against others, packet by packet. */
  readonly #tries = new Map<FlowRecord, number>();
  #leftOfFirst: Uint32Array;
  #leftOfSecond: Uint32Array;
  #done = 0;

  /** @param taken a byte for each flow record, zeros */
  constructor(stores: JoinStores, first: VantageFlows, second: VantageFlows, taken: Uint8Array) {
    this.stores = stores;
    this.facts = new FlowFacts(stores.flows);
    this.first = first;
    this.second = second;
    this.#taken = taken;
    this.#leftOfFirst = first.flows;
    this.#leftOfSecond = second.flows;
  }

  /** Whether the flow is of the first vantage rather than of the second. */
  isOfFirst(flow: FlowRecord): boolean {
    return this.stores.flows.timelineOf(flow) === this.first.vantage;
  }

  isFree(flow: FlowRecord): boolean {
    return this.#taken[flow] === 0;
  }

  /** @param isCertain it counts as proof that the vantages hold the same traffic */
  add(pair: FlowPair, isCertain: boolean): void {
    this.pairs.push(pair);
    this.#taken[pair.first] = 1;
    this.#taken[pair.second] = 1;
    if (isCertain) this.certain++;
  }

  addSame(first: FlowRecord, second: FlowRecord, isCertain: boolean): void {
    this.add({ first, second, class: 'same', isSwapped: false, seqShift: AS_THEY_ARE }, isCertain);
  }

  /** Whether a flow of the second vantage may be held against another one once more: thousands of short flows may ask for a long one. */
  mayTry(second: FlowRecord): boolean {
    const tries = (this.#tries.get(second) ?? 0) + 1;
    this.#tries.set(second, tries);
    return tries <= LIMITS.maxJoinTries;
  }

  /** Leaves the flows to others again. */
  clear(): void {
    for (const { first, second } of this.pairs) {
      this.#taken[first] = 0;
      this.#taken[second] = 0;
    }
  }

  /** Whether it is time to let others have a turn. */
  isSliceDone(): boolean {
    return ++this.#done % SLICE === 0;
  }

  /** Flows of a side that have no twin yet; those that get one meanwhile are left out. */
  *free(side: VantageFlows): Generator<FlowRecord> {
    for (const flow of this.#left(side)) if (this.isFree(flow as FlowRecord)) yield flow as FlowRecord;
  }

  #left(side: VantageFlows): Uint32Array {
    const left = (side === this.first ? this.#leftOfFirst : this.#leftOfSecond).filter(
      (flow) => this.#taken[flow] === 0,
    );
    if (side === this.first) this.#leftOfFirst = left;
    else this.#leftOfSecond = left;
    return left;
  }

  /** Free flows of a side by a key. @param keyOf undefined for a flow that is left out */
  *index(
    side: VantageFlows,
    keyOf: (flow: FlowRecord) => number | undefined,
  ): Generator<undefined, KeyIndex> {
    const left = this.#left(side);
    const index = new KeyIndex(left.length);
    for (const record of left) {
      const flow = record as FlowRecord;
      const key = keyOf(flow);
      if (key !== undefined) index.add(key, flow);
      if (this.isSliceDone()) yield;
    }
    return index;
  }

  /** Visits the pairs of free flows of which each is the only one with its key at its vantage. */
  *alone(
    keyOf: (flow: FlowRecord) => number | undefined,
    visit: (first: FlowRecord, second: FlowRecord) => void,
  ): Generator<undefined, void> {
    const ofFirst = yield* this.index(this.first, keyOf);
    const ofSecond = yield* this.index(this.second, keyOf);
    for (const flow of this.free(this.first)) {
      if (this.isSliceDone()) yield;
      const key = keyOf(flow);
      if (key === undefined || ofFirst.count(key) !== 1) continue;
      const other = ofSecond.only(key) as FlowRecord | undefined;
      if (other !== undefined && this.isFree(other)) visit(flow, other);
    }
  }
}
