/**
 * Which files of a folder count. Looked up again at each question, and cheaply: only folders that changed are read again.
 *
 * Rules
 * - A _unit_ (a capture, or a segment of a live one) is named by its files. It counts once its row of captures is there, which is written
 *   last and taken away first.
 * - A row of captures in a file of its own says that the unit’s own files count, all of them and no others. Where there is none and a
 *   compacted file has that row, the rows in compacted files count, and files of its own are what a writer or a compaction left behind.
 *   So a unit that is written again, and one that is being compacted, is never counted twice, and never in parts.
 * - A compacted file counts once the list of its units is beside it, and until a newer list says that it replaces it.
 * - Links are not followed: what counts lies in the folder.
 */
import { type BigIntStats, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../../shared/format/error.ts';
import { FLEET_KINDS, type FleetKind } from '../../../shared/fleet/tables.ts';
import type { MissingPart } from '../store.ts';

/** As the agent names it: capture as 16 hex digits, and segment. */
export type UnitName = string;

export interface IndexedFile {
  readonly kind: FleetKind;
  readonly path: string;
  readonly day: string;
  readonly site: string;
  readonly bytes: number;
  /** Changes when the file is replaced. */
  readonly version: string;
  /** Keys of the captures whose rows it may have. */
  readonly captures: ReadonlySet<string>;
  /** Units whose rows it has and that do not count, or count elsewhere; undefined for none. */
  readonly without: readonly UnitName[] | undefined;
}

export interface CompactedFile {
  readonly kind: FleetKind;
  readonly path: string;
  readonly listPath: string;
  readonly day: string;
  readonly site: string;
  readonly bytes: number;
  readonly version: string;
  readonly captures: ReadonlySet<string>;
  readonly units: readonly UnitName[];
}

export interface LooseFile extends Omit<CompactedFile, 'units' | 'listPath'> {
  readonly unit: UnitName;
  readonly changedMs: number;
}

export interface FolderIndex {
  /** All that counts. */
  readonly files: Readonly<Record<FleetKind, readonly IndexedFile[]>>;
  readonly loose: readonly LooseFile[];
  readonly compacted: readonly CompactedFile[];
  readonly missing: readonly MissingPart[];
}

/** What one folder of a kind, day and site holds. */
interface Shelf {
  readonly changed: string;
  readonly loose: readonly LooseFile[];
  readonly compacted: readonly CompactedFile[];
  /** Of open flows, whose unit is a capture. */
  readonly open: readonly LooseFile[];
  readonly missing: readonly MissingPart[];
}

const DAY = /^day=(\d{4}-\d\d-\d\d)$/u;
const SITE = /^site=([\w.-]{1,255})$/u;
const UNIT_FILE = /^([0-9a-f]{16}-\d{5,9})\.parquet$/u;
const CAPTURE_DIGITS = 16;
const OPEN_FILE = /^([0-9a-f]{16})\.parquet$/u;
export const COMPACTED_FILE = /^(compacted-[\w.-]{1,100})\.parquet$/u;
/** A list of a compacted file that is longer is none of ours. */
const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** A unit whose rows came and whose captures’ row did not: after so long nobody is still writing it. */
const UNFINISHED_MS = 3_600_000;

export class FolderIndexer {
  readonly #folder: string;
  readonly #shelves = new Map<string, Shelf>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the same object where nothing changed since the last time */
  read(): FolderIndex {
    const seen = new Set<string>();
    let hasChanged = this.#index === undefined;
    for (const { kind, day, site, path } of shelvesOf(this.#folder)) {
      const changed = changeOf(path);
      if (changed === undefined) continue;
      seen.add(path);
      if (this.#shelves.get(path)?.changed === changed) continue;
      this.#shelves.set(path, readShelf({ kind, day, site, path, changed }));
      hasChanged = true;
    }
    for (const path of [...this.#shelves.keys()]) {
      if (seen.has(path)) continue;
      this.#shelves.delete(path);
      hasChanged = true;
    }
    if (this.#index === undefined || hasChanged)
      this.#index = indexOf([...this.#shelves.values()], Date.now());
    return this.#index;
  }

  #index: FolderIndex | undefined;
}

interface Place {
  readonly kind: FleetKind;
  readonly day: string;
  readonly site: string;
  readonly path: string;
}

function* shelvesOf(folder: string): Generator<Place> {
  for (const kind of FLEET_KINDS) {
    for (const [dayName, day] of foldersIn(join(folder, kind), DAY)) {
      for (const [siteName, site] of foldersIn(join(folder, kind, dayName), SITE))
        yield { kind, day, site, path: join(folder, kind, dayName, siteName) };
    }
  }
}

function foldersIn(path: string, pattern: RegExp): (readonly [name: string, value: string])[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const value = pattern.exec(entry.name)?.[1];
      return value !== undefined && entry.isDirectory() ? [[entry.name, value] as const] : [];
    });
  } catch {
    // A kind that nobody has written yet.
    return [];
  }
}

function versionOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs}`;
}

/** Whether the file is not there any more, or another one in its place. */
export function isReplaced({ path, version }: Pick<IndexedFile, 'path' | 'version'>): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined || versionOf(stat) !== version;
}

/** Undefined where it went away meanwhile. */
function changeOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino} ${stat.mtimeNs}`;
}

