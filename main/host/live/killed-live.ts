/** What is told of a capture whose process died under it, by who is left. */
import type { LiveStatus } from '../../../shared/model/live.ts';

/** It goes to the next process as one argument, which Linux allows 128 KiB. */
const MAX_TOLD_BYTES = 64 * 1024;

/** @param last what the process told last @returns undefined where it was not capturing */
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
  // They are all in the folder.
  return { ...told, files: [], cases: [] };
}
