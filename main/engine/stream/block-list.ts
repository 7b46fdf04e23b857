/**
 * Blocks of a byte stream, sorted and free of overlap; what `StreamAssembler` keeps.
 *
 * Two levels (leaves of at most LEAF_BLOCKS): a capture that brings its segments in the worst order costs
 * O(√n)-like moves per insert instead of O(n), and one in order only appends.
 *
 * Invariants
 * - No leaf is empty; over all leaves in order, block.offset + block.bytes.length ≤ next block.offset.
 * - No block is empty.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';

const LEAF_BLOCKS = 512;

export interface Block {
  /** Bytes from the start of the stream. */
  readonly offset: number;
  /** Owned by the list. */
  readonly bytes: Uint8Array;
  /** Packet that brought them. */
  readonly packet: PacketNumber;
}

export class BlockList {
  readonly #leaves: Block[][] = [];

  /** @param block must not overlap any block of the list, and must not be empty */
  insert(block: Block): void {
    const leaves = this.#leaves;
    const leafIndex = Math.max(0, this.#leafBefore(block.offset));
    const leaf = leaves[leafIndex];
    if (leaf === undefined) {
      leaves.push([block]);
      return;
    }
    leaf.splice(firstFrom(leaf, block.offset), 0, block);
    if (leaf.length > LEAF_BLOCKS) leaves.splice(leafIndex + 1, 0, leaf.splice(splitPoint(leaf, block)));
  }

  /** Calls `visit` for each block that shares bytes with [start, end), in order. It must not change the list. */
  overlapping(start: number, end: number, visit: (block: Block) => void): void {
    for (let i = Math.max(0, this.#leafBefore(start)); i < this.#leaves.length; i++) {
      const leaf = this.#leaves[i];
      // The block before the first one from `start` may reach into the range.
      for (let k = Math.max(0, firstFrom(leaf, start) - 1); k < leaf.length; k++) {
        const block = leaf[k];
        if (block.offset >= end) return;
        if (block.offset + block.bytes.length > start) visit(block);
      }
    }
  }

  *[Symbol.iterator](): IterableIterator<Block> {
    for (const leaf of this.#leaves) yield* leaf;
  }

  /** Last leaf whose first block lies at or before `offset`; −1 where all lie behind it. */
  #leafBefore(offset: number): number {
    const leaves = this.#leaves;
    let low = 0;
    let high = leaves.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (leaves[middle][0].offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Index of the first block at or behind `offset`. */
function firstFrom(leaf: readonly Block[], offset: number): number {
  let low = 0;
  let high = leaf.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (leaf[middle].offset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A stream in order always splits at its end: halving would leave half-empty leaves behind. */
function splitPoint(leaf: readonly Block[], added: Block): number {
  return leaf[leaf.length - 1] === added ? leaf.length - 1 : leaf.length >>> 1;
}
