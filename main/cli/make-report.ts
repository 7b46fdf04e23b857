/** `resetscope report`: one reset, one finding, all failures or the whole capture as a page for whoever must act. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { ReportNote, ReportSubject } from '../../shared/model/report.ts';
import type { NamedPlace } from '../../shared/names/named.ts';
import { NAME_BOUNDS, parseHosts } from '../../shared/names/named.ts';
import { reportHtml } from '../../shared/report/html.ts';
import { reportMarkdown } from '../../shared/report/markdown.ts';
import { namingOf } from '../../shared/report/naming.ts';
import { LIMITS } from '../engine/limits.ts';
import { NothingToReport } from '../engine/report/make.ts';
import { Analysis } from '../host/analysis.ts';
import { analysisNotes } from '../host/notes/analysis-notes.ts';
import { CaseBook } from '../host/notes/case-book.ts';
import { caseFolder } from '../host/notes/case-folder.ts';
import { Chromium, findChromium, NO_CHROMIUM, PdfError } from '../host/report/chromium.ts';
import { reportOf } from '../host/report/report-source.ts';
import { sameFile } from './analyze.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { FrameTrouble, resetPlace } from './frame-place.ts';
import type { CliIo } from './io.ts';
import { Output, OutputClosed } from './io.ts';
import { interruptedExit, readFiles, tellUnreadable, tellWarnings } from './read-files.ts';
import { openReportFile } from './report-file.ts';
import type { ReportFile } from './report-file.ts';
import { reportNotes } from './report-notes.ts';

export interface ReportOptions {
  /** From 1. */
  readonly finding?: number;
  readonly reset?: string;
  readonly flow?: number;
  readonly failures?: boolean;
  readonly output?: string;
  readonly format?: 'html' | 'pdf' | 'markdown';
  readonly anonymise?: boolean;
  readonly names?: string;
  readonly notes?: boolean;
}

/** What is wrong with how it was called; a text for people. */
class Misuse extends Error {}

/** @throws OutputClosed, or what went wrong with writing */
export async function makeReport(
  files: readonly string[],
  options: ReportOptions,
  io: CliIo,
): Promise<number> {
  let file: ReportFile | undefined;
  let chromium: Chromium | undefined;
  const analysis = new Analysis();
  try {
    const format = formatOf(options);
    checkUse(files, options, format, io);
    const names = options.names === undefined ? [] : readNames(options.names, io);
    file = options.output === undefined ? undefined : await openReportFile(options.output);
    // It is started before this process confines itself, which then could start nothing.
    if (format === 'pdf') chromium = await startChromium(io);
    // What is read from here on strangers have written.
    io.confine?.(file?.folders ?? []);
    const interruptedBy = await readFiles(analysis, files, io);
    tellUnreadable(analysis, io);
    if (analysis.session.files.length === 0) return EXIT_USAGE;
    const signal = new AbortController().signal;
    const subject = subjectOf(analysis, options);
    const notes = options.notes === true ? await notesOn(analysis, subject, options, signal, io) : [];
    const report = await reportOf(analysis, subject, notes, options.anonymise === true, signal);
    // The user's names are names.
    const naming = namingOf(options.anonymise === true ? [] : names);
    const text = format === 'markdown' ? reportMarkdown(report, naming) : reportHtml(report, naming);
    await write(chromium === undefined ? text : await chromium.print(text), file, io);
    tellWarnings(analysis, io);
    if (interruptedBy !== undefined) return interruptedExit(interruptedBy);
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    const lossy = analysis.session.files.some(({ warnings }) => warnings.some((warning) => warning.lossy));
    return lossy ? EXIT_LOSSES : EXIT_OK;
  } catch (error) {
    if (!isTold(error)) throw error;
    io.stderr.write(`resetscope: ${sanitiseText(error.message, 1000)}\n`);
    return EXIT_USAGE;
  } finally {
    chromium?.close();
    await file?.discard();
    await analysis.close();
  }
}

/** Errors that are no fault of ours: their messages say what is to be done. */
function isTold(error: unknown): error is Error {
  return [Misuse, FrameTrouble, NothingToReport, PdfError].some((kind) => error instanceof kind);
}

const FORMATS: Readonly<Record<string, 'html' | 'pdf' | 'markdown'>> = {
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.md': 'markdown',
  '.markdown': 'markdown',
};

