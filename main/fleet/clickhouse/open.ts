/** Opens a ClickHouse that keeps a fleet, to be asked. Nothing is made or changed there: `fleet ingest` does that. */
import { FleetError, type FleetStore } from '../store.ts';
import { ClickHouseStore, type StoreParts } from './clickhouse-store.ts';
import { type Cluster, lookAround, type Peer } from './cluster.ts';
import { MIGRATIONS, migrationsOf } from './migrate.ts';
import { type ClickHousePlace, parseClickHousePlace } from './place.ts';
import { type ClickHouseServer, fleetErrorOf, HttpServer } from './server.ts';
import { linesOf } from './tab-separated.ts';

/**
 * @param place clickhouse://[user[:password]@]host[:port][,host[:port]…]/database[?cluster=name]
 * @throws FleetError 'unreachable' where no server answers, 'not-a-fleet' where there are no tables of one; the signal's reason
 */
export async function openClickHouse(
  place: string,
  signal: AbortSignal,
  password: string = process.env.RESETSCOPE_CLICKHOUSE_PASSWORD ?? '',
): Promise<FleetStore> {
  const parsed = parseClickHousePlace(place, password);
  const servers = serversOf(parsed);
  try {
    return await openServers(parsed, servers, signal);
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    throw error;
  }
}

export function serversOf(place: ClickHousePlace): readonly ClickHouseServer[] {
  if (place.cluster === null && place.hosts.length > 1) {
    throw new FleetError(
      'not-a-fleet',
      'a place with several hosts needs the name of their cluster: …/database?cluster=name',
    );
  }
  return place.hosts.map((host) => new HttpServer(place, host, place.database));
}

export async function openServers(
  place: ClickHousePlace,
  servers: readonly ClickHouseServer[],
  signal: AbortSignal,
  options: Pick<StoreParts, 'watchMs'> = {},
): Promise<FleetStore> {
  const cluster = await lookAround(place, servers, signal);
  for (const peer of cluster.peers) {
    try {
      await checkTables(place, peer, signal);
    } catch (error) {
      throw fleetErrorOf(error, peer.server.name);
    }
  }
  const mayBeReadOnly = await mayChooseReadOnly(cluster, signal);
  return new ClickHouseStore({ name: place.name, servers, cluster, mayBeReadOnly, ...options });
}

/** @throws ServerError; FleetError where it has none, or keeps them in another way than the place says */
export async function checkTables(
  place: ClickHousePlace,
  { server }: Peer,
  signal: AbortSignal,
): Promise<void> {
  const where = `${server.name}, database ${place.database},`;
  const done = await migrationsOf(server, signal);
  if (!done.has(1)) {
    throw new FleetError(
      'not-a-fleet',
      `${where} has no tables of a fleet; “resetscope fleet ingest FOLDER --store PLACE” makes them`,
    );
  }
  if (Math.max(...done) > MIGRATIONS.length) {
    throw new FleetError('failed', `${where} was made by a newer version of Resetscope; update this one`);
  }
  const text = await server.run('SELECT cluster FROM layout_local LIMIT 1 FORMAT TabSeparated', {}, signal);
  const [own = ''] = [...linesOf(text)].flat();
  if (own !== (place.cluster ?? '')) {
    throw new FleetError(
      'not-a-fleet',
      own === ''
        ? `${where} keeps a fleet by itself and not in a cluster; leave ?cluster= out, or name another database`
        : `${where} keeps a part of a fleet that is spread over the cluster “${own}”; add ?cluster=${own} and all of its hosts`,
    );
  }
}

/** Who may only read already can be refused to say so again. */
async function mayChooseReadOnly({ peers }: Cluster, signal: AbortSignal): Promise<boolean> {
  const { server } = peers[0];
  const sql = "SELECT value FROM system.settings WHERE name = 'readonly' FORMAT TabSeparated";
  try {
    const value = (await server.run(sql, {}, signal)).trim();
    if (value === '1') {
      throw new FleetError(
        'failed',
        `the user of ${server.name} may not choose settings (readonly = 1), which questions need; give it a profile with readonly = 2`,
      );
    }
    return value === '0';
  } catch (error) {
    throw fleetErrorOf(error, server.name);
  }
}
