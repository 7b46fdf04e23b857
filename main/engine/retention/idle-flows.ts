/**
 * Open flows whose packets were all let go, in the order of their last packets. An entry is void once its flow has a newer
 * packet or was removed; void ones are passed over, and cleared out when they are the most.
 */

/** Entries without which clearing out is not worth its while. */
const SMALLEST = 1024;

export class IdleFlows {
  #flows: number[] = [];
  #packets: number[] = [];
  #head = 0;
  readonly #holds: (flow: number, packet: number) => boolean;

  /** @param holds whether that is still the flow's newest packet */
  constructor(holds: (flow: number, packet: number) => boolean) {
    this.#holds = holds;
  }

  get size(): number {
    return this.#flows.length - this.#head;
  }

  push(flow: number, lastPacket: number): void {
    this.#flows.push(flow);
    this.#packets.push(lastPacket);
  }

  /** The flow that has been idle for longest; −1 where there is none. */
  oldest(): number {
    while (this.#head < this.#flows.length) {
      if (this.#holds(this.#flows[this.#head], this.#packets[this.#head])) return this.#flows[this.#head];
      this.#head++;
    }
    return -1;
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
