/** The verdict in one sentence: who, where, how sure, why. */
import { lowerFirst, upperFirst } from '../../../../shared/format/text.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import { causeOf } from '../../../../shared/causes/list.ts';
import { assertionText } from '../../../../shared/texts/confidence.ts';
import type { CauseContext } from '../cause/context.ts';
import { injectorName } from '../written/products.ts';
import { deedText } from '../witness/account.ts';
import { hostText } from './labels.ts';

export function summaryOf(c: CauseContext, label: string, cause: Cause): string {
  const { f, view, kind, confidence } = c;
  const why = lowerFirst(causeOf(cause.code).title);
  const claimed = hostText(view, f, f.sender);
  if (kind === 'unknown') {
    return `It cannot be told from this capture whether ${claimed} or a device in front of it sent this reset; if the former, ${why}.`;
  }
  const who = upperFirst(label);
  const { word } = c.witness;
  if (word === 'sent' && kind === 'endpoint') {
    return `${who} sent this reset itself, as its kernel says: ${deedText(c.witness) ?? why}.`;
  }
  if (kind === 'endpoint') return `${assertionText(confidence, who, 'sent this reset itself')}: ${why}.`;
  const habit = injectorName(f);
  const tail = habit === null ? '' : ` (${habit})`;
  return `${assertionText(confidence, who, `made this reset in the name of ${claimed}`)}: ${why}${tail}.`;
}
