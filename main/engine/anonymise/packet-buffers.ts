/** Memory for the packets that are rewritten: to allocate some for each costs as much as rewriting it. */

const SLAB_BYTES = 0x1_0000;

export class PacketBuffers {
  #copy = new Uint8Array(SLAB_BYTES);
  #slab = new Uint8Array(SLAB_BYTES);
  #taken = 0;

  /** The packet's bytes from the first byte on, and behind them whatever was there; until the next call. */
  copyOf(packet: Uint8Array): Uint8Array {
    if (packet.length > this.#copy.length) this.#copy = new Uint8Array(packet.length);
    this.#copy.set(packet);
    return this.#copy;
  }

  /** So many zeros that nobody else has. */
  zeros(size: number): Uint8Array {
    if (size > SLAB_BYTES) return new Uint8Array(size);
    if (this.#taken + size > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#taken = 0;
    }
    const from = this.#taken;
    this.#taken += size;
    return this.#slab.subarray(from, this.#taken);
  }
}
