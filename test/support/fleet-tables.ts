/** Reads what agents wrote for a fleet, by another reader than the one that wrote it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import type { FleetKind } from '../../shared/fleet/tables.ts';

export type ReadRow = Readonly<Record<string, unknown>>;

/** Names of all files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  // Without a look at each: a writer at work may have renamed it meanwhile.
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => relative(folder, path))
    .sort();
}

/** Rows of all files of a kind, times as nanoseconds since 1970. */
export async function fleetRows(folder: string, kind: FleetKind): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for (const name of filesBelow(folder)) {
    if (name.startsWith(`${kind}/`) && name.endsWith('.parquet'))
      rows.push(...(await rowsIn(join(folder, name))));
  }
  return rows;
}

export async function rowsIn(path: string): Promise<ReadRow[]> {
  const file = new Uint8Array(readFileSync(path)).buffer;
  const parsers = { timestampFromNanoseconds: (ns: bigint) => ns } as never;
  return parquetReadObjects({ file, parsers });
}
