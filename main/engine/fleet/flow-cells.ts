/** The tables of flows, ended and open ones. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { hopsOf } from '../reset/observe/hops.ts';
import { TTLS } from '../flow/record.ts';
import type { ResetLog } from '../store/reset-log.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import { connEntry, type ConnStores } from '../tables/conn-entry.ts';
import type { ConnEntry } from '../tables/zeek-conn.ts';
import {
  cellsOf,
  endReaders,
  SOURCE_READERS,
  timeCell,
  type FleetCell,
  type FleetContext,
} from './fleet-row.ts';
import {
  handshakeTimes,
  keysOf,
  type FlowKeys,
  type HandshakeTimes,
  type OriginStores,
} from './flow-origin.ts';

export type FlowStores = ConnStores & OriginStores & { readonly resets: ResetLog };

interface ToldFlow extends ConnEntry {
  readonly keys: FlowKeys;
  readonly handshake: HandshakeTimes;
  readonly hops: readonly [client: number | null, server: number | null];
  readonly resets: readonly [client: number | null, server: number | null];
  readonly marks: string;
}

const cells = cellsOf<ToldFlow>('flows', {
  ...SOURCE_READERS,
  flow: ({ row }) => row.id,
  time: ({ row }, context) => timeCell(row.startNs, context),
  last_time: ({ row }, context) => timeCell(row.startNs + row.durationNs, context),
  protocol: ({ row }) => row.protocol,
  ...endReaders<ToldFlow>(({ row }) => row),
  application: ({ row }) => row.application || null,
  match_key: ({ keys }) => keys.match,
  isn_key: ({ keys }) => keys.isn,
  server_isn_key: ({ keys }) => keys.serverIsn,
  syn_time: ({ handshake }, context) => timeCell(handshake.synNs, context),
  syn_ack_time: ({ handshake }, context) => timeCell(handshake.synAckNs, context),
  client_hops: ({ hops }) => hops[0],
  server_hops: ({ hops }) => hops[1],
  client_packets: ({ packets }) => packets[0],
  server_packets: ({ packets }) => packets[1],
  client_bytes: ({ row }) => row.clientBytes,
  server_bytes: ({ row }) => row.serverBytes,
  missed_bytes: ({ missed }) => missed,
  state: ({ row }) => row.state || null,
  history: ({ row }) => row.history || null,
  ending: ({ row }) => (row.ending === 'none' ? null : row.ending),
  handshake_seconds: ({ row }) => (row.rttNs < 0 ? null : row.rttNs / 1e9),
  retransmissions: ({ row }) => row.retransmissions,
  client_resets: ({ resets }) => resets[0],
  server_resets: ({ resets }) => resets[1],
  marks: ({ marks }) => marks || null,
});

export function flowCells(stores: FlowStores, flow: FlowRecord, context: FleetContext): FleetCell[] {
  const { flowView } = stores;
  const told = {
    ...connEntry(stores, flow),
    keys: keysOf(stores, flow, context.keys),
    handshake: handshakeTimes(stores, flow),
    hops: [hopsOfSide(stores, flow, 0), hopsOfSide(stores, flow, 1)] as const,
    resets: resetsBySide(stores, flow),
    // Where else it was captured each capture's own rows tell.
    marks: flowView.ownMarks(flow).join(', '),
  };
  return cells(told, context);
}

/** By the first segment of that side: what somebody forges into the connection comes later. */
function hopsOfSide({ flowView }: FlowStores, flow: FlowRecord, side: 0 | 1): number | null {
  if (!flowView.isTcp(flow)) return null;
  const hops = hopsOf(flowView.directionWord(flow, side, TTLS) & 0xff);
  return hops < 0 ? null : hops;
}

/** Null where the log let go of some of them: nobody can say any more whose address they carried. */
function resetsBySide(
  { flowView, resets }: FlowStores,
  flow: FlowRecord,
): readonly [client: number | null, server: number | null] {
  const sides: [number, number] = [0, 0];
  for (let id = flowView.lastReset(flow); id >= resets.first; id = resets.get(id, RST_PREVIOUS_RESET))
    sides[resets.direction(id)] += resets.members(id);
  return sides[0] + sides[1] === flowView.resetCount(flow) ? sides : [null, null];
}
