/** The number beside the name of the view. */
import type { AppState } from '../../state/store.ts';

export type CountedState = Pick<AppState, 'summary' | 'progress' | 'overview' | 'range'>;

/**
 * While packets come in, the resets that have their verdict: those are listed, and counted beside it by origin. Those that wait for
 * theirs come a moment later. The overview is that of the chosen time, so that it says nothing of all where a time is chosen.
 */
export function resetCount({ summary, progress, overview, range }: CountedState): number {
  const isComing = progress.phase === 'reading' || progress.phase === 'following';
  if (isComing && overview !== null && range === null) {
    const { endpoint, middlebox, unknown } = overview.byOrigin;
    return endpoint + middlebox + unknown;
  }
  // The summary where it is there: what stands beside it on the screen is of the same moment.
  return (summary ?? progress).resets;
}
