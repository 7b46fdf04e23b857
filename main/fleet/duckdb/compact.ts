/**
 * Makes few large files of the many small ones that agents bring, sorted so that who looks for a server reads little.
 *
 * Each step leaves a folder in which every row counts once (folder-index.ts has the rules), so it may be ended at any moment:
 * 1. Compacted files are rid of units that have come anew as files of their own, which count until the end of the last step.
 * 2. Rows of units are written into compacted files, kind by kind, the table of captures last.
 * 3. The units’ own files go, their rows of captures first: from then on the compacted ones count.
 * What a run that was ended left behind is removed by the next one. Only one runs at a time.
 */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FLEET_KINDS, FLEET_ORDER, FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { FleetError } from '../store.ts';
import { quotedName, quotedText } from './sql-writing.ts';
import { FileCatalog } from './file-catalog.ts';
import {
  COMPACTED_FILE,
  type CompactedFile,
  type CompactedList,
  FolderIndexer,
  type FolderIndex,
  type IndexedFile,
  type LooseFile,
  type UnitName,
} from './folder-index.ts';
import { withFolderLock } from './folder-lock.ts';
import type { DuckDbSession } from './session.ts';
import { type ReadableFile, tableOf } from './views.ts';

export interface CompactOptions {
  readonly folder: string;
  /** May write in the folder. */
  readonly session: DuckDbSession;
  /** Bytes of a file. */
  readonly targetBytes: number;
  /** Units that began on this day (UTC) or later are left alone: they still come. */
  readonly before: string;
  /** But those whose files were written before this time, milliseconds since 1970. */
  readonly settledMs?: number;
  readonly signal: AbortSignal;
  /** Called between steps, with what was done. */
  readonly onStep?: (step: string) => void | Promise<void>;
}

export interface Compacted {
  readonly units: number;
  readonly files: { readonly before: number; readonly after: number };
  readonly bytes: { readonly before: number; readonly after: number };
}

/** Rows of a row group: what a question reads at the least. */
const GROUP_ROWS = 65_536;
/** Units whose files are read by one statement: DuckDB takes memory for each of them while it lasts. */
const UNITS_AT_ONCE = 500;
/** Compacted files below this share of the target are put together. */
const SMALL = 0.5;
/** What nobody has finished for so long is not being written any more. */
const ABANDONED_MS = 3_600_000;

/** @throws FleetError, or the signal’s reason */
export function compactFolder(options: CompactOptions): Promise<Compacted> {
  return withFolderLock(options.folder, () => new Compaction(options).run());
}

class Compaction {
  readonly #options: CompactOptions;
  readonly #catalog: FileCatalog;

  constructor(options: CompactOptions) {
    this.#options = options;
    this.#catalog = new FileCatalog(options.folder, options.session);
  }

  async run(): Promise<Compacted> {
    const begin = this.#index();
    await this.#removeAbandoned(begin);
    const groups = groupsOf(begin, this.#options);
    for (const group of groups) {
      await this.#dropFromCompacted(group.units);
      await this.#compact(group);
    }
    for (const shelf of smallShelves(this.#index(), this.#options)) await this.#rewrite(shelf, new Set());
    const end = this.#index();
    const all = (index: FolderIndex): readonly IndexedFile[] =>
      FLEET_KINDS.flatMap((kind) => index.files[kind]);
    const bytesOf = (files: readonly IndexedFile[]): number =>
      files.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      units: groups.reduce((sum, { units }) => sum + units.size, 0),
      files: { before: all(begin).length, after: all(end).length },
      bytes: { before: bytesOf(all(begin)), after: bytesOf(all(end)) },
    };
  }

  #index(): FolderIndex {
    return new FolderIndexer(this.#options.folder).read();
  }

  async #step(step: string): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#options.onStep?.(step);
  }

  /** Files of units that were compacted, and files that no list tells of. */
  async #removeAbandoned(index: FolderIndex): Promise<void> {
    const whole = new Set(index.loose.filter(({ kind }) => kind === 'captures').map(({ unit }) => unit));
    const compactedAt = new Map<UnitName, number>();
    for (const { kind, units, listPath } of index.compacted) {
      if (kind !== 'captures') continue;
      // The time of the file’s last change here, which no copying program sets.
      const { ctimeMs } = await stat(listPath);
      for (const unit of units) compactedAt.set(unit, ctimeMs);
    }
    for (const { unit, path } of index.loose) {
      const since = compactedAt.get(unit);
      if (whole.has(unit) || since === undefined) continue;
      // One that came later is of a writer that has not put its row of captures in place yet.
      if ((await stat(path)).ctimeMs < since) await rm(path, { force: true });
    }
    for (const folder of shelfFolders(index)) await removeUnlisted(folder);
    await this.#step('removed what was left behind');
  }

