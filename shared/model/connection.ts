/** One flow, as the view of a connection shows it: who, its resets with their verdicts, and series over time. */
import type { FlowHints } from './hints.ts';
import type { ConnectionAt } from './join.ts';
import type { FlowRow, ResetRow } from './rows.ts';
import type { Side, Verdict } from './verdict.ts';

/** A reset of the flow with what its drawing needs of the verdict. */
export interface FlowReset {
  readonly row: ResetRow;
  /** Number in the analysis of its packet, the first one of a burst. */
  readonly packet: number;
  readonly path: Verdict['path'];
  readonly unacknowledged: Verdict['unacknowledgedBytes'];
  readonly summary: string;
}

export interface FlowAccount {
  readonly row: FlowRow;
  readonly hints: FlowHints | null;
  /** First sequence number seen of each side, as on the wire; null where a side was not seen. */
  readonly baseSeq: Readonly<Record<Side, number | null>>;
  /** How far windows of each side are shifted; null where the handshake was not seen. */
  readonly windowShift: Readonly<Record<Side, number | null>>;
  /** Judged resets in capture order, the newest ones where there are too many. */
  readonly resets: readonly FlowReset[];
  /** Resets before those. */
  readonly moreResets: number;
  /** Where the capture began in the middle, what is one-sided, cut …: for people. */
  readonly limits: readonly string[];
  /** The flows of this connection at all capture points, from the client on; empty where it was captured at one only. */
  readonly connection: readonly ConnectionAt[];
}

/** Packets of a flow as columns of shared/columns/ladder.ts. */
export interface LadderPart {
  readonly revision: number;
  /** Packets of the flow that can be asked for: those that are kept, the newest million at most. */
  readonly total: number;
  readonly from: number;
  readonly columns: Uint8Array;
}

/**
 * What one side sent and the other said to it, folded to columns of equal time. Bytes are relative to the first one seen of the
 * side, and go on past 4 GiB.
 */
export interface FlowSeries {
  readonly revision: number;
  readonly side: Side;
  readonly fromNs: number;
  readonly toNs: number;
  readonly columns: number;
  /** Values by shared/columns/series.ts. */
  readonly values: Uint8Array;
  /** The largest values of the whole flow, so that axes stay while one moves. */
  readonly most: {
    readonly seq: number;
    readonly window: number;
    readonly flight: number;
    readonly rttNs: number;
  };
  /** Whether windows are scaled: both SYNs were seen. */
  readonly isScaled: boolean;
  /** Packets of the flow that the series is made of: those that are kept, the newest million at most. */
  readonly packets: number;
}
