/**
 * All that the judge of resets may see of a capture. The session implements it; tests fill the same columns by hand.
 *
 * Everything is read at the moment of the call, so packets may be added between two calls; what the judge keeps in
 * between is dropped by `ResetJudge.invalidate`.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import type { FlowHints } from '../../../../shared/model/hints.ts';
import type { JoinView } from '../../join/join-view.ts';
import type { FlowTable } from '../../flow/flow-table.ts';
import type { AddressTable } from '../../store/address-table.ts';
import type { PacketIndex } from '../../store/packet-index.ts';
import type { ResetLog } from '../../store/reset-log.ts';
import type { WitnessLog } from '../../store/witness-log.ts';

export interface CaptureView {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly resets: ResetLog;
  readonly addresses: AddressTable;
  /** What the capturing machine's kernel said. */
  readonly witness: WitnessLog;
  /** What captures of the same traffic at other points of the path hold. */
  readonly join: JoinView;
  /** What the packets' times count from, nanoseconds since 1970; undefined before the first packet. */
  readonly epochNs: bigint | undefined;
  /** Files that follow each other are of one timeline. */
  timelineOf(file: number): number;
  /** Time of the newest packet of the file's timeline. */
  timelineEndNs(file: number): number;
  /** What the application protocol showed (SNI, request, alert …). */
  hints(flow: FlowRecord): FlowHints | undefined;
  /** Text of the address of one side, without port: 0 the client's, 1 the server's. */
  addressText(flow: FlowRecord, direction: 0 | 1): string;
  /** A name for the address of one side, where the capture itself gives one; names out of other timelines are none. */
  name(flow: FlowRecord, direction: 0 | 1): string | undefined;
  /** Finest step of the clock that stamped this file's packets, nanoseconds; 1,000 for microseconds. */
  clockStepNs(file: number): number;
}
