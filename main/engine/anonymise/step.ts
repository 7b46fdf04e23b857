import type { Packet } from '../decode/packet.ts';
import type { Rewrite } from './rewrite.ts';

/** One layer that the decoder took. `packet` is as the layer left it. */
export interface Layer {
  readonly rewrite: Rewrite;
  readonly packet: Packet;
  /** Rewrites packets that errors quote. */
  readonly walk: { quoted(rewrite: Rewrite, family: 4 | 6, at: number, end: number, quotes: number): void };
  /** LAYER_*; LAYER_LINK for what the link type begins with. */
  readonly layer: number;
  readonly from: number;
  /** Where the layer's bytes end, as captured and on the wire, before the layer read them. */
  readonly end: number;
  readonly wireEnd: number;
  readonly etherType: number;
  readonly protocol: number;
  readonly linkType: number;
  readonly to: number;
  /** LAYER_* of the layer after it. */
  readonly next: number;
  /** How many errors quote this packet. */
  readonly quotes: number;
}
