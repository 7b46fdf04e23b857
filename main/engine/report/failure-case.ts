/** One connection that failed without a reset, at full length. */
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { dateAndTime, isoTime } from '../../../shared/format/time.ts';
import type { FailureDetail } from '../../../shared/model/failure.ts';
import type { ReportCase } from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import { failureCommands } from '../../../shared/texts/commands.ts';
import { confidenceWord } from '../../../shared/texts/confidence.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { oddsText, percentText } from '../../../shared/texts/origin.ts';
import { reportPackets } from './ladder.ts';
import { failureRefutations } from './refute.ts';

const WHOSE = {
  client: 'the client’s doing',
  server: 'the server’s doing',
  path: 'the doing of something on the path',
} as const;

export function failureCase(detail: FailureDetail, epochNs: bigint): ReportCase {
  const { row, evidence, story } = detail;
  const kind = FAILURE_KIND_TEXTS[row.kind];
  const restsOn = new Set(evidence.flatMap(({ packets }) => packets));
  const whose = row.side === null ? 'whose doing it was cannot be told from this capture' : WHOSE[row.side];
  return {
    file: row.file,
    frame: row.frame,
    title: `${row.client} → ${row.server}`,
    client: row.client,
    server: row.server,
    serverName: row.serverName,
    what: [row.summary, story].filter((text) => text !== ''),
    facts: [
      {
        term: 'What failed',
        text: `${kind.title}; ${whose}: ${confidenceWord(row.confidence)}, ${percentText(row.confidence)}. ${oddsText(row.confidence)}`,
      },
      { term: 'What it means', text: kind.what },
      { term: 'What was seen', text: kind.seen },
      {
        term: 'Did it matter',
        text: row.matters
          ? row.recovered
            ? 'Yes, as a delay: the connection went on after all.'
            : 'Yes: it ended unfinished work.'
          : 'No: nothing was under way, or it came to an end all the same.',
      },
      {
        term: 'When',
        text: `${dateAndTime(isoTime(epochNs, row.timeNs), false)}, for ${durationText(row.seconds * 1e9)}${row.tries > 1 ? `, ${plural(row.tries, 'try', 'tries')}` : ''}.`,
      },
    ],
    path: null,
    failure: { side: row.side },
    next: row.next,
    commands: failureCommands(row),
    packets: reportPackets(detail.packets, restsOn, { ...row, flow: row.id }),
    claimed: null,
    evidence: evidence.slice(0, REPORT_BOUNDS.evidence).map(({ text, frames, files }) => ({
      favours: 'neither',
      weight: '',
      text,
      frames: frames.map((frame, index) => ({ file: files[index], frame })),
    })),
    bytes: null,
    refute: failureRefutations(row),
    limits: [],
  };
}
