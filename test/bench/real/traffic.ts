/**
 * Real traffic, made on the spot: nginx answers wrk through a router, and tcpdump writes on the router what passes. Client, router and
 * server are network namespaces with one link between each two; nothing leaves this machine. Root is needed, and the programs of
 * `NEEDED`.
 *
 * Frames are of the link's size: the hosts hand their kernels large segments (GSO), and those cut them before the link (TSO off), as a
 * network card would. The client merges what it receives (GRO on), as hosts with a network card do, and so acknowledges less often; the
 * router does not (GRO off), or it would capture frames that were never on a wire.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessGroup, run } from '../../lab/processes.ts';
import { Random } from '../random.ts';

/** Part of the cached file's name: grows whenever the traffic would be another. */
export const TRAFFIC_VERSION = 1;

/** Programs, and the Debian packages that hold them. */
const NEEDED = {
  ip: 'iproute2',
  tc: 'iproute2',
  ethtool: 'ethtool',
  nginx: 'nginx-light',
  wrk: 'wrk',
  tcpdump: 'tcpdump',
} as const;

/** The name of a namespace holds the process that made it, so that those of a killed one can be told and removed. */
const PREFIX = 'rsbench';
const SERVERS = 4;

/** What the link carries at most, so that tcpdump comes along on two cores; the queue before it overflows, as queues do. */
const LINK = ['rate', '2gbit', 'burst', '128k', 'limit', '2m'];
/** MiB in the kernel for what tcpdump has not written yet. */
const CAPTURE_BUFFER_MIB = 256;
/** However slow the machine is, the traffic ends. */
const LONGEST_SECONDS = 1200;

const OBJECTS = { 'status.json': 180, 'page.html': 10_000, 'image.bin': 1_000_000 } as const;

/** Bytes a second for each connection, or images would leave nothing of the link to the small objects. */
const IMAGE_RATE = '600k';

interface Load {
  readonly object: keyof typeof OBJECTS;
  readonly family: 4 | 6;
  readonly server: number;
  readonly connections: number;
  readonly close?: true;
}

const LOADS: readonly Load[] = [
  { object: 'status.json', family: 4, server: 0, connections: 16 },
  { object: 'status.json', family: 4, server: 1, connections: 4, close: true },
  { object: 'page.html', family: 4, server: 2, connections: 16 },
  { object: 'page.html', family: 4, server: 3, connections: 4, close: true },
  { object: 'page.html', family: 6, server: 0, connections: 8 },
  { object: 'image.bin', family: 4, server: 1, connections: 120 },
  { object: 'image.bin', family: 4, server: 2, connections: 30, close: true },
  { object: 'image.bin', family: 6, server: 3, connections: 40 },
];

export interface TrafficReport {
  readonly packets: number;
  readonly bytes: number;
  /** What the kernel could not hand to tcpdump: packets that the capture lacks though they passed. */
  readonly dropped: number;
  readonly seconds: number;
}

/** What stands in the way of making traffic here; empty where nothing does. */
export function obstacles(): string[] {
  const missing = Object.entries(NEEDED).filter(
    ([program]) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status !== 0,
  );
  const packages = [...new Set(missing.map(([, name]) => name))];
  const programs = missing.map(([program]) => program).join(', ');
  return [
    ...(process.platform === 'linux' ? [] : ['network namespaces need Linux']),
    ...(process.getuid?.() === 0 ? [] : ['network namespaces need root']),
    ...(missing.length === 0 ? [] : [`not installed: ${programs} (Debian packages ${packages.join(', ')})`]),
  ];
}

/** Captures so many packets of real traffic to a new file. */
export async function captureTraffic(path: string, packets: number): Promise<TrafficReport> {
  const network = new Network();
  const work = await mkdtemp(`${path}.work-`);
  const leave = (): void => void network.remove().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    await network.build();
    await startServer(network, work);
    return await record(network, path, packets);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
    await network.remove();
    await rm(work, { recursive: true, force: true });
  }
}

