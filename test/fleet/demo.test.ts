/**
 * Three hosts in network namespaces capture a reset that a device between them made: the tables that they ship prove it, in a folder and on two
 * ClickHouse shards; and prove nothing where resets were left out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asking, EXIT_OK } from './demo/asking.ts';
import { captured, PROGRAM, WITHOUT_RESETS } from './demo/demo.ts';
import { proveInFolder, proveNothingWithoutResets, type Whole } from './demo/folder.ts';
import { Network, type Node } from './demo/network.ts';
import { proveOnShards } from './demo/shards.ts';
import { CLICKHOUSE_SERVER } from './support/clickhouse-servers.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PATIENCE_MS = 600_000;
const has = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const canRun =
  process.getuid?.() === 0 &&
  has('nft', '--version') &&
  has('tcpdump', '--version') &&
  has('rsync', '--version');

describe.skipIf(!canRun)('three hosts and a device between them', { timeout: PATIENCE_MS }, () => {
  const asking = new Asking(join(ROOT, PROGRAM), null);
  const network = new Network(`rs-demo-test-${process.pid}`);
  let folder = '';
  let fleet = '';
  let whole: Whole | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-demo-test-'));
    await network.build();
  }, PATIENCE_MS);
  afterAll(async () => {
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('prove who did not send a reset, with anonymised addresses', async () => {
    const key = join(folder, 'fleet.key');
    await asking.ask(EXIT_OK, 'fleet', 'key', '--output', key);
    const options = ['--anonymise', '--fleet-key', key];
    fleet = await captured(network, ROOT, folder, 'anonymised', () => options);
    whole = await proveInFolder(asking, fleet);
    expect(whole.joins.counts).toMatchObject({ forged: 1, open: 0 });
  });

  it.skipIf(CLICKHOUSE_SERVER === null)(
    'prove the same on two ClickHouse shards, and claim no more than the living one holds where one is stopped (clickhouse-server)',
    async () => {
      if (whole === undefined) throw new Error('nothing was captured');
      expect(await proveOnShards(asking, fleet, whole, () => undefined)).toHaveLength(4);
    },
  );

  it('prove nothing where the others leave resets out, and name the cure', async () => {
    const moreOf = (node: Node): readonly string[] => (node === 'client' ? [] : WITHOUT_RESETS);
    await proveNothingWithoutResets(asking, await captured(network, ROOT, folder, 'filtered', moreOf));
  });
});
