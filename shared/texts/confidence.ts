/** The words for how sure a verdict is: the one scale of the app, the command line and the documents. */

export interface ConfidenceStep {
  /** Probability from which on the word holds. */
  readonly from: number;
  readonly word: 'very likely' | 'likely' | 'suspected';
}

/** From the surest down. "Proven" is left to two captures. */
export const CONFIDENCE_STEPS: readonly ConfidenceStep[] = [
  { from: 0.99, word: 'very likely' },
  { from: 0.9, word: 'likely' },
  { from: 0.6, word: 'suspected' },
];

/** What stands below the lowest step. */
export const CANNOT_TELL = 'cannot tell';

export type ConfidenceWord = ConfidenceStep['word'] | typeof CANNOT_TELL;

/** @param confidence probability that what is said is right, 0 … 1 */
export function confidenceWord(confidence: number): ConfidenceWord {
  return CONFIDENCE_STEPS.find(({ from }) => confidence >= from)?.word ?? CANNOT_TELL;
}

/** The same before a verb, where "suspected" is no adverb: "a device likely made this reset". */
export function confidenceAdverb(confidence: number): 'very likely' | 'likely' | 'possibly' {
  const word = confidenceWord(confidence);
  return word === 'very likely' || word === 'likely' ? word : 'possibly';
}
