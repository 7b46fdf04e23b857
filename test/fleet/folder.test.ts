/** A folder of tables: what counts in it, what is told of it, and what a statement cannot do there. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compactFolder } from '../../main/fleet/duckdb/compact.ts';
import { openFolder } from '../../main/fleet/duckdb/folder-store.ts';
import { loadDuckDb } from '../../main/fleet/duckdb/load-duckdb.ts';
import { retainFrom } from '../../main/fleet/duckdb/retain.ts';
import { DuckDbSession } from '../../main/fleet/duckdb/session.ts';
import {
  type Condition,
  FleetError,
  type FleetStore,
  type Row,
  type Select,
} from '../../main/fleet/store.ts';
import { FLEET_TABLES } from '../../shared/fleet/tables.ts';
import { writeFolder } from './support/write-folder.ts';

const duckdb = loadDuckDb([new URL('../..', import.meta.url).pathname]);
const { signal } = new AbortController();
const DAY_NS = 86_400_000_000_000n;
/** 2025-06-15, and the day after it. */
const START = 20_254n * DAY_NS;
const DAYS = ['2025-06-15', '2025-06-16'];

let home = '';
let folder = '';
let temporary = '';
let store: FleetStore | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'resetscope-folder-'));
  folder = join(home, 'fleet');
  temporary = join(home, 'temporary');
  for (const path of [folder, temporary]) mkdirSync(path);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(home, { recursive: true, force: true });
});

async function opened(): Promise<FleetStore> {
  await store?.close();
  return (store = await openFolder({ folder, duckdb, temporary }));
}

/** Two captures of three segments on two days, each with flows and resets. */
function tables(resetsOfUnit = 2): Parameters<typeof writeFolder>[1] {
  const [captures, flows, resets]: Row[][] = [[], [], []];
  for (const capture of ['7', '-9']) {
    for (let segment = 0; segment < 3; segment++) {
      const time = START + (segment === 2 ? DAY_NS : 0n) + BigInt(segment) * 1_000_000_000n;
      const unit = { capture, segment, time };
      captures.push({ ...unit, last_time: time, host: `host${capture}`, site: 'test', packets: 10 });
      for (let flow = 0; flow < 5; flow++)
        flows.push({ ...unit, flow, server_address: `10.0.0.${flow}`, server_port: 80, client_bytes: 100 });
      for (let reset = 0; reset < resetsOfUnit; reset++)
        resets.push({ ...unit, reset, server_address: '10.0.0.1', server_port: 443, count: 1 });
    }
  }
  return { captures, flows, resets };
}

/** Rows of each kind with what they sum up to. */
async function counts(of = opened()): Promise<readonly number[]> {
  const { rows } = await (
    await of
  ).sql(
    'SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM flows), (SELECT sum(client_bytes) FROM flows), (SELECT count(*) FROM resets)',
    { limit: 1, signal },
  );
  return rows[0].map(Number);
}
const ALL = [6, 30, 3000, 12];

const shelf = (kind: string, day = DAYS[0]): string => join(folder, kind, `day=${day}`, 'site=test');
const UNIT = '0000000000000007-00000.parquet';

