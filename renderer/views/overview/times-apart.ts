/** Whether files were captured at the same time, by their own clocks. */
import type { FileSummary } from '../../../shared/model/capture.ts';

/** The longest time that lies between one file and the next, ns; null where any two overlap, or nothing is known of their times. */
export function timesApart(files: readonly Pick<FileSummary, 'first' | 'last'>[]): number | null {
  const spans = files.flatMap(({ first, last }) =>
    first === null || last === null ? [] : [{ first: Date.parse(first), last: Date.parse(last) }],
  );
  spans.sort((a, b) => a.first - b.first);
  let longest: number | null = null;
  let end = -Infinity;
  for (const { first, last } of spans) {
    if (end > first) return null;
    if (end > -Infinity) longest = Math.max(longest ?? 0, first - end);
    end = Math.max(end, last);
  }
  return longest === null ? null : longest * 1e6;
}
