/** What the demonstration does, step by step; each step waits for a state of what it started, and never for a time. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lineFrom, run } from '../../lab/processes.ts';
import { CAPTURING, type Network, type Node, SERVER_ADDRESS, SERVER_PORT } from './network.ts';

const SHIP = 'packaging/linux/resetscope-ship';
/** Of the repository, as it is built. */
export const PROGRAM = 'dist/cli/index.js';
/** Leaves out every packet that resets, so that nobody behind it can say that there was none. */
export const WITHOUT_RESETS = ['--filter', 'not (tcp[tcpflags] & tcp-rst != 0)'];

/** Starting a capture takes seconds on a busy machine. */
const START_MS = 120_000;

/** Answers, resets whoever says "reset", and ends connections that go silent. */
const SERVER = `
require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.setTimeout(1500, () => socket.end());
  socket.on('data', (data) => (String(data).startsWith('reset') ? socket.resetAndDestroy() : socket.write('answer')));
}).listen(${SERVER_PORT}, () => console.log('listening'));`;

/** One connection: says hello, waits for the answer, says what it is told to, and tells how it ended. */
const CLIENT = `
const what = { reset: 'reset', large: 'x'.repeat(1000), short: '' }[process.argv[1]];
const socket = require('node:net').connect(${SERVER_PORT}, '${SERVER_ADDRESS}', () => socket.write('hello'));
socket.once('data', () => (what === '' ? socket.end() : socket.write(what)));
socket.on('error', (error) => console.log('ended ' + error.code));
socket.on('end', () => console.log('ended in order'));`;

interface Agents {
  /** Where tables wait to be shipped, by host. */
  readonly spools: ReadonlyMap<string, string>;
  end(): Promise<void>;
}

/** @param program of resetscope @param moreOf further options of `live`, such as a key, by the host that it runs on */
async function startAgents(
  network: Network,
  program: string,
  folder: string,
  moreOf: (node: Node) => readonly string[],
): Promise<Agents> {
  const spools = new Map<string, string>();
  const agents: ChildProcess[] = [];
  for (const { node, interface: at } of CAPTURING) {
    const spool = join(folder, `spool-${node}`);
    mkdirSync(spool, { recursive: true });
    spools.set(node, spool);
    mkdirSync(join(folder, `capture-${node}`), { recursive: true });
    const options = [
      '--site',
      'demo',
      '--as-host',
      node,
      '--clock-bound',
      '0.001',
      '--no-witness',
      '-w',
      join(folder, `capture-${node}`),
      ...moreOf(node),
    ];
    const agent = network.start(node, process.execPath, [
      program,
      'live',
      '-i',
      at,
      '--spool',
      spool,
      '--spool-every',
      '2',
      ...options,
    ]);
    agents.push(agent);
    // What an agent says is told under its host's name, and read, so that no full pipe holds it up.
    for (const stream of [agent.stdout, agent.stderr])
      stream?.on('data', (said) => process.stderr.write(`${node}: ${String(said)}`));
    await lineFrom(agent, (line) => line.startsWith('capturing:'), `the agent of ${node}`, START_MS);
  }
  return {
    spools,
    end: async () => {
      await Promise.all(agents.map((agent) => network.group.end(agent, 'SIGINT', START_MS)));
    },
  };
}

/** Ordinary connections, one that the device resets, and one that the server resets. */
async function talk(network: Network): Promise<void> {
  const server = network.start('server', process.execPath, ['-e', SERVER]);
  await lineFrom(server, (line) => line === 'listening', 'the server', START_MS);
  for (const what of ['short', 'large', 'short', 'reset', 'short'])
    await network.run('client', process.execPath, '-e', CLIENT, what);
  await network.group.end(server);
}

/** Takes what each host wrote to the collector, by the script that ships with the product. */
async function ship(root: string, agents: Agents, fleet: string): Promise<void> {
  mkdirSync(fleet, { recursive: true });
  for (const spool of agents.spools.values()) await run('sh', join(root, SHIP), spool, `${fleet}/`);
}

/**
 * Three agents capture what the hosts talk, and what they wrote is shipped.
 * @param root of the repository, where the programs have been built @param name of a folder in `folder` @returns the folder of the fleet
 */
export async function captured(
  network: Network,
  root: string,
  folder: string,
  name: string,
  moreOf: (node: Node) => readonly string[] = () => [],
): Promise<string> {
  const fleet = join(folder, name, 'fleet');
  const agents = await startAgents(network, join(root, PROGRAM), join(folder, name), moreOf);
  await talk(network);
  await agents.end();
  await ship(root, agents, fleet);
  return fleet;
}
