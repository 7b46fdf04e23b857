/** Where exports get what anonymises them. */
import { CaptureAnonymiser } from '../../engine/anonymise/capture-anonymiser.ts';
import type { CaptureRewriter } from '../../engine/copy/rewriter.ts';
import { createCaseCipher, randomCaseKey } from '../anonymise/case-cipher.ts';

/**
 * Begins to anonymise one export, and gives what makes the rewriter of each of its files anew: the same one each time, so that
 * captures that were joined stay joined, and what was judged is what is written.
 */
export type MakeAnonymiser = () => () => CaptureRewriter;

export const CANNOT_ANONYMISE =
  'this version cannot anonymise packets: export them as they are, or not at all';

/** @param key the case key; without it each export has one of its own that nobody keeps */
export function anonymiser(key?: Uint8Array): MakeAnonymiser {
  return () => {
    const cipher = createCaseCipher(key ?? randomCaseKey());
    return () => new CaptureAnonymiser(cipher);
  };
}
