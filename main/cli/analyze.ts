/** `resetscope analyze`: reads the files, judges the resets, prints a report. `compare` is the same with the path told first. */
import type { Stats } from 'node:fs';
import { statSync } from 'node:fs';
import { sanitiseText } from '../../shared/format/text.ts';
import { Analysis } from '../host/analysis.ts';
import { LIMITS } from '../engine/limits.ts';
import type { JoinView } from '../engine/join/join-view.ts';
import { sortIds } from '../engine/answers/ordering.ts';
import { resetKey } from '../engine/answers/sort-keys.ts';
import type { AgentCommandOptions } from './commands/agent-options.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { FleetTables } from './fleet-tables.ts';
import type { CliIo } from './io.ts';
import { Output, OutputClosed } from './io.ts';
import type { Interruption } from './read-files.ts';
import { interruptedExit, readFiles, tellUnreadable, tellWarnings } from './read-files.ts';
import type { ReportFile } from './report-file.ts';
import type { Report } from './report.ts';
import { reportJoin } from './report-join.ts';
import { writeCsv } from './report-csv.ts';
import { writeJson, writeNdjson } from './report-json.ts';
import { writeTable } from './report-table.ts';
import { makeStyle } from './style.ts';

export interface AnalyzeOptions extends AgentCommandOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly filter?: string;
  readonly limit?: number;
  readonly all?: boolean;
  /** Whether captures of the same traffic are joined; they are unless it is false. */
  readonly join?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly output?: string;
  /** A folder that tables for a fleet are written to. */
  readonly parquet?: string;
  /** Keep packets of what mattered there, too. */
  readonly cases?: boolean;
}

/** Rows of the table unless told otherwise: a screenful. */
const TABLE_ROWS = 20;

/** @throws OutputClosed, or what went wrong with writing the report */
export function analyze(files: readonly string[], options: AnalyzeOptions, io: CliIo): Promise<number> {
  return report(files, options, false, io);
}

/**
 * @param isComparison each file is a capture of its own, and the path is told first
 * @throws as `analyze`
 */
export async function report(
  files: readonly string[],
  options: AnalyzeOptions,
  isComparison: boolean,
  io: CliIo,
): Promise<number> {
  const text = options.filter ?? '';
  const filter = text === '' ? undefined : await filterOf(text, io);
  if (filter === 'wrong') return EXIT_USAGE;
  const clash = files.find((file) => options.output !== undefined && sameFile(file, options.output));
  if (clash !== undefined) {
    io.stderr.write(`resetscope: ${sanitiseText(clash, 500)} is read, it cannot be the output as well\n`);
    return EXIT_USAGE;
  }
  const tables = await openTables(options);
  const file = options.output === undefined ? undefined : await openReport(options.output);
  // What is read from here on strangers have written; the report still has to be put in its place.
  io.confine?.([...(file?.folders ?? []), ...(tables === undefined ? [] : [tables.folder])]);
  const analysis = new Analysis();
  try {
    const readingInterruptedBy = await readFiles(analysis, files, io, {
      join: options.join,
      comparing: isComparison,
    });
    tellUnreadable(analysis, io);
    const passing = await filter?.(analysis);
    // Rows of what was read by then would be taken for the whole of it.
    if (readingInterruptedBy !== undefined) tables?.tellInterrupted(io);
    const writing = readingInterruptedBy === undefined ? await tables?.write(analysis, io) : undefined;
    const interruptedBy = readingInterruptedBy ?? passing?.interruptedBy ?? writing;
    // A program that asked for JSON gets a document in any case; people have the reason before them.
    if (analysis.session.files.length > 0 || options.json) {
      await print(
        await reportOf(analysis, passing?.found ?? analysis.session.resetIds(), options, isComparison),
        options,
        file,
        io,
      );
    }
    // Machines find warnings in the JSON; people are told on the side.
    if (!options.json && !options.ndjson) tellWarnings(analysis, io);
    if (interruptedBy !== undefined) return interruptedExit(interruptedBy);
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    if (isComparison && isOneCapture(analysis)) {
      io.stderr.write(
        'resetscope: by their names the files are parts of one capture: there is nothing to compare\n',
      );
      return EXIT_USAGE;
    }
    const lossy = analysis.session.files.some((file) => file.warnings.some((warning) => warning.lossy));
    return lossy ? EXIT_LOSSES : EXIT_OK;
  } finally {
    // Of what was put in place there is nothing left to discard.
    await file?.discard();
    await analysis.close();
  }
}

/** Loaded where tables for a fleet are asked for. */
async function openTables(options: AnalyzeOptions): Promise<FleetTables | undefined> {
  if (options.parquet === undefined) return undefined;
  const { FleetTables: Tables } = await import('./fleet-tables.ts');
  return Tables.open(options.parquet, options);
}

