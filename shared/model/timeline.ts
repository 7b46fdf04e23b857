/** What was captured when: counts in bars of a round width, for the strip under each list. */

export interface TimelineQuery {
  /** Of the list that the strip belongs to: what does not pass is counted in `packets`, `bytes` and `retransmissions` alone. */
  readonly filter: string;
  /** Nanoseconds since the analysis' epoch; null for the capture's first or last packet. */
  readonly fromNs: number | null;
  readonly toNs: number | null;
  /** At most; a round width may make it half as many. */
  readonly buckets: number;
}

export interface Timeline {
  readonly revision: number;
  /** First and last packet of the capture; both 0 where there is none. */
  readonly firstNs: number;
  readonly lastNs: number;
  /** Where the first bar begins: a multiple of the width from `firstNs`. */
  readonly fromNs: number;
  readonly widthNs: number;
  /** One number a bar each. Packets that were let go are not counted. */
  readonly packets: readonly number[];
  /** Those of them that pass the filter, as far as it has looked; all where there is none. */
  readonly passing: readonly number[];
  /** Bytes on the wire of those packets. */
  readonly bytes: readonly number[];
  readonly retransmissions: readonly number[];
  /** Resets that pass the filter, by origin; a packet that was captured twice counts once. */
  readonly middlebox: readonly number[];
  readonly endpoint: readonly number[];
  readonly unknown: readonly number[];
  /** Failures without a reset that pass the filter, where they began to fail. */
  readonly failures: readonly number[];
}

/** The columns that are counts. */
export const TIMELINE_COUNTS = [
  'packets',
  'passing',
  'bytes',
  'retransmissions',
  'middlebox',
  'endpoint',
  'unknown',
  'failures',
] as const satisfies readonly (keyof Timeline)[];
export type TimelineCount = (typeof TIMELINE_COUNTS)[number];
