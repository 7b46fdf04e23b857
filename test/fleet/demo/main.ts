/**
 * The demonstration of a fleet: three hosts capture the same forged reset, ship what they know of it, and `resetscope fleet join` proves who
 * did not send it; the same with anonymised addresses.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lab/processes.ts';
import { type Agents, ship, startAgents, talk } from './demo.ts';
import { Network } from './network.ts';

const SHIP = 'packaging/linux/resetscope-ship';
const PROGRAM = 'dist/cli/index.js';

/** @param root of the repository, where the programs have been built */
export async function main(root: string): Promise<number> {
  if (process.getuid?.() !== 0) {
    console.error('The demonstration makes network namespaces and captures in them: run it as root.');
    return 2;
  }
  const program = join(root, PROGRAM);
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-fleet-demo-'));
  const network = new Network(`rs-demo-${process.pid}`);
  const stop = (): void => {
    void network.close().finally(() => process.exit(130));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const ask = async (...args: string[]): Promise<void> => {
    console.log(`\n$ resetscope ${args.join(' ')}\n`);
    console.log(await run(process.execPath, program, ...args));
  };
  try {
    console.log(
      'client ── device ── middle ── server: client, middle and server capture; the device resets large requests.',
    );
    await network.build();
    for (const more of [[], ['--anonymise']]) {
      const fleet = join(folder, `fleet${more.join('')}`);
      console.log(
        `\n${more.length === 0 ? 'Three agents' : 'The same with anonymised addresses'}: live --spool`,
      );
      const withKey = more.length === 0 ? more : [...more, '--fleet-key', keyFile(folder)];
      const agents: Agents = await startAgents(network, program, join(folder, `of${more.join('')}`), withKey);
      await talk(network);
      await agents.end();
      await ship(join(root, SHIP), agents, fleet);
      await ask('fleet', 'findings', '--store', fleet);
      await ask('fleet', 'join', '--store', fleet);
      await ask('fleet', 'coverage', '--store', fleet);
    }
    return 0;
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All hosts of a fleet have the same. */
function keyFile(folder: string): string {
  const path = join(folder, 'fleet.key');
  writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  return path;
}
