/** A fleet in real ClickHouse servers: what dies is told, what is taken in twice is there once, and who asks can only read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingest } from '../../main/fleet/clickhouse/ingest.ts';
import { openClickHouse, openServers, serversOf } from '../../main/fleet/clickhouse/open.ts';
import { parseClickHousePlace } from '../../main/fleet/clickhouse/place.ts';
import { HttpServer } from '../../main/fleet/clickhouse/server.ts';
import { FLEET_KINDS } from '../../shared/fleet/tables.ts';
import type { FleetStore, Select } from '../../main/fleet/store.ts';
import { MemoryStore } from '../../main/fleet/testing/memory-store.ts';
import { until } from '../support/patience.ts';
import { CLICKHOUSE_SERVER, CLUSTER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { randomTables } from './support/random-tables.ts';

const { signal } = new AbortController();
const tables = randomTables(7, 120);
const options = { signal, host: 'test' } as const;

async function countsOf(store: FleetStore): Promise<Record<string, unknown>> {
  const counts: Record<string, unknown> = {};
  for (const from of FLEET_KINDS) {
    const { rows } = await store.ask({ from, columns: { count: { count: true } }, limit: 1 }, signal);
    counts[from] = rows[0].count;
  }
  return counts;
}

const expectedCounts = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, tables[kind].length]));

describe.skipIf(CLICKHOUSE_SERVER === null)('two shards (clickhouse-server)', () => {
  let servers: TestServers;
  let store: FleetStore;
  beforeAll(async () => {
    servers = await startServers(2);
    await ingest(new MemoryStore(tables), servers.all('fleet'), options);
    store = await openClickHouse(servers.all('fleet'), signal);
  });
  afterAll(async () => {
    await store.close();
    await servers.close();
  });

  const flows: Select = { from: 'flows', columns: { flow: { column: 'flow' } }, limit: 10_000 };

  it('spreads rows over both, a connection’s on one', async () => {
    expect(store.shards).toBe(2);
    expect(await countsOf(store)).toEqual(expectedCounts);
    const shares: string[][][] = [];
    for (const { httpPort } of servers.servers) {
      shares.push(
        await rowsAt(httpPort, 'SELECT toString(isn_key), count() FROM fleet.flows_local GROUP BY isn_key'),
      );
    }
    for (const share of shares) expect(share.length).toBeGreaterThan(0);
    const keys = shares.map((share) => share.map(([key]) => key).filter((key) => key !== '\\N'));
    expect(keys[0].filter((key) => keys[1].includes(key))).toEqual([]);
  });

  it.each([0, 1])('tells of a shard that is dead, and answers of the other: server %i', async (dead) => {
    const whole = await store.ask(flows, signal);
    expect(whole.missing).toEqual([]);
    await servers.servers[dead].stop();
    const half = await store.ask(flows, signal);
    expect(half.missing).toEqual([
      expect.objectContaining({ kind: 'shard', name: expect.stringMatching(`^shard ${dead + 1} of 2 `) }),
    ]);
    expect(half.rows.length).toBeGreaterThan(0);
    expect(half.rows.length).toBeLessThan(whole.rows.length);
    // Captures lie everywhere: what is missing is told with them, and which hosts and times they are.
    const captures = await store.ask(
      { from: 'captures', columns: { count: { count: true } }, limit: 1 },
      signal,
    );
    expect(captures.rows).toEqual([{ count: tables.captures.length }]);
    expect(captures.missing).toEqual(half.missing);
    const sql = await store.sql('SELECT count() FROM flows', { limit: 10, signal });
    expect(sql.rows).toEqual([[half.rows.length]]);
    expect(sql.missing).toEqual(half.missing);
    await expect(ingest(new MemoryStore(tables), servers.all('fleet'), options)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${servers.servers[dead].httpPort}`),
    });
    // One that is opened only now knows it as well.
    const late = await openClickHouse(servers.all('fleet'), signal);
    expect((await late.ask(flows, signal)).missing).toEqual(half.missing);
    await late.close();
    await servers.servers[dead].start();
    await until(
      async () => (await store.ask(flows, signal)).missing.length === 0,
      'the shard is back in answers',
    );
    expect((await store.ask(flows, signal)).rows).toHaveLength(whole.rows.length);
  });

  it('names a server that hangs, rather than to wait for it', async () => {
    const place = parseClickHousePlace(servers.all('fleet'));
    const watching = await openServers(place, serversOf(place), signal, { watchMs: 100 });
    servers.servers[1].hold();
    try {
      await expect(watching.ask(flows, signal)).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining(`127.0.0.1:${servers.servers[1].httpPort}: it said nothing`),
      });
    } finally {
      servers.servers[1].goOn();
    }
    await until(async () => (await store.ask(flows, signal)).missing.length === 0, 'the shard is back');
    await watching.close();
  });

  it('says of each server why it does not answer, where none does', async () => {
    for (const server of servers.servers) await server.stop();
    const reasons = servers.servers.map(({ httpPort }) => `127.0.0.1:${httpPort} (nothing listens there)`);
    const error = { code: 'unreachable', message: expect.stringContaining(reasons[0]) };
    await expect(store.ask(flows, signal)).rejects.toMatchObject(error);
    await expect(store.ask(flows, signal)).rejects.toMatchObject({
      message: expect.stringContaining(reasons[1]),
    });
    await expect(openClickHouse(servers.all('fleet'), signal)).rejects.toMatchObject(error);
    for (const server of servers.servers) await server.start();
    await until(async () => (await store.ask(flows, signal)).missing.length === 0, 'both shards are back');
    expect(await countsOf(store)).toEqual(expectedCounts);
  });

  it('names hosts of the cluster that the place leaves out, and clusters that there are not', async () => {
    const [first, second] = servers.servers;
    const partial = `clickhouse://127.0.0.1:${first.httpPort}/fleet?cluster=${CLUSTER}`;
    await expect(openClickHouse(partial, signal)).rejects.toMatchObject({
      code: 'not-a-fleet',
      message: expect.stringMatching(/hosts that the place does not name: 127\.0\.0\.1:\d+/),
    });
    const unknown = servers.all('fleet').replace(`cluster=${CLUSTER}`, 'cluster=other');
    await expect(openClickHouse(unknown, signal)).rejects.toMatchObject({
      code: 'not-a-fleet',
      message: expect.stringContaining('knows no cluster “other”'),
    });
    const alone = `clickhouse://127.0.0.1:${second.httpPort}/fleet`;
    await expect(openClickHouse(alone, signal)).rejects.toMatchObject({
      code: 'not-a-fleet',
      message: expect.stringContaining(`?cluster=${CLUSTER}`),
    });
  });
});

async function rowsAt(httpPort: number, sql: string): Promise<string[][]> {
  const place = parseClickHousePlace(`clickhouse://127.0.0.1:${httpPort}/default`);
  const server = new HttpServer(place, place.hosts[0], 'default');
  try {
    const text = await server.run(`${sql} FORMAT TabSeparated`, {}, signal);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  } finally {
    await server.close();
  }
}
