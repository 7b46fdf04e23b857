/**
 * Which flow sends next: a binary heap of slots by time.
 *
 * Invariant: the time of every node is not later than those of its children 2i+1 and 2i+2.
 */
export class TimeQueue {
  readonly #times: Float64Array;
  readonly #slots: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#slots = new Int32Array(capacity);
  }

  get first(): number {
    return this.#slots[0];
  }

  push(slot: number, time: number): void {
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent] <= time) break;
      this.#times[at] = this.#times[parent];
      this.#slots[at] = this.#slots[parent];
      at = parent;
    }
    this.#times[at] = time;
    this.#slots[at] = slot;
  }

  /** Gives the first slot a new time. */
  replaceFirst(time: number): void {
    const slot = this.#slots[0];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#times[child + 1] < this.#times[child]) child++;
      if (this.#times[child] >= time) break;
      this.#times[at] = this.#times[child];
      this.#slots[at] = this.#slots[child];
      at = child;
    }
    this.#times[at] = time;
    this.#slots[at] = slot;
  }
}
