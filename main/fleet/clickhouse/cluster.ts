/** The servers of a place: which of them answer, and which part of the rows each one holds. */
import { FleetError } from '../store.ts';
import { textLiteral } from './literal.ts';
import type { ClickHousePlace } from './place.ts';
import { type ClickHouseServer, fleetErrorOf, ServerError } from './server.ts';
import { linesOf } from './tab-separated.ts';

/** A server that says nothing for so long is told as one that does not answer. */
export const ANSWER_MS = 10_000;

/** A server of a cluster as its configuration names it. */
export interface ClusterMember {
  readonly shard: number;
  readonly replica: number;
  /** Its address between servers, which is not the one that we ask. */
  readonly name: string;
}

export interface Peer {
  readonly server: ClickHouseServer;
  readonly version: string;
  /** Which part it holds; shard 1 without a cluster. */
  readonly shard: number;
}

export interface Cluster {
  readonly peers: readonly Peer[];
  /** Hosts of the place that did not answer. */
  readonly dead: readonly { readonly name: string; readonly why: string }[];
  /** Empty without a cluster. */
  readonly members: readonly ClusterMember[];
  readonly shards: number;
}

/**
 * @throws FleetError 'unreachable' where no server answers; 'not-a-fleet' where there is no such cluster, or the place does not name
 * all of its hosts
 */
export async function lookAround(
  place: ClickHousePlace,
  servers: readonly ClickHouseServer[],
  signal: AbortSignal,
): Promise<Cluster> {
  const looked = await Promise.all(servers.map((server) => lookAt(server, place.cluster, signal)));
  const peers = looked.flatMap((one) => ('why' in one ? [] : [one]));
  const dead = looked.flatMap((one) => ('why' in one ? [{ name: one.name, why: one.why }] : []));
  if (peers.length === 0) throw nobodyAnswers(dead);
  if (place.cluster === null) return { peers: peers.map(peerOf), dead, members: [], shards: 1 };
  const { members } = peers[0];
  if (members.length === 0) {
    throw new FleetError(
      'not-a-fleet',
      `${peers[0].server.name} knows no cluster “${place.cluster}”; it is set up under remote_servers in the server’s configuration`,
    );
  }
  for (const { server, members: others } of peers) {
    if (others.map(keyOf).join() !== members.map(keyOf).join()) {
      throw new FleetError(
        'not-a-fleet',
        `${server.name} and ${peers[0].server.name} know the cluster “${place.cluster}” as different hosts; their remote_servers must say the same`,
      );
    }
  }
  const found = new Set<number>();
  for (const { own } of peers) found.add(own.find((at) => !found.has(at)) ?? own[0]);
  const strangers = peers.filter(({ own }) => own.length === 0).map(({ server }) => server.name);
  if (strangers.length > 0) {
    throw new FleetError(
      'not-a-fleet',
      `${strangers.join(', ')} is none of the hosts of the cluster “${place.cluster}”, by its own words`,
    );
  }
  const unseen = members.filter((_, at) => !found.has(at));
  // Those that do not answer may be the ones that were not seen: they cannot be asked who they are.
  if (unseen.length > dead.length) {
    throw new FleetError(
      'not-a-fleet',
      `the cluster “${place.cluster}” has hosts that the place does not name: ${unseen.map(({ name }) => name).join(', ')}; name all of them, for tables are made on each`,
    );
  }
  return { peers: peers.map(peerOf), dead, members, shards: new Set(members.map(({ shard }) => shard)).size };
}

export function nobodyAnswers(dead: readonly { readonly name: string; readonly why: string }[]): FleetError {
  const reasons = dead.map(({ name, why }) => `${name} (${why})`).join(', ');
  return new FleetError('unreachable', `no ClickHouse server of the place answers: ${reasons}`);
}

/** Why one server is out of reach, or the error that it is. @throws what is not about reaching it */
export function whyDead(error: unknown, server: ClickHouseServer): string {
  if (error instanceof ServerError && error.isUnreachable) return error.message;
  throw fleetErrorOf(error, server.name);
}

/** It takes connections, or nobody says that it does not, and there is no answer. */
export class SilentError extends ServerError {
  constructor(message: string, options?: ErrorOptions) {
    super(null, message, options);
    this.name = 'SilentError';
  }
}

/** Runs a short statement, and does not wait longer than a healthy server takes. */
export async function askShortly(
  server: ClickHouseServer,
  sql: string,
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    return await server.run(sql, {}, AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new SilentError(`it said nothing for ${ANSWER_MS / 1000} seconds`, { cause: error });
  }
}

interface Looked {
  readonly server: ClickHouseServer;
  readonly version: string;
  readonly members: readonly (ClusterMember & { readonly isOwn: boolean })[];
  /** Which of the members it is. Old servers say it of all replicas of their shard; it is one of them then. */
  readonly own: readonly number[];
}

async function lookAt(
  server: ClickHouseServer,
  cluster: string | null,
  signal: AbortSignal,
): Promise<Looked | { readonly name: string; readonly why: string }> {
  try {
    const version = (await askShortly(server, 'SELECT version() FORMAT TabSeparated', signal)).trim();
    if (cluster === null) return { server, version, members: [], own: [] };
    const text = await askShortly(
      server,
      `SELECT shard_num, replica_num, host_name, port, is_local FROM system.clusters
WHERE cluster = ${textLiteral(cluster)} ORDER BY shard_num, replica_num FORMAT TabSeparated`,
      signal,
    );
    const members = [...linesOf(text)].map(([shard, replica, host, port, isLocal]) => ({
      shard: Number(shard),
      replica: Number(replica),
      name: `${host}:${port}`,
      isOwn: isLocal === '1',
    }));
    return { server, version, members, own: members.flatMap(({ isOwn }, at) => (isOwn ? [at] : [])) };
  } catch (error) {
    return { name: server.name, why: whyDead(error, server) };
  }
}

function peerOf({ server, version, members, own }: Looked): Peer {
  return { server, version, shard: own.length === 0 ? 1 : members[own[0]].shard };
}

function keyOf({ shard, replica, name }: ClusterMember): string {
  return `${shard}/${replica}/${name}`;
}
