/** `resetscope export --table`: a table of the capture for other programs. */
import { countText } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import {
  TABLES,
  TABLE_FORMATS,
  type TableCounts,
  type TableFormat,
  type TableName,
} from '../../shared/model/table.ts';
import { Analysis } from '../host/analysis.ts';
import { TableExport, formatProblem } from '../host/tables/table-export.ts';
import { sameFile } from './analyze.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { readFilter, tellFilterError } from './filter.ts';
import { interruptible } from './interruptible.ts';
import type { CliIo } from './io.ts';
import { OutputClosed } from './io.ts';
import { type Interruption, interruptedExit, readFiles, tellUnreadable, tellWarnings } from './read-files.ts';
import { type ReportFile, openReportFile } from './report-file.ts';

export interface ExportTableOptions {
  readonly table: TableName;
  readonly format?: TableFormat;
  readonly filter?: string;
  readonly output?: string;
}

/** By the ending of the output's name. */
const FORMATS: readonly (readonly [ending: string, format: TableFormat])[] = [
  ['.csv', 'csv'],
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.parquet', 'parquet'],
  ['.log', 'zeek'],
];

/** @throws OutputClosed, or what went wrong with writing */
export async function exportTable(
  files: readonly string[],
  options: ExportTableOptions,
  io: CliIo,
): Promise<number> {
  const text = options.filter ?? '';
  const problem = optionProblem(files, options);
  if (problem !== null) {
    io.stderr.write(`resetscope: ${problem}\n`);
    return EXIT_USAGE;
  }
  const filter = await readFilter(text);
  if (!filter.ok) {
    tellFilterError(text, filter.error, io);
    return EXIT_USAGE;
  }
  const file = options.output === undefined ? undefined : await openReportFile(options.output);
  // What is read from here on strangers have written; the table still has to be put in its place.
  io.confine?.(file?.folders ?? []);
  const analysis = new Analysis();
  try {
    const readingInterruptedBy = await readFiles(analysis, files, io);
    tellUnreadable(analysis, io);
    const subject = { kind: 'table', table: options.table, format: formatOf(options), filter: text } as const;
    const made = new TableExport(analysis, subject);
    const interruptedBy = await write(made, file, io);
    if (interruptedBy === undefined) {
      await file?.commit();
      tellCounts(options, made.counts, io);
    } else {
      io.stderr.write('resetscope: interrupted; the table is not whole, and no file was written\n');
    }
    tellWarnings(analysis, io);
    const by = readingInterruptedBy ?? interruptedBy;
    if (by !== undefined) return interruptedExit(by);
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    const lossy = analysis.session.files.some(({ warnings }) => warnings.some((warning) => warning.lossy));
    return lossy ? EXIT_LOSSES : EXIT_OK;
  } finally {
    // Of what was put in place there is nothing left to discard.
    await file?.discard();
    await analysis.close();
  }
}

function formatOf({ format, output = '' }: ExportTableOptions): TableFormat {
  return format ?? FORMATS.find(([ending]) => output.toLowerCase().endsWith(ending))?.[1] ?? 'csv';
}

function optionProblem(files: readonly string[], options: ExportTableOptions): string | null {
  const { output, table } = options;
  const format = formatOf(options);
  if (!TABLES.includes(table)) return `there is no table “${sanitiseText(table, 100)}”: ${TABLES.join(', ')}`;
  if (!TABLE_FORMATS.includes(format)) {
    return `there is no format “${sanitiseText(format, 100)}”: ${TABLE_FORMATS.join(', ')}`;
  }
  const clash = output === undefined ? undefined : files.find((file) => sameFile(file, output));
  if (clash !== undefined) return `${sanitiseText(clash, 500)} is read, it cannot be the output as well`;
  return formatProblem({ table, format });
}

/** @returns the signal that ended it, if one did */
async function write(
  made: TableExport,
  file: ReportFile | undefined,
  io: CliIo,
): Promise<Interruption | undefined> {
  const interrupt = interruptible(io);
  const sink = file?.stream ?? io.stdout;
  // Each write is told of by its callback.
  const onError = (): void => undefined;
  sink.on('error', onError);
  try {
    for await (const piece of made.pieces(interrupt.abort.signal)) {
      await new Promise<void>((resolve, reject) => {
        sink.write(piece, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    }
    if (file !== undefined) await new Promise<void>((resolve) => file.stream.end(resolve));
  } catch (error) {
    if (interrupt.by !== undefined) return interrupt.by;
    const { code } = error as NodeJS.ErrnoException;
    if (file === undefined && (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED')) throw new OutputClosed();
    throw file === undefined ? error : file.explain(error);
  } finally {
    sink.off('error', onError);
    interrupt.ignore();
  }
  return undefined;
}

/** How much was written and how much was not, on the side. */
function tellCounts({ table, filter }: ExportTableOptions, counts: TableCounts, io: CliIo): void {
  const { written, leftOut, gone } = counts;
  const parts = [`wrote ${countText(written)} of ${countText(written + leftOut + gone)} ${table}`];
  if (filter !== undefined && filter.trim() !== '') parts.push(`the filter left out ${countText(leftOut)}`);
  if (gone > 0) parts.push(`${countText(gone)} are counted but not kept one by one`);
  io.stderr.write(`resetscope: ${parts.join('; ')}\n`);
}
