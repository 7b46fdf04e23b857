/**
 * The report for people: the findings in a sentence each with the next step, then a table of resets, what matters first,
 * then what was read. Fits the terminal; without one nothing is cut.
 */
import { countText, plural } from '../../shared/format/count.ts';
import { relativeSeconds } from '../../shared/format/time.ts';
import { bytesText } from '../../shared/format/bytes.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import type { ResetJourney } from '../../shared/model/join.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { cellWidth, fitText, padText, wrapText } from './layout.ts';
import type { Report, WriteText } from './report.ts';
import type { ReportJoin } from './report-join.ts';
import { joinedText, nameOfPlace, pathText } from './report-path.ts';
import { failuresText, findingsText, icmpText } from './report-findings.ts';
import { storiesText } from './report-stories.ts';
import type { Style } from './style.ts';

const GAP = '  ';

interface TableRow extends ResetRow {
  /** Null where captures were not joined. */
  readonly journey: ResetJourney | null;
}

interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** Narrower it says nothing any more; columns without it are never cut. */
  readonly least?: number;
  /** Left out where the table cannot fit otherwise, lowest first; columns without it always stay. */
  readonly dropped?: number;
  read(row: TableRow): string;
  paint?(text: string, row: TableRow, style: Style): string;
}

export async function writeTable(
  report: Report,
  width: number | undefined,
  style: Style,
  write: WriteText,
): Promise<void> {
  const findings = findingsText(report, width, style) + failuresText(report, width, style);
  if (report.isComparison) {
    await write(pathText(report, width, style));
    await writeResets(report, width, style, write);
    const rest = (findings + icmpText(report, width)).replace(/^\n+|\n+$/gu, '');
    if (rest !== '') await write(`${report.ids.length > 0 ? '\n' : ''}${rest}\n`);
    await write(`\n${closing(report, width, style).trimStart()}`);
  } else {
    await write(findings);
    await writeResets(report, width, style, write);
    await write(icmpText(report, width));
    await write(closing(report, width, style));
  }
}

async function writeResets(
  report: Report,
  width: number | undefined,
  style: Style,
  write: WriteText,
): Promise<void> {
  const isJoined = (report.join?.pairs.length ?? 0) > 0;
  const rows = Array.from(report.ids, (id): TableRow => ({
    ...report.row(id),
    journey: isJoined ? report.detail(id).journey : null,
  }));
  const hasBursts = rows.some(({ count }) => count > 1);
  const columns = columnsThatFit(tableColumns(report, hasBursts), rows, width);
  const cells = rows.map((row) => columns.map((column) => column.read(row)));
  const widths = columnWidths(columns, cells, width);
  if (rows.length > 0) {
    const titles = columns.map((column, i) =>
      padText(fitText(column.title, widths[i]), widths[i], column.right),
    );
    await write(`${style.bold(titles.join(GAP).trimEnd())}\n`);
  }
  for (const [at, row] of rows.entries()) {
    const line = columns.map((column, i) => {
      const text = padText(fitText(cells[at][i], widths[i]), widths[i], column.right);
      return column.paint === undefined ? text : column.paint(text, row, style);
    });
    await write(`${line.join(GAP).trimEnd()}\n`);
  }
  if (report.isVerbose) await write(storiesText(report, rows, width, style));
}

/** @param hasBursts some rows stand for more than one reset */
function tableColumns(report: Report, hasBursts: boolean): readonly Column[] {
  const several = report.files.length > 1;
  const { join } = report;
  const isJoined = join !== null && join.pairs.length > 0;
  const columns: Column[] = [
    // One column less where there is one more.
    {
      title: 'frame',
      right: true,
      read: (row) => (isJoined ? `${row.file + 1}:${row.frame}` : String(row.frame)),
    },
    ...(hasBursts ? [{ title: 'resets', right: true, read: (row: ResetRow) => countText(row.count) }] : []),
    {
      title: 'time s',
      right: true,
      dropped: 1,
      read: (row) =>
        relativeSeconds(join?.sinceStartNs(row.file, row.timeNs) ?? row.timeNs - report.firstNs, 6),
    },
    {
      title: 'client → server',
      // The client at least; on a narrow terminal where it was seen says more than the server.
      least: isJoined ? 16 : 24,
      read: (row) => `${row.client} → ${row.serverName === '' ? row.server : nameAndPort(row)}`,
    },
    { title: 'who hung up', read: whoText, paint: paintWho },
    {
      title: 'where',
      least: 8,
      dropped: 2,
      read: (row) => (isJoined ? placeText(row, join) : whereText(row)),
    },
    ...(isJoined ? [{ title: 'seen at', least: 10, read: (row: TableRow) => seenText(row, join) }] : []),
    { title: 'why', least: isJoined ? 12 : 14, read: (row) => causeOf(row.cause).title },
    {
      title: 'sure',
      right: true,
      read: sureOf,
      paint: (text, { journey }, style) => (journey?.proven === true ? style.bold(text) : text),
    },
    {
      title: 'mattered',
      read: (row) => (row.matters ? 'yes' : 'no'),
      paint: (text, row, style) => (row.matters ? style.red(text) : style.dim(text)),
    },
  ];
  return several && !isJoined
    ? [{ title: 'file', right: true, read: (row) => String(row.file + 1) }, ...columns]
    : columns;
}

function nameAndPort(row: ResetRow): string {
  return row.serverName + row.server.slice(row.server.lastIndexOf(':'));
}

/** A glyph besides the colour: colour alone is lost on some people and all pipes. */
export function whoText(row: ResetRow): string {
  if (row.kind === 'middlebox') return '◆ a device';
  if (row.kind === 'unknown') return '? unclear';
  return `● ${row.side === 'client' || row.side === 'server' ? row.side : row.claimed}`;
}

