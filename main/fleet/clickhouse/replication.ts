/** Whether a server keeps replicas of its tables. */
import type { ClickHouseServer } from './server.ts';
import type { Keeping } from './schema.ts';
import { linesOf } from './tab-separated.ts';

/** It does where it has a ZooKeeper or Keeper, and macros that say which shard and which replica it is. */
export async function replicationOf(
  server: ClickHouseServer,
  signal: AbortSignal,
): Promise<Keeping['replication']> {
  const keepers = await server.run(
    "SELECT count() FROM system.tables WHERE database = 'system' AND name = 'zookeeper' FORMAT TabSeparated",
    {},
    signal,
  );
  if (keepers.trim() === '0') return null;
  const text = await server.run(
    "SELECT macro, substitution FROM system.macros WHERE macro IN ('shard', 'replica') FORMAT TabSeparated",
    {},
    signal,
  );
  const macros = new Map([...linesOf(text)].map(([name, value]) => [name, value]));
  const shard = macros.get('shard');
  const replica = macros.get('replica');
  return shard === undefined || replica === undefined ? null : { shard, replica };
}
