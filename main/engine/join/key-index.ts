/**
 * Finds items by a 32-bit key that several may share: open addressing over the distinct keys, and a list of the first few items
 * of each. Only LIMITS.maxJoinCandidates of one key are kept, and all are counted, so that a million equal keys cost as much as
 * a million different ones.
 */
import { LIMITS } from '../limits.ts';

const FEWEST_SLOTS = 16;

export class KeyIndex {
  /** Entry + 1 of the first item of a key; 0 where the slot is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #keys: Int32Array;
  readonly #items: Uint32Array;
  /** Entry + 1 of the next item with the same key. */
  readonly #next: Int32Array;
  /** By the first entry of a key. */
  readonly #counts: Uint32Array;
  #used = 0;

  /** @param most items that will be added */
  constructor(most: number) {
    let slots = FEWEST_SLOTS;
    while (slots < 2 * most) slots *= 2;
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
    this.#keys = new Int32Array(most);
    this.#items = new Uint32Array(most);
    this.#next = new Int32Array(most);
    this.#counts = new Uint32Array(most);
  }

  add(key: number, item: number): void {
    const slot = this.#slot(key);
    const first = this.#slots[slot] - 1;
    if (first >= 0 && ++this.#counts[first] > LIMITS.maxJoinCandidates) return;
    const entry = this.#used++;
    this.#keys[entry] = key;
    this.#items[entry] = item;
    if (first < 0) {
      this.#slots[slot] = entry + 1;
      this.#counts[entry] = 1;
    } else {
      this.#next[entry] = this.#next[first];
      this.#next[first] = entry + 1;
    }
  }

  /** How many items were added with that key. */
  count(key: number): number {
    const first = this.#slots[this.#slot(key)] - 1;
    return first < 0 ? 0 : this.#counts[first];
  }

  /** The item of the key; undefined where there is none, or several. */
  only(key: number): number | undefined {
    const first = this.#slots[this.#slot(key)] - 1;
    return first < 0 || this.#counts[first] > 1 ? undefined : this.#items[first];
  }

  /** Items of the key, LIMITS.maxJoinCandidates at most. */
  items(key: number): number[] {
    const found: number[] = [];
    for (let entry = this.#slots[this.#slot(key)]; entry > 0; entry = this.#next[entry - 1]) {
      found.push(this.#items[entry - 1]);
    }
    return found;
  }

  #slot(key: number): number {
    const mask = this.#mask;
    let slot = key & mask;
    for (;;) {
      const first = this.#slots[slot] - 1;
      if (first < 0 || this.#keys[first] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
