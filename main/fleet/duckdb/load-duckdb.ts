/**
 * DuckDB's package, loaded when a folder is opened: it is an optional dependency of tens of megabytes of machine code, which is not
 * there on every machine and lies outside of our bundles.
 */
import type * as duckDb from '@duckdb/node-api';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { errorText } from '../../../shared/format/error.ts';
import { FleetError } from '../store.ts';

export type DuckDb = typeof duckDb;

const PACKAGE = '@duckdb/node-api';

/**
 * @param places folders that may have it among their node_modules, the first one that has it counts
 * @throws FleetError 'not-installed'
 */
export function loadDuckDb(places: readonly string[]): DuckDb {
  let why = 'it is not installed';
  for (const place of places) {
    const require = createRequire(join(place, 'package.json'));
    try {
      require.resolve(PACKAGE);
    } catch {
      continue;
    }
    try {
      return require(PACKAGE) as DuckDb;
    } catch (error) {
      why = `it cannot be loaded: ${errorText(error).split('\n')[0]}`;
      break;
    }
  }
  throw new FleetError(
    'not-installed',
    `A folder of tables is read by DuckDB, and ${why}. “npm install --global ${PACKAGE}” brings it to a Resetscope that npm installed; other packages hold it where there is one for the platform. A ClickHouse server can be asked without it.`,
  );
}
