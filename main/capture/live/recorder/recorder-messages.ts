/** What passes between the recorder's thread and whoever started it. */
import type { LiveErrorCode } from '../../../../shared/model/live.ts';
import type { RingFileState, RingPlan } from '../ring/ring-writer.ts';
import type { Launch } from '../sources/source.ts';

/** What to capture, and where to put it. Plain data. */
export interface RecorderOrder {
  readonly launch: Launch;
  readonly plan: RingPlan;
  /** ss; null where owners of sockets are not asked for. */
  readonly socketProgram: string | null;
  /** Whether the kernel was asked to witness. */
  readonly witness: boolean;
}

export interface RecorderCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly kernelDrops: number | null;
  readonly interfaceDrops: number | null;
  readonly queueLosses: number;
  readonly witness: {
    readonly state: 'off' | 'waiting' | 'on' | 'unavailable';
    readonly why: string | null;
    readonly events: number;
    readonly lost: number;
  };
  readonly freeBytes: number | null;
}

export type RecorderMessage =
  /** Packets can come. */
  | { readonly kind: 'started' }
  | { readonly kind: 'opened'; readonly file: RingFileState }
  | { readonly kind: 'written'; readonly file: RingFileState }
  | { readonly kind: 'gone'; readonly file: RingFileState }
  | { readonly kind: 'counts'; readonly counts: RecorderCounts }
  /** The last message. Without an error it was asked to stop. */
  | { readonly kind: 'ended'; readonly error: RecorderFailure | null };

export interface RecorderFailure {
  readonly code: LiveErrorCode;
  readonly message: string;
}

/** To the thread. */
export type RecorderRequest = { readonly kind: 'stop' };
