/**
 * Two ClickHouse servers that are replicas of one shard, each in a network namespace of its own: old servers take whatever listens on their
 * own address for themselves. ZooKeeper stands beside the first, and so does who asks.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lab/processes.ts';
import { ClickHouseProcess, CLUSTER, type ServerPlace } from './clickhouse-servers.ts';
import { startZooKeeper } from './zookeeper.ts';

const KEEPER_PORT = 2181;

export interface ReplicatedServers {
  readonly servers: readonly ClickHouseProcess[];
  /** Where who asks has to be. */
  readonly namespace: string;
  place(database: string): string;
  close(): Promise<void>;
}

export async function startReplicas(): Promise<ReplicatedServers> {
  const root = mkdtempSync(join(tmpdir(), 'resetscope-replicas-'));
  const places = [1, 2].map((number): ServerPlace => ({
    ...{ host: `10.78.0.${number}`, namespace: `rs-replica${process.pid}-${number}` },
    ...{ http: 8123, tcp: 9000, interserver: 9009 },
  }));
  const [first, second] = places.map(({ namespace }) => String(namespace));
  const servers: ClickHouseProcess[] = [];
  let endKeeper: (() => Promise<void>) | undefined;
  const close = async (): Promise<void> => {
    for (const server of servers) await server.stop();
    await endKeeper?.();
    for (const namespace of [first, second])
      await run('ip', 'netns', 'delete', namespace).catch(() => undefined);
    rmSync(root, { recursive: true, force: true });
  };
  try {
    for (const namespace of [first, second]) await run('ip', 'netns', 'add', namespace);
    await run('ip', 'link', 'add', 'eth0', 'netns', first, 'type', 'veth', 'peer', 'eth0', 'netns', second);
    for (const { namespace, host } of places) {
      const inside = ['-netns', String(namespace)];
      await run('ip', ...inside, 'address', 'add', `${host}/24`, 'dev', 'eth0');
      for (const device of ['lo', 'eth0']) await run('ip', ...inside, 'link', 'set', device, 'up');
    }
    endKeeper = await startZooKeeper(places[0].host, KEEPER_PORT, first);
    for (const [at, place] of places.entries()) {
      const more = [
        `<zookeeper><node><host>${places[0].host}</host><port>${KEEPER_PORT}</port></node></zookeeper>`,
        `<macros><shard>1</shard><replica>server-${at + 1}</replica></macros>`,
      ];
      const server = new ClickHouseProcess(join(root, `server-${at + 1}`), place, [places], more);
      servers.push(server);
      await server.start();
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    servers,
    namespace: first,
    place: (database) =>
      `clickhouse://${places.map(({ host }) => host).join(',')}/${database}?cluster=${CLUSTER}`,
    close,
  };
}
