/** `resetscope fleet ingest`: what is new in a folder, into ClickHouse. */
import { realpathSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { countText, plural } from '../../../shared/format/count.ts';
import { errorText } from '../../../shared/format/error.ts';
import { ingest, type IngestResult } from '../../fleet/clickhouse/ingest.ts';
import { loadDuckDb } from '../../fleet/duckdb/load-duckdb.ts';
import { openFolder } from '../../fleet/duckdb/folder-store.ts';
import { kindOfPlace } from '../../fleet/place.ts';
import { FleetError } from '../../fleet/store.ts';
import { makePrivateFolder } from '../../host/private-folder.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';
import type { CliIo } from '../io.ts';
import { Output } from '../io.ts';
import { interruptedExit } from '../read-files.ts';
import { tell } from './asked.ts';

export async function ingestFolder(folder: string, place: string, io: CliIo): Promise<number> {
  const interrupt = interruptible(io);
  let temporary: string | undefined;
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new FleetError('not-a-fleet', `There is no folder ${folder}.`);
    if (kindOfPlace(place) !== 'clickhouse')
      throw new FleetError('bad-query', '--store is clickhouse://HOST/DATABASE: a folder is asked as it is');
    temporary = await makePrivateFolder('resetscope-ingest-');
    const source = await openFolder({
      folder: realpathSync(folder),
      duckdb: loadDuckDb(io.duckDbPlaces),
      temporary,
    });
    const began = performance.now();
    let shown = began;
    try {
      const result = await ingest(source, place, {
        signal: interrupt.abort.signal,
        host: hostname(),
        onProgress: ({ units, ofUnits, rows }) => {
          // Who looks at a journal wants to see that it goes on, and not each batch.
          if (performance.now() - shown < PROGRESS_MS) return;
          shown = performance.now();
          tell(io, `${countText(units)} of ${plural(ofUnits, 'unit')}, ${plural(rows, 'row')}`);
        },
      });
      const output = new Output(io.stdout);
      await output.write(`${toldOf(result, (performance.now() - began) / 1000)}\n`);
      await output.end();
      for (const { name, why } of result.missing) tell(io, `${name}: ${why}`);
      return result.missing.length > 0 ? EXIT_LOSSES : EXIT_OK;
    } finally {
      await source.close();
    }
  } catch (error) {
    if (interrupt.by !== undefined) {
      tell(io, 'interrupted; the next run takes up where this one was');
      return interruptedExit(interrupt.by);
    }
    tell(io, errorText(error));
    return EXIT_USAGE;
  } finally {
    interrupt.ignore();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}

const PROGRESS_MS = 5000;

function toldOf({ added, replaced, unchanged, rows, migrated }: IngestResult, seconds: number): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const rate = total > 0 && seconds > 0 ? `, ${countText(Math.round(total / seconds))} a second` : '';
  const kinds = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${countText(count)} ${kind.replace('_', ' ')}`);
  return [
    ...migrated.map((what) => `${what}: made`),
    `${plural(added, 'unit')} taken in, ${countText(replaced)} replaced, ${countText(unchanged)} there already.`,
    ...(total === 0 ? [] : [`${plural(total, 'row')}${rate}: ${kinds.join(', ')}.`]),
  ].join('\n');
}