describe('what counts', () => {
  it('is each row of whole units, once', async () => {
    await writeFolder(folder, tables());
    expect(await counts()).toEqual(ALL);
  });

  it('is nothing of a unit without its row of captures, which is told after a while', async () => {
    await writeFolder(folder, tables());
    rmSync(join(shelf('captures'), UNIT));
    expect(await counts()).toEqual([5, 25, 2500, 10]);
    const long = new Date(Date.now() - 7_200_000);
    for (const kind of ['flows', 'resets']) utimesSync(join(shelf(kind), UNIT), long, long);
    const { missing } = await (await opened()).sql('SELECT 1', { limit: 1, signal });
    expect(missing).toMatchObject([{ kind: 'file', name: UNIT.replace('.parquet', '') }]);
  });

  it('is what came while it was open', async () => {
    const of = await opened();
    expect(await counts(Promise.resolve(of))).toEqual([0, 0, null, 0].map(Number));
    await writeFolder(folder, tables());
    await expect.poll(() => counts(Promise.resolve(of)), { timeout: 60_000 }).toEqual(ALL);
  });

  it('is what is there at each question, while captures come and go', async () => {
    await writeFolder(folder, tables());
    const own = join(shelf('captures'), UNIT);
    const outside = join(home, 'away.parquet');
    const of = await opened();
    const hosts: Select = {
      from: 'captures',
      columns: { host: { column: 'host' }, units: { count: true } },
      groupBy: ['host'],
      orderBy: [{ by: 'host' }],
      limit: 10,
    };
    const unitsOf = async (): Promise<string> =>
      (await of.ask(hosts, signal)).rows.map(({ host, units }) => `${String(host)} ${String(units)}`).join();
    for (let turn = 0; turn < 4; turn++) {
      renameSync(own, outside);
      const some = Array.from({ length: 8 }, unitsOf);
      renameSync(outside, own);
      for (const units of await Promise.all([...some, unitsOf()]))
        expect(units).toMatch(/^host-9 3,host7 [23]$/);
      await expect.poll(unitsOf, { timeout: 60_000 }).toBe('host-9 3,host7 3');
    }
  });

  it('is never a mixture of a file and the one that takes its place', async () => {
    await writeFolder(folder, tables());
    const path = join(shelf('flows'), UNIT);
    const variants = [path, join(home, 'turned.parquet')];
    const { flows = [], ...others } = tables();
    await writeFolder(join(home, 'turned'), { ...others, flows: flows.toReversed() });
    copyFileSync(path.replace(folder, join(home, 'turned')), variants[1]);
    copyFileSync(path, (variants[0] = join(home, 'straight.parquet')));
    store = await openFolder({ folder, duckdb, temporary, twofoldBytes: 0 });
    const firstTwo: Select = {
      from: 'flows',
      columns: { flow: { column: 'flow' } },
      where: [
        { column: 'capture', op: '=', value: '7' },
        { column: 'segment', op: '=', value: 0 },
        { any: [0, 1].map((flow): Condition => ({ column: 'flow', op: '=', value: flow })) },
      ],
      limit: 100,
    };
    for (let turn = 0; turn < 40; turn++) {
      const asked = Array.from({ length: 3 }, () => (store as FleetStore).ask(firstTwo, signal));
      const next = join(shelf('flows'), '.next');
      for (const variant of variants) {
        copyFileSync(variant, next);
        await Promise.race(asked);
        renameSync(next, path);
      }
      for (const { rows, missing } of await Promise.all(asked))
        expect({ flows: rows.map(({ flow }) => flow).sort(), missing }).toEqual({
          flows: [0, 1],
          missing: [],
        });
    }
  });

  it('leaves out what is no table, and says so', async () => {
    await writeFolder(folder, tables());
    writeFileSync(join(shelf('flows'), UNIT), 'PAR1 but not really');
    writeFileSync(join(shelf('resets'), 'notes.parquet'), '');
    symlinkSync('/etc/hostname', join(shelf('resets'), '00000000000000aa-00000.parquet'));
    const of = await opened();
    expect(await counts(Promise.resolve(of))).toEqual([6, 25, 2500, 12]);
    const { missing } = await of.ask({ from: 'flows', columns: { n: { count: true } }, limit: 1 }, signal);
    expect(missing.map(({ name }) => name.slice(folder.length)).sort()).toEqual([
      `/flows/day=${DAYS[0]}/site=test/${UNIT}`,
      `/resets/day=${DAYS[0]}/site=test/00000000000000aa-00000.parquet`,
      `/resets/day=${DAYS[0]}/site=test/notes.parquet`,
    ]);
  });

  it('leaves out a file whose rows turn out to be damaged, and answers out of the others', async () => {
    await writeFolder(folder, tables());
    const path = join(shelf('flows'), UNIT);
    const bytes = readFileSync(path);
    // The pages are at the begin, and the footer that tells of them at the end.
    bytes.fill(0xff, 4, Math.floor(bytes.length / 4));
    writeFileSync(path, bytes);
    const of = await opened();
    const answer = await of.ask(
      { from: 'flows', columns: { sum: { sum: 'client_bytes' } }, limit: 1 },
      signal,
    );
    expect(answer).toMatchObject({ rows: [{ sum: 2500 }], missing: [{ name: path }] });
  });

  it('has columns that a file lacks as null, and none that nobody knows', async () => {
    await writeFolder(folder, tables());
    const of = await opened();
    const { columns } = await of.sql('FROM flows LIMIT 0', { limit: 1, signal });
    expect(columns.map(({ name }) => name)).toEqual(FLEET_TABLES.flows.map(({ name }) => name));
  });
});