/** As it is told, else by the name of the output. */
function formatOf({ format, output }: ReportOptions): 'html' | 'pdf' | 'markdown' {
  if (format !== undefined) return format;
  if (output === undefined) return 'markdown';
  const known = FORMATS[extname(output).toLowerCase()];
  if (known === undefined)
    throw new Misuse(
      `what to write into ${output} is not known by its name: end it in .html, .pdf or .md, or say --format`,
    );
  return known;
}

function checkUse(files: readonly string[], options: ReportOptions, format: string, io: CliIo): void {
  const subjects = [options.finding, options.reset, options.flow, options.failures].filter(
    (one) => one !== undefined,
  );
  if (subjects.length > 1)
    throw new Misuse('a report is about one thing: --finding, --reset, --flow or --failures');
  const { output } = options;
  const clash = files.find((one) => output !== undefined && sameFile(one, output));
  if (clash !== undefined) throw new Misuse(`${clash} is read, it cannot be the output as well`);
  if (format === 'pdf' && output === undefined && io.stdoutIsTerminal)
    throw new Misuse('a PDF is nothing for a terminal: say where to with -o FILE.pdf');
}

function readNames(path: string, io: CliIo): readonly NamedPlace[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Misuse(`the names in ${path} cannot be read: ${(error as Error).message}`);
  }
  if (text.length > NAME_BOUNDS.fileLength) throw new Misuse(`${path} is larger than a file of names may be`);
  const { names, wrong } = parseHosts(text);
  if (wrong.length > 0)
    io.stderr.write(
      `resetscope: ${sanitiseText(path, 500)}: line ${wrong.slice(0, 10).join(', ')} names nothing\n`,
    );
  return names;
}

async function startChromium(io: CliIo): Promise<Chromium> {
  const path = findChromium(io.env);
  if (path === undefined) throw new PdfError(NO_CHROMIUM);
  return Chromium.start(path);
}

function subjectOf(analysis: Analysis, { finding, reset, flow, failures }: ReportOptions): ReportSubject {
  const { session } = analysis;
  if (failures === true) return { kind: 'failures' };
  if (reset !== undefined) return { kind: 'reset', packet: resetPlace(session, reset).packet };
  if (flow !== undefined) return { kind: 'flow', flow };
  if (finding === undefined) return { kind: 'capture' };
  const { list } = session.findings(session.resetIds(), LIMITS.maxFindings);
  const found = list[finding - 1];
  if (found === undefined)
    throw new Misuse(
      list.length === 0
        ? 'there is no reset, so that nothing was found'
        : `there is no finding ${finding}: they are numbered from 1 to ${list.length}, as analyze --all tells them`,
    );
  return { kind: 'finding', example: found.examples[0] };
}

/** Kept notes are read only, so that no folder has to stay writable for them. */
async function notesOn(
  analysis: Analysis,
  subject: ReportSubject,
  { anonymise = false }: ReportOptions,
  signal: AbortSignal,
  io: CliIo,
): Promise<readonly ReportNote[]> {
  const all = await analysisNotes(analysis, new CaseBook(caseFolder()))['notes.read']({}, signal);
  const troubles = [all.why, ...all.files.map(({ trouble }) => trouble)];
  for (const text of troubles)
    if (text !== null) io.stderr.write(`resetscope: ${sanitiseText(text, 1000)}\n`);
  const notes = reportNotes(analysis.session, subject, all, anonymise);
  if (anonymise && notes.length > 0)
    io.stderr.write(
      `resetscope: ${plural(notes.length, 'note')} of yours ${notes.length === 1 ? 'is' : 'are'} in the report: look that they name nobody, for only addresses, and names that the capture knows, are replaced in them\n`,
    );
  return notes;
}

async function write(content: string | Uint8Array, file: ReportFile | undefined, io: CliIo): Promise<void> {
  const stream = file?.stream ?? io.stdout;
  try {
    if (typeof content === 'string') {
      const output = new Output(stream);
      await output.write(content);
      await output.end(file?.stream);
    } else {
      await new Promise<void>((resolve, reject) => {
        stream.on('error', reject);
        if (file === undefined)
          stream.write(content, () => {
            resolve();
          });
        else
          stream.end(content, () => {
            resolve();
          });
      });
    }
  } catch (error) {
    throw file === undefined || error instanceof OutputClosed ? error : file.explain(error);
  }
  await file?.commit();
}
