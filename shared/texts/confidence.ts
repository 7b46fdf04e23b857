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

/** What a cause below the lowest step is: it is still the likeliest of those that fit. */
export const PERHAPS = 'perhaps';

/** How sure a cause is: why is a number of its own beside who. @param confidence as for confidenceWord */
export function causeWord(confidence: number): ConfidenceStep['word'] | typeof PERHAPS {
  const word = confidenceWord(confidence);
  return word === CANNOT_TELL ? PERHAPS : word;
}

/**
 * Says with the word of the scale that somebody did something: "a device likely made this reset", "a device is suspected
 * to have made this reset".
 * @param who in the singular
 * @param deed in the past, whose participle is the same: "sent this reset itself"
 */
export function assertionText(confidence: number, who: string, deed: string): string {
  const word = confidenceWord(confidence);
  return isSure(word) ? `${who} ${word} ${deed}` : `${who} is suspected to have ${deed}`;
}

/** The same of what was done, behind a noun: "likely sent by", "suspected to be sent by". @param deed a participle */
export function participleText(confidence: number, deed: string): string {
  const word = confidenceWord(confidence);
  return isSure(word) ? `${word} ${deed}` : `suspected to be ${deed}`;
}

/** Whether the word is an adverb. Who is named at all is suspected at least, so that nothing else is left to say. */
function isSure(word: ConfidenceWord): boolean {
  return word === 'very likely' || word === 'likely';
}
