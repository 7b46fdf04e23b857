/** The end of `resetscope live` at two places: what both captures show together. */
import { jsonText, sanitiseText } from '../../shared/format/text.ts';
import { Analysis } from '../host/analysis.ts';
import { reportOf } from './analyze.ts';
import type { CliIo } from './io.ts';
import { readFiles, tellUnreadable } from './read-files.ts';
import { resetJson } from './report.ts';
import { writeTable } from './report-table.ts';
import { makeStyle } from './style.ts';

interface JoinedOptions {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** @param paths the files of both rings @param put takes what is printed, in order */
export async function tellJoined(
  paths: readonly string[],
  options: JoinedOptions,
  io: CliIo,
  put: (text: string) => void,
): Promise<void> {
  const analysis = new Analysis();
  try {
    await readFiles(analysis, paths, io);
    tellUnreadable(analysis, io);
    const { session } = analysis;
    const join = session.join.report();
    if (options.json === true) {
      const epochNs = session.clock.epochNs ?? 0n;
      const files = session.files.map(({ path, packets }) => ({ path, packets }));
      put(`${jsonText({ type: 'joined', files, join })}\n`);
      for (const id of session.resetIds())
        put(`${jsonText({ type: 'joined-reset', ...resetJson(session.resetAccount(id), epochNs) })}\n`);
      return;
    }
    if (join === null) {
      io.stderr.write('no connection was captured at both places: what follows is of each by itself\n');
    }
    const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    const report = await reportOf(analysis, session.resetIds(), {}, true);
    put(`both places together: ${sanitiseText(paths.join(', '), 300)}\n`);
    await writeTable(report, io.stdoutIsTerminal ? io.columns : undefined, style, (text) => {
      put(text);
      return Promise.resolve();
    });
  } finally {
    await analysis.close();
  }
}
