/** `resetscope fleet compact` and `retain`: looking after the files of a folder. */
import { realpathSync, rmSync, statSync } from 'node:fs';
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { errorText } from '../../../shared/format/error.ts';
import { compactFolder } from '../../fleet/duckdb/compact.ts';
import { loadDuckDb } from '../../fleet/duckdb/load-duckdb.ts';
import { retainFrom } from '../../fleet/duckdb/retain.ts';
import { DuckDbSession } from '../../fleet/duckdb/session.ts';
import { retainClickHouse } from '../../fleet/clickhouse/retain.ts';
import { kindOfPlace } from '../../fleet/place.ts';
import { FleetError } from '../../fleet/store.ts';
import { makePrivateFolder } from '../../host/private-folder.ts';
import { EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';
import type { CliIo } from '../io.ts';
import { Output } from '../io.ts';
import { interruptedExit } from '../read-files.ts';
import { tell } from './asked.ts';

const DAY_MS = 86_400_000;
/** What is this old nobody is bringing any more. */
const SETTLED_MS = 3_600_000;
/** Smaller files are what compaction is there against; larger ones are read as well. */
const TARGETS = [1024 ** 2, 4 * 1024 ** 3] as const;

export interface CompactChoice {
  /** Bytes. */
  readonly target: number;
  /** Units of today as well. */
  readonly today?: boolean;
}

export function compact(
  folder: string,
  { target, today = false }: CompactChoice,
  io: CliIo,
): Promise<number> {
  return keeping(folder, io, async (real, signal) => {
    if (target < TARGETS[0] || target > TARGETS[1])
      throw new FleetError(
        'bad-query',
        `--target is from ${bytesText(TARGETS[0])} to ${bytesText(TARGETS[1])}`,
      );
    const duckdb = loadDuckDb(io.duckDbPlaces);
    // In the folder itself: there is room for what is sorted there, and once confined we may remove nothing elsewhere.
    const temporary = await makePrivateFolder('.tmp-compact-', real);
    io.confine?.([real]);
    const session = await DuckDbSession.open({ duckdb, folder: real, temporary });
    try {
      const before = dayOf(Date.now());
      const { units, files, bytes } = await compactFolder({
        folder: real,
        session,
        targetBytes: target,
        before,
        signal,
        ...(today ? { settledMs: Date.now() - SETTLED_MS } : {}),
      });
      const left = today ? 'Units of the last hour' : `Days from ${before} on`;
      return `${plural(units, 'unit')} compacted: ${plural(files.before, 'file')} of ${bytesText(bytes.before)} became ${countText(files.after)} of ${bytesText(bytes.after)}. ${left} were left alone.`;
    } finally {
      session.close();
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

export function retain(place: string, { days }: { readonly days: number }, io: CliIo): Promise<number> {
  return keeping(place, io, async (real, signal) => {
    if (days < 1) throw new FleetError('bad-query', '--days is 1 at the least: today is kept');
    const firstMs = Date.now() - (days - 1) * DAY_MS;
    const first = dayOf(firstMs);
    if (kindOfPlace(place) === 'clickhouse') {
      const gone = await retainClickHouse(place, Math.floor(firstMs / DAY_MS), signal);
      return gone.length === 0
        ? `Nothing is older than ${first}.`
        : `${plural(gone.length, 'day')} removed, from ${dayOf(gone[0] * DAY_MS)} to ${dayOf(gone[gone.length - 1] * DAY_MS)}. What is left begins on ${first}.`;
    }
    const { days: gone, files, bytes } = await retainFrom(real, first, signal);
    return gone.length === 0
      ? `Nothing is older than ${first}.`
      : `${plural(gone.length, 'day')} removed, from ${gone[0]} to ${gone[gone.length - 1]}: ${plural(files, 'file')}, ${bytesText(bytes)}. What is left begins on ${first}.`;
  });
}

async function keeping(
  place: string,
  io: CliIo,
  work: (real: string, signal: AbortSignal) => Promise<string>,
): Promise<number> {
  const interrupt = interruptible(io);
  try {
    const isFolder = kindOfPlace(place) === 'folder';
    if (isFolder && statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new FleetError('not-a-fleet', `There is no folder ${place}.`);
    const output = new Output(io.stdout);
    await output.write(`${await work(isFolder ? realpathSync(place) : place, interrupt.abort.signal)}\n`);
    await output.end();
    return EXIT_OK;
  } catch (error) {
    if (interrupt.by !== undefined) return interruptedExit(interrupt.by);
    tell(io, errorText(error));
    return EXIT_USAGE;
  } finally {
    interrupt.ignore();
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
