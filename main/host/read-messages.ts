/** What the reading thread tells the following one besides packets. */
import type { CaptureFormat } from '../engine/read/capture-format.ts';
import type { LimitName } from '../engine/limits.ts';
import type { KernelEvent } from '../engine/read/kernel-event.ts';
import type { InterfaceDrops, InterfaceInfo } from '../engine/read/sink.ts';
import type { ReadWarning } from '../../shared/model/warning.ts';
import type { RingBuffers } from './read-ring.ts';

export interface ReadOrder {
  readonly path: string;
  readonly buffers: RingBuffers;
  /** Of the flow table that is going to be asked. */
  readonly hashSeed: number;
  /** Zero of the times, where an earlier file set it. */
  readonly epochNs: bigint | undefined;
}

export type ReadEvent =
  /** The first packet was seen. */
  | { readonly kind: 'epoch'; readonly epochNs: bigint; readonly format: CaptureFormat }
  | { readonly kind: 'interface'; readonly info: InterfaceInfo }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'other-frames'; readonly count: number }
  | { readonly kind: 'name'; readonly address: string; readonly name: string }
  | { readonly kind: 'drops'; readonly drops: InterfaceDrops }
  | { readonly kind: 'kernel'; readonly event: KernelEvent }
  | { readonly kind: 'warning'; readonly warning: ReadWarning };

export type ReadMessage =
  /** A batch was published while the follower slept. */
  | { readonly kind: 'wake' }
  /** Memory of a chunk of the packet index that the reading thread is going to fill. */
  | { readonly kind: 'chunk'; readonly number: number; readonly memory: SharedArrayBuffer }
  /** Events that belong before the packets of batch `batch`. */
  | { readonly kind: 'events'; readonly batch: number; readonly events: readonly ReadEvent[] }
  /** All was read, or as much as could be. */
  | {
      readonly kind: 'end';
      readonly batches: number;
      readonly events: readonly ReadEvent[];
      readonly format: CaptureFormat;
      readonly bytes: number;
      readonly packets: number;
      readonly limits: readonly (readonly [LimitName, number])[];
      /** Why reading stopped before the end of the file; the system's words. */
      readonly error: string | undefined;
    };
