/**
 * Open flows whose packets were all let go, in the order of their last packets. An entry is void once its flow has a newer
 * packet or was removed; void ones are passed over, and cleared out when they are the most.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { NO_FLOW_FOUND } from '../flow/flow-table.ts';

/** Entries without which clearing out is not worth its while. */
const SMALLEST = 1024;

export class IdleFlows {
  #flows: FlowRecord[] = [];
  #packets: PacketNumber[] = [];
  #head = 0;
  readonly #holds: (flow: FlowRecord, packet: PacketNumber) => boolean;

  /** @param holds whether that is still the flow's newest packet */
  constructor(holds: (flow: FlowRecord, packet: PacketNumber) => boolean) {
    this.#holds = holds;
  }

  get size(): number {
    return this.#flows.length - this.#head;
  }

  push(flow: FlowRecord, lastPacket: PacketNumber): void {
    this.#flows.push(flow);
    this.#packets.push(lastPacket);
  }

  /** The flow that has been idle for longest; NO_FLOW_FOUND where there is none. */
  oldest(): FlowRecord {
    while (this.#head < this.#flows.length) {
      if (this.#holds(this.#flows[this.#head], this.#packets[this.#head])) return this.#flows[this.#head];
      this.#head++;
    }
    return NO_FLOW_FOUND;
  }

  /** Takes out what `oldest` gave. */
  take(): void {
    this.#head++;
  }

  /** @param live flows in the table: there cannot be more valid entries */
  compact(live: number): void {
    if (this.#flows.length < Math.max(SMALLEST, 2 * live)) return;
    let kept = 0;
    for (let i = this.#head; i < this.#flows.length; i++) {
      if (!this.#holds(this.#flows[i], this.#packets[i])) continue;
      this.#flows[kept] = this.#flows[i];
      this.#packets[kept++] = this.#packets[i];
    }
    this.#flows.length = kept;
    this.#packets.length = kept;
    this.#head = 0;
  }
}
