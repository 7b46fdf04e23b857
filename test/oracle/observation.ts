/** What two readers of the same capture are compared by: per frame, in Wireshark's words. */

/** Marks of the TCP analysis that both know, by Wireshark's field below `tcp.analysis.`. */
export const ANALYSIS_MARKS = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'lost_segment',
  'ack_lost_segment',
  'duplicate_ack',
  'zero_window',
  'zero_window_probe',
  'window_full',
  'window_update',
  'keep_alive',
  'keep_alive_ack',
] as const;
export type AnalysisMark = (typeof ANALYSIS_MARKS)[number];

/** The segment itself, for judging a difference. */
export interface Segment {
  readonly timeNs: bigint;
  readonly sourcePort: number;
  /** Unsigned, as on the wire. */
  readonly seq: number;
  readonly ack: number;
  readonly length: number;
  /** Twelve flags. */
  readonly flags: number;
  /** undefined for IPv6. */
  readonly ipId: number | undefined;
}

export interface FrameObservation {
  /** Number of the TCP stream; −1 where the frame is no TCP segment. */
  readonly stream: number;
  readonly reset: boolean;
  readonly marks: ReadonlySet<AnalysisMark>;
  /** Handshake round trip of the stream, nanoseconds; undefined where not seen. */
  readonly initialRttNs: number | undefined;
  /** Only the engine tells: the frame was captured twice. */
  readonly duplicate: boolean;
  /** Only tshark tells. */
  readonly segment: Segment | undefined;
}

export interface CaptureObservation {
  /** Index is the frame number; [0] is not used. */
  readonly frames: readonly FrameObservation[];
}
