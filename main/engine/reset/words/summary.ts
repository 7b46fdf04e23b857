/** The verdict in one or two sentences: who, where, how sure, and apart from it why and how sure that is. */
import { upperFirst } from '../../../../shared/format/text.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import { causeText } from '../../../../shared/texts/cause-text.ts';
import { PROVEN, assertionText, shareOfHundred } from '../../../../shared/texts/confidence.ts';
import type { CauseContext } from '../cause/context.ts';
import { findCauseIf } from '../cause/find-cause.ts';
import { isOfDevice } from '../cause/middlebox.ts';
import { injectorName } from '../written/products.ts';
import { deedText } from '../witness/account.ts';
import { closedLabel, hostText } from './labels.ts';

export function summaryOf(c: CauseContext, label: string, cause: Cause): string {
  const { f, view, kind, confidence } = c;
  const claimed = hostText(view, f, f.sender);
  if (kind === 'unknown') {
    const captures = c.elsewhere.event === undefined ? 'this capture' : 'these captures';
    return `It cannot be told from ${captures} whether ${claimed} or a device in front of it sent this reset.${eitherText(c)}`;
  }
  const who = upperFirst(label);
  const { word } = c.witness;
  if (word === 'sent' && kind === 'endpoint') {
    const deed = deedText(c.witness) ?? `why: ${causeText(cause.code, cause.confidence)}`;
    return `${closedLabel(who)} sent this reset itself, as its kernel says: ${deed}.`;
  }
  const deed = kind === 'endpoint' ? 'sent this reset itself' : `made this reset in the name of ${claimed}`;
  const habit = injectorName(f);
  const tail = kind === 'endpoint' || habit === null ? '' : `; ${habit}`;
  const { isProven } = c.elsewhere;
  const share = isProven ? PROVEN : shareOfHundred(confidence);
  return `${assertionText(confidence, closedLabel(who), deed, isProven)} (${share})${tail}; why: ${causeText(cause.code, cause.confidence)}.`;
}

/** Where either may have made it, both are explained or neither: one of the two alone would be taken for the verdict. */
function eitherText(c: CauseContext): string {
  const ofHost = findCauseIf(c, 'endpoint');
  const ofDevice = findCauseIf(c, 'middlebox');
  if (ofHost.code === ofDevice.code) {
    return ofHost.code === 'unknown'
      ? ''
      : ` Why, whoever sent it: ${causeText(ofHost.code, ofHost.confidence)}.`;
  }
  if (isOfDevice(ofHost) || ofHost.code === 'unknown' || ofDevice.code === 'unknown') return '';
  return ` If the host did: ${causeText(ofHost.code, ofHost.confidence)}; if a device did: ${causeText(ofDevice.code, ofDevice.confidence)}.`;
}