function readShelf({ kind, day, site, path, changed }: Place & { readonly changed: string }): Shelf {
  const loose: LooseFile[] = [];
  const open: LooseFile[] = [];
  const compacted: CompactedFile[] = [];
  const missing: MissingPart[] = [];
  const replaced = new Set<string>();
  const entries = readdirSync(path, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const file = join(path, entry.name);
    const isParquet = entry.name.endsWith('.parquet') && !entry.name.startsWith('.');
    if (!isParquet) continue;
    if (!entry.isFile()) {
      missing.push({ kind: 'file', name: file, why: 'it is no file; links are not followed' });
      continue;
    }
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) continue;
    const version = versionOf(stat);
    const about = { kind, path: file, day, site, bytes: Number(stat.size), version };
    const changedMs = Number(stat.mtimeNs / 1_000_000n);
    const unit = UNIT_FILE.exec(entry.name)?.[1];
    const capture = OPEN_FILE.exec(entry.name)?.[1];
    const compactedName = COMPACTED_FILE.exec(entry.name)?.[1];
    if (unit !== undefined && kind !== 'open_flows')
      loose.push({ ...about, unit, changedMs, captures: capturesOf([unit]) });
    else if (capture !== undefined && kind === 'open_flows')
      open.push({ ...about, unit: capture, changedMs, captures: capturesOf([capture]) });
    else if (compactedName !== undefined && kind !== 'open_flows') {
      // Without its list it is not finished yet, or never will be.
      if (!names.has(`${compactedName}.json`)) continue;
      const listPath = join(path, `${compactedName}.json`);
      const list = readList(listPath);
      if (typeof list === 'string') missing.push({ kind: 'file', name: file, why: list });
      else {
        compacted.push({ ...about, listPath, units: list.units, captures: capturesOf(list.units) });
        for (const name of list.replaces) replaced.add(join(path, `${name}.parquet`));
      }
    } else missing.push({ kind: 'file', name: file, why: 'its name is none that agents give' });
  }
  return { changed, loose, open, compacted: compacted.filter((one) => !replaced.has(one.path)), missing };
}

/** As tables have them: signed, as decimal text. */
function capturesOf(units: readonly UnitName[]): ReadonlySet<string> {
  const digits = new Set(units.map((unit) => unit.slice(0, CAPTURE_DIGITS)));
  // Lists of compacted files come from elsewhere, and may hold anything.
  const known = [...digits].filter((hex) => /^[0-9a-f]{16}$/u.test(hex));
  return new Set(known.map((hex) => String(BigInt.asIntN(64, BigInt(`0x${hex}`)))));
}

export interface CompactedList {
  readonly units: readonly UnitName[];
  /** Names of compacted files beside it, without their ending, whose rows are in this one. */
  readonly replaces: readonly string[];
}

/** The list, or why there is none. */
function readList(path: string): CompactedList | string {
  try {
    if (statSync(path).size > MAX_LIST_BYTES) return 'the list of its units is too long';
    const list = JSON.parse(readFileSync(path, 'utf8')) as Partial<CompactedList>;
    if (!isTexts(list.units) || !isTexts(list.replaces ?? [])) return 'the list of its units is damaged';
    return { units: list.units, replaces: list.replaces ?? [] };
  } catch (error) {
    return `the list of its units cannot be read: ${errorText(error)}`;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Applies the rules at the head of this file. */
function indexOf(shelves: readonly Shelf[], nowMs: number): FolderIndex {
  const loose = shelves.flatMap((shelf) => shelf.loose);
  const compacted = shelves.flatMap((shelf) => shelf.compacted);
  const looseWhole = unitsOf(loose.filter(({ kind }) => kind === 'captures'));
  const compactedWhole = new Set(
    compacted.filter(({ kind }) => kind === 'captures').flatMap(({ units }) => units),
  );
  const files = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, []])) as unknown as Record<
    FleetKind,
    IndexedFile[]
  >;
  const unfinished = new Map<UnitName, number>();
  for (const file of loose) {
    const { unit, changedMs } = file;
    if (looseWhole.has(unit)) files[file.kind].push({ ...file, without: undefined });
    else if (!compactedWhole.has(unit)) unfinished.set(unit, Math.max(unfinished.get(unit) ?? 0, changedMs));
  }
  for (const file of compacted) {
    const { units } = file;
    const without = units.filter((unit) => looseWhole.has(unit) || !compactedWhole.has(unit));
    if (without.length < units.length || units.length === 0)
      files[file.kind].push({ ...file, without: without.length === 0 ? undefined : without });
  }
  const captures = new Set([...looseWhole, ...compactedWhole].map((unit) => unit.slice(0, CAPTURE_DIGITS)));
  for (const file of newestOfEach(shelves.flatMap(({ open }) => open)))
    if (captures.has(file.unit)) files.open_flows.push({ ...file, without: undefined });
  const missing = shelves.flatMap((shelf) => shelf.missing);
  for (const [unit, changedMs] of unfinished) {
    if (nowMs - changedMs > UNFINISHED_MS)
      missing.push({
        kind: 'file',
        name: unit,
        why: 'its row of captures never came, so that its rows may not be all',
      });
  }
  return { files, loose, compacted, missing };
}

function unitsOf(files: readonly LooseFile[]): ReadonlySet<UnitName> {
  return new Set(files.map(({ unit }) => unit));
}

/** Open flows of a capture lie in the day of its newest segment; one of an older day was left behind. */
function newestOfEach(files: readonly LooseFile[]): Iterable<LooseFile> {
  const newest = new Map<string, LooseFile>();
  for (const file of files) {
    const other = newest.get(file.unit);
    if (other === undefined || other.day < file.day) newest.set(file.unit, file);
  }
  return newest.values();
}
