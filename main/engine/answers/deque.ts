/** A list that is entered at one end and taken from at both, at a constant cost. */
export class Deque<T> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(one: T): void {
    this.#items.push(one);
  }

  oldest(): T | undefined {
    return this.#items[this.#head];
  }

  takeOldest(): T | undefined {
    if (this.size === 0) return undefined;
    const one = this.#items[this.#head++];
    // Those that were taken are let go only now and then, since that moves all others.
    if (this.#head > 1024 && 2 * this.#head > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return one;
  }

  takeNewest(): T | undefined {
    return this.size === 0 ? undefined : this.#items.pop();
  }
}
