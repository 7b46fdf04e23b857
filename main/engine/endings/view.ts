/** All that the judge of endings may see of a capture. The session implements it. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import type { JoinView } from '../join/join-view.ts';
import type { AddressTable } from '../store/address-table.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import type { PacketIndex } from '../store/packet-index.ts';

export interface EndingView {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly addresses: AddressTable;
  readonly icmpLog: IcmpLog;
  /** What the packets' times count from; undefined until the first. */
  readonly epochNs: bigint | undefined;
  /** What captures of the same traffic at other points of the path hold. */
  readonly join: JoinView;
  /** Files that follow each other are of one timeline. */
  timelineOf(file: number): number;
  /** Time of the newest packet of the files that follow each other with that one. */
  timelineEndNs(file: number): number;
  /** Packets that the capturing machine says it lost; null where no file says. */
  readonly dropped: number | null;
  hints(flow: FlowRecord): FlowHints | undefined;
  /** Text of the address of one side, without port: 0 the client's, 1 the server's. */
  addressText(flow: FlowRecord, direction: 0 | 1): string;
  /** SNI, HTTP host or DNS name of the server; empty where unknown. */
  serverName(flow: FlowRecord): string;
}
