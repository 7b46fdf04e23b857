/** Rows as what is sent to a server. */
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { FleetError, type Row } from '../store.ts';
import { nameLiteral } from './literal.ts';
import { orderOf } from './schema.ts';
import type { ClickHouseServer, Settings } from './server.ts';
import { cellOf } from './tab-separated.ts';

/** Characters that are sent at once. */
const PIECE = 256 * 1024;

/** An insertion is through once every shard has its rows, not once they are queued for it. */
export const INSERT: Settings = { insert_distributed_sync: 1 };

/**
 * @param table as it is called on the server, else as its kind
 * @returns rows that were sent
 * @throws ServerError; FleetError 'failed' for a row without what it is sorted by; the signal's reason
 */
export async function insertRows(
  server: ClickHouseServer,
  kind: FleetKind,
  rows: AsyncIterable<Row> | Iterable<Row>,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  const names = FLEET_TABLES[kind].map(({ name }) => name);
  const sorted = orderOf(kind);
  async function* lines(): AsyncGenerator<string> {
    let piece = '';
    for await (const row of rows) {
      for (const name of sorted) {
        if ((row[name] ?? null) === null) {
          throw new FleetError('failed', `a row of ${kind} is without ${name}, which every row has`);
        }
      }
      for (const [at, name] of names.entries()) {
        piece += at === 0 ? cellOf(row[name] ?? null) : `\t${cellOf(row[name] ?? null)}`;
      }
      piece += '\n';
      count++;
      if (piece.length >= PIECE) {
        yield piece;
        piece = '';
      }
    }
    if (piece !== '') yield piece;
  }
  await server.insert(`${nameLiteral(kind)} (${names.map(nameLiteral).join(', ')})`, lines(), INSERT, signal);
  return count;
}
