/**
 * Decoded packets on their way from the decoder to the flows: up to 512 at a time, in one flat buffer.
 *
 * The buffer may be shared between threads: then a worker reads and decodes while this side follows the flows
 * (main/host/parallel-read.ts). In one thread the same batch is filled and consumed in turn.
 *
 * Row i: `facts[i]`, the slots of decode/facts.ts and among them ROW_*; row i of `columns`; `offsets[i]`.
 */
import { BATCH_SLOTS, FACT_COUNT } from '../decode/facts.ts';
import { PACKET_COLUMNS_BYTES, PacketColumns } from '../store/packet-columns.ts';

/** A batch stays in the second-level cache and is worth waking the other thread for. */
export const BATCH_PACKETS = 512;

// Slots of a row among its facts
export const ROW_INTERFACE = BATCH_SLOTS;
/** Where the packet starts in the batch's `bytes`. */
export const ROW_PACKET_AT = BATCH_SLOTS + 1;
/** Where the payload starts in the packet; PAYLOAD_NOT_HERE where it was put together from fragments. */
export const ROW_PAYLOAD_AT = BATCH_SLOTS + 2;
/** First byte of a payload that is here and not empty, else −1: looked at while it is in the decoder's cache. */
export const ROW_PAYLOAD_FIRST = BATCH_SLOTS + 3;
/** flowHash of its endpoints; 0 where it is neither TCP nor UDP. */
export const ROW_HASH = BATCH_SLOTS + 4;
/** Whole cache lines. */
const ROW_SLOTS = Math.ceil(FACT_COUNT / 16) * 16;

export const PAYLOAD_NOT_HERE = -1;

export const BATCH_BYTES = BATCH_PACKETS * (8 + PACKET_COLUMNS_BYTES + ROW_SLOTS * 4);

export class PacketBatch {
  readonly facts: readonly Int32Array[];
  /** What goes to the packet index as it is; row i of the batch is row `columnsAt + i` of these. */
  columns: PacketColumns;
  columnsAt = 0;
  /** The chunk of the packet index that `columns` lie in already; undefined where they are to be copied there. */
  home: SharedArrayBuffer | undefined = undefined;
  /** Rows that may be used. */
  capacity = BATCH_PACKETS;
  /** Where each packet's record starts in the (decompressed) file, bytes. */
  readonly offsets: Float64Array;
  /** Rows in use. */
  count = 0;
  /** What ROW_PACKET_AT is an index of. */
  bytes: Uint8Array = new Uint8Array(0);

  /** @param at multiple of 8; BATCH_BYTES from there are the batch's */
  constructor(buffer: ArrayBufferLike, at: number) {
    this.offsets = new Float64Array(buffer, at, BATCH_PACKETS);
    this.columns = new PacketColumns(buffer, at + BATCH_PACKETS * 8, BATCH_PACKETS);
    const rows = at + BATCH_PACKETS * (8 + PACKET_COLUMNS_BYTES);
    this.facts = Array.from(
      { length: BATCH_PACKETS },
      (_, i) => new Int32Array(buffer, rows + i * ROW_SLOTS * 4, ROW_SLOTS),
    );
  }
}
