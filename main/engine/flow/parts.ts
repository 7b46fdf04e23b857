/**
 * Parts of one size that flows are given when they need them, and give back: in blocks that never move. A part is known by its
 * number; 0 is none.
 */
const BLOCK_BITS = 12;
const BLOCK_PARTS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_PARTS - 1;

export interface PartBlock {
  readonly words: Int32Array;
  /** The same memory. */
  readonly doubles: Float64Array;
}

export class Parts {
  readonly #size: number;
  readonly #blocks: PartBlock[] = [];
  /** Parts that were given back. */
  readonly #free: number[] = [];
  #made = 0;

  /** @param size words of a part: an even number */
  constructor(size: number) {
    this.#size = size;
  }

  /** Parts that are in use. */
  get count(): number {
    return this.#made - this.#free.length;
  }

  /** A part that is all zeros. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const part = ++this.#made;
    if (part >>> BLOCK_BITS === this.#blocks.length) this.#blocks.push(partBlock(this.#size));
    return part;
  }

  giveBack(part: number): void {
    const at = this.at(part);
    this.block(part).words.fill(0, at, at + this.#size);
    this.#free.push(part);
  }

  block(part: number): PartBlock {
    return this.#blocks[part >>> BLOCK_BITS];
  }

  /** Where the part's words start in its block; its doubles start at half of that. */
  at(part: number): number {
    return (part & BLOCK_MASK) * this.#size;
  }
}

function partBlock(size: number): PartBlock {
  const memory = new ArrayBuffer(BLOCK_PARTS * size * Int32Array.BYTES_PER_ELEMENT);
  return { words: new Int32Array(memory), doubles: new Float64Array(memory) };
}
