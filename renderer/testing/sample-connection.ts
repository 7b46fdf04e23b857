/** Sample data of the view of a connection. */
import { makeLadderColumns } from '../../shared/columns/ladder.ts';
import type { FlowAccount } from '../../shared/model/connection.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';

/** Rows as the columns that the engine would send of them. */
export function ladderBytes(rows: readonly PacketRow[]): Uint8Array {
  const columns = makeLadderColumns(rows.length);
  rows.forEach((row, index) => {
    columns.timeNs[index] = row.timeNs;
    columns.packet[index] = row.packet;
    columns.file[index] = row.file;
    columns.frame[index] = row.frame;
    columns.seq[index] = row.rawSeq;
    columns.ack[index] = row.rawAck;
    columns.payload[index] = row.payload;
    columns.length[index] = row.length;
    columns.reset[index] = -1;
    columns.window[index] = row.window;
    columns.flags[index] = row.flags;
    columns.ttl[index] = row.ttl;
    columns.from[index] = row.from === 'server' ? 1 : 0;
  });
  return columns.bytes;
}

/** @param resets of the capture; those of the flow are told, each as packet of its frame */
export function sampleFlowAccount(row: FlowRow, resets: readonly ResetRow[]): FlowAccount {
  return {
    row,
    hints: null,
    baseSeq: { client: 0, server: 0 },
    windowShift: { client: null, server: null },
    resets: resets
      .filter(({ flow }) => flow === row.id)
      .map((reset) => ({
        row: reset,
        packet: reset.frame - 1,
        path: {
          clientHops: 0,
          serverHops: 4,
          resetHops: 2,
          capturePoint: 'client',
          place: 0.4,
          reach: [0.4, 0.4],
          placedBy: 'ttl',
          maker: 'device',
          vantages: [],
        },
        unacknowledged: { client: 0, server: null },
        summary: reset.label,
      })),
    moreResets: 0,
    limits: [],
    connection: [],
  };
}
