/** `resetscope reproduce`: a small program that does what one side of a reset connection did. */
import { sanitiseText } from '../../shared/format/text.ts';
import type { Reproduction, ScriptLanguage } from '../../shared/model/reproduction.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { Analysis } from '../host/analysis.ts';
import { reproduceReset } from '../host/reproduce/reproduce-reset.ts';
import { sameFile } from './analyze.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { FrameTrouble, resetPlace } from './frame-place.ts';
import { type CliIo, Output, OutputClosed } from './io.ts';
import { interruptedExit, readFiles, tellUnreadable } from './read-files.ts';
import { openReportFile } from './report-file.ts';

export interface ReproduceOptions {
  readonly reset: string;
  readonly language: ScriptLanguage;
  readonly side?: Side;
  readonly output?: string;
}

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
    const { session } = analysis;
    const reset = session.join.primary(resetPlace(session, options.reset).reset);
    const made = reproduceReset(session, reset, options.language, options.side);
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
  } catch (error) {
    if (!(error instanceof FrameTrouble)) throw error;
    return fail(error.message);
  } finally {
    // Of what was put in place there is nothing left to discard.
    await file?.discard();
    await analysis.close();
  }
}

function tell({ differs, otherSees, side }: Reproduction, io: CliIo): void {
  const other = side === 'client' ? 'server' : 'client';
  for (const text of differs) io.stderr.write(`resetscope: differs: ${text}\n`);
  if (otherSees.length > 0) io.stderr.write(`resetscope: the ${other} should then see: ${otherSees[0]}\n`);
}