describe('a statement', () => {
  beforeEach(async () => {
    await writeFolder(folder, tables());
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(home, 'outside.txt'), 'secret');
    symlinkSync(join(home, 'outside.txt'), join(folder, 'link.txt'));
  });

  it.each([
    'SELECT count(*) FROM flows',
    'FROM resets SELECT max(time)',
    'WITH a AS (SELECT 1 AS n), b AS (SELECT n FROM a) SELECT * FROM b, range(3), unnest([1, 2])',
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT * FROM n',
    'SELECT (SELECT count(*) FROM main.flows) + count(*) FROM (SELECT * FROM captures)',
    'DESCRIBE flows',
    'SUMMARIZE flows',
    'SHOW TABLES',
    'VALUES (1), (2)',
    'SELECT * FROM (PIVOT flows ON server_port IN (80) USING count(*))',
  ])('is answered: %s', async (statement) => {
    const { rows } = await (await opened()).sql(statement, { limit: 10, signal });
    expect(rows.length).toBeGreaterThan(0);
  });

  it.each([
    "SELECT * FROM read_text('SECRET')",
    "SELECT * FROM read_text('DIR/link.txt')",
    "SELECT * FROM read_blob('DIR/../outside.txt')",
    "SELECT * FROM read_csv('SECRET')",
    "SELECT * FROM read_parquet('DIR/flows/*/*/*.parquet')",
    "SELECT * FROM glob('DIR/*')",
    "SELECT * FROM parquet_metadata('DIR/flows/*/*/*.parquet')",
    "FROM 'SECRET'",
    'FROM "DIR/secret.txt"',
    'WITH "DIR/secret.txt" AS (FROM "DIR/secret.txt") FROM "DIR/secret.txt"',
    'WITH RECURSIVE "SECRET" AS (SELECT * FROM "SECRET" UNION ALL SELECT * FROM "SECRET") FROM "SECRET"',
    "SELECT (SELECT count(*) FROM 'SECRET')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('flows')",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM information_schema.tables',
    "DESCRIBE 'SECRET'",
    "COPY flows TO 'DIR/out.csv'",
    "COPY (SELECT 1) TO 'DIR/out.parquet'",
    "EXPORT DATABASE 'DIR/export'",
    'INSTALL httpfs',
    "LOAD 'DIR/x.duckdb_extension'",
    "ATTACH 'DIR/x.db'",
    'PRAGMA database_list',
    'CALL pragma_version()',
    'SET threads = 1',
    'RESET threads',
    'CREATE TABLE t AS SELECT 1',
    'CREATE OR REPLACE VIEW flows AS SELECT 1',
    'DROP VIEW flows',
    'INSERT INTO flows SELECT * FROM flows',
    'DELETE FROM flows',
    'BEGIN',
    'CHECKPOINT',
    'PREPARE p AS SELECT 1',
    'EXPLAIN ANALYZE SELECT 1',
    'SELECT 1; SELECT 2',
    '',
    'SELEC 1',
  ])('is refused: %s', async (statement) => {
    const before = readdirSync(folder, { recursive: true }).length;
    const text = statement.replaceAll('SECRET', join(folder, 'secret.txt')).replaceAll('DIR', folder);
    const refused = (await opened()).sql(text, { limit: 10, signal });
    await expect(refused).rejects.toMatchObject({ name: 'FleetError', code: 'bad-query' });
    expect(readdirSync(folder, { recursive: true })).toHaveLength(before);
  });

  it('could reach nothing else if it got through', async () => {
    const session = await DuckDbSession.open({ duckdb, folder, temporary });
    const tries = [
      `SELECT * FROM read_text('${join(home, 'outside.txt')}')`,
      `SELECT * FROM read_text('${join(folder, '../outside.txt')}')`,
      `COPY (SELECT 1) TO '${join(home, 'out.csv')}'`,
      "SELECT * FROM read_text('http://127.0.0.1:1/')",
      'INSTALL httpfs',
      'SET enable_external_access = true',
      "SET allowed_directories = ['/']",
    ];
    for (const statement of tries) await expect(session.run(statement), statement).rejects.toThrow();
    session.close();
  });

  it('ends when it is given up, and the next one is answered', async () => {
    const of = await opened();
    const abort = new AbortController();
    const asked = of.sql('SELECT count(*) FROM range(100000000000) a, range(1000) b', {
      limit: 1,
      signal: abort.signal,
    });
    setImmediate(() => abort.abort(new FleetError('failed', 'given up')));
    await expect(asked).rejects.toThrow('given up');
    expect(await counts(Promise.resolve(of))).toEqual(ALL);
  });

  it('gives as many rows as are wanted, and says that there are more', async () => {
    const of = await opened();
    const answer = await of.sql('FROM range(100000000)', { limit: 3, signal });
    expect(answer).toMatchObject({ rows: [[0], [1], [2]], isCut: true });
    const { rows } = await of.sql("SELECT max(time), '-9223372036854775808'::BIGINT FROM flows", {
      limit: 3,
      signal,
    });
    expect(rows).toEqual([[START + DAY_NS + 2_000_000_000n, '-9223372036854775808']]);
  });
});

