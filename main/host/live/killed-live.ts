/** What the host tells of a capture whose engine process died. */
import type { LivePhase, LiveStatus, SecondStatus } from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';

/** The status goes to the next engine process as one argument, for which Linux has 128 KiB (execve(2)). */
const MAX_TOLD_BYTES = 64 * 1024;

/** Phases in which nothing is captured, or not any more. */
const QUIET: readonly LivePhase[] = ['idle', 'stopped', 'failed'];

/** @param last the status that the process told last @returns undefined where nothing was being captured */
export function killedLive(last: LiveStatus, reason: string, nowMs: number): LiveStatus | undefined {
  if (QUIET.includes(last.phase)) return undefined;
  const kept = last.folder === null ? '' : ` All that was written is in ${last.folder}.`;
  const told: LiveStatus = {
    ...last,
    phase: 'failed',
    revision: last.revision + 1,
    endedMs: nowMs,
    packetsPerSecond: 0,
    bytesPerSecond: 0,
    lagBytes: 0,
    second: killedSecond(last.second),
    error: {
      code: 'source-died',
      message: `The process that reads what is captured ended unexpectedly (${reason}), and the capture with it.${kept}`,
      problem: null,
    },
  };
  // Files and cases are to be found in the folder.
  const short = { ...told, files: [], cases: [] };
  // An engine that was taken over may have told anything; where it was is bounded (engine-events.ts).
  const { phase, revision, endedMs, folder, error } = told;
  const shortest = { ...NO_LIVE, phase, revision, endedMs, folder, error };
  return [told, short].find(fitsArgument) ?? shortest;
}

/** What ended it is told of the capture as a whole. */
function killedSecond(second: SecondStatus | null): SecondStatus | null {
  if (second === null || QUIET.includes(second.phase)) return second;
  return { ...second, phase: 'stopped', packetsPerSecond: 0, bytesPerSecond: 0 };
}

function fitsArgument(status: LiveStatus): boolean {
  return Buffer.byteLength(JSON.stringify(status)) <= MAX_TOLD_BYTES;
}
