/**
 * The memory that the reading thread and the following thread share: a ring of packet batches, and the chunks of the
 * file that the packets' bytes lie in.
 *
 * Invariants
 * - Batches are numbered from 0. Batch n lies in slot n % SLOTS; the reader fills it only once batch n − SLOTS was
 *   consumed, the follower takes it only once it was published.
 * - A batch holds packets of one chunk (or of its carry area: the packet that straddles two chunks). So at most SLOTS
 *   chunks are still looked at besides the one being read, and with one more chunk than that none is overwritten.
 */
import { COPY_OFFSET_BYTES } from '../capture/copy-offset.ts';
import { BATCH_BYTES, PacketBatch } from '../engine/pipeline/batch.ts';

export const SLOTS = 8;
export const CHUNKS = SLOTS + 1;
/** Large enough for few system calls, small enough that all chunks stay in the third-level cache. */
export const CHUNK_BYTES = 512 * 1024;
/** Of a packet that straddles two chunks this much is kept for looking at its payload. */
export const CARRY_BYTES = 64 * 1024;

// Words of the control block
export const PUBLISHED = 0;
export const CONSUMED = 1;
export const CANCELLED = 2;
/** 1 while the follower sleeps until a message wakes it. */
export const ASLEEP = 3;
const SLOT_WORDS = 5;
// Words of a slot, at slotAt(batch)
export const SLOT_COUNT = 0;
/** Which chunk its packets lie in; IN_CARRY for the carry area. */
export const SLOT_CHUNK = 1;
/** 1 when events belong before its packets; they come as a message. */
export const SLOT_EVENTS = 2;
export const IN_CARRY = -1;
/** Which chunk of the packet index its columns lie in, and the row of the first; the memory comes as a message. */
export const SLOT_INDEX_CHUNK = 3;
export const SLOT_INDEX_ROW = 4;

export interface RingBuffers {
  readonly control: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  readonly chunks: SharedArrayBuffer;
}

export function makeRingBuffers(): RingBuffers {
  return {
    control: new SharedArrayBuffer(4 * (4 + SLOTS * SLOT_WORDS)),
    slots: new SharedArrayBuffer(SLOTS * (BATCH_BYTES + CARRY_BYTES)),
    chunks: new SharedArrayBuffer(COPY_OFFSET_BYTES + CHUNKS * CHUNK_BYTES),
  };
}

/** One thread's view of the shared memory. */
export class ReadRing {
  readonly control: Int32Array;
  readonly batches: readonly PacketBatch[];
  readonly carries: readonly Uint8Array[];
  readonly chunks: readonly Uint8Array[];

  constructor(buffers: RingBuffers) {
    const stride = BATCH_BYTES + CARRY_BYTES;
    this.control = new Int32Array(buffers.control);
    this.batches = Array.from({ length: SLOTS }, (_, i) => new PacketBatch(buffers.slots, i * stride));
    this.carries = Array.from(
      { length: SLOTS },
      (_, i) => new Uint8Array(buffers.slots, i * stride + BATCH_BYTES, CARRY_BYTES),
    );
    this.chunks = Array.from(
      { length: CHUNKS },
      (_, i) => new Uint8Array(buffers.chunks, COPY_OFFSET_BYTES + i * CHUNK_BYTES, CHUNK_BYTES),
    );
  }

  /** Where the control words of a batch start. */
  slotAt(batch: number): number {
    return 4 + (batch % SLOTS) * SLOT_WORDS;
  }
}
