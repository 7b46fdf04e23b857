/** Three hosts in network namespaces capture a reset that a device between them made: the tables that they ship prove it. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../lab/processes.ts';
import { ship, startAgents, talk } from './demo/demo.ts';
import { Network } from './demo/network.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'dist/cli/index.js');
const has = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const canRun =
  process.getuid?.() === 0 &&
  has('nft', '--version') &&
  has('tcpdump', '--version') &&
  has('rsync', '--version');

interface Joins {
  readonly joins: readonly {
    readonly reset: { readonly claimed: string; readonly host: string };
    readonly verdict: string;
    readonly between: readonly string[] | null;
  }[];
}

it.skipIf(!canRun)('proves across hosts who did not send a reset', { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-demo-test-'));
  const network = new Network(`rs-demo-test-${process.pid}`);
  try {
    await network.build();
    const key = join(folder, 'fleet.key');
    writeFileSync(key, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    const more = ['--anonymise', '--fleet-key', key];
    const agents = await startAgents(network, PROGRAM, folder, more);
    await talk(network);
    await agents.end();
    const fleet = join(folder, 'fleet');
    await ship(join(ROOT, 'packaging/linux/resetscope-ship'), agents, fleet);
    const { joins } = JSON.parse(
      await run(process.execPath, PROGRAM, 'fleet', 'join', '--store', fleet, '--json'),
    ) as Joins;
    const ofServer = joins.filter(({ reset }) => reset.claimed === 'server');
    expect(ofServer).toHaveLength(2);
    expect(ofServer.find(({ verdict }) => verdict === 'forged')).toMatchObject({
      ...{ reset: { host: 'client' }, between: ['client', 'middle'] },
    });
    expect(ofServer.find(({ verdict }) => verdict === 'sent')).toMatchObject({ between: null });
  } finally {
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
