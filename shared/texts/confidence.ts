/** The words for how sure a verdict is: the one scale of the app, the command line and the documents. */

export interface ConfidenceStep {
  /** Probability from which on the word holds. */
  readonly from: number;
  readonly word: 'very likely' | 'likely' | 'suspected';
}

/** From the surest down. "Proven" is left to captures at several points, see PROVEN. */
export const CONFIDENCE_STEPS: readonly ConfidenceStep[] = [
  { from: 0.99, word: 'very likely' },
  { from: 0.9, word: 'likely' },
  { from: 0.6, word: 'suspected' },
];

/** What stands below the lowest step. */
export const CANNOT_TELL = 'cannot tell';

/** What captures at several points leave no other reading of; no probability alone is ever called so. */
export const PROVEN = 'proven';

export type ConfidenceWord = ConfidenceStep['word'] | typeof CANNOT_TELL | typeof PROVEN;

/** @param confidence probability that what is said is right, 0 … 1 @param isProven `ResetJourney.proven` */
export function confidenceWord(confidence: number, isProven = false): ConfidenceWord {
  if (isProven) return PROVEN;
  return CONFIDENCE_STEPS.find(({ from }) => confidence >= from)?.word ?? CANNOT_TELL;
}

/**
 * Says with the word of the scale that somebody did something: "a device likely made this reset", "a device is suspected
 * to have made this reset".
 * @param who in the singular
 * @param deed in the past, whose participle is the same: "sent this reset itself"
 */
export function assertionText(confidence: number, who: string, deed: string, isProven = false): string {
  if (isProven) return `${who} provably ${deed}`;
  const word = confidenceWord(confidence);
  return isSure(word) ? `${who} ${word} ${deed}` : `${who} is suspected to have ${deed}`;
}

/** The same of what was done, behind a noun: "likely sent by", "suspected to be sent by". @param deed a participle */
export function participleText(confidence: number, deed: string, isProven = false): string {
  if (isProven) return `provably ${deed}`;
  const word = confidenceWord(confidence);
  return isSure(word) ? `${word} ${deed}` : `suspected to be ${deed}`;
}

/** Whether the word is an adverb. Who is named at all is suspected at least, so that nothing else is left to say. */
function isSure(word: ConfidenceWord): boolean {
  return word === 'very likely' || word === 'likely';
}

/** From the surest down: how sure a cause is, as an adverb. A cause below the lowest step is still the likeliest of those that fit. */
const CAUSE_STEPS = [
  { from: 0.99, word: 'very likely' },
  { from: 0.9, word: 'likely' },
  { from: 0.6, word: 'probably' },
] as const;

export type CauseWord = (typeof CAUSE_STEPS)[number]['word'] | 'perhaps';

/** Why is a number of its own beside who. @param confidence as for confidenceWord */
export function causeWord(confidence: number): CauseWord {
  return CAUSE_STEPS.find(({ from }) => confidence >= from)?.word ?? 'perhaps';
}

/** "perhaps idle timeout (45 %)": the hedge and the number are the cause's own, whoever sent the reset. */
export function whyText(confidence: number, title: string): string {
  return `${causeWord(confidence)} ${title} (${shareOfHundred(confidence)})`;
}

/** Some shares were kept as 32-bit numbers: 0.45 must not become 44 %. */
const SINGLE_PRECISION = 1e-4;

/** "99 %" of 0.993; never 100 %: what is inferred is not certain. */
export function shareOfHundred(share: number): string {
  return share >= 0.995 ? 'over 99 %' : `${Math.floor(share * 100 + SINGLE_PRECISION)} %`;
}
