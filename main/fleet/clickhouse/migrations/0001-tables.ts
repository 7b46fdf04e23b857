/** The tables, in what the oldest server knows. */
import { FLEET_KINDS } from '../../../../shared/fleet/tables.ts';
import { nameLiteral, textLiteral } from '../literal.ts';
import { columnsOf, engineOf, isEverywhere, localName, orderOf, partitionOf, shardingOf } from '../schema.ts';
import type { Migration, MigrationContext } from './migration.ts';

export const TABLES: Migration = {
  number: 1,
  about: 'the tables of a fleet',
  since: [18, 16],
  statements: (context) => [...FLEET_KINDS.flatMap((kind) => tablesOf(kind, context)), ...ours(context)],
};

function tablesOf(kind: (typeof FLEET_KINDS)[number], context: MigrationContext): string[] {
  const { database, cluster } = context;
  const local = localName(kind, cluster);
  const engine = engineOf(database, local, isEverywhere(kind), context);
  const rows = `CREATE TABLE IF NOT EXISTS ${nameLiteral(local)} (
  ${columnsOf(kind)}
) ENGINE = ${engine}
PARTITION BY ${partitionOf(kind)}
ORDER BY (${orderOf(kind).map(nameLiteral).join(', ')})`;
  if (local === kind || cluster === null) return [rows];
  const spanning = `CREATE TABLE IF NOT EXISTS ${nameLiteral(kind)} (
  ${columnsOf(kind)}
) ENGINE = ${distributed(cluster, database, local, shardingOf(kind))}`;
  return [rows, spanning];
}

function distributed(cluster: string, database: string, local: string, sharding: string): string {
  return `Distributed(${textLiteral(cluster)}, ${textLiteral(database)}, ${textLiteral(local)}, ${sharding})`;
}

/** What we note for ourselves: how rows are spread, and what was taken in. */
function ours(context: MigrationContext): string[] {
  const { database, cluster, shard } = context;
  const shared = (name: string, columns: string, order: string): string =>
    `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE = ${engineOf(database, name, true, context)} ORDER BY (${order})`;
  return [
    shared(
      'units',
      'capture Int64, segment Int64, fingerprint String, state String, time Int64, run String',
      'capture, segment, time',
    ),
    shared('runs', 'run String, host String, state String, time Int64', 'run, time'),
    'CREATE TABLE IF NOT EXISTS layout_local (cluster String, shard UInt32) ENGINE = MergeTree() ORDER BY shard',
    // A host that died in this step has its row already.
    `INSERT INTO layout_local SELECT ${textLiteral(cluster ?? '')}, ${shard} FROM system.one WHERE (SELECT count() FROM layout_local) = 0`,
    ...(cluster === null
      ? []
      : [
          `CREATE TABLE IF NOT EXISTS layout (cluster String, shard UInt32) ENGINE = ${distributed(cluster, database, 'layout_local', 'shard')}`,
        ]),
  ];
}
