/** Real ClickHouse servers on loopback, each in a folder of its own, started for a test and ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import { startZooKeeper } from './zookeeper.ts';

/** Null where it is not installed. */
export const CLICKHOUSE_SERVER: string | null =
  ['/usr/bin/clickhouse-server', '/usr/sbin/clickhouse-server'].find((path) => existsSync(path)) ?? null;

export const CLUSTER = 'fleet';

export interface TestServer {
  readonly httpPort: number;
  readonly pid: number;
  /** Its folder, with what it keeps. */
  readonly folder: string;
  /** Ends it at once, as a machine that loses power; what it had written stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Holds it, so that it takes connections and says nothing. */
  hold(): void;
  goOn(): void;
}

export interface TestServers {
  readonly servers: readonly TestServer[];
  /** The place of one of them alone, by itself. */
  one(database: string, at?: number): string;
  /** The place of all of them as a cluster. */
  all(database: string): string;
  close(): Promise<void>;
}

/**
 * @param count how many there are; each is a shard of the cluster `fleet`, or all of them are replicas of its one shard
 * @param hasReplicas needs ZooKeeper
 */
export async function startServers(count: number, hasReplicas = false): Promise<TestServers> {
  const root = mkdtempSync(join(tmpdir(), 'resetscope-clickhouse-'));
  const ports = await freePorts(count * 3 + 1);
  const keeper = hasReplicas ? await startZooKeeper(ports[count * 3]) : null;
  const places = Array.from({ length: count }, (_, at) => ({
    http: ports[at * 3],
    tcp: ports[at * 3 + 1],
    interserver: ports[at * 3 + 2],
  }));
  const servers: Server[] = [];
  try {
    for (const [at, place] of places.entries()) {
      const config = { number: at + 1, ports: place, all: places, keeperPort: keeper?.port ?? null };
      const server = new Server(join(root, `server-${at + 1}`), config);
      servers.push(server);
      await server.start();
    }
  } catch (error) {
    for (const server of servers) await server.stop();
    await keeper?.close();
    throw error;
  }
  return {
    servers,
    one: (database, at = 0) => `clickhouse://127.0.0.1:${servers[at].httpPort}/${database}`,
    all: (database) =>
      `clickhouse://${servers.map(({ httpPort }) => `127.0.0.1:${httpPort}`).join(',')}/${database}?cluster=${CLUSTER}`,
    close: async () => {
      for (const server of servers) await server.stop();
      await keeper?.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

interface Ports {
  readonly http: number;
  readonly tcp: number;
  readonly interserver: number;
}

interface ServerConfig {
  /** From 1. */
  readonly number: number;
  readonly ports: Ports;
  readonly all: readonly Ports[];
  /** Null where there are no replicas. */
  readonly keeperPort: number | null;
}

class Server implements TestServer {
  readonly httpPort: number;
  readonly folder: string;
  #child: ChildProcess | null = null;

  constructor(folder: string, config: ServerConfig) {
    this.folder = folder;
    this.httpPort = config.ports.http;
    for (const name of ['data', 'tmp', 'user_files', 'format_schemas'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'config.xml'), configOf(folder, config));
    writeFileSync(join(folder, 'users.xml'), USERS);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    if (CLICKHOUSE_SERVER === null) throw new Error('clickhouse-server is not installed');
    // One of an old pid would keep it from starting.
    rmSync(join(this.folder, 'data/status'), { force: true });
    const child = spawn(CLICKHOUSE_SERVER, [`--config-file=${join(this.folder, 'config.xml')}`], {
      cwd: this.folder,
      stdio: 'ignore',
    });
    this.#child = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`clickhouse-server ended: ${this.#log()}`);
      try {
        return (await fetch(`http://127.0.0.1:${this.httpPort}/ping`)).ok;
      } catch {
        return false;
      }
    }, 'clickhouse-server answers');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  hold(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  #log(): string {
    try {
      return readFileSync(join(this.folder, 'errors.log'), 'utf8').slice(-2000);
    } catch {
      return 'it wrote nothing';
    }
  }
}

/** Ports that nobody has now; they are held all together, so that none is named twice. */
async function freePorts(count: number): Promise<number[]> {
  const holders = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const holder = createServer();
          holder.once('error', reject);
          holder.listen(0, '127.0.0.1', () => resolve(holder));
        }),
    ),
  );
  const ports = holders.map((holder) => {
    const address = holder.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

function configOf(folder: string, { number, ports, all, keeperPort }: ServerConfig): string {
  const { http, tcp, interserver } = ports;
  const replicas = all.map((one) => `<replica><host>127.0.0.1</host><port>${one.tcp}</port></replica>`);
  const shards = keeperPort === null ? replicas : [replicas.join('')];
  const keeping =
    keeperPort === null
      ? ''
      : `<zookeeper><node><host>127.0.0.1</host><port>${keeperPort}</port></node></zookeeper>
  <macros><shard>1</shard><replica>server-${number}</replica></macros>`;
  return `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/errors.log</errorlog><size>10M</size><count>1</count></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
  <interserver_http_host>127.0.0.1</interserver_http_host><interserver_http_port>${interserver}</interserver_http_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
  <user_files_path>${folder}/user_files/</user_files_path><format_schema_path>${folder}/format_schemas/</format_schema_path>
  <users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size><uncompressed_cache_size>0</uncompressed_cache_size>
  <remote_servers><${CLUSTER}>${shards.map((one) => `<shard><internal_replication>true</internal_replication>${one}</shard>`).join('')}</${CLUSTER}></remote_servers>
  ${keeping}
</yandex>
`;
}

/** One who may all, one who may read, and one who may not even choose how. */
const USERS = `<?xml version="1.0"?>
<yandex>
  <profiles>
    <default><max_memory_usage>4000000000</max_memory_usage></default>
    <reader><readonly>2</readonly></reader>
    <strict><readonly>1</readonly></strict>
  </profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <reader><password>let'me&amp;read</password><networks><ip>127.0.0.1</ip></networks><profile>reader</profile><quota>default</quota></reader>
    <strict><password></password><networks><ip>127.0.0.1</ip></networks><profile>strict</profile><quota>default</quota></strict>
  </users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
</yandex>
`;
