/** Windows of lists: the rows that a page shows, out of the order that its list has. */
import { ENDPOINT_ROWS, FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import type { FlowId, FlowRecord } from '../../shared/base/units.ts';
import type { Params, RowWindow } from '../../shared/contract/methods.ts';
import type { FailureRow, FailureWindow } from '../../shared/model/failure.ts';
import type { Looked } from '../../shared/model/looked.ts';
import { breather } from './sliced-work.ts';
import type { Opened } from './open-captures.ts';

/** What windows are made of. */
export type Listed = Pick<Opened, 'analysis' | 'lists' | 'endpoints' | 'packets'>;

export async function resetWindow(
  { analysis: { session }, lists }: Listed,
  { sort, direction, filter, from, count }: Params<'resets.rows'>,
  signal: AbortSignal,
): Promise<RowWindow> {
  const ids = await lists.resets(sort, direction, filter, signal);
  const shown = ids.subarray(from, from + count).filter((id) => session.hasReset(id));
  const rows = RESET_ROWS.encode(Array.from(shown, (id) => session.resetRow(id)));
  return withLooked(
    { revision: session.revision, total: ids.length, from, rows },
    lists.looked('resets', filter),
  );
}

export async function flowWindow(
  { analysis: { session }, lists }: Listed,
  { sort, direction, filter, from, count }: Params<'flows.rows'>,
  signal: AbortSignal,
): Promise<RowWindow> {
  const flows = await lists.flows(sort, direction, filter, signal);
  const shown = flows.subarray(from, from + count);
  const rows = FLOW_ROWS.encode(Array.from(shown, (flow) => session.flowRow(flow as FlowRecord)));
  return withLooked(
    { revision: session.revision, total: flows.length, from, rows },
    lists.looked('flows', filter),
  );
}

export async function failureWindow(
  { analysis: { session }, lists }: Listed,
  { sort, direction, filter, from, count }: Params<'failures.rows'>,
  signal: AbortSignal,
): Promise<FailureWindow> {
  const ids = await lists.failures(sort, direction, filter, signal);
  const rows: FailureRow[] = [];
  for (const id of ids.subarray(from, from + count)) {
    const row = session.failures.row(id as FlowId);
    if (row !== undefined) rows.push(row);
  }
  return withLooked(
    { revision: session.revision, total: ids.length, from, rows },
    lists.looked('failures', filter),
  );
}

export async function endpointWindow(
  { analysis: { session }, lists, endpoints }: Listed,
  { of, sort, direction, filter, from, count }: Params<'endpoints.rows'>,
  signal: AbortSignal,
): Promise<RowWindow> {
  const { totals, order } = await endpoints.list(of, sort, direction, filter, signal);
  const rows = ENDPOINT_ROWS.encode(Array.from(order.subarray(from, from + count), (id) => totals.row(id)));
  // The totals are of the flows that pass.
  return withLooked(
    { revision: session.revision, total: order.length, from, rows },
    lists.looked('flows', filter),
  );
}

/** @param flow only its packets; those of all where it is left out */
export async function packetWindow(
  { analysis: { session }, packets }: Listed,
  { filter, from, count }: Omit<Params<'packets.rows'>, 'flow'>,
  flow: FlowRecord | undefined,
  signal: AbortSignal,
): Promise<RowWindow> {
  const list = await packets.list(filter, flow, breather(signal));
  const rows = await packets.rows(list, from, count, signal);
  return withLooked(
    { revision: session.revision, total: list.total, from, rows: PACKET_ROWS.encode(rows) },
    list.looked,
  );
}

/** Says how far a filter is, where it has not looked at everything yet. */
function withLooked<Window extends RowWindow | FailureWindow>(
  window: Window,
  looked: Looked | undefined,
): Window {
  return looked === undefined ? window : { ...window, looked };
}
