/**
 * What a packet says, field by field. The decoder (engine/decode) finds where each layer starts and which one follows, as it does
 * on the hot path, so that a tree and the index can never disagree about that; the dissectors here say what stands in it.
 */
import type { FieldValue } from '../../../shared/fields/field.ts';
import { LimitCounter } from '../limits.ts';
import type { ByteSource, DetailNode } from '../../../shared/model/packet-detail.ts';
import type { FrameBytes, PacketContext } from './context.ts';
import { TreeSink } from './tree-sink.ts';
import { ValueSink, WantedFields } from './value-sink.ts';
import { LayerWalk } from './walk.ts';

export { WantedFields };

/**
 * Reads the same fields out of many packets. Given the packets in the order of the file it puts fragments together, as the index does.
 */
export class FieldReader {
  readonly #sink: ValueSink;
  readonly #walk = new LayerWalk(new LimitCounter());

  constructor(wanted: WantedFields) {
    this.#sink = new ValueSink(wanted);
  }

  /**
   * The values of each wanted field in its slot (`WantedFields.slot`), in the order of Wireshark: outer layers first. Arrays and
   * the bytes in them are good until the next call.
   */
  values(frame: FrameBytes, context: PacketContext): readonly (readonly FieldValue[])[] {
    this.#sink.clear();
    this.#walk.run(frame, context, this.#sink);
    return this.#sink.values;
  }
}

/** The values of the wanted fields of one packet; whoever reads many keeps a `FieldReader`. */
export function fieldValues(
  frame: FrameBytes,
  context: PacketContext,
  wanted: WantedFields,
): readonly (readonly FieldValue[])[] {
  return new FieldReader(wanted).values(frame, context);
}

/** A packet as people see it. */
export interface PacketTree {
  readonly layers: readonly DetailNode[];
  readonly sources: readonly ByteSource[];
}

/**
 * Makes the tree of a packet. Packets before it that may hold fragments of its datagram are shown first (`pass`).
 */
export class TreeReader {
  readonly #walk = new LayerWalk(new LimitCounter());
  readonly #nobody = new ValueSink(new WantedFields([]));

  /** Looks for fragments only. */
  pass(frame: FrameBytes, context: PacketContext): void {
    this.#walk.run(frame, context, this.#nobody);
  }

  read(frame: FrameBytes, context: PacketContext): PacketTree {
    const sink = new TreeSink();
    this.#walk.run(frame, context, sink);
    sink.frameFirst();
    return { layers: sink.layers, sources: sink.sources };
  }
}
