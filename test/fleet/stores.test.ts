/**
 * The same rows in every kind of store, and the same questions: the answers are the same. The store in memory takes a question by its
 * word; it is what the others are held against.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingest, ingestInto } from '../../main/fleet/clickhouse/ingest.ts';
import { MIGRATIONS } from '../../main/fleet/clickhouse/migrate.ts';
import { openClickHouse, openServers } from '../../main/fleet/clickhouse/open.ts';
import { parseClickHousePlace } from '../../main/fleet/clickhouse/place.ts';
import { loadDuckDb } from '../../main/fleet/duckdb/load-duckdb.ts';
import { openFolder } from '../../main/fleet/duckdb/folder-store.ts';
import type { FleetStore, Row, Select } from '../../main/fleet/store.ts';
import { MemoryStore } from '../../main/fleet/testing/memory-store.ts';
import { ChdbServer, HAS_CHDB } from './support/chdb-server.ts';
import { CLICKHOUSE_SERVER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { randomOf, randomSelect, randomTables } from './support/random-tables.ts';
import { writeFolder } from './support/write-folder.ts';

const SEED = 20_261;
const ROWS = 150;
const QUESTIONS = 400;
/** The same ones, fewer of them: each is a statement over HTTP, and with two shards another one between them. */
const QUESTIONS_OF_SERVER = 150;
const QUESTIONS_OF_SHARDS = 80;

const { signal } = new AbortController();
const tables = randomTables(SEED, ROWS);
const reference = new MemoryStore(tables);
const root = new URL('../..', import.meta.url).pathname;

/** Sums of fractions differ in their last digits by the order in which they are added. */
function rounded(rows: readonly Row[]): unknown[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(10)) : value,
      ]),
    ),
  );
}

async function holdAgainst(store: FleetStore, questions: number): Promise<void> {
  const random = randomOf(SEED);
  let rows = 0;
  for (let n = 0; n < questions; n++) {
    const select: Select = randomSelect(random);
    const expected = await reference.ask(select, signal);
    const answer = await store.ask(select, signal).catch((error: unknown) => {
      throw new Error(`question ${n}: ${String(error)}`, { cause: error });
    });
    expect({ n, select, rows: rounded(answer.rows), missing: answer.missing }).toEqual({
      n,
      select,
      rows: rounded(expected.rows),
      missing: [],
    });
    rows += answer.rows.length;
  }
  // Questions that nothing meets would hold against anything.
  expect(rows).toBeGreaterThan(questions);
}

const folder = mkdtempSync(join(tmpdir(), 'resetscope-stores-'));
const temporary = mkdtempSync(join(tmpdir(), 'resetscope-stores-'));
beforeAll(() => writeFolder(folder, tables));
afterAll(() => {
  for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
});

describe('a folder', () => {
  // As small files are read, and as large ones are.
  it.each([Infinity, 0])(
    'answers as the store in memory does, twofold from %s bytes',
    async (twofoldBytes) => {
      const store = await openFolder({ folder, duckdb: loadDuckDb([root]), temporary, twofoldBytes });
      await holdAgainst(store, QUESTIONS);
      await store.close();
    },
  );
});

describe.skipIf(CLICKHOUSE_SERVER === null)('ClickHouse (clickhouse-server)', () => {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await startServers(2);
  });
  afterAll(() => servers.close());

  it('answers as the store in memory does, on one server that took in its rows', async () => {
    await ingest(reference, servers.one('alone'), { signal, host: 'test' });
    const store = await openClickHouse(servers.one('alone'), signal);
    await holdAgainst(store, QUESTIONS_OF_SERVER);
    await store.close();
  });

  it('answers as the store in memory does, on two shards that took in the lines of a folder', async () => {
    const source = await openFolder({ folder, duckdb: loadDuckDb([root]), temporary });
    await ingest(source, servers.all('spread'), { signal, host: 'test' });
    await source.close();
    const store = await openClickHouse(servers.all('spread'), signal);
    await holdAgainst(store, QUESTIONS_OF_SHARDS);
    await store.close();
  });
});

describe.skipIf(!HAS_CHDB)('ClickHouse of today (chdb)', () => {
  it('answers as the store in memory does', async () => {
    const server = new ChdbServer('fleet');
    const place = parseClickHousePlace('clickhouse://localhost/fleet');
    const { migrated } = await ingestInto(reference, place, [server], { signal, host: 'test' });
    expect(migrated).toHaveLength(MIGRATIONS.length);
    const store = await openServers(place, [server], signal);
    await holdAgainst(store, QUESTIONS);
    await store.close();
  });
});