function paintWho(text: string, row: ResetRow, style: Style): string {
  if (row.kind === 'middlebox') return style.yellow(text);
  return row.kind === 'unknown' ? style.dim(text) : style.green(text);
}

/** Evidence from packets is never the whole certainty that a rounded 100 % would claim. */
export function sureText(confidence: number): string {
  return confidence > 0.99 ? '>99 %' : `${Math.floor(confidence * 100)} %`;
}

function sureOf({ journey, ...row }: TableRow): string {
  if (journey?.proven === true) return 'PROVEN';
  return row.kind === 'unknown' ? '–' : sureText(row.confidence);
}

/** `server, not client`, from the claimed sender on; where its absence says nothing it is unclear. */
function seenText({ journey, file }: TableRow, join: ReportJoin): string {
  if (journey === null) return `${nameOfPlace(join, join.placeOf(file))} only`;
  const names = (places: readonly { readonly vantage: number }[]): string =>
    places.map(({ vantage }) => nameOfPlace(join, vantage)).join(', ');
  const missing = journey.absentAt.filter(({ doubt }) => doubt === null);
  const unclear = journey.absentAt.filter(({ doubt }) => doubt !== null);
  return [
    names(journey.seenAt),
    missing.length === 0 ? '' : `not ${names(missing)}`,
    unclear.length === 0 ? '' : `unclear ${names(unclear)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Where it was made is told by what it passed and what not, before distances tell it. */
function placeText(row: TableRow, join: ReportJoin): string {
  const born = row.journey?.born ?? null;
  if (born === null) {
    // Hops are counted from where the reset was captured, and there are several such points.
    const name = nameOfPlace(join, join.placeOf(row.file));
    if (row.hops !== 0) return whereText(row, `from ${name}`);
    return row.kind === 'middlebox' ? whereText(row, `next to ${name}`) : whereText(row, `at ${name}`);
  }
  return `between ${born.between.map((file) => nameOfPlace(join, file)).join(' and ')}`;
}

/** @param from the point from which hops are counted, in words */
function whereText(row: ResetRow, from = 'away'): string {
  const side =
    row.kind === 'middlebox' && (row.side === 'client' || row.side === 'server') ? `, ${row.side} side` : '';
  if (row.hops < 0) return side === '' ? '–' : side.slice(2);
  if (row.hops === 0) return `${from === 'away' ? 'no hop away' : from}${side}`;
  return `${plural(row.hops, 'hop')} ${from}${side}`;
}

function naturalWidth(column: Column, rows: readonly TableRow[]): number {
  return rows.reduce((most, row) => Math.max(most, cellWidth(column.read(row))), cellWidth(column.title));
}

function columnsThatFit(
  all: readonly Column[],
  rows: readonly TableRow[],
  width: number | undefined,
): readonly Column[] {
  let columns = all;
  while (width !== undefined) {
    const least = columns.reduce(
      (sum, column) => sum + GAP.length + Math.min(naturalWidth(column, rows), column.least ?? Infinity),
      -GAP.length,
    );
    const first = columns.reduce((lowest, column) => Math.min(lowest, column.dropped ?? Infinity), Infinity);
    if (least <= width || first === Infinity) break;
    columns = columns.filter((column) => column.dropped !== first);
  }
  return columns;
}

/** Natural widths; where they do not fit, columns that may shrink give, the widest first. */
function columnWidths(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number | undefined,
): number[] {
  const widths = columns.map((column, i) =>
    cells.reduce((most, line) => Math.max(most, cellWidth(line[i])), cellWidth(column.title)),
  );
  if (width === undefined) return widths;
  let excess = widths.reduce((sum, one) => sum + one, GAP.length * (columns.length - 1)) - width;
  for (; excess > 0; excess--) {
    let widest = -1;
    for (const [i, column] of columns.entries()) {
      const gives = column.least !== undefined && widths[i] > column.least;
      if (gives && (widest < 0 || widths[i] > widths[widest])) widest = i;
    }
    if (widest < 0) break; // narrower than the table can be: the terminal wraps
    widths[widest]--;
  }
  return widths;
}

function closing(report: Report, width: number | undefined, style: Style): string {
  const shown = report.ids.reduce((sum, id) => sum + report.row(id).count, 0);
  const packets = report.files.reduce((sum, file) => sum + file.packets, 0);
  const bytes = report.files.reduce((sum, file) => sum + file.bytes, 0);
  const files = plural(report.files.length, 'file');
  const lines: string[] = [];
  const hidden = report.matching - shown;
  if (hidden > 0) lines.push(`${countText(hidden)} more; --all shows them`);
  if (report.resets > 0 && report.matching === 0) lines.push('No reset passes the filter.');
  const found =
    `${plural(report.resets, 'reset')}, ${countText(report.resetsThatMatter)} of them mattered` +
    (report.matching === report.resets ? '' : `; ${countText(report.matching)} pass the filter`);
  const read = `${plural(report.flows, 'flow')}, ${plural(packets, 'packet')}, ${bytesText(bytes)} in ${files}`;
  if (report.resets === 0 || report.endings.failures > 0) lines.push(report.endings.headline);
  const joined = report.isComparison ? null : joinedText(report);
  if (joined !== null) lines.push(...wrapText(joined, Math.min(width ?? Infinity, 110)));
  const total = report.resets === 0 ? read : `${found} — ${read}`;
  lines.push(...wrapText(total, width ?? Infinity).map((line) => style.bold(line)));
  if (report.files.length > 1 && report.ids.length > 0) {
    for (const [i, file] of report.files.entries())
      lines.push(`file ${i + 1}: ${sanitiseText(file.path, 300)}`);
  }
  const space = report.ids.length > 0 ? '\n' : '';
  return `${space}${lines.join('\n')}\n`;
}
