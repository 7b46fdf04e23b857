/** Answers `report.make`: the report of the analysis that is open, written in the format that was asked for. */
import { RpcError } from '../../../shared/contract/errors.ts';
import type { Params } from '../../../shared/contract/methods.ts';
import { reportHtml } from '../../../shared/report/html.ts';
import { reportMarkdown } from '../../../shared/report/markdown.ts';
import { namingOf } from '../../../shared/report/naming.ts';
import { NothingToReport } from '../../engine/report/make.ts';
import type { Analysis } from '../analysis.ts';
import { reportOf } from './report-source.ts';

export async function writtenReport(
  analysis: Analysis,
  { subject, format, anonymise, names, notes }: Params<'report.make'>,
  signal: AbortSignal,
): Promise<string> {
  try {
    const report = await reportOf(analysis, subject, notes, anonymise, signal);
    // The user's names are names.
    const naming = namingOf(anonymise ? [] : names);
    return format === 'html' ? reportHtml(report, naming) : reportMarkdown(report, naming);
  } catch (error) {
    if (error instanceof NothingToReport) throw new RpcError('not-found', error.message);
    throw error;
  }
}
