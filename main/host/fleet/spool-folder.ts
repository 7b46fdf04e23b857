/**
 * The folder that an agent leaves its tables and case files in until somebody takes them away, and its bound: where nobody does, the
 * oldest go, and how much went is counted for good.
 *
 * Invariants
 * - After `makeRoom` the files of the tables take no more than the limit.
 * - What goes is a unit as a whole, its row in the table of captures first: what is left of one whose removal was cut short is no
 *   coverage to anybody.
 * - What was lost is written down before it is removed, so that a process that dies between counts too much rather than too little.
 */
import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { FLEET_KINDS, type FleetKind } from '../../../shared/fleet/tables.ts';
import { WholeFile, WriteError } from '../../capture/whole-file.ts';
import { makeFolder } from '../live/make-folder.ts';
import { withLock } from '../notes/lock.ts';

/** Both begin with a dot: who ships the folder leaves such files out. */
const STATE_FILE = '.resetscope-spool.json';
const LOCK_FILE = '.resetscope-spool.lock';

/** Files that the spool let go of before they were taken away, since it began. */
export interface SpoolLosses {
  readonly files: number;
  readonly bytes: number;
}

const NO_LOSSES: SpoolLosses = { files: 0, bytes: 0 };

const stateSchema = v.object({
  lostFiles: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  lostBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Largest file of counters that is read. */
const MOST_STATE_BYTES = 4096;

interface SpooledFile {
  readonly path: string;
  readonly kind: FleetKind;
  readonly bytes: number;
}

/** Files that go together. */
interface SpooledUnit {
  readonly name: string;
  readonly files: SpooledFile[];
  bytes: number;
  /** When its newest file was written; milliseconds since 1970. */
  writtenMs: number;
}

export interface SpoolRoom {
  /** What went this time. */
  readonly lost: SpoolLosses;
  /** What is there now. */
  readonly files: number;
  readonly bytes: number;
}

export class SpoolFolder {
  readonly path: string;
  readonly #limitBytes: number;
  #losses = NO_LOSSES;

  /** @param limitBytes that its tables and case files may take; Infinity for no bound */
  constructor(path: string, limitBytes: number) {
    this.path = path;
    this.#limitBytes = limitBytes;
  }

  /** What was lost by all who ever wrote here, as far as this process has seen. */
  get losses(): SpoolLosses {
    return this.#losses;
  }

  /** Makes the folder, tries to write there, and reads what was lost before. @throws WriteError */
  async begin(): Promise<void> {
    try {
      await makeFolder(this.path);
      await this.#locked(async () => {
        this.#losses = await this.#read();
        await this.#write();
      });
    } catch (error) {
      throw error instanceof WriteError ? error : new WriteError(join(this.path, STATE_FILE), error);
    }
  }

  /** Counts a unit that could not be written. */
  async noteUnwritten(files: number, bytes: number): Promise<void> {
    await this.#locked(async () => {
      this.#losses = sum(await this.#read(), { files, bytes });
      await this.#write();
    });
  }

  /**
   * Lets go of the oldest units until there is room.
   * @param extraBytes that somebody is about to write, or did not find room for
   */
  async makeRoom(extraBytes = 0): Promise<SpoolRoom> {
    return this.#locked(async () => {
      const units = await this.#units();
      const has = units.reduce((all, { bytes }) => all + bytes, 0);
      const going: SpooledUnit[] = [];
      let left = has;
      for (const unit of units) {
        if (left + extraBytes <= this.#limitBytes) break;
        going.push(unit);
        left -= unit.bytes;
      }
      const lost = await this.#remove(going);
      const files = units.reduce((all, unit) => all + unit.files.length, 0);
      const went = going.reduce((all, unit) => all + unit.files.length, 0);
      return { lost, files: files - went, bytes: left };
    });
  }

  /** The oldest unit goes, however much room there is: the disk itself has none. */
  async dropOldest(): Promise<SpoolLosses> {
    return this.#locked(async () => this.#remove((await this.#units()).slice(0, 1)));
  }

  /** @returns what was still there to be removed */
  async #remove(units: readonly SpooledUnit[]): Promise<SpoolLosses> {
    if (units.length === 0) return NO_LOSSES;
    const before = await this.#read();
    const files = units.flatMap((unit) => unit.files);
    const all = { files: files.length, bytes: files.reduce((bytes, file) => bytes + file.bytes, 0) };
    this.#losses = sum(before, all);
    // A full disk may refuse it until something is removed.
    await this.#write().catch(() => undefined);
    let lost = NO_LOSSES;
    for (const unit of units) {
      for (const { path, bytes } of captureFirst(unit.files)) {
        // What somebody has taken away meanwhile is no loss.
        if (await removeFile(path)) lost = sum(lost, { files: 1, bytes });
      }
    }
    this.#losses = sum(before, lost);
    await this.#write();
    return lost;
  }

  /** Of all captures, oldest first. Files that are no table's and no case's are left alone. */
  async #units(): Promise<SpooledUnit[]> {
    const units = new Map<string, SpooledUnit>();
    for (const kind of FLEET_KINDS) {
      for (const folder of await this.#foldersOf(kind)) {
        const names = await namesIn(folder);
        for (const name of names) await addFile(units, kind, join(folder, name), name);
      }
    }
    return [...units.values()].sort((a, b) => a.writtenMs - b.writtenMs || (a.name < b.name ? -1 : 1));
  }

  /** Folders of a kind; empty ones of other days than the newest are removed on the way: whoever takes files away leaves them. */
  async #foldersOf(kind: FleetKind): Promise<string[]> {
    const days = (await namesIn(join(this.path, kind))).filter((name) => name.startsWith('day=')).sort();
    const folders: string[] = [];
    for (const day of days) {
      const ofDay = join(this.path, kind, day);
      const isOld = day !== days.at(-1);
      const sites = (await namesIn(ofDay)).filter((name) => name.startsWith('site='));
      for (const site of sites) {
        const folder = join(ofDay, site);
        if (!(isOld && (await removeIfEmpty(folder)))) folders.push(folder);
      }
      if (isOld) await removeIfEmpty(ofDay);
    }
    return folders;
  }

  /** Counters that are damaged begin anew: the tables matter more. */
  async #read(): Promise<SpoolLosses> {
    try {
      const path = join(this.path, STATE_FILE);
      if ((await stat(path)).size > MOST_STATE_BYTES) return this.#losses;
      const state = v.parse(stateSchema, JSON.parse(await readFile(path, 'utf8')));
      return { files: state.lostFiles, bytes: state.lostBytes };
    } catch {
      return this.#losses;
    }
  }

  async #write(): Promise<void> {
    const { files, bytes } = this.#losses;
    const file = await WholeFile.create(join(this.path, STATE_FILE), { existing: 'replace', mode: 0o666 });
    try {
      await file.handle.writeFile(`${JSON.stringify({ lostFiles: files, lostBytes: bytes })}\n`);
      await file.commit();
    } catch (error) {
      await file.discard();
      throw error instanceof WriteError ? error : new WriteError(join(this.path, STATE_FILE), error);
    }
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    return withLock(join(this.path, LOCK_FILE), work);
  }
}

