/** Letting go of days. A day of a table is a partition: dropping it takes no time, whatever it holds. */
import { FLEET_KINDS } from '../../../shared/fleet/tables.ts';
import { FleetError } from '../store.ts';
import { type Cluster, lookAround, type Peer } from './cluster.ts';
import { int64Literal, nameLiteral, textLiteral } from './literal.ts';
import { deleteWhere } from './mutations.ts';
import { checkTables, serversOf } from './open.ts';
import { parseClickHousePlace } from './place.ts';
import { DAY_NANOSECONDS, localName } from './schema.ts';
import { fleetErrorOf } from './server.ts';
import { linesOf } from './tab-separated.ts';

/** By day: open flows may be older than what they are kept for, and captures are one partition. */
const BY_DAY = FLEET_KINDS.filter((kind) => kind !== 'captures' && kind !== 'open_flows');

/**
 * @param firstDay the first day that stays, as days since 1970
 * @returns days that went, as days since 1970, in order
 * @throws FleetError; the signal's reason
 */
export async function retainClickHouse(
  place: string,
  firstDay: number,
  signal: AbortSignal,
  password: string = process.env.RESETSCOPE_CLICKHOUSE_PASSWORD ?? '',
): Promise<readonly number[]> {
  const parsed = parseClickHousePlace(place, password);
  const servers = serversOf(parsed);
  try {
    const cluster: Cluster = await lookAround(parsed, servers, signal);
    if (cluster.dead.length > 0) {
      const names = cluster.dead.map(({ name, why }) => `${name} (${why})`).join(', ');
      throw new FleetError('unreachable', `nothing is removed while a server is out of reach: ${names}`);
    }
    const gone = new Set<number>();
    for (const peer of cluster.peers) {
      await checkTables(parsed, peer, signal);
      for (const day of await dropDays(peer, parsed.cluster, firstDay, signal)) gone.add(day);
    }
    return [...gone].sort((a, b) => a - b);
  } catch (error) {
    throw fleetErrorOf(error, parsed.hosts.map(({ name }) => name).join(', '));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function dropDays(
  { server }: Peer,
  cluster: string | null,
  firstDay: number,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const gone = new Set<number>();
  // A bare number would be taken for one without a sign, which old servers compare with none that has one.
  const from = `toInt64(${int64Literal(BigInt(firstDay) * DAY_NANOSECONDS)})`;
  // Captures first: what is covered is whole at any moment.
  await deleteWhere(server, 'captures', `ifNull(ifNull(last_time, time), ${from}) < ${from}`, signal);
  await deleteWhere(server, localName('open_flows', cluster), `ifNull(last_time, ${from}) < ${from}`, signal);
  await deleteWhere(server, 'runs', `time < ${from}`, signal);
  for (const kind of BY_DAY) {
    const table = localName(kind, cluster);
    const text = await server.run(
      `SELECT DISTINCT toUInt32(partition) FROM system.parts
WHERE database = currentDatabase() AND table = ${textLiteral(table)} AND active AND toUInt32(partition) < ${firstDay} FORMAT TabSeparated`,
      {},
      signal,
    );
    for (const [day] of linesOf(text)) {
      await server.run(`ALTER TABLE ${nameLiteral(table)} DROP PARTITION ${Number(day)}`, {}, signal);
      gone.add(Number(day));
    }
  }
  return gone;
}
