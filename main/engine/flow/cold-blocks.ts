/**
 * Blocks of flows' parts that are put aside, into the file for what does not fit memory: in a long capture most flows are over, and
 * their sides are asked for again only when somebody looks at them.
 *
 * Invariants
 * - While packets are taken (`hold` … `release`) no block is put aside: a packet that is tracked writes to blocks which it holds.
 *   Otherwise nobody writes to any, so that who holds a block which is put aside meanwhile goes on seeing what is true.
 * - A block is let go of in memory only after it was written, or as it was read: what cannot be written stays.
 */
import type { SpillPlace, SpillSpace } from '../spill-space.ts';
import type { PartBlock } from './part-block.ts';

/** Blocks looked at each time that there may be cold ones among them. */
const MOST_LOOKED_AT = 16;

type Blocks = (PartBlock | undefined)[];

export class ColdBlocks {
  /** Blocks read again, and blocks written. */
  readonly traffic = { read: 0, written: 0 };
  readonly #budget: number;
  readonly #onFull: () => void;
  #space: SpillSpace | undefined;
  /** By block, once it was written. */
  readonly #places: (SpillPlace | undefined)[] = [];
  /** Those in memory, in the order in which they came there. */
  readonly #inMemory: number[] = [];
  /** Those of them that are as they were read. */
  readonly #unchanged = new Set<number>();
  #held = 0;
  #isHeld = false;
  #isFull = false;

  /** @param budget bytes that blocks may take in memory @param onFull told when there is no room for what should be put aside */
  constructor(space: SpillSpace, budget: number, onFull: () => void) {
    this.#space = space;
    this.#budget = budget;
    this.#onFull = onFull;
  }

  /** Packets are going to be taken. */
  hold(): void {
    this.#isHeld = true;
    this.#unchanged.clear();
  }

  release(): void {
    this.#isHeld = false;
  }

  /** A block was made. */
  add(index: number, bytes: number): void {
    this.#inMemory.push(index);
    this.#held += bytes;
  }

  /** Reads a block that was put aside, for which others go if nobody writes to them. @throws SpillLost */
  read(index: number, into: PartBlock, blocks: Blocks): void {
    const place = this.#places[index];
    if (place === undefined || this.#space === undefined) throw new Error(`block ${index} of parts is gone`);
    if (!this.#isHeld) {
      for (let rest = this.#inMemory.length; rest > 0 && this.#isShort(place.bytes); rest--)
        this.#letGo(blocks);
    }
    this.#space.read(place, bytesOf(into));
    this.traffic.read++;
    this.add(index, place.bytes);
    if (!this.#isHeld) this.#unchanged.add(index);
  }

  /** Puts aside those of the oldest blocks that are cold, as far as memory is short. */
  putAside(blocks: Blocks, isCold: (block: PartBlock) => boolean): void {
    for (let looks = 0; looks < MOST_LOOKED_AT && this.#isShort(0); looks++) this.#letGo(blocks, isCold);
  }

  /** Nothing will be asked any more. */
  close(): void {
    for (const place of this.#places) if (place !== undefined) this.#space?.forget(place);
    this.#places.length = 0;
    this.#space = undefined;
  }

  #isShort(bytes: number): boolean {
    return !this.#isFull && this.#held + bytes > this.#budget;
  }

  /** Puts the oldest block aside, or makes it the newest. */
  #letGo(blocks: Blocks, isCold?: (block: PartBlock) => boolean): void {
    const index = this.#inMemory.shift();
    const block = index === undefined ? undefined : blocks[index];
    if (index === undefined || block === undefined) return;
    if (isCold?.(block) === false || !this.#isWritten(index, block)) {
      this.#inMemory.push(index);
      return;
    }
    blocks[index] = undefined;
    this.#held -= block.words.byteLength;
  }

  #isWritten(index: number, block: PartBlock): boolean {
    if (this.#unchanged.delete(index)) return true;
    const space = this.#space;
    const place = this.#places[index];
    if (place === undefined) this.#places[index] = space?.put(bytesOf(block));
    else if (space?.putAgain(place, bytesOf(block)) !== true) this.#places[index] = undefined;
    if (this.#places[index] === undefined) {
      this.#isFull = true;
      this.#onFull();
      return false;
    }
    this.traffic.written++;
    return true;
  }
}

function bytesOf({ words }: PartBlock): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
