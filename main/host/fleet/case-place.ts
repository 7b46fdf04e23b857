/**
 * Where the case file of a reset lies in the folder of a fleet. Its name and its site come out of foreign tables: they choose among the
 * files of that folder, and can lead nowhere else.
 */
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '../live/capture-folder.ts';
import { siteOf } from './layout.ts';

/** One name, as case files have it: no separator, no leading dot. */
const CASE_NAME = /^[A-Za-z0-9][\w.-]{0,250}$/;
const DAY_MS = 86_400_000;

export interface CasePlace {
  readonly name: string;
  readonly site: string;
  /** When the reset came; a case begins seconds before it, or on the day before. */
  readonly timeMs: number;
}

/** @returns the file; undefined where the folder has none of that name there */
export async function findCase(
  folder: string,
  { name, site, timeMs }: CasePlace,
): Promise<string | undefined> {
  if (!CASE_NAME.test(name)) return undefined;
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  for (const days of [0, -1, 1]) {
    const time = new Date(timeMs + days * DAY_MS);
    if (Number.isNaN(time.getTime())) return undefined;
    const day = time.toISOString().slice(0, 10);
    const path = join(root, 'cases', `day=${day}`, `site=${siteOf(site)}`, name);
    // What a link leads out to is none of the fleet's.
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !isInside(root, real)) continue;
    const isFile = await stat(real).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return real;
  }
  return undefined;
}
