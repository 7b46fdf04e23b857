/** A shard of two replicas in real ClickHouse servers: what is taken in once is there twice, and one may die without a word missing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_NANOSECONDS } from '../../main/fleet/clickhouse/schema.ts';
import type { Row } from '../../main/fleet/store.ts';
import { PATIENCE_MS } from '../support/patience-times.ts';
import { CLICKHOUSE_SERVER } from './support/clickhouse-servers.ts';
import { randomTables } from './support/random-tables.ts';
import { type ReplicatedServers, startReplicas } from './support/replicated-servers.ts';
import { writeFolder } from './support/write-folder.ts';
import { HAS_ZOOKEEPER } from './support/zookeeper.ts';

const program = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));
const tables = randomTables(11, 80);
const units = tables.captures.length;

describe.skipIf(CLICKHOUSE_SERVER === null || !HAS_ZOOKEEPER)(
  'two replicas (clickhouse-server, zookeeper)',
  () => {
    let home = '';
    let both: ReplicatedServers;
    let place = '';
    beforeAll(async () => {
      const build = (await import(new URL('../../scripts/build.mjs', import.meta.url).href)) as {
        ensureBuilt(options: { targets: string[] }): Promise<string[]>;
      };
      await build.ensureBuilt({ targets: ['programs'] });
      home = mkdtempSync(join(tmpdir(), 'resetscope-replicas-'));
      both = await startReplicas();
      place = both.place('fleet');
      await write('fleet', tables);
    });
    afterAll(async () => {
      await both.close();
      rmSync(home, { recursive: true, force: true });
    });

    async function write(name: string, rows: Parameters<typeof writeFolder>[1]): Promise<void> {
      mkdirSync(join(home, name));
      await writeFolder(join(home, name), rows);
    }

    /** The command line beside the first server. */
    function fleet(...argv: readonly string[]): { readonly status: number | null; readonly text: string } {
      const inside = ['netns', 'exec', both.namespace, process.execPath, program, 'fleet', ...argv];
      const { status, stdout, stderr } = spawnSync('ip', inside, { encoding: 'utf8' });
      return { status, text: `${stdout}${stderr}` };
    }

    const take = (name: string, store = place): { readonly status: number | null; readonly text: string } =>
      fleet('ingest', join(home, name), '--store', store);

    /** Rows that a server itself has. */
    async function rowsOn(at: number, table: string, database = 'fleet'): Promise<number> {
      const statement = `SELECT count() FROM ${database}.${table}`;
      return Number(await both.servers[at].get(`/?query=${encodeURIComponent(statement)}`));
    }

    const counted = (): string => {
      const { status, text } = fleet(
        'query',
        'SELECT count() AS n FROM flows',
        '--store',
        place,
        '--format',
        'csv',
      );
      return `${status} ${text.replaceAll(/\s+/gu, ' ').trim()}`;
    };

    it('have all rows that were taken in, each by itself, and nothing twice', async () => {
      expect(take('fleet')).toMatchObject({
        status: 0,
        text: expect.stringContaining(`${units} units taken in`) as string,
      });
      expect(take('fleet')).toMatchObject({
        status: 0,
        text: expect.stringContaining(`${units} there already`) as string,
      });
      for (const at of both.servers.keys()) {
        await expect
          .poll(() => rowsOn(at, 'flows_local'), { timeout: PATIENCE_MS })
          .toBe(tables.flows.length);
        await expect.poll(() => rowsOn(at, 'captures'), { timeout: PATIENCE_MS }).toBe(units);
      }
    });

    it('let old days go together', async () => {
      const day = (row: Row): number => Number((row.time as bigint) / DAY_NANOSECONDS);
      expect(tables.flows.every((row) => day(row) < Date.now() / 86_400_000 - 30)).toBe(true);
      const other = both.place('old');
      expect(take('fleet', other)).toMatchObject({ status: 0 });
      expect(fleet('retain', other, '--days', '30')).toMatchObject({
        status: 0,
        text: expect.stringContaining('removed') as string,
      });
      for (const at of both.servers.keys())
        await expect.poll(() => rowsOn(at, 'flows_local', 'old'), { timeout: PATIENCE_MS }).toBe(0);
    });

    it('answer whole while one of them is down, and take in meanwhile', async () => {
      const capture = '77';
      const own = (rows: readonly Row[]): Row[] =>
        rows.slice(0, 5).map((row) => ({ ...row, capture, segment: 0 }));
      await write('more', { captures: own(tables.captures).slice(0, 1), flows: own(tables.flows) });
      const before = counted();
      expect(before).toMatch(new RegExp(`^0 .*${tables.flows.length}`, 'u'));
      await both.servers[1].stop();
      expect(counted()).toBe(before);
      expect(take('more')).toMatchObject({
        status: 0,
        text: expect.stringContaining('1 unit taken in') as string,
      });
      await both.servers[1].start();
      await expect
        .poll(() => rowsOn(1, 'flows_local'), { timeout: PATIENCE_MS })
        .toBe(tables.flows.length + 5);
    });
  },
);
