/** A shard of two replicas in real ClickHouse servers: what is taken in once is there twice, and one may die without a word missing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingest } from '../../main/fleet/clickhouse/ingest.ts';
import { openClickHouse } from '../../main/fleet/clickhouse/open.ts';
import { retainClickHouse } from '../../main/fleet/clickhouse/retain.ts';
import { DAY_NANOSECONDS } from '../../main/fleet/clickhouse/schema.ts';
import type { Row, Select } from '../../main/fleet/store.ts';
import { MemoryStore } from '../../main/fleet/testing/memory-store.ts';
import { FLEET_KINDS } from '../../shared/fleet/tables.ts';
import { CLICKHOUSE_SERVER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { randomTables } from './support/random-tables.ts';
import { HAS_ZOOKEEPER } from './support/zookeeper.ts';

const { signal } = new AbortController();
const options = { signal, host: 'test' } as const;
const tables = randomTables(11, 80);

const countOf = (from: (typeof FLEET_KINDS)[number]): Select => ({
  from,
  columns: { count: { count: true } },
  limit: 1,
});

/** Rows of each kind, and what is missing in them. */
async function countsAt(place: string): Promise<Record<string, unknown>> {
  const store = await openClickHouse(place, signal);
  try {
    const counts: Record<string, unknown> = { shards: store.shards };
    for (const kind of FLEET_KINDS) {
      const { rows, missing } = await store.ask(countOf(kind), signal);
      counts[kind] = missing.length > 0 ? missing : rows[0].count;
    }
    return counts;
  } finally {
    await store.close();
  }
}

const whole = {
  shards: 1,
  ...Object.fromEntries(FLEET_KINDS.map((kind) => [kind, tables[kind].length])),
};

describe.skipIf(CLICKHOUSE_SERVER === null || !HAS_ZOOKEEPER)(
  'two replicas (clickhouse-server, zookeeper)',
  () => {
    let servers: TestServers;
    beforeAll(async () => {
      servers = await startServers(2, true);
    });
    afterAll(() => servers.close());

    it('have all rows that were taken in, each by itself', async () => {
      const place = servers.all('fleet');
      expect(await ingest(new MemoryStore(tables), place, options)).toMatchObject({
        added: tables.captures.length,
      });
      expect(await ingest(new MemoryStore(tables), place, options)).toMatchObject({
        added: 0,
        replaced: 0,
        unchanged: tables.captures.length,
      });
      expect(await countsAt(place)).toEqual(whole);
      for (const at of servers.servers.keys())
        await expect.poll(() => rowsOn(at, 'flows_local')).toBe(whole.flows);
    });

    it('answer whole while one of them is down, and take in meanwhile', async () => {
      const place = servers.all('fleet');
      const [{ capture, segment }] = tables.captures;
      const isOfIt = (row: Row): boolean => row.capture === capture && row.segment === segment;
      const changed = {
        ...tables,
        captures: tables.captures.map((row) => (isOfIt(row) ? { ...row, engine_version: 'next' } : row)),
        resets: tables.resets.filter((row) => !isOfIt(row)),
      };
      await servers.servers[1].stop();
      expect(await countsAt(place)).toEqual(whole);
      expect(await ingest(new MemoryStore(changed), place, options)).toMatchObject({ added: 0, replaced: 1 });
      const now = { ...whole, resets: changed.resets.length };
      expect(await countsAt(place)).toEqual(now);
      await servers.servers[1].start();
      await expect.poll(() => rowsOn(1, 'resets_local')).toBe(changed.resets.length);
      expect(await countsAt(place)).toEqual(now);
    });

    it('let old days go together', async () => {
      const place = servers.all('fleet');
      const day = (row: Row): number => Number((row.time as bigint) / DAY_NANOSECONDS);
      const days = [...new Set(tables.flows.map(day))].sort((a, b) => a - b);
      expect(await retainClickHouse(place, days[1], signal)).toEqual([days[0]]);
      const left = tables.flows.filter((row) => day(row) >= days[1]);
      for (const at of servers.servers.keys())
        await expect.poll(() => rowsOn(at, 'flows_local')).toBe(left.length);
    });

    /** Rows of a table that a server itself has. */
    async function rowsOn(at: number, table: string): Promise<number> {
      const { httpPort } = servers.servers[at];
      const statement = `SELECT count() FROM fleet.${table}`;
      const answer = await fetch(`http://127.0.0.1:${httpPort}/?query=${encodeURIComponent(statement)}`);
      return Number(await answer.text());
    }
  },
);
