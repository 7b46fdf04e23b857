/** A failure without a reset as plain text, to be pasted into a ticket. */
import { confidenceWord } from '../../shared/texts/confidence.ts';
import { tabSeparated } from '../../shared/format/spreadsheet.ts';
import type { FailureDetail, FailureRow } from '../../shared/model/failure.ts';
import { ENDING, failureSideText, triesText } from './ending.ts';
import { pieceLines } from './evidence-text.ts';
import { percentText } from '../../shared/texts/origin.ts';
import { packetText } from './packet-text.ts';
import type { Clock } from './values.ts';
import { fullTimeText, secondsText, timeText } from './values.ts';

export function failureAsText(detail: FailureDetail, clock: Clock): string {
  const { row, evidence, packets } = detail;
  const packet = packets.find(({ frame, file }) => frame === row.frame && file === row.file);
  const lines = [
    row.summary,
    '',
    `Failure   ${ENDING[row.kind].name}: ${ENDING[row.kind].about}`,
    `Frame     ${row.frame}, ${fullTimeText(clock, row.timeNs)}`,
    `Flow      ${row.protocol.toUpperCase()} ${row.client} → ${row.server}${row.serverName === '' ? '' : ` (${row.serverName})`}`,
    `Side      ${failureSideText(row.side)}`,
    `Sure      ${confidenceWord(row.confidence)}, ${percentText(row.confidence)}`,
    `Tries     ${triesText(row.tries)} within ${secondsText(row.seconds)}`,
    `Matters   ${row.matters ? 'yes' : 'no'}. ${recoveredText(row)}`,
    ...(packet === undefined ? [] : [`Packet    ${packetText(packet, row.protocol === 'udp')}`]),
    '',
    ...pieceLines('Evidence', evidence),
    `Next step: ${row.next}`,
  ];
  return lines.join('\n');
}

/** One row of the list, tab separated, as spreadsheets take it. */
export function failureRowAsText(row: FailureRow, clock: Clock): string {
  return tabSeparated([
    row.frame,
    timeText(clock, row.timeNs),
    row.client,
    row.server,
    row.serverName,
    ENDING[row.kind].name,
    failureSideText(row.side),
    row.tries,
    secondsText(row.seconds),
    percentText(row.confidence),
    row.recovered ? 'recovered' : 'failed',
    row.matters ? 'matters' : 'harmless',
  ]);
}

/** Whether it went on after all. */
export function recoveredText({ recovered, seconds }: Pick<FailureRow, 'recovered' | 'seconds'>): string {
  return recovered ? `It went on after ${secondsText(seconds)}: a delay and no end.` : 'It did not go on.';
}
