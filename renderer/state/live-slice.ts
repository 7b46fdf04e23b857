/** What is known of live capture: what can be captured here, what was chosen, what runs. */
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { Progress } from '../../shared/model/capture.ts';
import type { CaptureOffer, CaughtCase, LiveOptions, LiveStatus } from '../../shared/model/live.ts';
import { NO_LIVE } from '../../shared/model/live.ts';

/** A view that stands still while the capture goes on. */
export interface HeldView {
  /** What is shown. */
  readonly shown: Progress;
  /** What will be shown when the view goes on. */
  readonly newest: Progress;
}

export interface LiveState {
  /** The capture that runs, or ran last. */
  readonly running: LiveStatus;
  /** The same while it is shown, or nothing else is; what views go by. */
  readonly live: LiveStatus;
  /** What can be captured here; null until the first answer. */
  readonly offer: CaptureOffer | null;
  readonly isOffering: boolean;
  readonly offerError: string | null;
  /** Options of the capture to be started; null until something was offered. */
  readonly draft: LiveOptions | null;
  /** From the user's wish until the engine takes over. */
  readonly isStarting: boolean;
  /** Why the last start failed where the status of the capture does not tell. */
  readonly startError: string | null;
  readonly held: HeldView | null;
  /** Whether lists in the order of time keep their newest row in view. */
  readonly following: { readonly resets: boolean; readonly flows: boolean; readonly packets: boolean };
  /** Cases that were caught and not looked at, newest last. */
  readonly freshCases: readonly CaughtCase[];
  /** Revision of the status whose end the user has read and put away; −1 for none. */
  readonly endSeen: number;
  /** The capture that waits for the user's word to be closed, because it runs. */
  readonly closing: number | null;
}

/** Messages about caught cases that are on screen at once; the list of cases has all. */
export const MAX_FRESH_CASES = 3;

export const LIVE_START: LiveState = {
  running: NO_LIVE,
  live: NO_LIVE,
  offer: null,
  isOffering: false,
  offerError: null,
  draft: null,
  isStarting: false,
  startError: null,
  held: null,
  following: { resets: false, flows: false, packets: false },
  freshCases: [],
  endSeen: -1,
  closing: null,
};

/** The status, and what of it concerns the capture that is shown. */
export function liveState(
  running: LiveStatus,
  captures: readonly OpenCapture[],
): Pick<LiveState, 'running' | 'live'> {
  const own = captures.find(({ isLive }) => isLive);
  const isShown = own === undefined || own.isShown;
  return { running, live: isShown ? running : { ...NO_LIVE, revision: running.revision } };
}

export function isCapturing({ phase }: LiveStatus): boolean {
  return phase === 'starting' || phase === 'capturing' || phase === 'stopping';
}

/** Whether a capture ran and is over. */
export function hasEnded({ phase, startedMs }: LiveStatus): boolean {
  return startedMs !== null && (phase === 'stopped' || phase === 'failed');
}
