/**
 * What is left where the clocks are known: flows of the same two endpoints at the same time, of which one vantage has only a
 * packet or two, as a capture of one direction has of a refusal. Nothing of it is drawn at random, so that it proves nothing; it is
 * taken where no other flow could be it.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { agreement } from '../agreement.ts';
import { mix } from '../mix.ts';
import { AS_THEY_ARE, type PairBook } from '../pair-book.ts';

/** Of the packets of the flow that has fewer. */
const LEAST_SHARE = 0.8;

export function* pairExpected(book: PairBook): Generator<undefined, void> {
  const { facts, clock, stores } = book;
  if (!clock.isKnown) return;
  // Who is the client is guessed where no SYN tells: both ways have one key.
  const keyOf = (flow: FlowRecord): number => {
    const [one, other] = [facts.endpointKey(flow, 0), facts.endpointKey(flow, 1)];
    return mix(mix(facts.seed, Math.min(one, other)), Math.max(one, other));
  };
  yield* book.alone(keyOf, (first, second) => {
    if (!clock.fits(facts, first, second)) return;
    const isSwapped = !facts.hasEndpointsOf(first, second);
    if (isSwapped && facts.endpointKey(first, 0) !== facts.endpointKey(second, 1)) return;
    if (!isSwapped && hasOtherNumbers(book, first, second)) return;
    const { packets, share } = agreement(stores, first, second, AS_THEY_ARE, isSwapped, true);
    if (packets === 0 || share < LEAST_SHARE) return;
    book.add({ first, second, class: 'same', isSwapped, seqShift: AS_THEY_ARE }, false);
  });
}

/** Different numbers of one client's SYN, or of its answers, are two connections. */
function hasOtherNumbers({ facts }: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  return (
    (facts.hasSyn(first) && facts.hasSyn(second) && facts.base(first, 0) !== facts.base(second, 0)) ||
    (facts.hasSynAck(first) && facts.hasSynAck(second) && facts.base(first, 1) !== facts.base(second, 1))
  );
}
