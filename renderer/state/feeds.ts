/** The lists, each pulled in pages. They live as long as the app, so that a view finds its list as it left it. */
import { ENDPOINT_ROWS, FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from '../../shared/columns/rows.ts';
import type { RowWindow } from '../../shared/contract/methods.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { RowFeed } from './row-feed.ts';
import type { RowWindowOf } from './row-source.ts';
import type { FilteredList, ListQuery, RowOf, SortOf } from './lists-slice.ts';
import type { Link } from './link.ts';

type FilteredFeeds = { readonly [L in FilteredList]: RowFeed<ListQuery<SortOf<L>>, RowOf<L>> };

export interface Feeds extends FilteredFeeds {
  /** The packets of one flow. */
  readonly flowPackets: RowFeed<{ readonly flow: number }, PacketRow>;
}

export function feedOf<L extends FilteredList>(
  feeds: FilteredFeeds,
  list: L,
): RowFeed<ListQuery<SortOf<L>>, RowOf<L>> {
  return feeds[list];
}

/** Every list, for what is done to all of them alike. */
export function everyFeed(feeds: Feeds): readonly Feeds[keyof Feeds][] {
  return [
    feeds.resets,
    feeds.failures,
    feeds.flows,
    feeds.packets,
    feeds.flowPackets,
    feeds.addresses,
    feeds.pairs,
  ];
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
    packets: new RowFeed(async ({ filter }, from, count, signal) =>
      decoded(PACKET_ROWS, await link.call('packets.rows', { filter, flow: null, from, count }, signal)),
    ),
    addresses: new RowFeed(async (query, from, count, signal) =>
      decoded(
        ENDPOINT_ROWS,
        await link.call('endpoints.rows', { ...query, of: 'address', from, count }, signal),
      ),
    ),
    pairs: new RowFeed(async (query, from, count, signal) =>
      decoded(
        ENDPOINT_ROWS,
        await link.call('endpoints.rows', { ...query, of: 'pair', from, count }, signal),
      ),
    ),
    flowPackets: new RowFeed(async ({ flow }, from, count, signal) =>
      decoded(PACKET_ROWS, await link.call('packets.rows', { filter: '', flow, from, count }, signal)),
    ),
  };
}

function decoded<Row>(codec: { decode(bytes: Uint8Array): Row[] }, window: RowWindow): RowWindowOf<Row> {
  return { ...window, rows: codec.decode(window.rows) };
}
