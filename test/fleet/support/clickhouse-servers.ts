/** Real ClickHouse servers on loopback, each in a folder of its own, started for a test and ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lab/processes.ts';
import { until } from '../../support/until.ts';

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

/** @param count how many there are; each is a shard of the cluster `fleet` */
export async function startServers(count: number): Promise<TestServers> {
  const root = mkdtempSync(join(tmpdir(), 'resetscope-clickhouse-'));
  const ports = await freePorts(count * 3);
  const places = Array.from({ length: count }, (_, at) => ({
    host: '127.0.0.1',
    namespace: null,
    http: ports[at * 3],
    tcp: ports[at * 3 + 1],
    interserver: ports[at * 3 + 2],
  }));
  const shards = places.map((place) => [place]);
  const servers: ClickHouseProcess[] = [];
  try {
    for (const [at, place] of places.entries()) {
      const server = new ClickHouseProcess(join(root, `server-${at + 1}`), place, shards);
      servers.push(server);
      await server.start();
    }
  } catch (error) {
    for (const server of servers) await server.stop();
    throw error;
  }
  return {
    servers,
    one: (database, at = 0) => `clickhouse://127.0.0.1:${servers[at].httpPort}/${database}`,
    all: (database) =>
      `clickhouse://${servers.map(({ httpPort }) => `127.0.0.1:${httpPort}`).join(',')}/${database}?cluster=${CLUSTER}`,
    close: async () => {
      for (const server of servers) await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export interface ServerPlace {
  readonly host: string;
  /** Network namespace that it runs in; null for ours. */
  readonly namespace: string | null;
  readonly http: number;
  readonly tcp: number;
  readonly interserver: number;
}

/** One server, which is started and ended as often as a test wants. */
export class ClickHouseProcess implements TestServer {
  readonly httpPort: number;
  readonly folder: string;
  readonly #place: ServerPlace;
  #child: ChildProcess | null = null;

  /**
   * @param shards of its cluster, each with its replicas
   * @param more elements of its configuration
   */
  constructor(
    folder: string,
    place: ServerPlace,
    shards: readonly (readonly ServerPlace[])[],
    more: readonly string[] = [],
  ) {
    this.folder = folder;
    this.httpPort = place.http;
    this.#place = place;
    for (const name of ['data', 'tmp', 'user_files', 'format_schemas'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'config.xml'), configOf(folder, place, shards, more));
    writeFileSync(join(folder, 'users.xml'), USERS);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    if (CLICKHOUSE_SERVER === null) throw new Error('clickhouse-server is not installed');
    // One of an old pid would keep it from starting.
    rmSync(join(this.folder, 'data/status'), { force: true });
    const [program, ...args] = this.#inside(
      CLICKHOUSE_SERVER,
      `--config-file=${join(this.folder, 'config.xml')}`,
    );
    const child = spawn(program, args, { cwd: this.folder, stdio: 'ignore' });
    this.#child = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`clickhouse-server ended: ${this.#log()}`);
      try {
        return (await this.get('/ping')) === 'Ok.\n';
      } catch {
        return false;
      }
    }, 'clickhouse-server answers');
  }

  /** What it answers to an HTTP request. */
  async get(path: string): Promise<string> {
    const url = `http://${this.#place.host}:${this.httpPort}${path}`;
    if (this.#place.namespace === null) return (await fetch(url)).text();
    const script =
      'fetch(process.argv[1]).then((answer) => answer.text()).then((text) => process.stdout.write(text))';
    const [program, ...args] = this.#inside(process.execPath, '-e', script, url);
    return run(program, ...args);
  }

  #inside(...command: readonly string[]): readonly string[] {
    const { namespace } = this.#place;
    return namespace === null ? command : ['ip', 'netns', 'exec', namespace, ...command];
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

function configOf(
  folder: string,
  { host, http, tcp, interserver }: ServerPlace,
  shards: readonly (readonly ServerPlace[])[],
  more: readonly string[],
): string {
  const replica = (one: ServerPlace): string =>
    `<replica><host>${one.host}</host><port>${one.tcp}</port></replica>`;
  const elements = shards.map(
    (shard) =>
      `<shard><internal_replication>true</internal_replication>${shard.map(replica).join('')}</shard>`,
  );
  return `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/errors.log</errorlog><size>10M</size><count>1</count></logger>
  <listen_host>${host}</listen_host>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
  <interserver_http_host>${host}</interserver_http_host><interserver_http_port>${interserver}</interserver_http_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
  <user_files_path>${folder}/user_files/</user_files_path><format_schema_path>${folder}/format_schemas/</format_schema_path>
  <users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size><uncompressed_cache_size>0</uncompressed_cache_size>
  <remote_servers><${CLUSTER}>${elements.join('')}</${CLUSTER}></remote_servers>
  ${more.join('\n  ')}
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
    <default><password></password><networks><ip>127.0.0.1</ip><ip>10.0.0.0/8</ip></networks><profile>default</profile><quota>default</quota></default>
    <reader><password>let'me&amp;read</password><networks><ip>127.0.0.1</ip></networks><profile>reader</profile><quota>default</quota></reader>
    <strict><password></password><networks><ip>127.0.0.1</ip></networks><profile>strict</profile><quota>default</quota></strict>
  </users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
</yandex>
`;
