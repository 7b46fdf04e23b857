/**
 * Flows by the initial sequence numbers of both sides: 64 bits that routers and translators leave alone.
 *
 * Numbers that repeat at a vantage are told apart by what else the flows have in common, from little to much: a capture in a
 * translating router has every connection twice, and a replay has it as often as it was played.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { agreement } from '../agreement.ts';
import type { FlowFacts } from '../flow-facts.ts';
import { mix } from '../mix.ts';
import { AS_THEY_ARE, type PairBook } from '../pair-book.ts';
import { isClientNumberWorth, looksDrawn } from './number-worth.ts';

/** Packets beyond the SYNs by which numbers that are worth little are believed. */
const CONFIRMING_PACKETS = 3;

/** What is added to the numbers, one after the other, until a flow is the only one. */
export const REFINEMENTS: readonly ((facts: FlowFacts, flow: FlowRecord) => number)[] = [
  () => 0,
  (facts, flow) => facts.serverPort(flow),
  (facts, flow) => facts.endpointKey(flow, 1),
  (facts, flow) => facts.endpointKey(flow, 0),
  (facts, flow) => facts.endpointsKey(flow),
];

export function* pairByInitialNumbers(book: PairBook): Generator<undefined, void> {
  const { facts } = book;
  for (const [level, refine] of REFINEMENTS.entries()) {
    const keyOf = (flow: FlowRecord): number | undefined => {
      if (!facts.hasHandshake(flow)) return undefined;
      return mix(mix(mix(facts.seed, facts.base(flow, 0)), facts.base(flow, 1)), refine(facts, flow));
    };
    yield* book.alone(keyOf, (first, second) => {
      if (facts.base(first, 0) !== facts.base(second, 0)) return;
      if (facts.base(first, 1) !== facts.base(second, 1)) return;
      const isWorth = areNumbersWorth(book, first, second);
      if (isWorth && level === 0) enter(book, first, second, true);
      else if (isConfirmed(book, first, second, isWorth)) enter(book, first, second, isWorth);
    });
  }
}

function areNumbersWorth({ facts, ...book }: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  return (
    facts.base(first, 0) !== facts.base(first, 1) &&
    looksDrawn(facts.base(first, 1)) &&
    isClientNumberWorth(facts, book.first, first) &&
    isClientNumberWorth(facts, book.second, second)
  );
}

/** Numbers that are worth something, yet not alone, need the time to fit; others packets, too, and a clock that certain pairs told. */
function isConfirmed(book: PairBook, first: FlowRecord, second: FlowRecord, isWorth: boolean): boolean {
  const { facts, clock } = book;
  if (!clock.fits(facts, first, second)) return false;
  if (isWorth) return true;
  if (!clock.isKnown || !facts.hasEndpointOf(first, second, 1)) return false;
  const { packets, data } = agreement(book.stores, first, second, AS_THEY_ARE);
  return packets >= CONFIRMING_PACKETS && data > 0;
}

function enter(book: PairBook, first: FlowRecord, second: FlowRecord, isCertain: boolean): void {
  const { facts } = book;
  book.addSame(first, second, isCertain);
  if (isCertain) book.clock.note(facts.firstNs(first), facts.firstNs(second) - facts.firstNs(first));
}
