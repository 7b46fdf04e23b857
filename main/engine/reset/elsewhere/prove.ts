/**
 * When captures at several points leave no other reading of who made a reset.
 *
 * Invariant: what is called proven is never so by a weight of hints, however many: a device is, where a capture that was running and missed
 * nothing around that moment does not have what had to pass it; a host is, where its own kernel or the direction of the capture on it says so.
 */
import type { CauseContext } from '../cause/context.ts';
import { CLEAN_LOSS } from './elsewhere.ts';

/** The most that is believed of anything: a capture, too, may be wrong. */
export const MOST_OF_PROVEN = 0.999;
/** Packets of that way that both captures have, below which nothing is known of how they lose. */
const ENOUGH_PASSED = 3;

export function isProven({ kind, elsewhere, list, f, witness }: CauseContext): boolean {
  const { event, forged, absence, cleared } = elsewhere;
  if (event === undefined || (event.class !== 'same' && event.class !== 'rewritten')) return false;
  if (kind === 'middlebox') {
    return (
      forged === 'clean' &&
      absence !== undefined &&
      absence.lossBound <= CLEAN_LOSS &&
      absence.passed >= ENOUGH_PASSED &&
      absence.missedAround === 0
    );
  }
  if (kind !== 'endpoint' || cleared !== 'host') return false;
  return (
    list.has('kernel-sent') || (list.has('sent-from-here') && (witness.isOwn || f.senderForwarded === 0))
  );
}