async function record(network: Network, path: string, packets: number): Promise<TrafficReport> {
  const capture = network.start('router', 'tcpdump', [
    ...['-i', 'toclient', '-n', '-p', '-s', '0', '-B', String(CAPTURE_BUFFER_MIB * 1024)],
    ...['-c', String(packets), '-w', path, '-Z', 'root', 'tcp'],
  ]);
  const said = outputOf(capture);
  await until(() => said.text.includes('listening on'), 'tcpdump listens', capture, said);
  const began = performance.now();
  for (const load of LOADS) startLoad(network, load);
  await until(() => capture.exitCode !== null, `${packets} packets`, null, said, LONGEST_SECONDS);
  const seconds = (performance.now() - began) / 1000;
  const dropped = Number(/(\d+) packets dropped by kernel/.exec(said.text)?.[1] ?? 0);
  if (capture.exitCode !== 0) throw new Error(`tcpdump ended with ${capture.exitCode}: ${said.text}`);
  return { packets, bytes: (await stat(path)).size, dropped, seconds };
}

function startLoad(network: Network, load: Load): void {
  const host = load.family === 4 ? address4(load.server) : `[${address6(load.server)}]`;
  const child = network.start('client', 'wrk', [
    ...['-t', '1', '-c', String(load.connections), '-d', `${LONGEST_SECONDS}s`, '--timeout', '30s'],
    ...(load.close === true ? ['-H', 'Connection: close'] : []),
    `http://${host}/${load.object}`,
  ]);
  outputOf(child);
}

