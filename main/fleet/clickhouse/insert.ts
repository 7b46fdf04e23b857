/** Rows as what is sent to a server. */
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { FleetError, type Lines, type Row } from '../store.ts';
import { nameLiteral } from './literal.ts';
import { orderOf } from './schema.ts';
import type { ClickHouseServer, Settings } from './server.ts';
import { cellOf } from './tab-separated.ts';

/** Characters that are sent at once. */
const PIECE = 256 * 1024;

/** An insertion is through once every shard has its rows, not once they are queued for it. */
export const INSERT: Settings = { insert_distributed_sync: 1 };

/**
 * @returns rows that were sent
 * @throws ServerError; what the lines throw; the signal's reason
 */
export async function insertLines(
  server: ClickHouseServer,
  kind: FleetKind,
  lines: AsyncIterable<Lines>,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  async function* pieces(): AsyncGenerator<string> {
    for await (const { text, rows } of lines) {
      count += rows;
      yield text;
    }
  }
  const names = FLEET_TABLES[kind].map(({ name }) => nameLiteral(name));
  await server.insert(`${nameLiteral(kind)} (${names.join(', ')})`, pieces(), INSERT, signal);
  return count;
}

/**
 * Rows as lines.
 * @throws FleetError 'failed' for a row without what it is sorted by
 */
export async function* linesOfRows(
  kind: FleetKind,
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<Lines> {
  const names = FLEET_TABLES[kind].map(({ name }) => name);
  const sorted = orderOf(kind);
  let text = '';
  let count = 0;
  for await (const row of rows) {
    for (const name of sorted) {
      if ((row[name] ?? null) === null)
        throw new FleetError('failed', `a row of ${kind} is without ${name}, which every row has`);
    }
    text += `${names.map((name) => cellOf(row[name] ?? null)).join('\t')}\n`;
    count++;
    if (text.length >= PIECE) {
      yield { text, rows: count };
      text = '';
      count = 0;
    }
  }
  if (count > 0) yield { text, rows: count };
}
