/** One packet with everything that is known of it: every layer that was decoded, field by field, and the bytes themselves. */

/** A line of the tree. */
export interface DetailNode {
  /** Name of the field (shared/fields), by which filters ask for it; empty where the line is text alone. */
  readonly name: string;
  /** What the line is called: `Sequence Number`. */
  readonly title: string;
  /** Its value as text: `1`, `0x0018 (PSH, ACK)`; empty where it has none. */
  readonly value: string;
  /** The bytes that it stands on: `sources[source].bytes` from `from` to before `to`; equal where it stands on none. */
  readonly source: number;
  readonly from: number;
  readonly to: number;
  /** Derived, and not in the bytes: Wireshark's square brackets. */
  readonly derived: boolean;
  /** What it means, for people who do not know it by heart; empty where the line says it all. */
  readonly meaning: string;
  /** Where it is defined: `RFC 9293 §3.1`; empty where unknown. */
  readonly definedIn: string;
  readonly severity: 'plain' | 'note' | 'warning' | 'error';
  /** The filter that finds packets with this very value; empty where there is none. */
  readonly filter: string;
  readonly children: readonly DetailNode[];
}

/** Bytes that lines stand on: the frame itself first, then what was put together out of several. */
export interface ByteSource {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PacketDetail {
  /** Number in the analysis, from 0. */
  readonly packet: number;
  readonly file: number;
  /** Number in its file, from 1. */
  readonly frame: number;
  readonly layers: readonly DetailNode[];
  readonly sources: readonly ByteSource[];
  readonly capturedLength: number;
  readonly wireLength: number;
  /** Why there are no bytes, in people's words; null where there are. */
  readonly unreadable: string | null;
}
