/** `resetscope reproduce`: a small program that does what one side of a reset connection did. */
import { sanitiseText } from '../../shared/format/text.ts';
import type { Reproduction, ScriptLanguage } from '../../shared/model/reproduction.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { Analysis } from '../host/analysis.ts';
import { reproduceReset } from '../host/reproduce/reproduce-reset.ts';
import { sameFile } from './analyze.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { framePlace } from './frame-place.ts';
import { type CliIo, Output, OutputClosed } from './io.ts';
import { interruptedExit, readFiles, tellUnreadable } from './read-files.ts';
import { openReportFile } from './report-file.ts';

export interface ReproduceOptions {
  readonly reset: string;
  readonly language: ScriptLanguage;
  readonly side?: Side;
  readonly output?: string;
}

/** Resets that are named where the wrong one was asked for. */
const NAMED = 10;

/** @throws OutputClosed, or what went wrong with writing */
export async function reproduceCommand(
  files: readonly string[],
  options: ReproduceOptions,
  io: CliIo,
): Promise<number> {
  const { output } = options;
  const fail = (text: string): number => {
    io.stderr.write(`resetscope: ${sanitiseText(text, 2000)}\n`);
    return EXIT_USAGE;
  };
  const clash = output === undefined ? undefined : files.find((path) => sameFile(path, output));
  if (clash !== undefined) return fail(`${clash} is read, it cannot be the output as well`);
  const file = output === undefined ? undefined : await openReportFile(output);
  // What is read from here on strangers have written; the script still has to be put in its place.
  io.confine?.(file?.folders ?? []);
  const analysis = new Analysis();
  try {
    const interruptedBy = await readFiles(analysis, files, io);
    tellUnreadable(analysis, io);
    if (interruptedBy !== undefined) return interruptedExit(interruptedBy);
    if (analysis.unreadable.length === files.length) return EXIT_USAGE;
    const reset = findReset(analysis, options.reset);
    if (typeof reset === 'string') return fail(reset);
    const made = reproduceReset(analysis.session, reset, options.language, options.side);
    if (made.script === null) return fail(`cannot be reproduced by a program: ${made.why}`);
    const sink = new Output(file?.stream ?? io.stdout);
    try {
      await sink.write(made.script);
      await sink.end(file?.stream);
    } catch (error) {
      throw file === undefined || error instanceof OutputClosed ? error : file.explain(error);
    }
    await file?.commit();
    tell(made, io);
    return EXIT_OK;
  } finally {
    // Of what was put in place there is nothing left to discard.
    await file?.discard();
    await analysis.close();
  }
}

/** @returns why not, for people */
function findReset({ session }: Analysis, text: string): number | string {
  const paths = session.files.map(({ path }) => path);
  const place = framePlace(text, paths);
  if (place === undefined)
    return `“${text}” names no frame: it is a number, or a file and a number as in 2:11`;
  if (place.file === undefined) return `“${text}” names none of the files: ${paths.join(', ')}`;
  const ids = session.resetSightings();
  const found = ids.find((id) => {
    const row = session.resetRow(id);
    return row.file === place.file && row.frame === place.frame;
  });
  if (found !== undefined) return session.join.primary(found);
  const inBurst = ids.find(
    (id) =>
      session.resetRow(id).file === place.file &&
      session.resetMembers(id).some(({ frame }) => frame === place.frame),
  );
  if (inBurst !== undefined) return session.join.primary(inBurst);
  if (ids.length === 0) return 'there is no reset in the capture';
  const frames = Array.from(ids.subarray(0, NAMED), (id) => {
    const row = session.resetRow(id);
    return paths.length > 1 ? `${row.file + 1}:${row.frame}` : String(row.frame);
  });
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `frame ${text} is no reset; resets are in frames ${frames.join(', ')}${more}`;
}

function tell({ differs, otherSees, side }: Reproduction, io: CliIo): void {
  const other = side === 'client' ? 'server' : 'client';
  for (const text of differs) io.stderr.write(`resetscope: differs: ${text}\n`);
  if (otherSees.length > 0) io.stderr.write(`resetscope: the ${other} should then see: ${otherSees[0]}\n`);
}
