/** The packet that FlowStage is at: its facts in the batch, its row in the index. One cursor serves all packets. */
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import type { PacketBatch } from './batch.ts';
import { NO_PACKET } from '../flow/record.ts';
import { NO_FLOW, type PacketChunk, rowOf } from '../store/packet-index.ts';

const NO_BYTES: Uint8Array = new Uint8Array(0);
/** It holds an array, as the slots of every batch do, so that the field keeps one kind of array. */
const NO_FACTS: readonly Facts[] = [new Int32Array(0)];

export class PacketCursor {
  /** What ROW_PACKET_AT is an index of. */
  bytes = NO_BYTES;
  number = 0 as PacketNumber;

  /** Row of the packet in the batch, and in the columns of the index that FlowStage reads and fills. */
  #batchRow = 0;
  #row = 0;
  #facts = NO_FACTS;
  #time: Float64Array = new Float64Array(0);
  #flow: Uint32Array = new Uint32Array(0);
  #previous: Uint32Array = new Uint32Array(0);
  #marks: Uint16Array = new Uint16Array(0);

  /** The packets that follow lie in this batch and in this chunk. */
  enterChunk(batch: PacketBatch, chunk: PacketChunk): void {
    this.bytes = batch.bytes;
    this.#facts = batch.facts;
    this.#time = chunk.time;
    this.#flow = chunk.flow;
    this.#previous = chunk.previous;
    this.#marks = chunk.marks;
  }

  /** Lets go of the batch, whose buffers belong to whoever made it. */
  leave(): void {
    this.bytes = NO_BYTES;
    this.#facts = NO_FACTS;
  }

  /** Binds the cursor to a packet of the chunk: two numbers are all that is written. */
  bind(number: PacketNumber, batchRow: number): void {
    this.number = number;
    this.#batchRow = batchRow;
    this.#row = rowOf(number);
  }

  /** The slots of decode/facts.ts, and ROW_* of batch.ts. */
  get facts(): Facts {
    return this.#facts[this.#batchRow];
  }

  get timeNs(): Nanoseconds {
    return this.#time[this.#row] as Nanoseconds;
  }

  /** @param flow with its direction in the lowest bit @param previous packet of the flow */
  putFlow(flow: number, previous: number): void {
    this.#flow[this.#row] = flow;
    this.#previous[this.#row] = previous;
  }

  putNoFlow(): void {
    this.putFlow(NO_FLOW << 1, NO_PACKET);
  }

  putMarks(marks: number): void {
    this.#marks[this.#row] = marks;
  }
}
