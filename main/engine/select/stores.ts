/** What filters are answered from: the parts of the session that hold packets, flows and verdicts. */
import type { FlowId, FlowRecord } from '../../../shared/base/units.ts';
import type { Ending, FailureRow } from '../../../shared/model/failure.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import type { ContextStores } from '../answers/packet-context.ts';
import type { ResetView } from '../answers/reset-view.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import type { JoinView } from '../join/join-view.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';

export interface SelectStores extends ContextStores {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly resets: ResetLog;
  readonly verdicts: VerdictColumns;
  readonly join: JoinView;
  readonly clock: { readonly epochNs: bigint | undefined };
  /** Whether packets and flows are let go while the capture goes on. */
  readonly isBounded: boolean;
  /** Grows with every change of what is told of flows and resets. */
  readonly toldRevision: number;
  serverName(flow: FlowRecord): string;
  application(flow: FlowRecord): string;
  ending(flow: FlowRecord): Ending | 'none';
  readonly flowView: {
    state(flow: FlowRecord): string;
    marks(flow: FlowRecord): readonly string[];
  };
  readonly failures: {
    row(id: FlowId): FailureRow | undefined;
  };
  /** Judged resets that are still known, in capture order. */
  resetIds(): Uint32Array;
  hasReset(id: number): boolean;
  resetRow(id: number): ResetRow;
  readonly resetView: Pick<ResetView, 'label' | 'labelPattern' | 'claimed' | 'flow'>;
}
