/**
 * What a connection carried: its bytes in the order in which they could be handed to the applications, both directions interleaved, with what
 * is missing in its place.
 *
 * A _place_ counts the bytes of what is shown (gaps among them) from its begin; an _offset_ those of one direction. Of one direction
 * alone the two are the same.
 */
import type { OriginKind, Side } from './verdict.ts';

/** What is shown of it. */
export const STREAM_SIDES = ['both', 'client', 'server'] as const;
export type StreamSide = (typeof STREAM_SIDES)[number];

/**
 * `not-captured`: the receiver acknowledged the bytes, so that they arrived, but past this capture. `lost`: nobody acknowledged them either.
 * `cut`: a packet carried them, of which the capture kept only the first bytes (snaplen). `let-go`: their file is no longer there.
 * `elsewhere`: they came in IP fragments, which are not put together again. `over-limit`: there were too many pieces.
 */
export const GAP_REASONS = ['not-captured', 'lost', 'cut', 'let-go', 'elsewhere', 'over-limit'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** The packet that brought bytes. */
export interface Brought {
  /** Number in the analysis, from 0. */
  readonly packet: number;
  readonly frame: number;
  readonly timeNs: number;
}

export interface DataPiece extends Brought {
  readonly kind: 'data';
  readonly from: Side;
  readonly place: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface GapPiece {
  readonly kind: 'gap';
  readonly from: Side;
  readonly place: number;
  readonly offset: number;
  readonly length: number;
  readonly reason: GapReason;
}

/** A reset, where it came between the bytes. */
export interface ResetPiece extends Brought {
  readonly kind: 'reset';
  readonly place: number;
  /** Number of the reset, as in ResetRow. */
  readonly reset: number;
  readonly claimed: Side;
  /** Null while there is no verdict. */
  readonly origin: OriginKind | null;
  /** Who sent it, for people. */
  readonly label: string;
  readonly confidence: number;
}

export type StreamPiece = DataPiece | GapPiece | ResetPiece;

/** Bytes of one direction that had been sent and not acknowledged when a reset came. */
export interface UnacknowledgedRange {
  readonly from: Side;
  readonly offset: number;
  readonly length: number;
  readonly reset: number;
}

/** Bytes that came twice with different content: somebody else may have written them. */
export interface Conflict {
  readonly from: Side;
  readonly offset: number;
  readonly length: number;
  readonly differing: number;
  /** Frame that brought what is shown, and the one that contradicts it. */
  readonly frame: number;
  readonly otherFrame: number;
  readonly otherPacket: number;
}

export interface StreamTotals {
  /** Bytes of this direction, with those that are missing. */
  readonly bytes: number;
  readonly missing: number;
  /** Bytes that came more than once. */
  readonly repeated: number;
}

export interface StreamPage {
  readonly revision: number;
  /** Datagrams have no order of their own, and nothing of them is missing or repeated. */
  readonly protocol: 'tcp' | 'udp';
  /** What the bytes look like. */
  readonly looksLike: 'http' | 'tls' | null;
  /** Where the page begins, and where the next one does. */
  readonly place: number;
  readonly next: number;
  /** Bytes of what is shown. */
  readonly total: number;
  readonly totals: { readonly client: StreamTotals; readonly server: StreamTotals };
  readonly pieces: readonly StreamPiece[];
  /** Those that touch the page. */
  readonly unacknowledged: readonly UnacknowledgedRange[];
  readonly conflicts: readonly Conflict[];
  /** The flow has more packets than are looked at: its oldest ones are left out. */
  readonly olderLeftOut: boolean;
}

export interface StreamHit {
  readonly from: Side;
  readonly offset: number;
  readonly length: number;
  readonly place: number;
}

export interface StreamHits {
  /** All that there are in what was looked at. */
  readonly total: number;
  /** The first of them. */
  readonly hits: readonly StreamHit[];
  /** Bytes that were looked at, of how many. */
  readonly looked: number;
  readonly of: number;
}

/** Name and value of a header field, as sent. */
export type HttpField = readonly [string, string];

export interface HttpMessage extends Brought {
  readonly from: Side;
  readonly offset: number;
  /** Where it stands among the bytes of both directions. */
  readonly place: number;
  /** When the last byte of it that was seen came. */
  readonly endNs: number;
  readonly startLine: string;
  readonly fields: readonly HttpField[];
  /** Bytes of the body on the wire (without the lines of chunks), and those announced; null where the header does not say. */
  readonly bodyBytes: number;
  readonly announcedBytes: number | null;
  readonly chunks: number | null;
  readonly missingBytes: number;
  /** Whether the whole of it was sent. */
  readonly complete: boolean;
  /** The first bytes of the body, decoded; empty where there is none. */
  readonly preview: Uint8Array;
  /** Bytes that the body has decoded, as far as it was decoded. */
  readonly decodedBytes: number;
  /** `gzip`, `br` …; empty where it was sent as it is. */
  readonly encoding: string;
  /** Why the body is not decoded, or not to its end; empty where it is. */
  readonly trouble: string;
}

export interface HttpExchange {
  readonly request: HttpMessage | null;
  readonly response: HttpMessage | null;
  /** From the request's last byte to the response's first; negative where the answer came before that, null where one is not there. */
  readonly firstByteNs: number | null;
}

export interface TlsEntry extends Brought {
  readonly from: Side;
  readonly offset: number;
  readonly place: number;
  readonly record: string;
  /** `ClientHello`, `Alert: unknown_ca` …; empty for data. */
  readonly title: string;
  /** Names and values worth reading. */
  readonly details: readonly HttpField[];
  /** Records that the line stands for, and the bytes of their content. */
  readonly records: number;
  readonly bytes: number;
  readonly tone: 'plain' | 'alert';
  /** Whether the last record of it came to its end. */
  readonly complete: boolean;
}

export interface StreamMessages {
  readonly exchanges: readonly HttpExchange[];
  readonly entries: readonly TlsEntry[];
  /** All resets of the flow, by their place among both directions, and what was in flight when they came. */
  readonly resets: readonly ResetPiece[];
  readonly unacknowledged: readonly UnacknowledgedRange[];
  /** Where bytes could not be understood; empty where all could. */
  readonly trouble: string;
  /** Bytes behind the bound, which were not looked at. */
  readonly notLookedAt: number;
}
