/**
 * Attempts that were not answered, or whose answer one vantage did not see, by the number of the client's SYN and what else
 * translators leave of it.
 *
 * 32 bits are enough for a few thousand attempts; in larger captures some numbers are equal by chance, so that several pairs
 * have to tell the same clock before they prove anything.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { mix } from '../mix.ts';
import type { PairBook } from '../pair-book.ts';
import { type Candidate, agreeing } from './agreeing.ts';
import { REFINEMENTS } from './initial-numbers.ts';
import { isClientNumberWorth } from './number-worth.ts';

/** Pairs expected by chance up to which a single one counts. */
const MOST_BY_CHANCE = 1e-3;
export function* pairAttempts(book: PairBook): Generator<undefined, void> {
  const { facts } = book;
  for (const [level, refine] of REFINEMENTS.entries()) {
    const found: Candidate[] = [];
    const keyOf = (flow: FlowRecord): number | undefined =>
      facts.hasSyn(flow) ? mix(mix(facts.seed, facts.base(flow, 0)), refine(facts, flow)) : undefined;
    yield* book.alone(keyOf, (first, second) => {
      if (facts.hasSynAck(first) && facts.hasSynAck(second)) return;
      if (facts.base(first, 0) !== facts.base(second, 0) || !isSameSyn(book, first, second)) return;
      const isWorth =
        isClientNumberWorth(facts, book.first, first) && isClientNumberWorth(facts, book.second, second);
      // What repeats is told apart by all of its addresses and ports, and by a clock that is known.
      const isAlone = isWorth && level === 0;
      if (!isAlone && !(book.clock.isKnown && facts.hasEndpointOf(first, second, 1))) return;
      if (!book.clock.fits(facts, first, second)) return;
      found.push({ first, second, differenceNs: facts.firstNs(second) - facts.firstNs(first) });
    });
    enter(book, found, level === 0);
  }
}

/** The server's address or port, and options or window, as they were sent. */
function isSameSyn({ facts, stores }: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  const isSameServer =
    facts.serverPort(first) === facts.serverPort(second) || facts.hasAddressOf(first, second, 1);
  if (!isSameServer) return false;
  const window = (flow: FlowRecord): number => stores.packets.window(facts.firstPacket(flow));
  return facts.synOptions(first, 0) === facts.synOptions(second, 0) || window(first) === window(second);
}

function enter(book: PairBook, found: readonly Candidate[], isAlone: boolean): void {
  let believed = found;
  const isProven = book.certain > 0;
  if (!isProven) {
    const byChance = (book.first.flows.length * book.second.flows.length) / 2 ** 32;
    if (byChance > MOST_BY_CHANCE) believed = agreeing(found);
  }
  for (const { first, second, differenceNs } of believed) {
    book.addSame(first, second, isAlone);
    if (isAlone && !isProven) book.clock.note(book.facts.firstNs(first), differenceNs);
  }
}
