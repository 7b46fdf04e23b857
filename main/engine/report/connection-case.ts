/** One connection, however it ended. */
import { bytesText } from '../../../shared/format/bytes.ts';
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import { dateAndTime, isoTime } from '../../../shared/format/time.ts';
import type { FailureKind } from '../../../shared/model/failure.ts';
import type { ReportCase, ReportTerm } from '../../../shared/model/report.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { reportPackets } from './ladder.ts';
import type { ReportFlow } from './source.ts';

const ENDED: Readonly<Record<Exclude<FlowRow['ending'], FailureKind>, string>> = {
  clean: 'was closed, and nothing was lost',
  reset: 'was ended by a reset',
  refused: 'was refused by a reset',
  open: 'was still open when the capture ended',
  'not-seen': 'ended in a way that the capture does not show',
  none: 'ended in a way that cannot be told',
};

/** How it ended, in a sentence. */
export function connectionSentence({ client, server, serverName, ending }: FlowRow): string {
  const ended =
    ending in ENDED
      ? ENDED[ending as keyof typeof ENDED]
      : `failed: ${lowerFirst(FAILURE_KIND_TEXTS[ending as FailureKind].title)}`;
  return `The connection of ${client} to ${server}${serverName === '' ? '' : ` (${serverName})`} ${ended}.`;
}

export function connectionFacts({ account: { row, limits } }: ReportFlow, epochNs: bigint): ReportTerm[] {
  const application = row.application === '' ? '' : `, ${row.application}`;
  const facts: ReportTerm[] = [
    { term: 'Protocol', text: `${row.protocol.toUpperCase()}${application}.` },
    {
      term: 'When',
      text: `From ${dateAndTime(isoTime(epochNs, row.startNs), false)} on, for ${durationText(row.durationNs)}.`,
    },
    {
      term: 'What was sent',
      text: `${plural(row.packets, 'packet')}; ${bytesText(row.clientBytes)} by the client, ${bytesText(row.serverBytes)} by the server.`,
    },
  ];
  if (row.rttNs > 0)
    facts.push({
      term: 'Handshake',
      text: `It took ${durationText(row.rttNs)}, seen from the capture point.`,
    });
  if (row.retransmissions > 0)
    facts.push({ term: 'Sent again', text: `${plural(row.retransmissions, 'segment')}.` });
  if (limits.length > 0) facts.push({ term: 'Marks', text: `${limits.join(', ')}.` });
  return facts;
}

/** Its last packets, where nothing else is to be told; undefined where none is kept. */
export function endOfConnection({ account: { row }, packets }: ReportFlow): ReportCase | undefined {
  const last = packets.at(-1);
  if (last === undefined) return undefined;
  return {
    file: last.file,
    frame: last.frame,
    title: 'Its last packet',
    client: row.client,
    server: row.server,
    serverName: row.serverName,
    what: [],
    facts: [],
    path: null,
    failure: null,
    next: '',
    commands: [],
    packets: reportPackets(packets, new Set(), last),
    claimed: null,
    evidence: [],
    bytes: null,
    refute: [],
    limits: [],
  };
}
