/**
 * Finds the blocks of a pcapng stream that arrives in chunks (draft-ietf-opsawg-pcapng §3.1) and hands each on whole,
 * without an allocation per block. It does not look inside of blocks.
 *
 * Invariant: the carry holds the beginning of one block, never a whole one.
 */
import { readU32 } from '../../../engine/read/bytes.ts';
import {
  BLOCK_SECTION_HEADER,
  isBlockLength,
  MIN_BLOCK_BYTES,
  sniffByteOrder,
} from '../../../engine/read/pcapng-plausible.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';

/** A stream is no pcapng, or no longer. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
}

/** Takes the block `data[at, at + length)`; `data` may be kept. */
export type BlockHandler = (type: number, data: Uint8Array, at: number, length: number) => void;

const FIRST_CARRY_BYTES = 64 * 1024;

export class BlockWalker {
  readonly #onBlock: BlockHandler;
  #bigEndian = false;
  #isOpen = false;
  #carry = new Uint8Array(FIRST_CARRY_BYTES);
  #carried = 0;
  /** Stream offset of the next byte that `push` is given. */
  #pushed = 0;

  constructor(onBlock: BlockHandler) {
    this.#onBlock = onBlock;
  }

  /** Byte order of the running section. */
  get bigEndian(): boolean {
    return this.#bigEndian;
  }

  /** Bytes of a block that is not whole yet. */
  get pendingBytes(): number {
    return this.#carried;
  }

  /** @throws BlockError where the stream cannot be pcapng; what came before was handed on */
  push(chunk: Uint8Array): void {
    let at = this.#carried > 0 ? this.#completeCarry(chunk) : 0;
    const end = chunk.length;
    while (at + MIN_BLOCK_BYTES <= end) {
      const length = this.#blockLength(chunk, at, this.#pushed + at);
      if (at + length > end) break;
      this.#hand(chunk, at, length, this.#pushed + at);
      at += length;
    }
    if (at < end) this.#keep(chunk, at, end);
    this.#pushed += end;
  }

  /** Completes the block that began in earlier chunks. @returns where the next one begins in `chunk` */
  #completeCarry(chunk: Uint8Array): number {
    let at = 0;
    while (this.#carried > 0) {
      const start = this.#pushed + at - this.#carried;
      const isMeasured = this.#carried >= MIN_BLOCK_BYTES;
      const need = isMeasured ? this.#blockLength(this.#carry, 0, start) : MIN_BLOCK_BYTES;
      const missing = need - this.#carried;
      if (missing === 0) {
        // The handler may keep its data, and the carry is written again: it gets a copy.
        const block = this.#carry.slice(0, need);
        this.#carried = 0;
        this.#hand(block, 0, need, start);
      } else {
        if (at === chunk.length) break;
        const take = Math.min(missing, chunk.length - at);
        this.#keep(chunk, at, at + take);
        at += take;
      }
    }
    return at;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const needed = this.#carried + to - from;
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(Math.max(needed, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(chunk.subarray(from, to), this.#carried);
    this.#carried = needed;
  }

  /** @param data holds MIN_BLOCK_BYTES from `at` on @param offset in the stream, for the message */
  #blockLength(data: Uint8Array, at: number, offset: number): number {
    // The type of a section header reads the same in both byte orders.
    if (readU32(data, at, false) === BLOCK_SECTION_HEADER) {
      const order = sniffByteOrder(data, at);
      if (order === undefined) throw new BlockError(`the section header at byte ${offset} has no byte order`);
      this.#bigEndian = order;
      this.#isOpen = true;
    } else if (!this.#isOpen) {
      throw new BlockError('this is no pcapng: it does not begin with a section header');
    }
    const length = readU32(data, at + 4, this.#bigEndian);
    if (!isBlockLength(length) || length > LIVE_CAPTURE_LIMITS.maxBlockBytes) {
      throw new BlockError(`the block at byte ${offset} claims to be ${length} bytes long`);
    }
    return length;
  }

  #hand(data: Uint8Array, at: number, length: number, offset: number): void {
    if (readU32(data, at + length - 4, this.#bigEndian) !== length) {
      throw new BlockError(`the block at byte ${offset} states two different lengths`);
    }
    this.#onBlock(readU32(data, at, this.#bigEndian), data, at, length);
  }
}
