/**
 * Finds the flows of two vantages that are one connection.
 *
 *   initial numbers ─▶ copies ─▶ attempts ─▶ signatures ─▶ rewritten ─▶ expected ─▶ proxied
 *
 * Each key takes the flows that those before it left. A flow has one twin at another vantage at most, and where several could be
 * it, none is: a wrong pair is worse than one that is missing. Nothing is joined before one pair leaves no doubt that both
 * vantages hold the same traffic; captures that share nothing but private addresses never have one.
 *
 * Every step is linear in flows and packets: keys are looked up, and of equal ones LIMITS.maxJoinCandidates are tried at most.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { META, isTcp } from '../flow/record.ts';
import { FlowFacts } from './flow-facts.ts';
import { KeyIndex } from './key-index.ts';
import { pairAttempts } from './keys/attempts.ts';
import { pairCopies } from './keys/copies.ts';
import { pairExpected } from './keys/expected.ts';
import { pairByInitialNumbers } from './keys/initial-numbers.ts';
import { clientNumberKey } from './keys/number-worth.ts';
import { pairProxied } from './keys/proxied.ts';
import { pairRewritten } from './keys/rewritten.ts';
import { pairBySignatures } from './keys/signatures.ts';
import { type FlowPair, PairBook, type VantageFlows } from './pair-book.ts';
import type { JoinStores } from './stores.ts';

export type { FlowPair } from './pair-book.ts';

const KEYS = [
  pairByInitialNumbers,
  pairCopies,
  pairAttempts,
  pairBySignatures,
  pairRewritten,
  pairExpected,
  pairProxied,
] as const;

/** Pairs the flows of a session that was read to its end. */
export class FlowPairing {
  readonly #stores: JoinStores;
  /** Once the first pairs were asked for. */
  #vantages: ReadonlyMap<number, VantageFlows> | undefined;
  readonly #taken: Uint8Array;

  constructor(stores: JoinStores) {
    this.#stores = stores;
    this.#taken = new Uint8Array(stores.flows.records);
  }

  /** Between slices it gives others a turn. */
  *between(first: number, second: number): Generator<undefined, readonly FlowPair[]> {
    const vantages = (this.#vantages ??= yield* flowsByVantage(this.#stores));
    const ofFirst = vantages.get(first);
    const ofSecond = vantages.get(second);
    if (ofFirst === undefined || ofSecond === undefined) return [];
    const book = new PairBook(this.#stores, ofFirst, ofSecond, this.#taken);
    for (const key of KEYS) {
      yield* key(book);
      yield;
    }
    book.clear();
    return book.certain > 0 ? book.pairs : [];
  }
}

/** Flows looked at between two slices. */
const FLOWS_AT_ONCE = 4096;

function* flowsByVantage({ flows }: JoinStores): Generator<undefined, Map<number, VantageFlows>> {
  const facts = new FlowFacts(flows);
  const found = new Map<number, FlowRecord[]>();
  let looked = 0;
  for (const record of flows.liveRecords()) {
    if (++looked % FLOWS_AT_ONCE === 0) yield;
    const flow = record as FlowRecord;
    if (!isTcp(flows.word(flow, META))) continue;
    const vantage = flows.timelineOf(flow);
    const known = found.get(vantage);
    if (known === undefined) found.set(vantage, [flow]);
    else known.push(flow);
  }
  const vantages = new Map<number, VantageFlows>();
  for (const [vantage, own] of found) {
    const byClientNumber = new KeyIndex(own.length);
    for (const flow of own) {
      if (++looked % FLOWS_AT_ONCE === 0) yield;
      if (facts.hasSyn(flow)) byClientNumber.add(clientNumberKey(facts, flow), flow);
    }
    vantages.set(vantage, { vantage, flows: Uint32Array.from(own), byClientNumber });
  }
  return vantages;
}
