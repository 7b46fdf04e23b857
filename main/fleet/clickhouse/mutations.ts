/** Taking rows out, which ClickHouse does in the background: it is waited for, so that nothing that is inserted next goes with them. */
import type { FleetKind } from '../../../shared/fleet/tables.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError, type UnitId } from '../store.ts';
import { int64Literal, nameLiteral, textLiteral } from './literal.ts';
import { localName } from './schema.ts';
import type { ClickHouseServer } from './server.ts';

const FIRST_POLL_MS = 20;
const LAST_POLL_MS = 1000;
/** Units that one statement takes out. */
const MAX_UNITS = 2000;

/** @throws ServerError; FleetError 'failed' where the server gave up; the signal's reason */
export async function deleteUnits(
  server: ClickHouseServer,
  kind: FleetKind,
  cluster: string | null,
  units: readonly UnitId[],
  signal: AbortSignal,
): Promise<void> {
  const table = localName(kind, cluster);
  for (let at = 0; at < units.length; at += MAX_UNITS) {
    const list = units.slice(at, at + MAX_UNITS);
    // Servers keep the statement by its words, which must be read again by older ones as they are written.
    const bySegments = new Map<string, string[]>();
    for (const { capture, segment } of list) {
      const own = int64Literal(capture);
      bySegments.set(own, [...(bySegments.get(own) ?? []), int64Literal(segment)]);
    }
    const where = [...bySegments].map(
      ([capture, segments]) => `(capture = ${capture} AND segment IN (${segments.join(', ')}))`,
    );
    await deleteWhere(server, table, where.join(' OR '), signal);
  }
}

/** Takes out all that was open of captures. */
export async function deleteCaptures(
  server: ClickHouseServer,
  cluster: string | null,
  captures: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const table = localName('open_flows', cluster);
  for (let at = 0; at < captures.length; at += MAX_UNITS) {
    const list = captures.slice(at, at + MAX_UNITS).map(int64Literal);
    await deleteWhere(server, table, `capture IN (${list.join(', ')})`, signal);
  }
}

/** Takes out the rows that meet a condition, on that server. */
export async function deleteWhere(
  server: ClickHouseServer,
  table: string,
  where: string,
  signal: AbortSignal,
): Promise<void> {
  const is = await server.run(
    `SELECT count() FROM ${nameLiteral(table)} WHERE ${where} FORMAT TabSeparated`,
    {},
    signal,
  );
  if (is.trim() === '0') return;
  await server.run(`ALTER TABLE ${nameLiteral(table)} DELETE WHERE ${where}`, {}, signal);
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(LAST_POLL_MS, wait * 2)) {
    const open = await server.run(
      `SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = ${textLiteral(table)} AND NOT is_done FORMAT TabSeparated`,
      {},
      signal,
    );
    if (open.trim() === '0') break;
    await sleep(wait, undefined, { signal });
  }
  const left = await server.run(
    `SELECT count() FROM ${nameLiteral(table)} WHERE ${where} FORMAT TabSeparated`,
    {},
    signal,
  );
  if (left.trim() !== '0') {
    throw new FleetError('failed', `${server.name} did not take old rows out of ${table}`);
  }
}
