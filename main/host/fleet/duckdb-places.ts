/** Where DuckDB may be installed: beside an unpacked app, or among the packages of the folder that the build lies in. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param dist the folder of the build */
export function duckDbPlaces(dist: URL): readonly string[] {
  const { resourcesPath } = process as { resourcesPath?: string };
  // Nothing is loaded out of an asar archive; it is packed beside it.
  const packed = resourcesPath === undefined ? [] : [join(resourcesPath, 'duckdb')];
  return [...packed, fileURLToPath(new URL('duckdb', dist)), fileURLToPath(dist)];
}
