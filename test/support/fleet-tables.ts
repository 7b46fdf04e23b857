/** Reads tables of a fleet back, without any of the program that wrote them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import type { FleetKind } from '../../shared/fleet/tables.ts';

/** Rows of all files of a kind, file by file in the order of their names. */
export async function fleetRows(place: string, kind: FleetKind): Promise<Record<string, unknown>[]> {
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.startsWith(`${kind}/`) && name.endsWith('.parquet'));
  const rows = await Promise.all(
    files.sort().map((name) => {
      const bytes = readFileSync(join(place, name));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
      return parquetReadObjects({ file });
    }),
  );
  return rows.flat();
}
