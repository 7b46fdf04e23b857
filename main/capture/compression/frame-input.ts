import { CarryBuffer } from '../../engine/read/carry.ts';

/** Cuts compressed pieces of any size into the units that a frame format asks for, one at a time. */
export class FrameInput {
  readonly #carry = new CarryBuffer();
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** The last `take` or `peek` found its bytes at `bytes[start]`; valid until the next `give`. */
  bytes: Uint8Array = this.#chunk;
  start = 0;
  /** Bytes taken since the beginning, to say where damage is. */
  taken = 0;

  /** Goes on with the next piece. The piece before must be used up, or saved by `keep`. */
  give(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Saves what was not taken from the piece, which its owner will overwrite. */
  keep(): void {
    this.#carry.append(this.#chunk, this.#at, this.#chunk.length);
    this.#at = this.#chunk.length;
  }

  get available(): number {
    return this.#carry.length + this.#chunk.length - this.#at;
  }

  /** Takes `length` bytes, to be found at `bytes[start]` on; false, and nothing taken, if they are not there yet. */
  take(length: number): boolean {
    if (!this.peek(length)) return false;
    this.skip(length);
    return true;
  }

  /** As `take`, without moving on. */
  peek(length: number): boolean {
    if (this.available < length) return false;
    const carry = this.#carry;
    if (carry.length > 0 && carry.length < length) {
      const missing = length - carry.length;
      carry.append(this.#chunk, this.#at, this.#at + missing);
      this.#at += missing;
    }
    const inCarry = carry.length > 0;
    this.bytes = inCarry ? carry.bytes : this.#chunk;
    this.start = inCarry ? carry.start : this.#at;
    return true;
  }

  /** Moves on by at most `length` bytes. @returns by how many */
  skip(length: number): number {
    const carry = this.#carry;
    const fromCarry = Math.min(length, carry.length);
    carry.start += fromCarry;
    if (carry.length === 0) carry.clear();
    const fromChunk = Math.min(length - fromCarry, this.#chunk.length - this.#at);
    this.#at += fromChunk;
    this.taken += fromCarry + fromChunk;
    return fromCarry + fromChunk;
  }
}
