/** What the host tells of a capture whose engine process died. */
import type { LiveStatus } from '../../../shared/model/live.ts';

/** The status goes to the next engine process as one argument, for which Linux has 128 KiB (execve(2)). */
const MAX_TOLD_BYTES = 64 * 1024;

/** @param last the status that the process told last @returns undefined where it was not capturing */
export function killedLive(last: LiveStatus, reason: string, nowMs: number): LiveStatus | undefined {
  if (last.endedMs !== null || last.phase === 'idle' || last.phase === 'failed') return undefined;
  const kept = last.folder === null ? '' : ` All that was written is in ${last.folder}.`;
  const told: LiveStatus = {
    ...last,
    phase: 'failed',
    revision: last.revision + 1,
    endedMs: nowMs,
    packetsPerSecond: 0,
    bytesPerSecond: 0,
    lagBytes: 0,
    error: {
      code: 'source-died',
      message: `The process that captures ended unexpectedly (${reason}).${kept}`,
      problem: null,
    },
  };
  if (Buffer.byteLength(JSON.stringify(told)) <= MAX_TOLD_BYTES) return told;
  // Files and cases are to be found in the folder.
  return { ...told, files: [], cases: [] };
}