async function startServer(network: Network, work: string): Promise<void> {
  const random = new Random(1);
  await mkdir(join(work, 'files'));
  for (const [name, size] of Object.entries(OBJECTS)) {
    const bytes = Uint8Array.from({ length: size }, () => random.u32());
    const text = JSON.stringify({ status: 'ok', items: Array.from({ length: 8 }, (_, i) => i * 977) });
    await writeFile(join(work, 'files', name), name.endsWith('.json') ? text.padEnd(size) : bytes);
  }
  const configuration = join(work, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(
    configuration,
    `daemon off; user root; worker_processes 1; pid ${work}/pid; error_log stderr error;
     events { worker_connections 4096; }
     http {
       types { application/json json; text/html html; application/octet-stream bin; }
       access_log off; sendfile on; keepalive_requests 100;
       ${temporary.map((name) => `${name}_temp_path ${work}/${name};`).join(' ')}
       server { listen 80 backlog=4096; listen [::]:80 backlog=4096; root ${work}/files;
         location = /image.bin { limit_rate ${IMAGE_RATE}; } }
     }`,
  );
  const server = network.start('server', 'nginx', ['-e', 'stderr', '-c', configuration]);
  const said = outputOf(server);
  await until(() => existsSync(join(work, 'pid')), 'nginx runs', server, said);
}

class Network {
  readonly #group = new ProcessGroup();
  readonly #id = `${PREFIX}${process.pid}`;

  start(node: Node, command: string, args: readonly string[]): ChildProcess {
    const inside = ['netns', 'exec', this.#name(node), 'setpriv', '--pdeathsig', 'KILL', command];
    return this.#group.start('ip', [...inside, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async build(): Promise<void> {
    await removeAbandoned();
    for (const node of NODES) await run('ip', 'netns', 'add', this.#name(node));
    // No address is looked for elsewhere first, or IPv6 would begin a second late.
    for (const node of NODES) await this.#run(node, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0');
    await this.#link('client', 'toclient', 1);
    await this.#link('server', 'toserver', 2);
    await this.#run('router', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    // Short connections use up a client's ports, which rest a minute each.
    await this.#run('client', 'sysctl', '-qw', 'net.ipv4.tcp_tw_reuse=1');
    await this.#run('client', 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=1024 65535');
    for (let i = 0; i < SERVERS; i++) {
      await this.#ip('client', 'addr', 'add', `198.18.1.${10 + i}/24`, 'dev', 'uplink');
      await this.#ip('client', 'addr', 'add', `2001:db8:1::${10 + i}/64`, 'dev', 'uplink', 'nodad');
      await this.#ip('server', 'addr', 'add', `${address4(i)}/24`, 'dev', 'uplink');
      await this.#ip('server', 'addr', 'add', `${address6(i)}/64`, 'dev', 'uplink', 'nodad');
    }
    // Each server is asked from an address of its own, as if by several clients.
    for (let i = 0; i < SERVERS; i++) {
      await this.#ip('client', 'route', 'add', address4(i), 'via', '198.18.1.1', 'src', `198.18.1.${10 + i}`);
      const via = ['via', '2001:db8:1::1', 'src', `2001:db8:1::${10 + i}`];
      await this.#ip('client', '-6', 'route', 'add', address6(i), 'dev', 'uplink', ...via);
    }
    await this.#ip('server', 'route', 'add', 'default', 'via', '198.18.2.1');
    await this.#ip('server', '-6', 'route', 'add', 'default', 'via', '2001:db8:2::1');
  }

  /** Ends what was started, and takes the namespaces away; whatever of it is not there is passed over. */
  async remove(): Promise<void> {
    await this.#group.endAll();
    for (const node of NODES) await run('ip', 'netns', 'del', this.#name(node)).catch(() => undefined);
  }

  async #link(host: 'client' | 'server', atRouter: string, net: number): Promise<void> {
    const router = this.#name('router');
    const ends = [atRouter, 'netns', router, 'type', 'veth', 'peer', 'name', 'uplink'];
    await run('ip', 'link', 'add', ...ends, 'netns', this.#name(host));
    await this.#ip('router', 'addr', 'add', `198.18.${net}.1/24`, 'dev', atRouter);
    await this.#ip('router', 'addr', 'add', `2001:db8:${net}::1/64`, 'dev', atRouter, 'nodad');
    await this.#run(host, 'ethtool', '-K', 'uplink', 'tso', 'off', 'gso', 'on', 'gro', 'on');
    await this.#run('router', 'ethtool', '-K', atRouter, 'tso', 'off', 'gso', 'off', 'gro', 'off');
    await this.#ip(host, 'link', 'set', 'lo', 'up');
    await this.#ip(host, 'link', 'set', 'uplink', 'up');
    await this.#ip('router', 'link', 'set', atRouter, 'up');
    await this.#run('router', 'tc', 'qdisc', 'add', 'dev', atRouter, 'root', 'tbf', ...LINK);
  }

  #name(node: Node): string {
    return `${this.#id}-${node}`;
  }

  async #ip(node: Node, ...args: string[]): Promise<void> {
    await run('ip', '-n', this.#name(node), ...args);
  }

  async #run(node: Node, ...args: string[]): Promise<void> {
    await run('ip', 'netns', 'exec', this.#name(node), ...args);
  }
}

const NODES = ['client', 'router', 'server'] as const;
type Node = (typeof NODES)[number];

const address4 = (server: number): string => `198.18.2.${10 + server}`;
const address6 = (server: number): string => `2001:db8:2::${10 + server}`;

/** A run that was killed could not take its namespaces away. */
async function removeAbandoned(): Promise<void> {
  const folder = '/run/netns';
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await run('ip', 'netns', 'del', name);
  }
}

/** The end of what a process says; a pipe that nobody empties would stop it. */
function outputOf(child: ChildProcess): { text: string } {
  const said = { text: '' };
  const take = (chunk: Buffer): void => void (said.text = (said.text + String(chunk)).slice(-4000));
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return said;
}

/** Waits for a state; a process that must run meanwhile and ends, or patience that does, is an error that says what was said. */
async function until(
  holds: () => boolean,
  what: string,
  needed: ChildProcess | null,
  said: { readonly text: string },
  patienceSeconds = 30,
): Promise<void> {
  const patience = performance.now() + patienceSeconds * 1000;
  while (!holds()) {
    if (needed !== null && needed.exitCode !== null) throw new Error(`${what}: it ended: ${said.text}`);
    if (performance.now() > patience)
      throw new Error(`${what}: not after ${patienceSeconds} s: ${said.text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
