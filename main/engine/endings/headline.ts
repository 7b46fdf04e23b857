/** One sentence over all endings: what stands first where people look. */
import { countText, plural } from '../../../shared/format/count.ts';

/** What it sums up. */
export interface HeadlineNumbers {
  readonly connections: number;
  readonly resets: number;
  readonly resetsThatMatter: number;
  readonly failures: number;
  readonly failuresThatMatter: number;
}

export function headlineOf(numbers: HeadlineNumbers): string {
  const { connections, resets, resetsThatMatter, failures, failuresThatMatter } = numbers;
  const of = `of ${plural(connections, 'connection')}`;
  if (failuresThatMatter > 0) {
    const failed = `${countText(failuresThatMatter)} ${of} failed without a reset`;
    if (resets === 0) return `No resets, but ${failed}.`;
    if (resetsThatMatter === 0) return `No reset mattered, but ${failed}.`;
    return `${plural(resetsThatMatter, 'reset')} mattered, and ${failed}.`;
  }
  if (resetsThatMatter > 0) {
    return `${countText(resetsThatMatter)} of ${plural(resets, 'reset')} mattered; no connection failed without one.`;
  }
  const noise = failures > 0 ? `; ${plural(failures, 'attempt')} that failed did not matter` : '';
  if (connections === 0) return resets === 0 ? 'No connections.' : 'No reset mattered.';
  return resets === 0
    ? `No resets, and none ${of} failed in a way that matters${noise}.`
    : `No reset mattered, and none ${of} failed in a way that matters${noise}.`;
}