  /** Rids compacted files of units that have files of their own again. */
  async #dropFromCompacted(units: ReadonlySet<UnitName>): Promise<void> {
    const concerned = this.#index().compacted.filter((file) => file.units.some((unit) => units.has(unit)));
    for (const file of concerned) await this.#rewrite([file], units);
  }

  /** Puts compacted files of one shelf into new ones, without some units. */
  async #rewrite(files: readonly CompactedFile[], without: ReadonlySet<UnitName>): Promise<void> {
    const [{ kind, path }] = files;
    const left = [...new Set(files.flatMap(({ units }) => units))].filter((unit) => !without.has(unit));
    if (left.length > 0) {
      const readable = await this.#catalog.look(
        files.map((file) => ({ ...file, without: file.units.filter((unit) => without.has(unit)) })),
      );
      const replaces = files.map((file) => nameOf(file.path));
      await this.#write(kind, dirname(path), readable, left, replaces);
    }
    for (const { listPath, path: data } of files) {
      await rm(listPath, { force: true });
      await rm(data, { force: true });
    }
    await this.#step(`rewrote ${files.length} of ${kind}`);
  }

  async #compact({ units, files }: Group): Promise<void> {
    const shelves = grouped(files, ({ path }) => dirname(path));
    const inOrder = [...shelves].sort(([, [a]], [, [b]]) => rankOf(a.kind) - rankOf(b.kind));
    for (const [folder, shelf] of inOrder) {
      const readable = await this.#catalog.look(shelf.map((file) => ({ ...file, without: undefined })));
      // A file that cannot be read stays where it is, and its unit with it.
      if (readable.length < shelf.length)
        throw new FleetError(
          'failed',
          `A file in ${folder} cannot be read: “resetscope fleet coverage” names it. Bring it again, or remove it, and compact then.`,
        );
      await this.#write(shelf[0].kind, folder, readable, [...new Set(shelf.map(({ unit }) => unit))], []);
    }
    for (const { kind, path } of files) if (kind === 'captures') await rm(path, { force: true });
    await this.#step(`let ${units.size} units count by their compacted rows`);
    for (const { kind, path } of files) if (kind !== 'captures') await rm(path, { force: true });
    await this.#step(`removed the files of ${units.size} units`);
  }

  /** Writes rows of files into new compacted ones, whose lists make them count one after the other. */
  async #write(
    kind: FleetKind,
    folder: string,
    files: readonly ReadableFile[],
    units: readonly UnitName[],
    replaces: readonly string[],
  ): Promise<void> {
    const { session, targetBytes, signal } = this.#options;
    const id = `compacted-${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;
    // Beside those that they become: once confined, older kernels let nobody move a file from one folder into another.
    const begin = `.tmp-${id}-`;
    // One list says at once that a file counts and that others do not any more: what replaces others is one file.
    const [target, sizes] =
      replaces.length > 0
        ? [join(folder, `${begin}0.parquet`), '']
        : [
            folder,
            `, FILE_SIZE_BYTES ${targetBytes}, FILENAME_PATTERN ${quotedText(`${begin}{i}`)}, OVERWRITE_OR_IGNORE`,
          ];
    const written = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.startsWith(begin)).sort();
    try {
      const table = tableOf(kind, files);
      const names = FLEET_TABLES[kind].map(({ name }) => quotedName(name)).join(', ');
      await session.run(
        `COPY (SELECT ${names} FROM ${table} ORDER BY ${orderOf(kind)}) TO ${quotedText(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS}${sizes})`,
        signal,
      );
      const parts = await written();
      await this.#countAlike(table, folder, parts);
      await this.#step(`wrote ${parts.length} of ${kind}`);
      for (const [i, part] of parts.entries()) {
        await synced(join(folder, part));
        await rename(join(folder, part), join(folder, `${id}-${i}.parquet`));
      }
      await this.#step(`placed ${parts.length} of ${kind}`);
      for (const i of parts.keys()) {
        await placeList(join(folder, `${id}-${i}.json`), { units, replaces });
        await this.#step(`listed ${i} of ${kind}`);
      }
    } finally {
      for (const part of await written()) await rm(join(folder, part), { force: true });
    }
  }

  /** Before anything is removed, all rows have to be there again. */
  async #countAlike(table: string, folder: string, parts: readonly string[]): Promise<void> {
    const { session, signal } = this.#options;
    const paths = parts.map((part) => quotedText(join(folder, part))).join(', ');
    const written = parts.length === 0 ? '0' : `(SELECT count(*) FROM read_parquet([${paths}]))`;
    const { rows } = await session.rows(
      `SELECT (SELECT count(*) FROM ${table})::VARCHAR, ${written}::VARCHAR`,
      [],
      { limit: 1, signal },
    );
    if (rows[0][0] !== rows[0][1])
      throw new FleetError(
        'failed',
        `Of ${String(rows[0][0])} rows ${String(rows[0][1])} were written to ${folder}. Nothing was removed; compact again.`,
      );
  }
}

/** Units of one day and site, whose rows are compacted together; what small files they make are put together afterwards. */
interface Group {
  readonly units: ReadonlySet<UnitName>;
  readonly files: readonly LooseFile[];
}

function groupsOf(
  { loose }: FolderIndex,
  { before, settledMs = -Infinity }: Pick<CompactOptions, 'before' | 'settledMs'>,
): Group[] {
  const whole = loose.filter(
    ({ kind, day, changedMs }) => kind === 'captures' && (day < before || changedMs < settledMs),
  );
  const filesOf = grouped(loose, ({ unit }) => unit);
  const groups: Group[] = [];
  for (const captures of grouped(whole, ({ path }) => dirname(path)).values()) {
    for (let at = 0; at < captures.length; at += UNITS_AT_ONCE) {
      const units = new Set(captures.slice(at, at + UNITS_AT_ONCE).map(({ unit }) => unit));
      groups.push({ units, files: [...units].flatMap((unit) => filesOf.get(unit) ?? []) });
    }
  }
  return groups;
}

/** Small compacted files of days that nothing is brought to any more, several of a shelf that make one of the wanted size at most. */
function smallShelves(
  { compacted }: FolderIndex,
  { before, targetBytes }: CompactOptions,
): readonly (readonly CompactedFile[])[] {
  const small = compacted.filter(({ day, bytes }) => day < before && bytes < targetBytes * SMALL);
  const groups: CompactedFile[][] = [];
  for (const shelf of grouped(small, ({ path }) => dirname(path)).values()) {
    let bytes = Infinity;
    for (const file of shelf) {
      bytes += file.bytes;
      if (bytes > targetBytes) {
        groups.push([file]);
        ({ bytes } = file);
      } else groups[groups.length - 1].push(file);
    }
  }
  return groups.filter(({ length }) => length > 1);
}

function orderOf(kind: FleetKind): string {
  const has = (name: string): boolean => FLEET_TABLES[kind].some((column) => column.name === name);
  return [...FLEET_ORDER.filter(has), 'capture', 'segment'].map(quotedName).join(', ');
}

function rankOf(kind: FleetKind): number {
  return kind === 'captures' ? 1 : 0;
}

function nameOf(path: string): string {
  return COMPACTED_FILE.exec(path.slice(dirname(path).length + 1))?.[1] ?? '';
}

function shelfFolders({ loose, compacted }: FolderIndex): ReadonlySet<string> {
  return new Set([...loose, ...compacted].map(({ path }) => dirname(path)));
}

/** Data that no list tells of, and folders of work, of runs that were ended. */
async function removeUnlisted(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  for (const name of names) {
    const compacted = COMPACTED_FILE.exec(name)?.[1];
    const isLeft =
      (compacted !== undefined && !names.has(`${compacted}.json`)) || name.startsWith('.tmp-compacted-');
    if (!isLeft) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.ctimeMs > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function placeList(path: string, list: CompactedList): Promise<void> {
  const part = join(dirname(path), `.tmp-${nameOfList(path)}`);
  await writeFile(part, `${JSON.stringify(list)}\n`);
  await synced(part);
  await rename(part, path);
  await synced(dirname(path));
}

function nameOfList(path: string): string {
  return path.slice(dirname(path).length + 1);
}

/** What is removed afterwards must not be all that there is if the machine stops now. */
async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot do that with a folder.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}

/** In the order in which the first of each comes. */
function grouped<T, K>(list: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
