/** The packet in hand, between its decoding and its row in the index. One cursor serves all packets. */
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import { FACT_COUNT } from '../decode/facts.ts';
import { NO_PACKET } from '../flow/record.ts';
import { NO_FLOW, type PacketChunk } from '../store/packet-index.ts';

export const PAYLOAD_NOT_HERE = -1;

export class PacketCursor {
  number = 0 as PacketNumber;
  /** Since the clock's epoch. */
  timeNs = Number.NaN as Nanoseconds;
  interfaceId = 0;
  /** The slots of decode/facts.ts. */
  facts: Facts = new Int32Array(FACT_COUNT);
  /** What `payloadAt` is an index of. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the payload starts; PAYLOAD_NOT_HERE where there is none, or where it was put together from fragments. */
  payloadAt = PAYLOAD_NOT_HERE;
  /** Where its row lies in the index. */
  chunk: PacketChunk | undefined = undefined;
  row = 0;

  /** @param flow with its direction in the lowest bit @param previous packet of the flow */
  putFlow(flow: number, previous: number): void {
    const chunk = this.chunk as PacketChunk;
    chunk.flow[this.row] = flow;
    chunk.previous[this.row] = previous;
  }

  putNoFlow(): void {
    this.putFlow(NO_FLOW << 1, NO_PACKET);
  }

  putMarks(marks: number): void {
    (this.chunk as PacketChunk).marks[this.row] = marks;
  }
}
