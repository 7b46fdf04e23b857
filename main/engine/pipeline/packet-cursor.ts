/** The packet that FlowStage is at: its facts in the batch, its row in the index. One cursor serves all packets. */
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import { NO_PACKET } from '../flow/record.ts';
import { NO_FLOW, type PacketChunk, rowOf } from '../store/packet-index.ts';

export class PacketCursor {
  /** The slots of decode/facts.ts, and ROW_* of batch.ts. */
  facts: Facts = new Int32Array(0);
  /** What ROW_PACKET_AT is an index of. */
  bytes: Uint8Array = new Uint8Array(0);
  number = 0 as PacketNumber;
  /** Not 0: a field that starts as a small integer changes its shape, and all compiled code with it, later. */
  timeNs = Number.NaN as Nanoseconds;

  /** Row of the packet in the columns of the index that FlowStage fills. */
  #row = 0;
  #flow: Uint32Array = new Uint32Array(0);
  #previous: Uint32Array = new Uint32Array(0);
  #marks: Uint16Array = new Uint16Array(0);

  /** The packets that follow lie in this chunk, and in these bytes. */
  enterChunk(chunk: PacketChunk, bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#flow = chunk.flow;
    this.#previous = chunk.previous;
    this.#marks = chunk.marks;
  }

  bind(number: PacketNumber, timeNs: Nanoseconds, facts: Facts): void {
    this.number = number;
    this.timeNs = timeNs;
    this.facts = facts;
    this.#row = rowOf(number);
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
