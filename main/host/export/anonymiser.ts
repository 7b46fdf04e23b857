/** Where exports get what anonymises them. */
import type { CaptureRewriter } from '../../engine/copy/rewriter.ts';

/**
 * Begins to anonymise one export, and gives what makes the rewriter of each of its files anew: the same one each time, so that
 * captures that were joined stay joined, and what was judged is what is written.
 */
export type MakeAnonymiser = () => () => CaptureRewriter;

export const CANNOT_ANONYMISE =
  'this version cannot anonymise packets: export them as they are, or not at all';

/** Undefined where this program has none. */
export function anonymiser(): MakeAnonymiser | undefined {
  return undefined;
}
