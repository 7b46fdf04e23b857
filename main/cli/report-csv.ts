/** The report as CSV (RFC 4180): one line a reset. */
import { cellText } from '../../shared/format/spreadsheet.ts';
import { isoTime } from '../../shared/format/time.ts';
import type { ResetAccount } from '../../shared/model/capture.ts';
import type { ResetJourney } from '../../shared/model/join.ts';
import type { Report, WriteText } from './report.ts';

type Cell = string | number | boolean | null;

type Column = readonly [name: string, read: (detail: ResetAccount, report: Report) => Cell];

const COLUMNS: readonly Column[] = [
  ['file', ({ row }, { files }) => files[row.file]?.path ?? null],
  ['frame', ({ row }) => row.frame],
  ['time', ({ row }, { epochNs }) => isoTime(epochNs, row.timeNs)],
  ['flow', ({ row }) => row.flow],
  ['client', ({ row }) => row.client],
  ['server', ({ row }) => row.server],
  ['server_name', ({ row }) => row.serverName],
  ['claimed', ({ verdict }) => verdict.claimed],
  ['origin', ({ verdict }) => verdict.origin.kind],
  ['origin_side', ({ verdict }) => verdict.origin.side],
  ['origin_hops', ({ verdict }) => verdict.origin.hops],
  ['origin_label', ({ verdict }) => verdict.origin.label],
  ['origin_confidence', ({ verdict }) => verdict.origin.confidence.toFixed(4)],
  ['cause', ({ verdict }) => verdict.cause.code],
  ['cause_confidence', ({ verdict }) => verdict.cause.confidence.toFixed(4)],
  ['cause_alternatives', ({ verdict }) => verdict.cause.alternatives.join(' ')],
  ['matters', ({ verdict }) => verdict.matters],
  ['unacknowledged_client', ({ verdict }) => verdict.unacknowledgedBytes.client],
  ['unacknowledged_server', ({ verdict }) => verdict.unacknowledgedBytes.server],
  ['idle_seconds', ({ verdict }) => verdict.idleSeconds],
  ['silence_seconds', ({ verdict }) => verdict.silenceSeconds],
  ['summary', ({ verdict }) => verdict.summary],
  ['next', ({ verdict }) => verdict.next],
  ['count', ({ row }) => row.count],
  ['last_frame', ({ row, burst }) => burst?.lastFrame ?? row.frame],
  // Of captures that were joined; empty otherwise.
  ['seen_at', ({ journey }, report) => seenText(journey, report)],
  [
    'absent_at',
    ({ journey }, report) =>
      namesText(
        journey?.absentAt.map(({ vantage }) => vantage),
        report,
      ),
  ],
  ['born_between', ({ journey }, report) => namesText(journey?.born?.between, report)],
  ['proven', ({ journey }) => journey?.proven ?? null],
];

/** `client.pcap:11; server.pcap:9`, from the claimed sender on. */
function seenText(journey: ResetJourney | null, { files }: Report): string | null {
  if (journey === null) return null;
  return journey.seenAt.map(({ file, frame }) => `${files[file].path}:${frame}`).join('; ');
}

function namesText(firstFiles: readonly number[] | undefined, { files }: Report): string | null {
  return firstFiles?.map((file) => files[file].path).join('; ') ?? null;
}

export async function writeCsv(report: Report, write: WriteText): Promise<void> {
  await write(csvLine(COLUMNS.map(([name]) => name)));
  for (const id of report.ids) {
    const detail = report.detail(id);
    await write(csvLine(COLUMNS.map(([, read]) => read(detail, report))));
  }
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = cellText(cell);
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
