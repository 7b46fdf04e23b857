/**
 * Parts of one size that flows are given when they need them, and give back: in blocks. A part is known by its number; 0 is none.
 * Blocks stay where they are, but for those that are put aside for want of memory (ColdBlocks) and come back when somebody asks.
 */
import type { ColdBlocks } from './cold-blocks.ts';
import type { PartBlock } from './part-block.ts';

/** Few parts, so that to look at one of a block in the file costs little more than to ask the system for it. */
const BLOCK_BITS = 10;
const BLOCK_PARTS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_PARTS - 1;

export class Parts {
  readonly #size: number;
  /** Undefined where it is put aside. */
  readonly #blocks: (PartBlock | undefined)[] = [];
  readonly #cold: ColdBlocks | undefined;
  /** Parts that were given back. */
  readonly #free: number[] = [];
  #made = 0;

  /** @param size words of a part: an even number @param cold where blocks go that there is no memory for; without it all stay */
  constructor(size: number, cold?: ColdBlocks) {
    this.#size = size;
    this.#cold = cold;
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
    const index = part >>> BLOCK_BITS;
    if (index === this.#blocks.length) {
      this.#blocks.push(partBlock(this.#size));
      this.#cold?.add(index, this.bytesOfBlock);
    }
    return part;
  }

  giveBack(part: number): void {
    const at = this.at(part);
    this.block(part).words.fill(0, at, at + this.#size);
    this.#free.push(part);
  }

  /** The block of a part: to be asked for anew for each packet, and whenever another part was asked for. */
  block(part: number): PartBlock {
    return this.#blocks[part >>> BLOCK_BITS] ?? this.#fetch(part >>> BLOCK_BITS);
  }

  #fetch(index: number): PartBlock {
    const cold = this.#cold;
    if (cold === undefined) throw new Error(`no part is in block ${index}`);
    const block = partBlock(this.#size);
    cold.read(index, block, this.#blocks);
    this.#blocks[index] = block;
    return block;
  }

  /** Puts blocks aside that `isCold` is true of, as far as memory is short. Nobody may be at a part. */
  putAside(isCold: (block: PartBlock) => boolean): void {
    this.#cold?.putAside(this.#blocks, isCold);
  }

  /** Bytes of all blocks, wherever they are. */
  get bytes(): number {
    return this.#blocks.length * this.bytesOfBlock;
  }

  get bytesOfBlock(): number {
    return BLOCK_PARTS * this.#size * Int32Array.BYTES_PER_ELEMENT;
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
