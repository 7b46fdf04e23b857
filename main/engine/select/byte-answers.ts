/** Answers what a filter has left open, packet by packet, out of the bytes. Packets are given in their order. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import type { Piece } from '../../../shared/filter/ast.ts';
import type { FrameBytes } from '../dissect/context.ts';
import { IndexContext } from '../answers/packet-context.ts';
import { FieldReader, WantedFields } from '../dissect/dissect.ts';
import { chunkOf } from '../store/packet-index.ts';
import { isFlowField } from './flow-fields.ts';
import type { LeafSources } from './leaf.ts';
import { fieldsOf } from './nodes.ts';
import { isResetField } from './reset-fields.ts';
import { toldValues } from './row-values.ts';
import type { Selection } from './selection.ts';

const NONE: readonly FieldValue[] = [];

export class ByteAnswers {
  readonly #selection: Selection;
  readonly #from: LeafSources;
  readonly #wanted: WantedFields;
  readonly #reader: FieldReader;
  readonly #context: IndexContext;
  /** The chunk whose answers are not put together yet. */
  #chunk = -1;

  constructor(selection: Selection, from: LeafSources) {
    this.#selection = selection;
    this.#from = from;
    const fields = selection.leaves.flatMap(({ node }) => fieldsOf(node)).map(({ field }) => field.name);
    const ofPackets = fields.filter((name) => !isFlowField(name) && !isResetField(name));
    const names = new Set([...ofPackets, ...ofPackets.map(protocolOf)]);
    this.#wanted = new WantedFields([...names]);
    this.#reader = new FieldReader(this.#wanted);
    this.#context = new IndexContext(from.stores, from.packets.bases);
  }

  /** @param frame undefined where its bytes cannot be had: then it has none of the fields that stand in them */
  answer(packet: PacketNumber, frame: FrameBytes | undefined): void {
    if (chunkOf(packet) !== this.#chunk) this.settle();
    this.#chunk = chunkOf(packet);
    const { stores, packets, joined } = this.#from;
    if (!stores.packets.holds(packet)) return;
    let read: readonly (readonly FieldValue[])[] | undefined;
    if (frame !== undefined) {
      read = this.#reader.values(frame, this.#context.bind(packet, frame.interfaceId));
    }
    const values = ({ name }: FieldInfo): readonly FieldValue[] =>
      toldValues(stores, packets, joined, name, packet) ?? read?.[this.#wanted.slot(name)] ?? NONE;
    const layers = (field: FieldInfo, pieces: readonly Piece[]): readonly FieldValue[] =>
      ofLayers(values(field), read?.[this.#wanted.slot(protocolOf(field.name))]?.length ?? 1, pieces);
    for (const leaf of this.#selection.openLeaves(packet))
      leaf.resolve(packet, leaf.test({ values, layers }));
  }

  /** Puts together what was answered. */
  settle(): void {
    const index = this.#chunk;
    this.#chunk = -1;
    if (index >= 0 && index >= chunkOf(this.#from.stores.packets.oldest)) this.#selection.combine(index);
  }
}

function protocolOf(field: string): string {
  return field.split('.', 1)[0];
}

/** The values of some occurrences of a layer, counted from 1, where all occurrences have as many values. */
function ofLayers(
  values: readonly FieldValue[],
  count: number,
  pieces: readonly Piece[],
): readonly FieldValue[] {
  const each = values.length / Math.max(1, count);
  return values.filter((_, i) => {
    const layer = Math.floor(i / each) + 1;
    return pieces.some(({ from, length }) => {
      const first = from < 0 ? count + from + 1 : from;
      return layer >= first && (length === null || layer < first + length);
    });
  });
}
