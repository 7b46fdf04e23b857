/** What the engine says of one capture of a lesson, made right now. */
import { Analysis } from '../host/analysis.ts';
import { reportOf } from './analyze.ts';
import { failureJson, resetJson } from './report.ts';
import { writeTable } from './report-table.ts';
import type { Style } from './style.ts';

/** @param paths several are compared with each other */
export async function verdictText(paths: readonly string[], width: number, style: Style): Promise<string> {
  return withAnalysis(paths, async (analysis) => {
    let text = '';
    const report = await reportOf(
      analysis,
      analysis.session.resetIds(),
      { all: true, verbose: analysis.session.resetIds().length < MOST_STORIES },
      paths.length > 1,
    );
    await writeTable(report, width, style, (piece) => {
      text += piece;
      return Promise.resolve();
    });
    return text;
  });
}

export async function verdictJson(paths: readonly string[]): Promise<object> {
  return withAnalysis(paths, ({ session }) => {
    const epochNs = session.clock.epochNs ?? 0n;
    return Promise.resolve({
      resets: Array.from(session.resetIds(), (id) => resetJson(session.resetAccount(id), epochNs)),
      failures: Array.from(session.failures.eachAccount(), (account) => failureJson(account, epochNs)),
    });
  });
}

/** With more resets the stories of all of them are more than anybody reads. */
const MOST_STORIES = 3;

async function withAnalysis<T>(
  paths: readonly string[],
  tell: (analysis: Analysis) => Promise<T>,
): Promise<T> {
  const analysis = new Analysis();
  try {
    await analysis.run(paths, { comparing: paths.length > 1 });
    const [unreadable] = analysis.unreadable;
    if (unreadable !== undefined) throw new Error(`${unreadable.path}: ${unreadable.message}`);
    return await tell(analysis);
  } finally {
    await analysis.close();
  }
}
