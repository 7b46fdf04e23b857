/** The end of `resetscope live` at two places: what `resetscope compare` says of both. */
import { Analysis } from '../host/analysis.ts';
import { reportOf } from './analyze.ts';
import type { CliIo } from './io.ts';
import { readFiles, tellUnreadable } from './read-files.ts';
import type { WriteText } from './report.ts';
import { writeJson } from './report-json.ts';
import { writeTable } from './report-table.ts';
import { makeStyle } from './style.ts';

interface JoinedOptions {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** @param paths the files of both rings */
export async function tellJoined(
  paths: readonly string[],
  options: JoinedOptions,
  io: CliIo,
  write: WriteText,
): Promise<void> {
  const analysis = new Analysis();
  try {
    await readFiles(analysis, paths, io, { comparing: true });
    tellUnreadable(analysis, io);
    const json = options.json === true;
    const report = await reportOf(analysis, analysis.session.resetIds(), { json }, true);
    if (json) {
      await writeJson(report, asLine('joined', write));
      await write('\n');
    } else {
      const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
      await writeTable(report, io.stdoutIsTerminal ? io.columns : undefined, style, write);
    }
  } finally {
    await analysis.close();
  }
}

/** Makes one line with a type out of the pieces of a JSON document. Strings in JSON hold no line break. */
function asLine(type: string, write: WriteText): WriteText {
  let isFirst = true;
  return async (piece) => {
    const line = piece.replaceAll('\n', '');
    await write(isFirst ? line.replace('{', `{"type":"${type}",`) : line);
    isFirst = false;
  };
}
