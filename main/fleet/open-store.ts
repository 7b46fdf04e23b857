/** The store of a place: the one spot that knows which kinds there are. */
import { loadDuckDb } from './duckdb/load-duckdb.ts';
import { openFolder } from './duckdb/folder-store.ts';
import { kindOfPlace } from './place.ts';
import { FleetError, type FleetStore } from './store.ts';

export interface StoreNeeds {
  /** Folders that may have DuckDB among their node_modules. */
  readonly duckdb: readonly string[];
  /** A folder of this process alone. */
  readonly temporary: string;
}

/** @throws FleetError, or the signal’s reason */
export async function openStore(place: string, needs: StoreNeeds, signal: AbortSignal): Promise<FleetStore> {
  signal.throwIfAborted();
  if (kindOfPlace(place) === 'clickhouse') {
    const { openClickHouse } = await import('./clickhouse/open.ts');
    return openClickHouse(place, signal);
  }
  const other = /^([a-z][a-z\d+.-]+):\/\//iu.exec(place)?.[1];
  if (other !== undefined)
    throw new FleetError(
      'not-a-fleet',
      `There is no store of the kind ${other}://. A fleet is a folder, or clickhouse://HOST/DATABASE.`,
    );
  return openFolder({ folder: place, duckdb: loadDuckDb(needs.duckdb), temporary: needs.temporary });
}
