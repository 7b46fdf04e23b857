/** Answers what a filter has left open, packet by packet, out of the bytes. Packets are given in their order. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { FieldOperand } from '../../../shared/filter/ast.ts';
import type { FrameBytes } from '../dissect/context.ts';
import { FieldReader, WantedFields } from '../dissect/dissect.ts';
import { chunkOf } from '../store/packet-index.ts';
import { isFlowField } from './flow-fields.ts';
import type { LeafSources } from './leaf.ts';
import { fieldsOf } from './nodes.ts';
import { IndexedContext } from './packet-context.ts';
import { isResetField } from './reset-fields.ts';
import { toldValues } from './row-values.ts';
import type { Selection } from './selection.ts';

const NONE: readonly FieldValue[] = [];

export class ByteAnswers {
  readonly #selection: Selection;
  readonly #from: LeafSources;
  readonly #wanted: WantedFields;
  readonly #reader: FieldReader;
  readonly #context: IndexedContext;
  /** The chunk whose answers are not put together yet. */
  #chunk = -1;

  constructor(selection: Selection, from: LeafSources) {
    this.#selection = selection;
    this.#from = from;
    const fields = selection.leaves.flatMap(({ node }) => fieldsOf(node)).map(({ field }) => field.name);
    const names = new Set(fields.filter((name) => !isFlowField(name) && !isResetField(name)));
    this.#wanted = new WantedFields([...names]);
    this.#reader = new FieldReader(this.#wanted);
    this.#context = new IndexedContext(from.packets, (packet) => from.stores.comment(packet));
  }

  /** @param frame undefined where its bytes cannot be had: then it has none of the fields that stand in them */
  answer(packet: PacketNumber, frame: FrameBytes | undefined): void {
    if (chunkOf(packet) !== this.#chunk) this.settle();
    this.#chunk = chunkOf(packet);
    const { stores, packets, joined, evaluate } = this.#from;
    if (!stores.packets.holds(packet)) return;
    let read: readonly (readonly FieldValue[])[] | undefined;
    if (frame !== undefined) {
      this.#context.bind(packet);
      read = this.#reader.values(frame, this.#context);
    }
    const values = ({ field }: FieldOperand): readonly FieldValue[] =>
      toldValues(stores, packets, joined, field.name, packet) ??
      read?.[this.#wanted.slot(field.name)] ??
      NONE;
    for (const leaf of this.#selection.openLeaves(packet)) leaf.resolve(packet, evaluate(leaf.node, values));
  }

  /** Puts together what was answered. */
  settle(): void {
    const index = this.#chunk;
    this.#chunk = -1;
    if (index >= 0 && index >= chunkOf(this.#from.stores.packets.oldest)) this.#selection.combine(index);
  }
}
