/** The tables of a fleet as ClickHouse keeps them, out of shared/fleet/tables.ts. */
import { FLEET_ORDER, FLEET_TABLES, type FleetKind, type FleetType } from '../../../shared/fleet/tables.ts';
import { nameLiteral, textLiteral } from './literal.ts';

/** Rows of these lie on every host, so that what is covered is known of a shard that is dead. */
const EVERYWHERE: ReadonlySet<FleetKind> = new Set(['captures']);

export function isEverywhere(kind: FleetKind): boolean {
  return EVERYWHERE.has(kind);
}

const TYPES: Readonly<Record<FleetType, string>> = {
  text: 'String',
  int: 'Int64',
  key: 'Int64',
  real: 'Float64',
  flag: 'UInt8',
  time: 'Int64',
};

/**
 * What rows of a kind are sorted by. None of it may be null: the tables promise that for these columns, and an insertion says which
 * row breaks the promise. Captures may be without a time, where their file has no packet.
 */
export function orderOf(kind: FleetKind): readonly string[] {
  const names = new Set(FLEET_TABLES[kind].map(({ name }) => name));
  const first = kind === 'captures' ? [] : FLEET_ORDER;
  return [...first, 'capture', 'segment', 'flow', 'reset'].filter((name) => names.has(name));
}

/** Columns of a table with their types, as they stand in CREATE TABLE. */
export function columnsOf(kind: FleetKind): string {
  const sorted = new Set(orderOf(kind));
  return FLEET_TABLES[kind]
    .map(({ name, type }) => {
      const own = TYPES[type];
      return `${nameLiteral(name)} ${sorted.has(name) ? own : `Nullable(${own})`}`;
    })
    .join(',\n  ');
}

/** Number of the day that a row lies in, from 1970: rows are let go of by days. */
export const DAY_NANOSECONDS = 86_400_000_000_000n;

/** Captures are few, and old servers cannot look for a time in a partition of which one row has none. */
export function partitionOf(kind: FleetKind): string {
  return kind === 'captures' ? 'tuple()' : `toUInt32(intDiv(time, ${DAY_NANOSECONDS}))`;
}

/** The table on a host that holds rows, where another one of the kind's name spans all hosts. */
export function localName(kind: FleetKind, cluster: string | null): string {
  return cluster === null || isEverywhere(kind) ? kind : `${kind}_local`;
}

/**
 * By what rows are spread: the client's initial sequence number, so that what several hosts saw of a connection meets on one shard,
 * through address translation too. Where it was not seen, a flow and its resets stay together.
 */
export function shardingOf(kind: FleetKind): string {
  const names = new Set(FLEET_TABLES[kind].map(({ name }) => name));
  const own = names.has('flow') ? 'cityHash64(capture, flow)' : 'cityHash64(capture)';
  return names.has('isn_key') ? `if(isNull(isn_key), ${own}, toUInt64(ifNull(isn_key, 0)))` : own;
}

/** How a host keeps tables. */
export interface Keeping {
  /** Where replicas agree on a table, up to the table's own part; null for a server without that. */
  readonly replication: { readonly shard: string; readonly replica: string } | null;
}

export function engineOf(
  database: string,
  table: string,
  isShared: boolean,
  { replication }: Keeping,
): string {
  if (replication === null) return 'MergeTree()';
  const { shard, replica } = replication;
  // What is everywhere is one table with a replica on every host, whichever shard that host is of.
  const path = `/clickhouse/tables/${database}/${isShared ? 'all' : shard}/${table}`;
  return `ReplicatedMergeTree(${textLiteral(path)}, ${textLiteral(isShared ? `${shard}-${replica}` : replica)})`;
}
