/**
 * When captures at several points leave no other reading of who made a reset.
 *
 * Invariant: what is called proven is never so by a weight of hints, however many: a device is, where a capture that was running and missed
 * nothing around that moment does not have what had to pass it; a host is, where its own kernel or the direction of the capture on it says so.
 */
import type { CauseContext } from './context.ts';
import { WEIGHTS } from '../evidence/table.ts';

/** The most that is believed of anything: a capture, too, may be wrong. */
export const MOST_OF_PROVEN = 0.999;
/** Below this one packet missed is not to be thought of: some hundreds passed, and none was missed. */
const NEXT_TO_NO_LOSS = 0.000_5;
/** Evidence of another kind from this weight on bears the absence out: a ratio of 10. */
const BEARS_OUT = 1;
/** Packets of that way that both captures have, below which nothing is known of how they lose. */
const ENOUGH_PASSED = 3;

export function isProven(c: CauseContext): boolean {
  const { kind, elsewhere, list, f, witness } = c;
  const { event, forged, absence, cleared } = elsewhere;
  if (event === undefined || (event.class !== 'same' && event.class !== 'rewritten')) return false;
  if (kind === 'middlebox') {
    return (
      forged === 'clean' &&
      absence !== undefined &&
      absence.passed >= ENOUGH_PASSED &&
      absence.missedAround === 0 &&
      absence.missedHere === 0 &&
      absence.isSingular &&
      (absence.lossBoundOfBoth <= NEXT_TO_NO_LOSS || isBorneOut(c))
    );
  }
  if (kind !== 'endpoint' || cleared !== 'host') return false;
  return (
    list.has('kernel-sent') || (list.has('sent-from-here') && (witness.isOwn || f.senderForwarded === 0))
  );
}

/**
 * What a capture missed once it may have missed a second time, but not together with another sign: a second reset that is absent where it
 * had to pass, or what the reset itself and its neighbours show.
 */
function isBorneOut({ elsewhere: { event }, list, view, f }: CauseContext): boolean {
  if (event !== undefined && (event.sameActAs !== null || view.resets.times(f.reset) > 1)) return true;
  for (let i = 0; i < list.count; i++) {
    const { family, weight } = WEIGHTS[list.codes[i]];
    if (family !== 'vantage' && weight >= BEARS_OUT) return true;
  }
  return false;
}
