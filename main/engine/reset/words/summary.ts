/** The verdict in one sentence: who, where, how sure, why. */
import type { Cause } from '../../../../shared/model/verdict.ts';
import { causeTitle } from '../../../../shared/texts/causes.ts';
import type { CauseContext } from '../cause/context.ts';
import { injectorName } from '../written/products.ts';
import { deedText } from '../witness/account.ts';
import { hostText } from './labels.ts';

/** Words for a probability; "proven" is left to two captures. */
export function confidenceWords(confidence: number): string {
  // The app and the documents use the same steps for their words: very likely, likely, suspected.
  if (confidence >= 0.99) return 'very likely';
  if (confidence >= 0.9) return 'likely';
  return 'possibly';
}

export function summaryOf(c: CauseContext, label: string, confidence: number, cause: Cause): string {
  const { f, view, kind } = c;
  const why = lowerFirst(causeTitle(cause.code));
  const claimed = hostText(view, f, f.sender);
  if (kind === 'unknown') {
    return `It cannot be told from this capture whether ${claimed} or a device in front of it sent this reset; if the former, ${why}.`;
  }
  const who = upperFirst(label);
  const { word } = c.witness;
  if (word === 'sent' && kind === 'endpoint') {
    return `${who} sent this reset itself, as its kernel says: ${deedText(c.witness) ?? why}.`;
  }
  if (kind === 'endpoint') return `${who} ${confidenceWords(confidence)} sent this reset itself: ${why}.`;
  const habit = injectorName(f);
  const tail = habit === null ? '' : ` (${habit})`;
  return `${who} ${confidenceWords(confidence)} made this reset in the name of ${claimed}: ${why}${tail}.`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Leaves abbreviations as they are: "TLS handshake failed". */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
