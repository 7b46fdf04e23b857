/** A fleet in real ClickHouse servers: what dies is told, what is taken in twice is there once, and who asks can only read. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ingest, type IngestResult } from '../../main/fleet/clickhouse/ingest.ts';
import { openClickHouse, openServers, serversOf } from '../../main/fleet/clickhouse/open.ts';
import { retainClickHouse } from '../../main/fleet/clickhouse/retain.ts';
import { DAY_NANOSECONDS } from '../../main/fleet/clickhouse/schema.ts';
import { textLiteral } from '../../main/fleet/clickhouse/literal.ts';
import { cellOf, valueOf } from '../../main/fleet/clickhouse/tab-separated.ts';
import { parseClickHousePlace } from '../../main/fleet/clickhouse/place.ts';
import { HttpServer } from '../../main/fleet/clickhouse/server.ts';
import { openFolder } from '../../main/fleet/duckdb/folder-store.ts';
import { loadDuckDb } from '../../main/fleet/duckdb/load-duckdb.ts';
import { FLEET_KINDS } from '../../shared/fleet/tables.ts';
import type { FleetStore, Row, Select } from '../../main/fleet/store.ts';
import { MemoryStore } from '../../main/fleet/testing/memory-store.ts';
import { until } from '../support/patience.ts';
import { CLICKHOUSE_SERVER, CLUSTER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { randomOf, randomTables } from './support/random-tables.ts';
import { writeFolder } from './support/write-folder.ts';

const root = new URL('../..', import.meta.url).pathname;
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

describe.skipIf(CLICKHOUSE_SERVER === null)('taking in (clickhouse-server)', () => {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await startServers(2);
  });
  afterAll(() => servers.close());

  async function countsAt(place: string): Promise<Record<string, unknown>> {
    const store = await openClickHouse(place, signal);
    try {
      return await countsOf(store);
    } finally {
      await store.close();
    }
  }

  it('takes nothing in twice, and only what changed anew', async () => {
    const place = servers.all('again');
    const first = await ingest(new MemoryStore(tables), place, options);
    expect(first).toMatchObject({ added: tables.captures.length, replaced: 0, unchanged: 0 });
    const second = await ingest(new MemoryStore(tables), place, options);
    expect(second).toMatchObject({ added: 0, replaced: 0, unchanged: tables.captures.length, migrated: [] });
    expect(await countsAt(place)).toEqual(expectedCounts);
    // One unit was analysed again, and has fewer resets.
    const [{ capture, segment }] = tables.captures;
    const isOfIt = (row: Row): boolean => row.capture === capture && row.segment === segment;
    const changed = {
      ...tables,
      captures: tables.captures.map((row) => (isOfIt(row) ? { ...row, engine_version: 'next' } : row)),
      resets: tables.resets.filter((row) => !isOfIt(row)),
    };
    const third = await ingest(new MemoryStore(changed), place, options);
    expect(third).toMatchObject({ added: 0, replaced: 1, unchanged: tables.captures.length - 1 });
    expect(await countsAt(place)).toEqual({ ...expectedCounts, resets: changed.resets.length });
  });

  it('takes up where a killed run was', async () => {
    const place = servers.all('killed');
    // Killed with rows inserted and none of the notes that come after them.
    const dying = new MemoryStore(tables);
    const abort = new AbortController();
    const ask = dying.ask.bind(dying);
    let questions = 0;
    dying.ask = (select, own) => {
      questions++;
      if (select.from === 'captures' && questions > FLEET_KINDS.length) abort.abort(new Error('killed'));
      return ask(select, own);
    };
    await expect(ingest(dying, place, { ...options, signal: abort.signal })).rejects.toThrow('killed');
    const half = await countsAt(place);
    expect(half.flows).toBe(tables.flows.length);
    expect(half.captures).toBe(0);
    const next = await ingest(new MemoryStore(tables), place, options);
    expect(next).toMatchObject({ added: 0, replaced: tables.captures.length });
    expect(await countsAt(place)).toEqual(expectedCounts);
  });

  it('leaves out a file that is damaged, says so, and takes it in when it is whole', async () => {
    const home = mkdtempSync(join(tmpdir(), 'resetscope-clickhouse-'));
    onTestFinished(() => {
      rmSync(home, { recursive: true, force: true });
    });
    const [folder, temporary] = ['fleet', 'temporary'].map((name) => join(home, name));
    for (const path of [folder, temporary]) mkdirSync(path);
    await writeFolder(folder, tables);
    const names = readdirSync(join(folder, 'flows'), { recursive: true, encoding: 'utf8' });
    const path = join(folder, 'flows', names.find((name) => name.endsWith('.parquet')) ?? '');
    const whole = readFileSync(path);
    // The footer's length is before the last four bytes. The last pages break: those of the columns that units are counted by are whole.
    const end = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    writeFileSync(path, Buffer.from(whole).fill(0xff, Math.floor(end / 2), end));
    const place = servers.all('damaged');
    const take = async (): Promise<IngestResult> => {
      const source = await openFolder({ folder, duckdb: loadDuckDb([root]), temporary });
      try {
        return await ingest(source, place, options);
      } finally {
        await source.close();
      }
    };
    const first = await take();
    expect(first.missing).toMatchObject([{ kind: 'file', name: path }]);
    const some = await countsAt(place);
    expect(some.flows).toBeGreaterThan(0);
    expect(some).toEqual({ ...expectedCounts, flows: first.rows.flows });
    writeFileSync(path, whole);
    expect(await take()).toMatchObject({ replaced: 1, missing: [] });
    expect(await countsAt(place)).toEqual(expectedCounts);
  });

  it('replaces what was open by what is open at the end of the next segment', async () => {
    const place = servers.one('open');
    await ingest(new MemoryStore(tables), place, options);
    const [{ capture }] = tables.open_flows;
    const next = {
      ...tables,
      captures: [...tables.captures, { ...tables.captures[0], capture, segment: 2 }],
      open_flows: tables.open_flows
        .filter((row, at) => row.capture !== capture || at % 2 === 0)
        .map((row) => (row.capture === capture ? { ...row, segment: 2 } : row)),
    };
    await ingest(new MemoryStore(next), place, options);
    expect((await countsAt(place)).open_flows).toBe(next.open_flows.length);
    const ended = { ...next, open_flows: next.open_flows.filter((row) => row.capture !== capture) };
    await ingest(new MemoryStore(ended), place, options);
    expect((await countsAt(place)).open_flows).toBe(ended.open_flows.length);
  });

  it('lets no second run in while one is at work', async () => {
    const place = servers.one('busy');
    const busy = new MemoryStore(tables);
    const ask = busy.ask.bind(busy);
    let second: Promise<unknown> | undefined;
    busy.ask = async (select, own) => {
      second ??= ingest(new MemoryStore(tables), place, { ...options, host: 'other' });
      await second.catch(() => undefined);
      return ask(select, own);
    };
    await ingest(busy, place, options);
    await expect(second).rejects.toThrow('another “fleet ingest” is at work in this store, on test');
    expect(await countsAt(place)).toEqual(expectedCounts);
  });

  it('lets old days go on all servers', async () => {
    const place = servers.all('old');
    await ingest(new MemoryStore(tables), place, options);
    const day = (row: Row): number => Number((row.time as bigint) / DAY_NANOSECONDS);
    const days = [...new Set(tables.flows.map(day))].sort((a, b) => a - b);
    expect(await retainClickHouse(place, days[1], signal)).toEqual([days[0]]);
    const left = tables.flows.filter((row) => day(row) >= days[1]);
    expect((await countsAt(place)).flows).toBe(left.length);
    expect(await retainClickHouse(place, days[1], signal)).toEqual([]);
  });
});

describe.skipIf(CLICKHOUSE_SERVER === null)('somebody’s own SQL (clickhouse-server)', () => {
  let servers: TestServers;
  let store: FleetStore;
  beforeAll(async () => {
    servers = await startServers(1);
    await ingest(new MemoryStore(tables), servers.one('fleet'), options);
    store = await openClickHouse(servers.one('fleet'), signal);
  });
  afterAll(async () => {
    await store.close();
    await servers.close();
  });

  it('answers in order, and says that there is more', async () => {
    const sql = 'SELECT flow, client_port FROM flows ORDER BY flow DESC -- the last ones';
    const answer = await store.sql(sql, { limit: 2, signal });
    const [last, other] = tables.flows.toReversed();
    expect(answer).toMatchObject({
      columns: [{ name: 'flow' }, { name: 'client_port' }],
      rows: [last, other].map(({ flow, client_port: port }) => [flow, port]),
      isCut: true,
    });
  });

  it.each([
    ['joins', 'SELECT count() FROM resets ANY LEFT JOIN flows USING capture, segment'],
    ['subqueries', 'SELECT count() FROM flows WHERE capture IN (SELECT capture FROM resets)'],
    ['aliases', "SELECT f.flow FROM flows AS f WHERE f.protocol = 'system.tables; DROP'"],
  ])('reads with %s', async (_, sql) => {
    await expect(store.sql(sql, { limit: 10, signal })).resolves.toMatchObject({ missing: [] });
  });

  it.each([
    'SELECT * FROM system.users',
    'SELECT * FROM `system`.`tables`',
    'SELECT * FROM "system".tables',
    'SELECT * FROM default.secrets',
    'SELECT 1 FROM flows, system.one',
    'SELECT 1 FROM flows WHERE 1 IN system.one',
    'SELECT 1 FROM flows WHERE 1 IN (system.one)',
    'SELECT 1 FROM flows AS other WHERE 1 IN (other.secrets)',
    'SELECT notIn(1, flows)',
    "SELECT * FROM url('http://127.0.0.1/', TSV, 'a String')",
    "SELECT * FROM file('x', TSV, 'a String')",
    "SELECT * FROM remote('127.0.0.2', system.one)",
    "SELECT * FROM merge('system', '.*')",
    'SELECT * FROM numbers(10)',
    'SELECT * FROM /* x */ numbers /* y */ (10)',
    "SELECT dictGetString('a', 'b', toUInt64(1))",
    'SELECT 1; SELECT 2',
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    'SELECT 1 FORMAT Native',
    'SELECT 1 SETTINGS readonly = 0',
    'INSERT INTO flows (capture) VALUES (1)',
    'ALTER TABLE flows DELETE WHERE 1',
    'DROP TABLE flows',
    'SELECT ‘1’',
    'SELECT $$x$$',
    'SELECT 1) UNION ALL (SELECT 2',
  ])('refuses %s', async (sql) => {
    await expect(store.sql(sql, { limit: 10, signal })).rejects.toMatchObject({ code: 'bad-query' });
  });

  it('reads as a user who may only read, and tells one who may not choose how', async () => {
    const port = servers.servers[0].httpPort;
    const password = "let'me&read";
    const reader = await openClickHouse(`clickhouse://reader@127.0.0.1:${port}/fleet`, signal, password);
    expect(reader.name).not.toContain('let');
    expect(await countsOf(reader)).toEqual(expectedCounts);
    await reader.close();
    const wrong = openClickHouse(`clickhouse://reader:secret%21@127.0.0.1:${port}/fleet`, signal);
    await expect(wrong).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.not.stringContaining('secret'),
    });
    const strict = openClickHouse(`clickhouse://strict@127.0.0.1:${port}/fleet`, signal);
    await expect(strict).rejects.toThrow('readonly = 2');
  });

  it('reads any text as the text that it is', async () => {
    const random = randomOf(99);
    const alphabet = [
      ...Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)),
      ...['\\', "'", '\\0', '\\N', '/*', '--', 'ß', '日', '🙂'],
    ];
    const texts = Array.from({ length: 500 }, () =>
      Array.from(
        { length: 1 + Math.floor(random() * 12) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join(''),
    );
    const lines = await rowsAt(
      servers.servers[0].httpPort,
      `SELECT arrayJoin([${texts.map(textLiteral).join(', ')}])`,
    );
    expect(lines.map(([cell]) => valueOf(cell, 'text'))).toEqual(texts);
    // What we send is escaped less than what servers send, and read alike.
    expect(texts.map((text) => valueOf(cellOf(text), 'text'))).toEqual(texts);
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
