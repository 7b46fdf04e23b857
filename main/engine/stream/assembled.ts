/** One direction of a TCP flow as a byte stream with its gaps marked. */
import type { PacketNumber } from '../../../shared/base/units.ts';

/** Which packet brought which bytes of a data part. */
export interface PacketSpan {
  readonly packet: PacketNumber;
  /** Bytes from the start of the stream. */
  readonly offset: number;
  readonly length: number;
}

/**
 * `not-captured`: no packet that was captured carried the bytes. `cut-by-snaplen`: one did, but the capture cut it.
 * `over-limit`: it was there, in or near this range, and the reassembly's own bound dropped it.
 */
export type GapReason = 'not-captured' | 'cut-by-snaplen' | 'over-limit';

/** Parts touch each other and cover [0, length) of the stream; two data parts never touch. */
export type StreamPart =
  | {
      readonly kind: 'data';
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly packets: readonly PacketSpan[];
    }
  | { readonly kind: 'gap'; readonly offset: number; readonly length: number; readonly reason: GapReason };

/** A range that came twice with different bytes: a sign of injection, or of a broken sender or capture. */
export interface StreamConflict {
  readonly offset: number;
  /** From the first differing byte to the last one. */
  readonly length: number;
  /** Bytes in it that differ. */
  readonly differing: number;
  readonly firstPacket: number;
  readonly secondPacket: number;
}

export interface Tally {
  readonly segments: number;
  readonly bytes: number;
}

export interface AssembledStream {
  readonly parts: readonly StreamPart[];
  /** Where the stream ends as far as seen, bytes from its start. */
  readonly length: number;
  /** Segments that repeated captured bytes, and those bytes that were the same. */
  readonly retransmitted: Tally;
  /** Segments that contradicted captured bytes, and the bytes that differed. */
  readonly overlapDifferent: Tally;
  /** The first of them; LIMITS.maxStreamConflicts at most. */
  readonly conflicts: readonly StreamConflict[];
  /** Segments that began before the highest byte seen and brought new bytes. */
  readonly outOfOrder: number;
  /** Keep-alives that carried a byte of garbage (RFC 9293 §3.8.4): no conflict. */
  readonly keepAlives: number;
  /** What did not fit maxBytes or maxSegments. */
  readonly dropped: Tally;
  /** Bytes before the start of the stream, or farther from it than any window reaches: nowhere to put them. */
  readonly outside: Tally;
}
