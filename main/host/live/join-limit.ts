/** Whether what was captured at two places is opened as one case by itself. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bytesText } from '../../../shared/format/bytes.ts';
import type { ReadWarning } from '../../../shared/model/warning.ts';

/**
 * Files are read whole and nothing of them is let go, unlike while they are captured: both rings at their usual sizes, twice over.
 * Whoever has room for more can open them.
 */
const MAX_JOINED_BYTES = 4 * 1024 ** 3;

/** @returns the warning that says why not; null where it is */
export async function tooMuchToJoin(paths: readonly string[]): Promise<ReadWarning | null> {
  let bytes = 0;
  for (const path of paths) bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
  if (bytes <= MAX_JOINED_BYTES) return null;
  return {
    code: 'limit-reached',
    message:
      `both places together have ${bytesText(bytes, 'iec')}, more than is opened by itself: ` +
      `this is the first place alone. “resetscope compare” of the files below ${dirname(paths[0])} says what both show`,
    offset: undefined,
    packet: undefined,
    lossy: false,
  };
}
