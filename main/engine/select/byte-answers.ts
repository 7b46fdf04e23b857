/** Answers what a filter has left open, packet by packet, out of the bytes. Packets are given in their order. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FrameBytes } from '../dissect/context.ts';
import { chunkOf } from '../store/packet-index.ts';
import type { LeafSources } from './leaf.ts';
import { fieldsOf } from './nodes.ts';
import { PacketValues } from './packet-values.ts';
import type { Selection } from './selection.ts';

export class ByteAnswers {
  readonly #selection: Selection;
  readonly #from: LeafSources;
  readonly #values: PacketValues;
  /** The chunk whose answers are not put together yet. */
  #chunk = -1;

  constructor(selection: Selection, from: LeafSources) {
    this.#selection = selection;
    this.#from = from;
    const fields = selection.leaves.flatMap(({ node }) => fieldsOf(node)).map(({ field }) => field.name);
    this.#values = new PacketValues(fields, from);
  }

  /** @param frame undefined where its bytes cannot be had: then it has none of the fields that stand in them */
  answer(packet: PacketNumber, frame: FrameBytes | undefined): void {
    if (chunkOf(packet) !== this.#chunk) this.settle();
    if (!this.#from.stores.packets.holds(packet)) return;
    this.#chunk = chunkOf(packet);
    this.#values.read(packet, frame);
    for (const leaf of this.#selection.openLeaves(packet)) leaf.resolve(packet, leaf.test(this.#values));
  }

  /** Puts together what was answered. */
  settle(): void {
    const index = this.#chunk;
    this.#chunk = -1;
    if (index >= 0 && index >= chunkOf(this.#from.stores.packets.oldest)) this.#selection.combine(index);
  }
}