type Passing = (analysis: Analysis) => Promise<{
  readonly found: Uint32Array;
  readonly interruptedBy: Interruption | undefined;
}>;

/** Loaded where there is a filter: its fields alone are as much code as half of judging. @returns 'wrong' where that was told */
async function filterOf(text: string, io: CliIo): Promise<Passing | 'wrong'> {
  const { passingOfAllResets, readFilter, tellFilterError } = await import('./filter.ts');
  const filter = await readFilter(text);
  if (filter.ok) return (analysis) => passingOfAllResets(analysis, text, filter.value, io);
  tellFilterError(text, filter.error, io);
  return 'wrong';
}

/** Loaded where a report goes to a file: writing files wants more of Node than all the rest. */
async function openReport(path: string): Promise<ReportFile> {
  const { openReportFile } = await import('./report-file.ts');
  return openReportFile(path);
}

/** @param passing resets that pass the filter, in capture order */
export async function reportOf(
  analysis: Analysis,
  passing: Uint32Array,
  options: AnalyzeOptions,
  isComparison: boolean,
): Promise<Report> {
  const { session } = analysis;
  const breathe = (): Promise<void> => Promise.resolve();
  const table = !options.json && !options.ndjson && !options.csv;
  let ids = eachOnce(passing, session.join);
  const matching = session.countResets(ids);
  const findings = session.findings(ids, LIMITS.maxFindings);
  // Machines get capture order, people what matters.
  if (table) ids = await sortIds(ids, (id) => resetKey(session, 'importance', id), false, breathe);
  const isWhole = options.limit !== undefined || options.all === true;
  if (table && !isWhole)
    ids = withoutNoise(ids, (id) => session.verdicts.matters[session.verdicts.at(id)] === 1);
  const limit = options.limit ?? (table && !isWhole ? TABLE_ROWS : ids.length);
  const { resets, resetsThatMatter } = session.summary();
  return {
    files: session.files,
    flows: session.flows.count,
    join: isComparison || session.join.isJoined ? reportJoin(session) : null,
    isComparison,
    resets,
    resetsThatMatter,
    matching,
    ids: ids.subarray(0, limit),
    epochNs: session.clock.epochNs ?? 0n,
    firstNs: session.firstNs,
    isWhole,
    isVerbose: options.verbose === true,
    findings,
    endings: session.failures.report(),
    failuresKept: session.failures.count,
    failures: () => session.failures.eachAccount(),
    failureRow: (id) => session.failures.row(id),
    icmp: session.icmpErrors.summary(),
    icmpError: (id) => session.icmpErrors.error(id),
    row: (id) => session.resetRow(id),
    members: (id) => session.resetMembers(id),
    detail: (id) => session.resetAccount(id),
  };
}

function isOneCapture({ session }: Analysis): boolean {
  return new Set(session.files.map((_, file) => session.timelineOf(file))).size < 2;
}

/** A reset that several capture points saw is one, also where the filter holds for one of its sightings only. */
function eachOnce(ids: Uint32Array, join: JoinView): Uint32Array {
  if (!join.isJoined) return ids;
  return Uint32Array.from(new Set(Array.from(ids, (id) => join.primary(id)))).sort();
}

/** What matters; all where nothing does, since an empty table would hide that there are resets. */
function withoutNoise(ids: Uint32Array, matters: (id: number) => boolean): Uint32Array {
  const kept = ids.filter(matters);
  return kept.length === 0 ? ids : kept;
}

async function print(
  report: Report,
  options: AnalyzeOptions,
  file: ReportFile | undefined,
  io: CliIo,
): Promise<void> {
  try {
    await write(report, options, file, io);
  } catch (error) {
    throw file === undefined || error instanceof OutputClosed ? error : file.explain(error);
  }
  await file?.commit();
}

async function write(
  report: Report,
  options: AnalyzeOptions,
  file: ReportFile | undefined,
  io: CliIo,
): Promise<void> {
  const output = new Output(file?.stream ?? io.report ?? io.stdout);
  const put = (text: string): Promise<void> => output.write(text);
  if (options.json) await writeJson(report, put);
  else if (options.ndjson) await writeNdjson(report, put);
  else if (options.csv) await writeCsv(report, put);
  else {
    const toTerminal = file === undefined && io.stdoutIsTerminal;
    const style = makeStyle(toTerminal, options.color !== false, io.env);
    await writeTable(report, toTerminal ? io.columns : undefined, style, put);
  }
  await output.end(file?.stream);
}

export function sameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map(statsOf);
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}

/** Why a file cannot be looked at is told by whoever opens it. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
