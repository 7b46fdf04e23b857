import type { Packet } from '../decode/packet.ts';
import type { FrameBytes, PacketContext } from './context.ts';
import type { FieldSink } from './field-sink.ts';

/**
 * One layer that the decoder took: where it began and what it was told of the bytes, before it read them. `packet` is as the layer
 * left it.
 */
export interface Step {
  readonly sink: FieldSink;
  readonly packet: Packet;
  readonly frame: FrameBytes;
  readonly context: PacketContext;
  /** Names of the layers so far, for `frame.protocols`. */
  readonly protocols: string[];
  /** LAYER_*; LAYER_LINK for what the link type begins with. */
  layer: number;
  from: number;
  /** Where the layer's bytes end, as captured and on the wire. */
  end: number;
  wireEnd: number;
  etherType: number;
  protocol: number;
  linkType: number;
  /** Where the layer after it begins; `from` where the layer read nothing. */
  to: number;
  /** LAYER_* of the layer after it. */
  next: number;
}
