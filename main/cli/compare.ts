/** `resetscope compare`: captures of the same traffic from different points of the path, and what they prove together. */
import { sanitiseText } from '../../shared/format/text.ts';
import type { AnalyzeOptions } from './analyze.ts';
import { report, sameFile } from './analyze.ts';
import { EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';

export type CompareOptions = Omit<AnalyzeOptions, 'csv' | 'join'>;

/** @throws as `analyze` */
export async function compare(files: readonly string[], options: CompareOptions, io: CliIo): Promise<number> {
  const problem = problemWith(files);
  if (problem !== undefined) {
    io.stderr.write(`resetscope: ${problem}\n`);
    return EXIT_USAGE;
  }
  return report(files, options, true, io);
}

function problemWith(files: readonly string[]): string | undefined {
  if (files.length < 2) return 'compare takes two captures or more, made at different points of the path';
  for (const [at, file] of files.entries()) {
    const before = files.slice(0, at).find((one) => sameFile(one, file));
    if (before === undefined) continue;
    const [a, b] = [before, file].map((path) => sanitiseText(path, 500));
    return `${a} ${a === b ? 'is given twice' : `and ${b} are the same file`}: two captures made at different points are compared`;
  }
  return undefined;
}
