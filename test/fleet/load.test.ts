/** The load generator: what it makes is a fleet's folder as agents and compaction make one, and the same out of the same seed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetStore } from '../../main/fleet/store.ts';
import { FLEET_KINDS, type FleetKind } from '../../shared/fleet/tables.ts';
import { openStore } from '../../main/fleet/open-store.ts';

const root = join(import.meta.dirname, '../..');
const NEVER = new AbortController().signal;
const isInstalled = (() => {
  try {
    createRequire(import.meta.url).resolve('@duckdb/node-api');
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!isInstalled)('the load of a fleet', () => {
  let work: string;
  let compacted: FleetStore;
  let loose: FleetStore;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'resetscope-load-'));
    compacted = await made('compacted');
    loose = await made('loose', '--loose');
  }, 300_000);

  afterAll(async () => {
    await compacted.close();
    await loose.close();
    rmSync(work, { recursive: true, force: true });
  });

  async function made(name: string, ...more: string[]): Promise<FleetStore> {
    const folder = join(work, name);
    const load = [join(root, 'scripts/fleet/load.mjs'), folder, '--flows', '3000', '--hosts', '2'];
    execFileSync(process.execPath, [...load, ...more], { cwd: root });
    const temporary = mkdtempSync(join(work, 'temporary-'));
    return openStore(folder, { duckdb: [root], temporary }, NEVER);
  }

  async function count(store: FleetStore, from: FleetKind): Promise<number> {
    const { rows, missing } = await store.ask({ from, columns: { n: { count: true } }, limit: 1 }, NEVER);
    expect(missing).toEqual([]);
    return Number(rows[0].n);
  }

  it('has the same rows in large files and in those of single units', async () => {
    for (const kind of FLEET_KINDS)
      expect([kind, await count(loose, kind)]).toEqual([kind, await count(compacted, kind)]);
    expect(await count(compacted, 'flows')).toBeGreaterThan(2000);
    expect(await count(compacted, 'resets')).toBeGreaterThan(100);
  });

  it('counts in each row of captures what its unit holds', async () => {
    const { rows } = await compacted.ask(
      { from: 'captures', columns: { resets: { sum: 'resets' }, flows: { sum: 'flows' } }, limit: 1 },
      NEVER,
    );
    expect(Number(rows[0].resets)).toBe(await count(compacted, 'resets'));
    expect(Number(rows[0].flows)).toBe(await count(compacted, 'flows'));
  });

  it('forges resets that the client’s capture alone holds', async () => {
    const { rows } = await compacted.ask(
      {
        from: 'resets',
        columns: { key: { column: 'match_key' }, hops: { column: 'client_hops' } },
        where: [
          { column: 'cause', op: '=', value: 'injected' },
          { column: 'match_key', is: 'not-null' },
        ],
        limit: 1000,
      },
      NEVER,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { hops } of rows) expect(hops).toBe(0);
    const both = await compacted.ask(
      {
        from: 'flows',
        columns: { captures: { distinct: 'capture' }, key: { column: 'match_key' } },
        where: [{ column: 'match_key', in: rows.map(({ key }) => String(key)) }],
        groupBy: ['key'],
        limit: 1000,
      },
      NEVER,
    );
    expect(both.rows.some(({ captures }) => Number(captures) === 2)).toBe(true);
  });
});
