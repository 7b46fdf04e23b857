/** What a report is made out of: the answers of a session, and what only its host can get. */
import type { CaptureSummary, ResetDetail } from '../../../shared/model/capture.ts';
import type { FlowAccount } from '../../../shared/model/connection.ts';
import type { EndingsReport, FailureDetail } from '../../../shared/model/failure.ts';
import type { Findings } from '../../../shared/model/finding.ts';
import type { JoinReport } from '../../../shared/model/join.ts';
import type { PacketDetail } from '../../../shared/model/packet-detail.ts';
import type { ReportFile } from '../../../shared/model/report.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../../shared/model/rows.ts';

export interface ReportFlow {
  readonly account: FlowAccount;
  /** The newest ones that are kept, as many as a report draws. */
  readonly packets: readonly PacketRow[];
}

export interface ReportSource {
  readonly epochNs: bigint;
  readonly summary: CaptureSummary;
  readonly endings: EndingsReport;
  readonly join: JoinReport | null;
  /** All findings that are listed, in their order. */
  readonly findings: Findings;
  /** Of all files, by their numbers. */
  readonly paths: readonly string[];
  reset(id: number): ResetDetail | undefined;
  resetRow(id: number): ResetRow;
  failure(id: number): FailureDetail | undefined;
  /** undefined for a flow that is not there, or was let go. */
  flow(id: number): ReportFlow | undefined;
  /** All flows that are kept, with what their applications said. */
  flows(): Iterable<{ readonly row: FlowRow; readonly hints: FlowHints | undefined }>;
  /** Id of the reset in that packet; −1 where none is. */
  resetIn(packet: number): number;
  packetDetail(packet: number): Promise<PacketDetail | undefined>;
  /** How each file was captured. */
  captured(): Promise<readonly ReportFile[]>;
}
