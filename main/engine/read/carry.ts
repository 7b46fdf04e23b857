/**
 * Holds the bytes of the one record that straddles two chunks. Consumed bytes are skipped by moving `start`,
 * and only moved down when room is needed, so that a search byte by byte stays linear.
 */
export class CarryBuffer {
  bytes = new Uint8Array(4096);
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array, from: number, to: number): void {
    const more = to - from;
    this.#reserve(more);
    // A loop beats the call and the view that `set` needs for the few bytes of a record header.
    if (more <= 32) {
      for (let i = from; i < to; i++) this.bytes[this.end++] = chunk[i];
    } else {
      this.bytes.set(chunk.subarray(from, to), this.end);
      this.end += more;
    }
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  /** Lets a buffer go that grew for one long record. */
  release(): void {
    this.clear();
    this.bytes = new Uint8Array(0);
  }

  #reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const held = this.end - this.start;
    if (held + more <= this.bytes.length / 2) {
      this.bytes.copyWithin(0, this.start, this.end);
    } else {
      const grown = new Uint8Array(Math.max(4096, (held + more) * 2));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
    }
    this.start = 0;
    this.end = held;
  }
}
