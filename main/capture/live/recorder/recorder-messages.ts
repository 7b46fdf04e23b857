/** What passes between the recorder's thread and whoever started it. */
import type { LiveErrorCode, WitnessStatus } from '../../../../shared/model/live.ts';
import type { RingFileState, RingPlan } from '../ring/ring-writer.ts';
import type { Launch } from '../sources/source.ts';

/** What to capture, and where to put it. Plain data: it crosses to the recorder's thread. */
export interface RecorderOrder {
  readonly launch: Launch;
  readonly plan: RingPlan;
  /** Path of `ss`; null where owners of sockets are not asked for. */
  readonly socketProgram: string | null;
  /** Whether the kernel was asked to witness. */
  readonly witness: boolean;
}

/** Counts since the capture began. A count of drops is null where its place does not tell. */
export interface RecorderCounts {
  readonly packets: number;
  /** Bytes of these packets on the wire. */
  readonly bytes: number;
  readonly kernelDrops: number | null;
  readonly interfaceDrops: number | null;
  readonly queueLosses: number;
  readonly witness: WitnessStatus;
  readonly freeBytes: number | null;
}

export type RecorderMessage =
  /** Packets can come. */
  | { readonly kind: 'started' }
  | { readonly kind: 'opened'; readonly file: RingFileState }
  | { readonly kind: 'written'; readonly file: RingFileState }
  | { readonly kind: 'gone'; readonly file: RingFileState }
  | { readonly kind: 'counts'; readonly counts: RecorderCounts }
  /** The last message; its error is null where the recorder was asked to stop. */
  | { readonly kind: 'ended'; readonly error: RecorderFailure | null };

export interface RecorderFailure {
  readonly code: LiveErrorCode;
  readonly message: string;
}

/** What the recorder's thread may be asked. */
export type RecorderRequest = { readonly kind: 'stop' };
