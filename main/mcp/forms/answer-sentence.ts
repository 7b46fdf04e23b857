/**
 * Who hung up, in one sentence that is made of verdict, addresses and numbers alone: nothing in it was written by strangers, so that it may be
 * repeated as it is.
 */
import { causeOf } from '../../../shared/causes/list.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import { plural } from '../../../shared/format/count.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { confidenceWord, shareOfHundred, whyText } from '../../../shared/texts/confidence.ts';

/** @param causeConfidence of the cause; undefined where only the row is known */
export function whoHungUp(row: ResetRow, severalFiles: boolean, causeConfidence?: number): string {
  const { client, server, claimed, kind, proven, confidence } = row;
  const sender = `the ${claimed} ${claimed === 'client' ? client : server}`;
  const other = claimed === 'client' ? `the server ${server}` : `the client ${client}`;
  const sure = `${confidenceWord(confidence, proven)}, ${shareOfHundred(confidence)}`;
  return `${headText(kind, sender, other, sure)}; ${causeText(row, causeConfidence)}, and it ${mattersText(row)} (${frameText(row, severalFiles)}).`;
}

function headText(kind: ResetRow['kind'], sender: string, other: string, sure: string): string {
  if (kind === 'unknown')
    return `The packets cannot tell whether ${sender} or a device on the path in its name hung up on ${other}`;
  if (kind === 'middlebox')
    return `A device on the path hung up on ${other} in the name of ${sender} (${sure})`;
  return `${sender.replace(/^t/u, 'T')} itself hung up on ${other} (${sure})`;
}

function causeText({ cause }: ResetRow, confidence: number | undefined): string {
  if (cause === 'unknown') return 'why is not known';
  const title = lowerFirst(causeOf(cause).title);
  return `why: ${confidence === undefined ? title : whyText(confidence, title)}`;
}

function mattersText({ matters }: ResetRow): string {
  return matters ? 'ended work that was not finished' : 'ended no unfinished work';
}

/** "frame 7", of several files "frame 7 of file 1". */
export function frameText(
  { file, frame, count }: Pick<ResetRow, 'file' | 'frame' | 'count'>,
  severalFiles: boolean,
): string {
  const burst = count > 1 ? `, the first of ${plural(count, 'reset')}` : '';
  return `frame ${frame}${severalFiles ? ` of file ${file}` : ''}${burst}`;
}
