/** What `resetscope live` prints: a line for every reset, and where the capture stands. */
import type { EndingsReport } from '../../shared/model/failure.ts';
import { bytesText } from '../../shared/format/bytes.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { isoTime, isoTimeOfDay } from '../../shared/format/time.ts';
import type { ResetAccount } from '../../shared/model/capture.ts';
import type { CaughtCase, LiveLosses, LiveStatus, SecondStatus } from '../../shared/model/live.ts';
import type { SpoolStatus } from '../host/fleet/spool.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { waitingText } from '../../shared/texts/backlog.ts';
import { sureText, whoText } from './report-table.ts';
import type { Style } from './style.ts';

/** 12:00:00.123456  10.0.0.1:40000 → 10.0.0.2:443  ● server  Connection refused  97 %  noise  by nginx (42) */
export function resetLine(account: ResetAccount, epochNs: bigint, style: Style): string {
  const { row, witness, owners } = account;
  const time = isoTimeOfDay(epochNs, row.timeNs).slice(0, 15);
  const owner = row.claimed === 'client' ? owners.client : owners.server;
  const process = witness?.process ?? owner;
  const parts = [
    style.dim(time),
    `${row.client} → ${row.server}${row.serverName === '' ? '' : ` (${sanitiseText(row.serverName, 100)})`}`,
    paint(whoText(row), row.kind, style),
    causeOf(row.cause).title,
    row.kind === 'unknown' ? '–' : sureText(row.confidence),
    row.matters ? style.red('mattered') : style.dim('noise'),
  ];
  if (row.count > 1) parts.push(`×${countText(row.count)}`);
  if (process !== null) parts.push(`by ${sanitiseText(process.name, 60)} (${process.pid})`);
  if (witness !== null) parts.push(style.dim(`kernel: ${witness.word}`));
  return `${parts.join('  ')}\n`;
}

function paint(text: string, kind: string, style: Style): string {
  if (kind === 'middlebox') return style.yellow(text);
  return kind === 'unknown' ? style.dim(text) : style.green(text);
}

export function caughtLine({ time, client, server, path, error, packets, resets }: CaughtCase): string {
  const many = resets === 1 ? '' : `, ${countText(resets)} resets`;
  const kept =
    path === null ? 'nothing was kept' : `${plural(packets, 'packet')} in ${sanitiseText(path, 500)}`;
  const lacks = error === null ? '' : `; ${sanitiseText(error, 300)}`;
  return `caught ${time} ${client} → ${server}${many}: ${kept}${lacks}\n`;
}

/** Resets of a capture, by what became of them. */
export interface ResetNumbers {
  readonly resets: number;
  /** Resets that wait for their verdict, that were given up, and that have one and were not told of. */
  readonly waiting: number;
  readonly unjudged: number;
  readonly untold: number;
}

/** Rates and losses in one line of a terminal. */
export function statusText(status: LiveStatus, resets: number, waiting: number): string {
  const parts = [
    `${countText(Math.round(status.packetsPerSecond))} packets/s`,
    `${bytesText(status.bytesPerSecond)}/s`,
    plural(status.packets, 'packet'),
    plural(resets, 'reset'),
    lossesText(status.losses),
  ];
  const backlog = waitingText(waiting);
  if (backlog !== undefined) parts.push(backlog);
  if (status.lagBytes > 1024 * 1024) parts.push(`analysis ${bytesText(status.lagBytes)} behind`);
  if (status.witness.state === 'on') parts.push('kernel watched');
  if (status.second !== null) parts.push(`second place: ${secondText(status.second)}`);
  return parts.join('  ');
}

/** Losses by where they happened; what is not known is no loss. */
export function lossesText({ kernel, interface: byInterface, queue, analysis }: LiveLosses): string {
  const places = [
    ['kernel', kernel ?? 0],
    ['interface', byInterface ?? 0],
    ['queue', queue],
    ['analysis', analysis],
  ] as const;
  const lost = places
    .filter(([, count]) => count > 0)
    .map(([place, count]) => `${countText(count)} in the ${place}`);
  if (lost.length > 0) return `lost ${lost.join(', ')}`;
  return kernel === null ? 'losses of the kernel not known' : 'no losses';
}

export function summaryText(status: LiveStatus, resets: number, matters: number): string {
  const { packets, bytes, files, filesGone, folder, losses } = status;
  const where = folder === null ? '' : ` in ${sanitiseText(folder, 500)}`;
  const kept = files.length === 1 ? sanitiseText(files[0].path, 500) : `${files.length} files${where}`;
  const gone = filesGone === 0 ? '' : `, ${plural(filesGone, 'older file')} let go of`;
  return (
    `${plural(packets, 'packet')}, ${bytesText(bytes)}; ${plural(resets, 'reset')}, ` +
    `${countText(matters)} of them mattered; ${lossesText(losses)}\nkept: ${kept}${gone}\n`
  );
}

/** How the second place fares, or fared. */
export function secondText({ phase, packets, losses, error }: SecondStatus): string {
  const ended = error === null ? [] : [phase === 'failed' ? 'ended early' : phase];
  return [plural(packets, 'packet'), lossesText(losses), ...ended].join(', ');
}

export function secondSummaryText(second: SecondStatus): string {
  const { bytes, folder, filesGone } = second;
  const gone = filesGone === 0 ? '' : `, ${plural(filesGone, 'older file')} let go of`;
  const kept = folder === null ? '' : `\nkept: ${sanitiseText(folder, 500)}${gone}`;
  return `second place: ${secondText(second)}, ${bytesText(bytes)}${kept}\n`;
}

/** Resets that nobody had the time to judge. */
export function unjudgedText(unjudged: number): string {
  return (
    `${countText(unjudged)} of the resets came too fast to be judged while capturing; ` +
    'resetscope analyze judges those that the kept files hold\n'
  );
}

/** The groups of failures told at the end of a capture. */
const FAILURES_TOLD = 5;

/** What failed without a reset, in a few lines; empty where nothing did. */
export function endingsText({ headline, groups, moreGroups }: EndingsReport): string {
  const told = groups.filter(({ matters }) => matters > 0).slice(0, FAILURES_TOLD);
  if (told.length === 0) return '';
  const more = groups.length - told.length + moreGroups;
  const lines = told.flatMap(({ sentence, next }) => [
    `  ! ${sanitiseText(sentence, 600)}`,
    `    Next: ${sanitiseText(next, 800)}`,
  ]);
  if (more > 0) lines.push(`  …and ${countText(more)} more: resetscope analyze shows them`);
  return `${headline}\n${lines.join('\n')}\n`;
}

/** A status for machines: what a person would look at, without lists of files. */
export function statusJson(status: LiveStatus, resets: ResetNumbers, spool?: SpoolStatus): object {
  const { phase, source, packets, bytes, packetsPerSecond, bytesPerSecond, losses, lagBytes, witness } =
    status;
  return {
    type: 'status',
    time: isoTime(BigInt(Date.now()) * 1_000_000n),
    phase,
    source,
    packets,
    bytes,
    packetsPerSecond: Math.round(packetsPerSecond),
    bytesPerSecond: Math.round(bytesPerSecond),
    ...resets,
    losses,
    lagBytes,
    witness,
    files: status.files.length,
    filesGone: status.filesGone,
    folder: status.folder,
    freeBytes: status.freeBytes,
    error: status.error,
    ...(status.second === null ? {} : { second: status.second }),
    ...(spool === undefined ? {} : { spool }),
  };
}