/** 0123456789abcdef-00000.parquet, 0123456789abcdef.parquet (open flows), 0123456789abcdef-00000-17.pcapng */
const UNIT_FILE = /^([0-9a-f]{16}(?:-\d{5,})?)(?:\.parquet|(?<=-\d+)-\d+\.pcapng)$/u;

async function addFile(
  units: Map<string, SpooledUnit>,
  kind: FleetKind,
  path: string,
  name: string,
): Promise<void> {
  const unitName = UNIT_FILE.exec(name)?.[1];
  if (unitName === undefined) return;
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return;
  let unit = units.get(unitName);
  if (unit === undefined) units.set(unitName, (unit = { name: unitName, files: [], bytes: 0, writtenMs: 0 }));
  unit.files.push({ path, kind, bytes: stats.size });
  unit.bytes += stats.size;
  unit.writtenMs = Math.max(unit.writtenMs, stats.mtimeMs);
}

function captureFirst(files: readonly SpooledFile[]): SpooledFile[] {
  return [...files].sort((a, b) => Number(b.kind === 'captures') - Number(a.kind === 'captures'));
}

function sum(a: SpoolLosses, b: SpoolLosses): SpoolLosses {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** @returns whether it was there */
async function removeFile(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** @returns whether it was empty */
async function removeIfEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

/** None where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
