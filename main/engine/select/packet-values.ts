/** All values of some fields in one packet after another: out of the index where it tells them, else out of the bytes. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import type { Piece } from '../../../shared/filter/ast.ts';
import type { ValueSource } from '../../../shared/filter/evaluate.ts';
import { IndexContext } from '../answers/packet-context.ts';
import type { FrameBytes } from '../dissect/context.ts';
import { FieldReader, WantedFields } from '../dissect/dissect.ts';
import { isFlowField } from './flow-fields.ts';
import type { LeafSources } from './leaf.ts';
import { isResetField } from './reset-fields.ts';
import { toldValues } from './row-values.ts';

type Values = readonly FieldValue[];

const NONE: Values = [];

export class PacketValues implements ValueSource {
  readonly #from: LeafSources;
  readonly #wanted: WantedFields;
  readonly #reader: FieldReader;
  readonly #context: IndexContext;
  #packet = 0 as PacketNumber;
  #read: readonly Values[] | undefined;

  /** @param names of fields; those of flows and resets need no bytes */
  constructor(names: readonly string[], from: LeafSources) {
    this.#from = from;
    const ofPackets = names.filter((name) => !isFlowField(name) && !isResetField(name));
    // How often a layer occurs says which values are of which occurrence.
    this.#wanted = new WantedFields([...new Set([...ofPackets, ...ofPackets.map(protocolOf)])]);
    this.#reader = new FieldReader(this.#wanted);
    this.#context = new IndexContext(from.stores, from.packets.bases);
  }

  /**
   * Turns to another packet; packets come in their order, so that fragments find each other.
   * @param frame undefined where its bytes cannot be had: then it has none of the fields that stand in them
   */
  read(packet: PacketNumber, frame: FrameBytes | undefined): void {
    this.#packet = packet;
    this.#read =
      frame === undefined
        ? undefined
        : this.#reader.values(frame, this.#context.bind(packet, frame.interfaceId));
  }

  readonly values = ({ name }: FieldInfo): Values => {
    const { stores, packets, joined } = this.#from;
    return toldValues(stores, packets, joined, name, this.#packet) ?? this.#inBytes(name);
  };

  readonly layers = (field: FieldInfo, pieces: readonly Piece[]): Values => {
    const count = Math.max(1, this.#inBytes(protocolOf(field.name)).length);
    return ofLayers(this.values(field), count, pieces);
  };

  #inBytes(name: string): Values {
    const slot = this.#wanted.slot(name);
    return slot < 0 ? NONE : (this.#read?.[slot] ?? NONE);
  }
}

function protocolOf(field: string): string {
  return field.split('.', 1)[0];
}

/** The values of some occurrences of a layer, counted from 1, where all occurrences have as many values. */
function ofLayers(values: Values, count: number, pieces: readonly Piece[]): Values {
  const each = values.length / count;
  return values.filter((_, i) => {
    const layer = Math.floor(i / each) + 1;
    return pieces.some(({ from, length }) => {
      const first = from < 0 ? count + from + 1 : from;
      return layer >= first && (length === null || layer < first + length);
    });
  });
}
