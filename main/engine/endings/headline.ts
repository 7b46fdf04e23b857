/** One sentence over all endings: what stands first where people look. */
import { countText, plural } from '../../../shared/format/count.ts';

/** What it sums up. */
export interface HeadlineNumbers {
  readonly connections: number;
  readonly resets: number;
  readonly resetsThatMatter: number;
  readonly failures: number;
  readonly failuresThatMatter: number;
  /** Of the failures that matter: they went on after all. */
  readonly delays: number;
  /** Of the connections: those that ended well, and those that go on when the capture ends. */
  readonly clean: number;
  readonly open: number;
}

export function headlineOf(numbers: HeadlineNumbers): string {
  const { connections, resets, resetsThatMatter, failures, failuresThatMatter, delays, clean, open } =
    numbers;
  const of = `of ${plural(connections, 'connection')}`;
  if (failuresThatMatter > 0) {
    const ended = failuresThatMatter - delays;
    const failed =
      ended > 0
        ? `${countText(ended)} ${of} failed`
        : `${countText(delays)} ${of} ${delays === 1 ? 'was' : 'were'} held up`;
    if (resets === 0) return `No resets, but ${failed}.`;
    if (resetsThatMatter === 0) return `No reset mattered, but ${failed} without one.`;
    return `${plural(resetsThatMatter, 'reset')} mattered, and ${failed} without one.`;
  }
  if (resetsThatMatter > 0) {
    return `${countText(resetsThatMatter)} of ${plural(resets, 'reset')} mattered; no connection failed without one.`;
  }
  const noise = failures > 0 ? `; ${plural(failures, 'attempt')} that failed did not matter` : '';
  if (connections === 0) return resets === 0 ? 'No connections.' : 'No reset mattered.';
  if (clean === connections)
    return connections === 1
      ? 'The one connection ended well.'
      : `All ${plural(connections, 'connection')} ended well.`;
  if (resets === 0 && failures === 0 && clean + open === connections) {
    return `No connection failed; ${countText(open)} ${open === 1 ? 'is' : 'are'} still open.`;
  }
  return resets === 0
    ? `No resets, and none ${of} failed in a way that matters${noise}.`
    : `No reset mattered, and none ${of} failed in a way that matters${noise}.`;
}
