/** pcapng blocks (draft-ietf-opsawg-pcapng §3.1) in little endian, one behind the other, until somebody takes them. */

const FIRST_BYTES = 64 * 1024;
/** A buffer above this size is let go once it was taken, bytes. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** A block's type, its length, and the length again at its end. */
const HEADER_BYTES = 8;

/** opt_endofopt, without a value. */
const END_OF_OPTIONS = 0;
/** A value has its length in 16 bits. */
const MOST_VALUE_BYTES = 0xffff;

export interface BlockOption {
  readonly code: number;
  /** In little endian, as it is to stand in the file. */
  readonly value: Uint8Array;
}

export class BlockBuffer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  #blockAt = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#used;
  }

  begin(type: number): this {
    this.#blockAt = this.#used;
    return this.u32(type).u32(0);
  }

  u16(value: number): this {
    this.#room(2);
    this.#view.setUint16(this.#used, value, true);
    this.#used += 2;
    return this;
  }

  u32(value: number): this {
    this.#room(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
    return this;
  }

  /** Bytes, and zeros up to the next 32 bits. */
  padded(bytes: Uint8Array): this {
    const padding = -bytes.length & 3;
    this.#room(bytes.length + padding);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#bytes.fill(0, this.#used, this.#used + padding);
    this.#used += padding;
    return this;
  }

  /** A list of options with its end; nothing where there are none. */
  options(options: readonly BlockOption[]): this {
    if (options.length === 0) return this;
    for (const { code, value } of options) {
      const kept = value.length > MOST_VALUE_BYTES ? value.subarray(0, MOST_VALUE_BYTES) : value;
      this.u16(code).u16(kept.length).padded(kept);
    }
    return this.u16(END_OF_OPTIONS).u16(0);
  }

  /** Ends the block that was begun. */
  end(): void {
    const length = this.#used - this.#blockAt + 4;
    this.u32(length);
    this.#view.setUint32(this.#blockAt + HEADER_BYTES - 4, length, true);
  }

  /** What waits, as bytes of their own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#resize(FIRST_BYTES);
    return taken;
  }

  #room(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, 2 * this.#bytes.length));
  }

  #resize(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
