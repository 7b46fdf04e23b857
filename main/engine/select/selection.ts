/**
 * The packets that pass one filter: the answers of its leaves put together, chunk by chunk, as far as they are known.
 *
 * Three answers are put together as Kleene's logic has it: what is open stays open only where it decides. So the bytes are read
 * of those packets alone that everything else has left over.
 *
 *   leaves ── yes, may (yes or open) ──▶ and, or, not by whole words ──▶ `yes` and `open` of the filter
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { type Evaluator, evaluator, type RegexEngine } from '../../../shared/filter/evaluate.ts';
import type { Breathe } from '../answers/ordering.ts';
import { CHUNK_PACKETS, type PacketIndex, chunkOf } from '../store/packet-index.ts';
import type { Leaf } from './leaf.ts';
import { type LeafNode, leavesOf } from './nodes.ts';
import { type ChunkBits, makeChunkBits, PacketSet } from './packet-set.ts';

const WORDS = CHUNK_PACKETS / 32;
const NOTHING: ChunkBits = makeChunkBits();

interface Answer {
  readonly yes: ChunkBits;
  /** Yes or open. */
  readonly may: ChunkBits;
}

export class Selection {
  readonly node: FilterNode;
  readonly leaves: readonly Leaf[];
  /** As the reference evaluator answers the filter. */
  readonly test: Evaluator;
  /** Packets that pass, as far as it is known. */
  readonly yes = new PacketSet();
  /** Packets of which only their bytes can tell. */
  readonly open = new PacketSet();
  readonly #packets: PacketIndex;
  readonly #leafOf: ReadonlyMap<LeafNode, Leaf>;
  /** By chunk: rows that are put together. */
  readonly #done: number[] = [];
  /** By chunk: the leaves' versions that are put together. */
  readonly #versions: number[] = [];
  readonly #pool: ChunkBits[] = [];
  #taken = 0;

  /** @param leafFor gives the leaf of a node, which other filters may have as well */
  constructor(node: FilterNode, packets: PacketIndex, regex: RegexEngine, leafFor: (node: LeafNode) => Leaf) {
    this.node = node;
    this.test = evaluator(node, regex);
    this.#packets = packets;
    const leafOf = new Map<LeafNode, Leaf>();
    for (const one of leavesOf(node)) leafOf.set(one, leafFor(one));
    this.#leafOf = leafOf;
    this.leaves = [...new Set(leafOf.values())];
  }

  /** Whether it may change though no packet comes. */
  get isVolatile(): boolean {
    return this.leaves.some(({ isVolatile }) => isVolatile);
  }

  /** Brings it to what is known now, a chunk at a time. */
  async update(breathe: Breathe): Promise<void> {
    for (const leaf of this.leaves) await leaf.prepare(breathe);
    const packets = this.#packets;
    const first = chunkOf(packets.oldest);
    for (const set of [this.yes, this.open, ...this.leaves]) set.dropBelow(first);
    for (let index = first; index < packets.chunkCount; index++) {
      // It may be let go between two breaths.
      if (!packets.holdsChunk(index)) continue;
      for (const leaf of this.leaves) leaf.update(index);
      // Leaves that other filters share may have been answered for them.
      const isNew =
        this.#done[index] !== packets.usedOf(index) || this.#versions[index] !== this.#versionOf(index);
      if (isNew) this.combine(index);
      await breathe();
    }
  }

  #versionOf(index: number): number {
    return this.leaves.reduce((sum, leaf) => sum + leaf.version(index), 0);
  }

  /** Puts the answers of a chunk together. */
  combine(index: number): void {
    const used = this.#packets.usedOf(index);
    this.#taken = 0;
    const { yes, may } = this.#answer(this.node, index, used);
    this.yes.own(index).set(yes);
    const open = this.open.own(index);
    for (let i = 0; i < WORDS; i++) open[i] = may[i] & ~yes[i];
    this.yes.touched(index);
    this.open.touched(index);
    this.#done[index] = used;
    this.#versions[index] = this.#versionOf(index);
  }

  #answer(node: FilterNode, index: number, used: number): Answer {
    switch (node.kind) {
      case 'everything': {
        const all = this.#used(used);
        return { yes: all, may: all };
      }
      case 'and':
      case 'or': {
        const isAnd = node.kind === 'and';
        const yes = this.#take();
        const may = this.#take();
        node.parts.forEach((part, i) => {
          const before = this.#taken;
          const one = this.#answer(part, index, used);
          for (let w = 0; w < WORDS; w++) {
            if (i === 0) {
              yes[w] = one.yes[w];
              may[w] = one.may[w];
            } else if (isAnd) {
              yes[w] &= one.yes[w];
              may[w] &= one.may[w];
            } else {
              yes[w] |= one.yes[w];
              may[w] |= one.may[w];
            }
          }
          this.#taken = before;
        });
        return { yes, may };
      }
      case 'not': {
        const yes = this.#take();
        const may = this.#take();
        const all = this.#used(used);
        const before = this.#taken;
        const one = this.#answer(node.part, index, used);
        for (let w = 0; w < WORDS; w++) {
          yes[w] = all[w] & ~one.may[w];
          may[w] = all[w] & ~one.yes[w];
        }
        this.#taken = before;
        return { yes, may };
      }
      default: {
        const leaf = this.#leafOf.get(node);
        const yes = leaf?.yes.chunk(index) ?? NOTHING;
        const open = leaf?.open.chunk(index);
        if (open === undefined) return { yes, may: yes };
        const may = this.#take();
        for (let w = 0; w < WORDS; w++) may[w] = yes[w] | open[w];
        return { yes, may };
      }
    }
  }

  #take(): ChunkBits {
    return (this.#pool[this.#taken++] ??= makeChunkBits());
  }

  /** The rows of a chunk that are in use. */
  #used(used: number): ChunkBits {
    const all = this.#take();
    all.fill(-1, 0, used >>> 5);
    all.fill(0, used >>> 5);
    if ((used & 31) !== 0) all[used >>> 5] = (1 << (used & 31)) - 1;
    return all;
  }

  /** The leaves that the bytes of a packet are to answer. */
  openLeaves(packet: PacketNumber): Leaf[] {
    return this.leaves.filter((leaf) => leaf.open.has(packet));
  }
}
