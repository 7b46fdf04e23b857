/** Lets old days of a folder go, whole ones. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FLEET_KINDS } from '../../../shared/fleet/tables.ts';
import { FolderIndexer } from './folder-index.ts';
import { withFolderLock } from './folder-lock.ts';

export interface Retained {
  /** Days that were removed, the oldest first. */
  readonly days: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

const DAY = /^day=(\d{4}-\d\d-\d\d)$/u;

/**
 * Removes all that lies in days before `first`, case files among it. The tables of captures go first: what has none of them does not
 * count any more, so that nothing is half there if this is ended.
 * @param first 2026-11-29
 */
export function retainFrom(folder: string, first: string, signal: AbortSignal): Promise<Retained> {
  return withFolderLock(folder, async () => {
    const { loose } = new FolderIndexer(folder).read();
    const gone = new Set(
      loose.filter(({ kind, day }) => kind === 'captures' && day < first).map(({ unit }) => unit),
    );
    const days = new Set<string>();
    let [files, bytes] = [0, 0];
    const remove = async (path: string): Promise<void> => {
      signal.throwIfAborted();
      const sizes = await sizesIn(path);
      files += sizes.length;
      bytes += sizes.reduce((sum, size) => sum + size, 0);
      await rm(path, { recursive: true, force: true });
    };
    for (const kind of FLEET_KINDS) {
      for (const name of await namesIn(join(folder, kind))) {
        const day = DAY.exec(name)?.[1];
        if (day === undefined || day >= first) continue;
        days.add(day);
        await remove(join(folder, kind, name));
      }
    }
    // Rows of these captures that lie in later days belong to nothing now.
    for (const { unit, day, path } of loose) if (day >= first && gone.has(unit)) await remove(path);
    return { days: [...days].sort(), files, bytes };
  });
}

async function sizesIn(path: string): Promise<number[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [found.size];
  const inside = await Promise.all((await namesIn(path)).map((name) => sizesIn(join(path, name))));
  return inside.flat();
}

function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
