/**
 * The demonstration of a fleet: three hosts capture the same forged reset, ship what they know of it, and `resetscope fleet join` proves who
 * did not send it; the same with anonymised addresses, with hosts that leave resets out, on two ClickHouse shards, and with one of them stopped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLICKHOUSE_SERVER, type TestServers } from '../support/clickhouse-servers.ts';
import { Asking, EXIT_OK, Unproven } from './asking.ts';
import { captured, PROGRAM, WITHOUT_RESETS } from './demo.ts';
import { proveInFolder, proveNothingWithoutResets } from './folder.ts';
import { Network } from './network.ts';
import { proveOnShards } from './shards.ts';

/** @param root of the repository, where the programs have been built */
export async function main(root: string): Promise<number> {
  if (process.getuid?.() !== 0) {
    console.error('The demonstration makes network namespaces and captures in them: run it as root.');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-fleet-demo-'));
  const network = new Network(`rs-demo-${process.pid}`);
  let servers: TestServers | undefined;
  const stop = (): void => {
    void Promise.allSettled([network.close(), servers?.close()]).finally(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const asking = new Asking(join(root, PROGRAM), (text) => console.log(text));
  const proven: string[] = [];
  try {
    console.log(
      'client ── device ── middle ── server: client, middle and server capture; the device resets large requests.',
    );
    await network.build();

    console.log('\nThree agents: live --spool');
    await proveInFolder(asking, await captured(network, root, folder, 'plain'));
    proven.push(
      'Three hosts captured one forged reset: the folder that they shipped proves that the server did not send it, and between which hosts it was made; and that the server’s own reset is its own.',
    );

    console.log('\nThe same with anonymised addresses, under a key of the fleet');
    const key = join(folder, 'fleet.key');
    await asking.ask(EXIT_OK, 'fleet', 'key', '--output', key);
    const fleet = await captured(network, root, folder, 'anonymised', () => [
      '--anonymise',
      '--fleet-key',
      key,
    ]);
    const whole = await proveInFolder(asking, fleet);
    proven.push('With anonymised addresses the same was proven.');

    console.log('\nThe same where middle and server leave resets out of what they capture');
    const filtered = await captured(network, root, folder, 'filtered', (node) =>
      node === 'client' ? [] : WITHOUT_RESETS,
    );
    await proveNothingWithoutResets(asking, filtered);
    proven.push('Where the other hosts leave resets out, both were left open, and the cure was named.');

    if (CLICKHOUSE_SERVER === null) {
      proven.push(
        'Skipped: two ClickHouse shards, and one of them stopped. clickhouse-server is not installed here (apt-get install clickhouse-server).',
      );
    } else {
      console.log('\nThe anonymised fleet on two ClickHouse shards');
      proven.push(...(await proveOnShards(asking, fleet, whole, (started) => (servers = started))));
    }
    console.log(`\nProven:\n${proven.map((line) => `- ${line}`).join('\n')}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Unproven)) throw error;
    console.error(`\nThe demonstration failed: ${error.message}`);
    return 1;
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
