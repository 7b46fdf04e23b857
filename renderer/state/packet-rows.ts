/** Rows of packets beside those that a list shows: for sums, copies and steps. */
import { PACKET_ROWS } from '../../shared/columns/rows.ts';
import type { PacketQuery } from '../../shared/contract/methods.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import type { Link } from './link.ts';
import type { Ranges } from './ranges.ts';

/** Rows of one call; the contract bounds them. */
const PAGE = 1000;

/** Rows at the places [from, from + count); `from` below 0 has none. */
export async function rowsAt(
  link: Link,
  query: PacketQuery,
  from: number,
  count: number,
  signal?: AbortSignal,
): Promise<readonly PacketRow[]> {
  if (from < 0) return [];
  return PACKET_ROWS.decode((await link.call('packets.rows', { ...query, from, count }, signal)).rows);
}

/**
 * The rows of a query whose packets lie in the ranges, page by page.
 * @param most rows; what is beyond is left out
 */
export async function* rowsIn(
  link: Link,
  query: PacketQuery,
  ranges: Ranges,
  most: number,
  signal?: AbortSignal,
): AsyncGenerator<readonly PacketRow[]> {
  let left = most;
  for (const { from, to } of ranges) {
    let at = await link.call('packets.position', { ...query, packet: from }, signal);
    while (at >= 0 && left > 0) {
      const page = await rowsAt(link, query, at, Math.min(PAGE, left), signal);
      const rows = page.filter(({ packet }) => packet <= to);
      if (rows.length > 0) yield rows;
      left -= rows.length;
      at += page.length;
      if (rows.length < page.length || page.length === 0) break;
    }
  }
}
