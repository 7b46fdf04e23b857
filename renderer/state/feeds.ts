/** The lists, each pulled in pages. They live as long as the app, so that a view finds its list as it left it. */
import { FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import type { FailureColumn, FlowColumn, ResetColumn, RowWindow } from '../../shared/contract/methods.ts';
import type { FailureRow } from '../../shared/model/failure.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import { RowFeed } from './row-feed.ts';
import type { RowWindowOf } from './row-source.ts';
import type { ListQuery } from './lists-slice.ts';
import type { Link } from './link.ts';

export interface Feeds {
  readonly resets: RowFeed<ListQuery<ResetColumn>, ResetRow>;
  readonly failures: RowFeed<ListQuery<FailureColumn>, FailureRow>;
  readonly flows: RowFeed<ListQuery<FlowColumn>, FlowRow>;
  readonly packets: RowFeed<{ readonly flow: number }, PacketRow>;
}

/** Every list, for what is done to all of them alike. */
export function everyFeed(feeds: Feeds): readonly Feeds[keyof Feeds][] {
  return [feeds.resets, feeds.failures, feeds.flows, feeds.packets];
}

export function createFeeds(link: Link): Feeds {
  return {
    resets: new RowFeed(async (query, from, count, signal) =>
      decoded(RESET_ROWS, await link.call('resets.rows', { ...query, from, count }, signal)),
    ),
    failures: new RowFeed((query, from, count, signal) =>
      link.call('failures.rows', { ...query, from, count }, signal),
    ),
    flows: new RowFeed(async (query, from, count, signal) =>
      decoded(FLOW_ROWS, await link.call('flows.rows', { ...query, from, count }, signal)),
    ),
    packets: new RowFeed(async ({ flow }, from, count, signal) =>
      decoded(PACKET_ROWS, await link.call('flows.packets', { flow, from, count }, signal)),
    ),
  };
}

function decoded<Row>(codec: { decode(bytes: Uint8Array): Row[] }, window: RowWindow): RowWindowOf<Row> {
  return { revision: window.revision, total: window.total, rows: codec.decode(window.rows) };
}
