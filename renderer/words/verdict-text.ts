/** A verdict as plain text, to be pasted into a ticket: everything that the other party needs to check it. */
import { bytesText } from '../../shared/format/bytes.ts';
import { upperFirst } from '../../shared/format/text.ts';
import { tabSeparated } from '../../shared/format/spreadsheet.ts';
import type { ResetDetail } from '../../shared/model/capture.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import type { Origin, Verdict } from '../../shared/model/verdict.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { frameText } from './frame-text.ts';
import { causeWord } from '../../shared/texts/confidence.ts';
import {
  ORIGIN,
  obeyedText,
  senderText,
  sureText,
  otherSide,
  percentText,
  unacknowledgedText,
} from '../../shared/texts/origin.ts';
import type { JoinReport } from '../../shared/model/join.ts';
import type { SocketOwner } from '../../shared/model/witness.ts';
import { framesText, pieceLines } from './evidence-text.ts';
import { PROVEN_ABOUT, absentText, nameOfVantage } from './join-text.ts';
import { packetText } from './packet-text.ts';
import type { Clock } from './values.ts';
import { fullTimeText, secondsText, timeText } from './values.ts';
import { ownerPlaceText, ownerName, reasonText, witnessText, witnessTitle } from './witness-text.ts';

export function verdictAsText(detail: ResetDetail, clock: Clock, join: JoinReport | null = null): string {
  const { row, verdict } = detail;
  const cause = causeOf(verdict.cause.code);
  const reset = detail.packets.find((packet) => packet.frame === row.frame && packet.file === row.file);
  const hasFiles = join !== null;
  const lines = [
    verdict.summary,
    '',
    `Reset     frame ${frameText(row, join === null ? 1 : join.vantages.length)}, ${fullTimeText(clock, row.timeNs)}`,
    `Flow      ${row.client} → ${row.server}${row.serverName === '' ? '' : ` (${row.serverName})`}`,
    `Claims    to come from the ${verdict.claimed}`,
    `Origin    ${verdict.origin.label}; ${sureWithPercent(verdict.origin, detail.journey?.proven === true)}`,
    ...witnessLines(detail),
    ...journeyLines(detail, join),
    `Cause     ${cause.title}; ${causeWord(verdict.cause.confidence)}, ${percentText(verdict.cause.confidence)}. ${cause.what}`,
    ...(verdict.cause.alternatives.length === 0
      ? []
      : [`Or        ${verdict.cause.alternatives.map((code) => causeOf(code).title).join('; ')}`]),
    `Matters   ${verdict.matters ? 'yes' : 'no'}. ${unacknowledgedText(verdict.unacknowledgedBytes, bytesText)}`,
    `Obeyed    ${obeyedText(verdict.obeyed, otherSide(verdict.claimed))}`,
    `Silence   ${silenceText(verdict)}`,
    ...(reset === undefined ? [] : [`Packet    ${packetText(reset, false)}`]),
    '',
    ...evidenceLines(detail, 'middlebox', `For ${ORIGIN.middlebox.phrase}`, hasFiles),
    ...evidenceLines(detail, 'endpoint', `For the ${verdict.claimed} itself`, hasFiles),
    ...pieceLines(
      'For the cause',
      detail.evidence.filter((piece) => piece.favours === 'neither'),
      hasFiles,
    ),
    ...(verdict.limitations.length === 0
      ? []
      : ['Limits', ...verdict.limitations.map((text) => `  - ${text}`), '']),
    `Next step: ${verdict.next}`,
  ];
  return lines.join('\n');
}

/** The silence that the story tells of, and how long ago the packet before the reset was where that is another time. */
export function silenceText({ silenceSeconds, idleSeconds }: Verdict): string {
  if (idleSeconds === null) return 'It is the first packet of its flow.';
  const since = `${secondsText(idleSeconds)} since the packet before it.`;
  if (silenceSeconds === null || secondsText(silenceSeconds) === secondsText(idleSeconds))
    return upperFirst(since);
  return `${secondsText(silenceSeconds)} without use of the connection; ${since}`;
}

function evidenceLines(
  detail: ResetDetail,
  favours: 'endpoint' | 'middlebox',
  title: string,
  hasFiles: boolean,
): string[] {
  const pieces = detail.evidence.filter((piece) => piece.favours === favours);
  if (pieces.length === 0) return [];
  return [
    `${title} (weight, log10 of the likelihood ratio)`,
    ...pieces.map(
      (piece) => `  ${piece.weight.toFixed(1).padStart(4)}  ${piece.text}${framesText(piece, hasFiles)}`,
    ),
    '',
  ];
}

/** Where it was seen and where not, where there are several captures of it. */
function journeyLines({ journey }: ResetDetail, join: JoinReport | null): string[] {
  if (journey === null) return [];
  const lines = [
    ...journey.seenAt.map(
      (at) => `Seen      ${nameOfVantage(join, at.vantage)}: frame ${at.frame}, TTL ${at.ttl}`,
    ),
    ...journey.absentAt.map((at) => `Not seen  ${nameOfVantage(join, at.vantage)}: ${absentText(at)}`),
  ];
  return journey.proven ? [...lines, `Proven    ${PROVEN_ABOUT}.`] : lines;
}

/** What the kernel said, and the processes at the ends. */
function witnessLines({ witness, owners, verdict }: ResetDetail): string[] {
  const owner = (title: string, one: SocketOwner | null): string[] =>
    one === null
      ? []
      : [
          `${title.padEnd(10)}${[ownerName(one), ownerPlaceText(one)].filter((text) => text !== null).join(', ')}`,
        ];
  const said =
    witness === null
      ? []
      : [
          `Kernel    ${witnessTitle(witness)}. ${witnessText(witness, verdict.claimed)}`,
          ...(witness.reason === null ? [] : [`Reason    ${reasonText(witness.reason)} (${witness.reason})`]),
        ];
  return [...said, ...owner('Client is', owners.client), ...owner('Server is', owners.server)];
}

function sureWithPercent({ kind, confidence }: Origin, isProven: boolean): string {
  const word = sureText(kind, confidence, isProven);
  return kind === 'unknown' ? word : `${word}, ${percentText(confidence)}`;
}

/** One row of the list, tab separated, as spreadsheets take it. */
export function rowAsText(row: ResetRow, clock: Clock): string {
  return tabSeparated([
    row.frame,
    timeText(clock, row.timeNs),
    row.client,
    row.server,
    row.serverName,
    senderText(row.kind, row.side),
    row.label,
    row.kind === 'unknown' ? '' : percentText(row.confidence),
    causeOf(row.cause).title,
    row.matters ? 'matters' : 'harmless',
  ]);
}
