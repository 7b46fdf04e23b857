/** The graphs of the connection, linked with its packets: what is chosen there is marked here, and the other way round. */
import { useMemo } from 'react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Graphs } from '../../graphs/graphs.tsx';
import type { TimeRange } from '../../graphs/range.ts';
import { indexOfPacket } from '../../ladder/rungs.ts';
import { saveFile } from '../../core/save-file.ts';
import type { Connection } from './use-connection.ts';

export function GraphsTab({ connection }: { readonly connection: Connection }) {
  const { packets, account, resets } = connection;
  const { columns } = packets;
  const { actions } = useApp();
  const selected = useAppState((state) => state.packet);
  const index = selected === null ? -1 : indexOfPacket(packets, selected);
  const whole = useMemo(() => wholeRange(columns.timeNs), [columns]);
  const marks = useMemo(() => {
    const told = new Set<string>();
    return Array.from({ length: columns.count }, (_, i) => i).flatMap((i) => {
      const reset = columns.reset[i] < 0 ? undefined : resets.get(columns.reset[i]);
      if (reset === undefined) return [];
      // Of a flood, one line for each of the moments that can be told apart.
      const key = `${reset.kind} ${Math.floor(((columns.timeNs[i] - whole.fromNs) / (whole.toNs - whole.fromNs)) * 2000)}`;
      if (told.has(key)) return [];
      told.add(key);
      return [{ timeNs: columns.timeNs[i], kind: reset.kind }];
    });
  }, [columns, resets, whole]);
  return (
    <Graphs
      flow={account.row.id}
      isTcp={packets.isTcp}
      whole={whole}
      zeroNs={columns.timeNs[0]}
      packets={columns.count}
      busier={account.row.clientBytes > account.row.serverBytes ? 'client' : 'server'}
      resets={marks}
      selectedNs={index < 0 ? null : columns.timeNs[index]}
      onPick={(timeNs) => {
        actions.inspectPacket(columns.packet[nearest(columns.timeNs, timeNs)]);
      }}
      onCsv={(name, csv) => {
        saveFile(name, new Blob([csv], { type: 'text/csv' }));
        actions.notice('The series are saved as CSV.');
      }}
    />
  );
}

/** All packets, with some room at either end so that none stands on an edge. */
function wholeRange(times: Float64Array): TimeRange {
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  const room = Math.max(1e3, (last - first) * 0.02);
  return { fromNs: first - room, toNs: last + room };
}

/** The packet whose time is nearest. Captures may hold packets out of their order in time, but hardly ever far out of it. */
function nearest(times: Float64Array, timeNs: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeNs - times[low - 1] < times[low] - timeNs ? low - 1 : low;
}
