/** Taking rows out, which ClickHouse does in the background: it is waited for, so that nothing that is inserted next goes with them. */
import type { FleetKind } from '../../../shared/fleet/tables.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError, type UnitId } from '../store.ts';
import { int64Literal, nameLiteral, textLiteral } from './literal.ts';
import { localName } from './schema.ts';
import type { ClickHouseServer } from './server.ts';

const FIRST_POLL_MS = 20;
const LAST_POLL_MS = 1000;
/** The server does not get on with it. */
const GIVES_UP_MS = 120_000;
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
  let since = performance.now();
  let before = '';
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(LAST_POLL_MS, wait * 2)) {
    const [open, parts] = cellsOf(
      await server.run(
        `SELECT count(), sum(parts_to_do) FROM system.mutations WHERE database = currentDatabase() AND table = ${textLiteral(table)} AND NOT is_done FORMAT TabSeparated`,
        {},
        signal,
      ),
    );
    const [left] = cellsOf(
      await server.run(
        `SELECT count() FROM ${nameLiteral(table)} WHERE ${where} FORMAT TabSeparated`,
        {},
        signal,
      ),
    );
    // A replica hears of it from the keeper, a moment after it was told: that nothing is at work is not that it is done.
    if (open === '0' && left === '0') return;
    const now = [open, parts, left].join();
    if (now !== before) since = performance.now();
    before = now;
    if (performance.now() - since > GIVES_UP_MS)
      throw new FleetError(
        'failed',
        `${server.name} did not take old rows out of ${table}: ${left} rows are left, with nothing done for ${GIVES_UP_MS / 1000} s; its table system.mutations may tell why`,
      );
    await sleep(wait, undefined, { signal });
  }
}

function cellsOf(text: string): readonly string[] {
  return text.trim().split('\t');
}
