/**
 * Writes what one capture, or one segment of a live one, tells a fleet: Parquet files in the folders of their kind, day and site.
 *
 * Invariants
 * - A unit whose file of captures is there is whole: that file is put in place last, and taken away first when the unit is written anew.
 * - Who writes a unit again replaces all of it, also files in days that it no longer has rows of. So nothing is counted twice.
 * - Of a run that fails nothing is left, and before anything was put in place an older run's unit stays as it was. What a killed one was
 *   writing has a name that begins with `.tmp-`, and goes when its folder is written to a day later.
 * - Rows lie in the order of FLEET_ORDER in each file. Memory holds their numbers, and the cells of one row group.
 */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sortSteps } from '../../../shared/base/radix-order.ts';
import { inSlices } from '../../../shared/base/steps.ts';
import { FLEET_KINDS, FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { WholeFile, WriteError } from '../../capture/whole-file.ts';
import type { Breathe } from '../../engine/answers/ordering.ts';
import {
  captureCells,
  caseCells,
  type CaptureFacts,
  type CaseFacts,
} from '../../engine/fleet/capture-cells.ts';
import type { FleetContext } from '../../engine/fleet/fleet-row.ts';
import { makeFolder } from '../live/make-folder.ts';
import { breather } from '../sliced-work.ts';
import { ParquetFormat } from '../tables/parquet.ts';
import { madeRows, type FleetRows } from './fleet-rows.ts';
import {
  captureName,
  casePrefix,
  DAY_NS,
  dayOf,
  floorDay,
  partition,
  unitName,
  type UnitId,
} from './layout.ts';

/** Before the umask: whoever takes files away may be another user. */
export const FOLDER_MODE = 0o777;
const PARTIAL_PREFIX = '.tmp-';
/** Nobody writes for longer at what still has that name. */
const ABANDONED_MS = 86_400_000;
/** Rows between two rests. */
const ROWS_BETWEEN_RESTS = 256;

export interface FleetUnit {
  /** Says which unit it is. */
  readonly context: FleetContext;
  /** Where all kinds lie; it is made where it is not there. */
  readonly folder: string;
  /** As `siteOf` gives it. */
  readonly site: string;
  /** Tells of the unit once all of its rows are written. */
  captures(written: Readonly<Record<FleetKind, number>>): CaptureFacts;
  /** Flows, resets, findings and failures, as far as it has any. */
  readonly rows: readonly FleetRows[];
  /**
   * Flows that go on after it, which take the place of those of the segment before; null where there never are any. Their file lies in
   * the day of `dayNs`: where that is the same for all segments, copies of the folder that nothing is removed of have the newest one, too.
   */
  readonly open: { readonly rows: FleetRows; readonly dayNs: bigint } | null;
  /** Files of packets that are kept of it, beside the table of cases. */
  readonly cases: readonly CaseFile[];
}

export interface CaseFile extends Omit<CaseFacts, 'bytes' | 'sha256'> {
  /** As `caseName` gives it. */
  readonly name: string;
  /** All that it holds, from the beginning; asked for once. */
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface WrittenUnit {
  /** Rows of each kind, without those that were let go while they were written. */
  readonly rows: Readonly<Record<FleetKind, number>>;
  readonly files: number;
  readonly bytes: number;
}

/** @throws WriteError, or the reason of the signal */
export async function writeUnit(
  unit: FleetUnit,
  signal: AbortSignal,
  breathe: Breathe = breather(signal),
): Promise<WrittenUnit> {
  const writing = new UnitFiles(unit, signal, breathe);
  try {
    for (const rows of unit.rows) await writing.add(rows);
    if (unit.open !== null) await writing.addOpen(unit.open.rows, unit.open.dayNs);
    await writing.addCases(unit.cases);
    const facts = unit.captures(writing.written.rows);
    await writing.add(madeRows('captures', [captureCells(facts, unit.context)]));
    await writing.putInPlace();
    return writing.written;
  } catch (error) {
    await writing.discard();
    signal.throwIfAborted();
    throw error;
  }
}

interface UnitFile {
  readonly kind: FleetKind;
  readonly path: string;
  readonly file: WholeFile;
}

class UnitFiles {
  readonly #unit: FleetUnit;
  readonly #signal: AbortSignal;
  readonly #breathe: Breathe;
  readonly #files: UnitFile[] = [];
  readonly #rows = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, 0])) as Record<FleetKind, number>;
  #bytes = 0;
  /** From here on nothing of an older run is whole any more. */
  #isPlacing = false;

  constructor(unit: FleetUnit, signal: AbortSignal, breathe: Breathe) {
    this.#unit = unit;
    this.#signal = signal;
    this.#breathe = breathe;
  }

  get written(): WrittenUnit {
    return { rows: this.#rows, files: this.#files.length, bytes: this.#bytes };
  }

  /** Writes rows of one kind, a file for each day. */
  async add(rows: FleetRows): Promise<void> {
    for (const [day, indexes] of byDay(rows)) {
      const name = `${unitName(this.#unit.context)}.parquet`;
      await this.#write(rows, indexes, join(await this.#folderOf(rows.kind, dayOf(day * DAY_NS)), name));
    }
  }

  async addOpen(rows: FleetRows, dayNs: bigint): Promise<void> {
    const folder = await this.#folderOf(rows.kind, dayOf(dayNs));
    await this.#write(rows, allOf(rows), join(folder, `${captureName(this.#unit.context.capture)}.parquet`));
  }

  /** Writes the files of packets, and the rows that tell of them. */
  async addCases(cases: readonly CaseFile[]): Promise<void> {
    const kept: CaseFacts[] = [];
    for (const { pieces, ...facts } of cases) {
      const path = join(await this.#folderOf('cases', dayOf(facts.fromNs)), facts.name);
      const options = { existing: 'replace', mode: 0o600, partialPrefix: PARTIAL_PREFIX } as const;
      const file = await WholeFile.create(path, options);
      this.#files.push({ kind: 'cases', path, file });
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of pieces()) {
        this.#signal.throwIfAborted();
        hash.update(piece);
        bytes += piece.length;
        await this.#append(file, path, piece);
      }
      await file.settle();
      kept.push({ ...facts, bytes, sha256: hash.digest('hex') });
    }
    const { context } = this.#unit;
    await this.add(
      madeRows(
        'cases',
        kept.map((facts) => caseCells(facts, context)),
      ),
    );
  }

  async #folderOf(kind: FleetKind, day: string): Promise<string> {
    const folder = partition(this.#unit.folder, kind, day, this.#unit.site);
    try {
      await makeFolder(folder, FOLDER_MODE);
    } catch (error) {
      throw new WriteError(folder, error);
    }
    await removeAbandoned(folder);
    return folder;
  }

  async #write(rows: FleetRows, indexes: Uint32Array, path: string): Promise<void> {
    const sorted = await this.#sorted(rows, indexes);
    const options = { existing: 'replace', mode: 0o666, partialPrefix: PARTIAL_PREFIX } as const;
    const file = await WholeFile.create(path, options);
    this.#files.push({ kind: rows.kind, path, file });
    // Times of a fleet's rows count from 1970.
    const format = new ParquetFormat(FLEET_TABLES[rows.kind], 0n, 'utc-clock');
    let sinceRest = 0;
    for (const index of sorted) {
      const cells = rows.cells(index);
      if (cells === undefined) continue;
      this.#rows[rows.kind]++;
      await this.#append(file, path, format.row(cells));
      if (++sinceRest < ROWS_BETWEEN_RESTS) continue;
      sinceRest = 0;
      await this.#breathe();
      this.#signal.throwIfAborted();
    }
    await this.#append(file, path, await format.end());
    await file.settle();
  }

  async #append({ handle }: WholeFile, path: string, bytes: Uint8Array | undefined): Promise<void> {
    if (bytes === undefined) return;
    try {
      await handle.writeFile(bytes);
    } catch (error) {
      throw new WriteError(path, error);
    }
    this.#bytes += bytes.length;
  }

  /** By server, port and time; rows that are alike in these stay in the order in which they came. */
  async #sorted(rows: FleetRows, indexes: Uint32Array): Promise<Uint32Array> {
    if (indexes.length === 0) return indexes;
    const first = rows.timeNs(indexes[0]);
    const keys: readonly ((index: number) => number | string)[] = [
      (index) => Number(rows.timeNs(index) - first),
      (index) => rows.port(index),
      (index) => rows.server(index),
    ];
    let sorted = indexes;
    for (const key of keys) sorted = await inSlices(sortSteps(sorted, key, false), this.#breathe);
    this.#signal.throwIfAborted();
    return sorted;
  }

  async putInPlace(): Promise<void> {
    const captures = this.#files.filter(({ kind }) => kind === 'captures');
    const others = this.#files.filter(({ kind }) => kind !== 'captures');
    this.#signal.throwIfAborted();
    this.#isPlacing = true;
    await this.#removeOld(['captures'], new Set());
    for (const { file } of others) await file.commit();
    await this.#removeOld(
      FLEET_KINDS.filter((kind) => kind !== 'captures'),
      new Set(others.map(({ path }) => path)),
    );
    for (const { file } of captures) await file.commit();
  }

  /** Takes the unit's files away but for those. */
  async #removeOld(kinds: readonly FleetKind[], keep: ReadonlySet<string>): Promise<void> {
    const { folder, site, context } = this.#unit;
    for (const kind of kinds) {
      for (const day of await daysOf(folder, kind)) {
        const at = partition(folder, kind, day, site);
        for (const name of await namesOf(kind, at, context)) {
          const path = join(at, name);
          if (!keep.has(path)) await rm(path, { force: true });
        }
      }
    }
  }

  /** Leaves nothing of this run. */
  async discard(): Promise<void> {
    for (const { file } of this.#files) await file.discard();
    if (this.#isPlacing) await this.#removeOld(FLEET_KINDS, new Set());
  }
}

/** Indexes of the rows of each day, days ascending. */
function byDay(rows: FleetRows): [day: bigint, indexes: Uint32Array][] {
  const days = new Map<bigint, number>();
  for (let i = 0; i < rows.count; i++) {
    const day = floorDay(rows.timeNs(i));
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const indexes = new Map([...days].map(([day, count]) => [day, new Uint32Array(count)]));
  const filled = new Map<bigint, number>();
  for (let i = 0; i < rows.count; i++) {
    const day = floorDay(rows.timeNs(i));
    const at = filled.get(day) ?? 0;
    filled.set(day, at + 1);
    const list = indexes.get(day);
    if (list !== undefined) list[at] = i;
  }
  return [...indexes].sort(([a], [b]) => (a < b ? -1 : 1));
}

function allOf({ count }: FleetRows): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

/** Names that a unit's files of a kind may have in a folder. */
async function namesOf(kind: FleetKind, folder: string, unit: UnitId): Promise<string[]> {
  if (kind === 'open_flows') return [`${captureName(unit.capture)}.parquet`];
  const table = `${unitName(unit)}.parquet`;
  if (kind !== 'cases') return [table];
  const names = await readdir(folder).catch(noneWhereAbsent);
  return [table, ...names.filter((name) => name.startsWith(casePrefix(unit)))];
}

/** Days that have a folder of that kind. */
async function daysOf(folder: string, kind: FleetKind): Promise<string[]> {
  const names = await readdir(join(folder, kind)).catch(noneWhereAbsent);
  return names.flatMap((name) => (name.startsWith('day=') ? [name.slice('day='.length)] : []));
}

/** Of a run that was killed. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(noneWhereAbsent)) {
    if (!name.startsWith(PARTIAL_PREFIX)) continue;
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}

function noneWhereAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
