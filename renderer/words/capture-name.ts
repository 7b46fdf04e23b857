/** What an open capture is called in tabs and titles. */
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { JoinReport } from '../../shared/model/join.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { fileName } from './file-text.ts';
import { placesText } from './live-text.ts';

const MAX_NAME = 120;

/** @param caseNames of joined captures */
export function captureName(
  { capture, paths, isLive }: OpenCapture,
  running: LiveStatus,
  caseNames: ReadonlyMap<number, string>,
): string {
  if (isLive) return sanitiseText(placesText(running.options), MAX_NAME);
  return caseNames.get(capture) ?? namesText(paths);
}

/** Joined captures by where they were made: "client + server". */
export function caseName({ vantages }: Pick<JoinReport, 'vantages'>): string {
  return vantages.map(({ name }) => sanitiseText(name, MAX_NAME / 2)).join(' + ');
}

/** "a.pcap", "a.pcap and 2 more". */
export function namesText(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const name = sanitiseText(fileName(paths[0]), MAX_NAME);
  return paths.length === 1 ? name : `${name} and ${paths.length - 1} more`;
}
