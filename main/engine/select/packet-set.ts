/**
 * A set of packets: a bit for each, in pieces of a chunk of the packet index (4096 packets, 512 bytes of bits), so that it grows
 * with the index and copies nothing. Knows the place of a packet among the others, and the packet at a place.
 *
 * Invariant: `#before[i]` is how many packets the chunks before `i` have, for all `i` up to `#countedTo`; who changes a chunk
 * calls `touched`.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { CHUNK_PACKETS, chunkOf, rowOf } from '../store/packet-index.ts';

const WORDS = CHUNK_PACKETS / 32;

/** The bits of one chunk: bit `row & 31` of word `row >>> 5`. */
export type ChunkBits = Uint32Array;

export function makeChunkBits(): ChunkBits {
  return new Uint32Array(WORDS);
}

/** Bits set in a word. */
export function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x5555_5555);
  n = (n & 0x3333_3333) + ((n >>> 2) & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

function countChunk(bits: ChunkBits): number {
  let count = 0;
  for (let i = 0; i < WORDS; i++) if (bits[i] !== 0) count += countBits(bits[i]);
  return count;
}

export class PacketSet {
  readonly #chunks: (ChunkBits | undefined)[] = [];
  readonly #counts: number[] = [];
  readonly #before: number[] = [0];
  #countedTo = 0;

  /** The bits of a chunk; undefined where none of its packets was ever entered. */
  chunk(index: number): ChunkBits | undefined {
    return this.#chunks[index];
  }

  /** The bits of a chunk, to write to. */
  own(index: number): ChunkBits {
    return (this.#chunks[index] ??= makeChunkBits());
  }

  /** The bits of the chunk were changed. */
  touched(index: number): void {
    delete this.#counts[index];
    this.#countedTo = Math.min(this.#countedTo, index);
  }

  /** Forgets the chunks below `index`: their packets are gone. */
  dropBelow(index: number): void {
    for (let i = index - 1; i >= 0 && this.#chunks[i] !== undefined; i--) {
      delete this.#chunks[i];
      this.touched(i);
    }
  }

  has(packet: PacketNumber): boolean {
    const bits = this.#chunks[chunkOf(packet)];
    const row = rowOf(packet);
    return bits !== undefined && ((bits[row >>> 5] >>> (row & 31)) & 1) === 1;
  }

  add(packet: PacketNumber): void {
    const row = rowOf(packet);
    this.own(chunkOf(packet))[row >>> 5] |= 1 << (row & 31);
    this.touched(chunkOf(packet));
  }

  delete(packet: PacketNumber): void {
    const bits = this.#chunks[chunkOf(packet)];
    if (bits === undefined) return;
    const row = rowOf(packet);
    bits[row >>> 5] &= ~(1 << (row & 31));
    this.touched(chunkOf(packet));
  }

  /** How many packets it has. */
  get size(): number {
    return this.#countBefore(this.#chunks.length);
  }

  /** How many of them are below `packet`. */
  rank(packet: PacketNumber): number {
    const index = chunkOf(packet);
    const before = this.#countBefore(Math.min(index, this.#chunks.length));
    const bits = this.#chunks[index];
    if (bits === undefined) return before;
    const row = rowOf(packet);
    let count = before;
    for (let i = 0; i < row >>> 5; i++) count += countBits(bits[i]);
    return count + countBits(bits[row >>> 5] & ((1 << (row & 31)) - 1));
  }

  /** Those at the places from `from` to before `from + count`, ascending. */
  slice(from: number, count: number): PacketNumber[] {
    const found: PacketNumber[] = [];
    const size = this.size;
    if (from >= size) return found;
    let index = this.#chunkAt(from);
    let skip = from - this.#before[index];
    for (; index < this.#chunks.length && found.length < count; index++) {
      const bits = this.#chunks[index];
      if (bits === undefined) continue;
      for (let i = 0; i < WORDS && found.length < count; i++) {
        let word = bits[i];
        if (word === 0) continue;
        const here = countBits(word);
        if (skip >= here) {
          skip -= here;
          continue;
        }
        while (word !== 0 && found.length < count) {
          const lowest = word & -word;
          if (skip > 0) skip--;
          else found.push((index * CHUNK_PACKETS + 32 * i + bitIndex(lowest)) as PacketNumber);
          word ^= lowest;
        }
      }
    }
    return found;
  }

  /** The first above `packet` (−1: of all), or −1. */
  next(packet: number): number {
    let at = packet + 1;
    for (let index = chunkOf(at as PacketNumber); index < this.#chunks.length; index++) {
      const bits = this.#chunks[index];
      if (bits !== undefined) {
        const row = at - index * CHUNK_PACKETS;
        let word = bits[row >>> 5] & (-1 << (row & 31));
        for (let i = row >>> 5; ; word = bits[++i]) {
          if (word !== 0) return index * CHUNK_PACKETS + 32 * i + bitIndex(word & -word);
          if (i === WORDS - 1) break;
        }
      }
      at = (index + 1) * CHUNK_PACKETS;
    }
    return -1;
  }

  /** The last below `packet`, or −1. */
  previous(packet: number): number {
    let at = Math.min(packet, this.#chunks.length * CHUNK_PACKETS) - 1;
    while (at >= 0) {
      const index = chunkOf(at as PacketNumber);
      const bits = this.#chunks[index];
      if (bits !== undefined) {
        const row = at - index * CHUNK_PACKETS;
        let word = bits[row >>> 5] & (-1 >>> (31 - (row & 31)));
        for (let i = row >>> 5; ; word = bits[--i]) {
          if (word !== 0) return index * CHUNK_PACKETS + 32 * i + 31 - Math.clz32(word);
          if (i === 0) break;
        }
      }
      at = index * CHUNK_PACKETS - 1;
    }
    return -1;
  }

  /** The chunk that the packet at this place is in. */
  #chunkAt(place: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.#before[middle] <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  #countBefore(chunk: number): number {
    for (; this.#countedTo < chunk; this.#countedTo++) {
      const bits = this.#chunks[this.#countedTo];
      const count = (this.#counts[this.#countedTo] ??= bits === undefined ? 0 : countChunk(bits));
      this.#before[this.#countedTo + 1] = this.#before[this.#countedTo] + count;
    }
    return this.#before[chunk];
  }
}

/** Of a word with one bit. */
function bitIndex(lowest: number): number {
  return 31 - Math.clz32(lowest);
}