describe('compaction', () => {
  const compact = async (
    onStep?: (step: string) => void,
    before = '2026-01-01',
    settledMs?: number,
  ): Promise<unknown> => {
    const session = await DuckDbSession.open({ duckdb, folder, temporary });
    try {
      return await compactFolder({
        folder,
        session,
        targetBytes: 2 ** 20,
        before,
        signal,
        ...(onStep === undefined ? {} : { onStep }),
        ...(settledMs === undefined ? {} : { settledMs }),
      });
    } finally {
      session.close();
    }
  };
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));

  it('keeps every row, in fewer files', async () => {
    await writeFolder(folder, tables());
    expect(files()).toHaveLength(18);
    expect(await compact()).toMatchObject({ units: 6, files: { before: 18, after: 6 } });
    expect(files()).toHaveLength(6);
    expect(await counts()).toEqual(ALL);
    // Nothing is left to do.
    expect(await compact()).toMatchObject({ units: 0, files: { before: 6, after: 6 } });
  });

  it('leaves days alone that are not over', async () => {
    await writeFolder(folder, tables());
    expect(await compact(undefined, DAYS[1])).toMatchObject({ units: 4 });
    expect(await counts()).toEqual(ALL);
  });

  it('takes units of such days too, once nobody is bringing them any more', async () => {
    await writeFolder(folder, tables());
    const now = Date.now();
    const old = new Date(now - 7_200_000);
    utimesSync(join(shelf('captures', DAYS[1]), '0000000000000007-00002.parquet'), old, old);
    expect(await compact(undefined, DAYS[0], now - 3_600_000)).toMatchObject({ units: 1 });
    expect(await counts()).toEqual(ALL);
    // What comes anew takes its place, as ever.
    await writeFolder(folder, tables());
    expect(await counts()).toEqual(ALL);
  });

  it('takes a unit that came anew in the place of its compacted rows', async () => {
    await writeFolder(folder, tables());
    await compact();
    const { captures, flows } = tables(0);
    const isFirst = (row: Row): boolean => row.capture === '7' && row.segment === 0;
    await writeFolder(folder, { captures: captures?.filter(isFirst), flows: flows?.filter(isFirst) });
    expect(await counts()).toEqual([6, 30, 3000, 10]);
    await compact();
    expect(await counts()).toEqual([6, 30, 3000, 10]);
    expect(files()).toHaveLength(6);
  });

  it('may be ended at any step: no row is lost or counted twice, and the next run goes on', async () => {
    const steps: string[] = [];
    await writeFolder(folder, tables());
    await compact();
    // Units that came anew, and more of the same days, so that all kinds of steps are taken.
    await writeFolder(folder, tables());
    const before = join(home, 'before any step');
    cpSync(folder, before, { recursive: true });
    await compact((step) => void steps.push(step));
    expect(steps.length).toBeGreaterThan(10);
    for (let last = 0; last < steps.length; last++) {
      rmSync(folder, { recursive: true });
      cpSync(before, folder, { recursive: true });
      let step = 0;
      const ended = compact(() => {
        if (step++ === last) throw new Error('ended');
      });
      await expect(ended, steps[last]).rejects.toThrow('ended');
      expect(await counts(), `ended after: ${steps[last]}`).toEqual(ALL);
      await compact();
      expect(await counts(), `gone on after: ${steps[last]}`).toEqual(ALL);
    }
  });

  it('removes what an ended run left, and not what a writer is just bringing', async () => {
    await writeFolder(folder, tables());
    const kept = join(home, UNIT);
    copyFileSync(join(shelf('flows'), UNIT), kept);
    await compact();
    // The writer of that unit has brought its flows anew, and no row of captures yet.
    renameSync(kept, join(shelf('flows'), UNIT));
    await compact();
    expect(readdirSync(shelf('flows'))).toContain(UNIT);
    expect(await counts()).toEqual(ALL);
  });

  it('is refused while another one runs', async () => {
    await writeFolder(folder, tables());
    writeFileSync(join(folder, '.tmp-fleet-lock'), `${process.pid} elsewhere`);
    await expect(compact()).rejects.toMatchObject({ name: 'FleetError', code: 'failed' });
  });
});

describe('retention', () => {
  it('removes whole days', async () => {
    await writeFolder(folder, tables());
    expect(await retainFrom(folder, DAYS[1], signal)).toMatchObject({ days: [DAYS[0]], files: 12 });
    expect(await counts()).toEqual([2, 10, 1000, 4]);
    expect(await retainFrom(folder, DAYS[1], signal)).toMatchObject({ days: [], files: 0 });
  });
});
