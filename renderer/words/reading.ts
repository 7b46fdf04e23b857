/** How far a capture is read. */
import type { Progress } from '../../shared/model/capture.ts';

/** The share of the bytes that is read, 0 … 1; null where the size is not known. */
export function readShare({
  bytesRead,
  bytesTotal,
}: Pick<Progress, 'bytesRead' | 'bytesTotal'>): number | null {
  return bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null;
}
