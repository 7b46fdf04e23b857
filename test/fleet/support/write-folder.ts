/** Rows as the folder that agents would have written them into. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, DuckDBTimestampNanosecondsValue, type DuckDBValue } from '@duckdb/node-api';
import { FLEET_TABLES, type FleetKind, type FleetType } from '../../../shared/fleet/tables.ts';
import { DUCKDB_TYPES } from '../../../main/fleet/duckdb/sql-writing.ts';
import type { Row, Value } from '../../../main/fleet/store.ts';

const DAY = 86_400_000_000_000n;

/** @param tables rows of whole units: each has a row in the table of captures */
export async function writeFolder(
  folder: string,
  tables: Partial<Record<FleetKind, readonly Row[]>>,
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [kind, rows] of Object.entries(tables) as [FleetKind, readonly Row[]][]) {
      const columns = FLEET_TABLES[kind];
      for (const [path, own] of filesOf(kind, rows)) {
        await connection.run(
          `CREATE OR REPLACE TABLE own (${columns.map(({ name, type }) => `"${name}" ${DUCKDB_TYPES[type]}`).join(', ')})`,
        );
        const appender = await connection.createAppender('own');
        for (const row of own) {
          for (const { name, type } of columns) {
            appender.appendValue(cellOf(row[name] ?? null, type));
          }
          appender.endRow();
        }
        appender.closeSync();
        const file = join(folder, path);
        mkdirSync(join(file, '..'), { recursive: true });
        await connection.run(`COPY own TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function filesOf(kind: FleetKind, rows: readonly Row[]): Map<string, Row[]> {
  const files = new Map<string, Row[]>();
  for (const row of rows) {
    const capture = BigInt.asUintN(64, BigInt(String(row.capture)))
      .toString(16)
      .padStart(16, '0');
    const day = dayOf(kind === 'open_flows' ? 0n : ((row.time as bigint | null) ?? 0n));
    const name =
      kind === 'open_flows' ? capture : `${capture}-${String(row.segment as number).padStart(5, '0')}`;
    const path = `${kind}/day=${day}/site=test/${name}.parquet`;
    const own = files.get(path);
    if (own === undefined) files.set(path, [row]);
    else own.push(row);
  }
  return files;
}

function dayOf(time: bigint): string {
  return new Date(Number((time / DAY) * 86_400_000n)).toISOString().slice(0, 10);
}

function cellOf(value: Value, type: FleetType): DuckDBValue {
  if (value === null) return null;
  if (type === 'time') return new DuckDBTimestampNanosecondsValue(value as bigint);
  if (type === 'key' || type === 'int') return BigInt(value);
  return value;
}
