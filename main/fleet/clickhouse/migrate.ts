/**
 * Makes the tables, and changes them where an older version of ours made them. It is done on each host by itself: ON CLUSTER would need
 * a ZooKeeper, which two servers in a rack have no reason to run.
 */
import { FleetError } from '../store.ts';
import { nameLiteral, textLiteral } from './literal.ts';
import { TABLES } from './migrations/0001-tables.ts';
import { CODECS } from './migrations/0002-codecs.ts';
import type { Migration, MigrationContext } from './migrations/migration.ts';
import type { ClickHouseServer } from './server.ts';
import { linesOf } from './tab-separated.ts';

export const MIGRATIONS: readonly Migration[] = [TABLES, CODECS];

/** A table of what was done to the others, on every host. */
const DONE = 'migrations';

/** The database is made by who may; @throws ServerError */
export async function createDatabase(
  server: ClickHouseServer,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  await server.run(`CREATE DATABASE IF NOT EXISTS ${nameLiteral(database)}`, {}, signal);
}

/**
 * @param version as `version()` says it
 * @returns what was done, for people
 * @throws ServerError; FleetError 'failed' where a newer version of ours made the tables
 */
export async function migrate(
  server: ClickHouseServer,
  version: string,
  context: MigrationContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  await server.run(
    `CREATE TABLE IF NOT EXISTS ${DONE} (number UInt32, about String, time Int64) ENGINE = MergeTree() ORDER BY number`,
    {},
    signal,
  );
  const done = await migrationsOf(server, signal);
  const newest = Math.max(0, ...done);
  if (newest > MIGRATIONS.length) {
    throw new FleetError(
      'failed',
      `${server.name}: a newer version of Resetscope made the tables (step ${newest}, this one knows ${MIGRATIONS.length}); update this one`,
    );
  }
  const told: string[] = [];
  for (const migration of MIGRATIONS) {
    if (done.has(migration.number) || !isAtLeast(version, migration.since)) continue;
    for (const sql of migration.statements(context)) await server.run(sql, {}, signal);
    await server.run(
      `INSERT INTO ${DONE} SELECT ${migration.number}, ${textLiteral(migration.about)}, toInt64(now()) * 1000000000`,
      {},
      signal,
    );
    told.push(`${server.name}: ${migration.about}`);
  }
  return told;
}

/** Numbers of the steps that were made there; none where there is no such table. */
export async function migrationsOf(
  server: ClickHouseServer,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const exists = await server.run(`EXISTS TABLE ${DONE} FORMAT TabSeparated`, {}, signal);
  if (exists.trim() !== '1') return new Set();
  const text = await server.run(`SELECT number FROM ${DONE} FORMAT TabSeparated`, {}, signal);
  return new Set([...linesOf(text)].map(([number]) => Number(number)));
}

function isAtLeast(version: string, [year, release]: readonly [number, number]): boolean {
  const [own, ownRelease] = version.split('.').map(Number);
  return own > year || (own === year && ownRelease >= release);
}
