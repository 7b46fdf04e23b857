/** The files that count with what is in them: each is looked at once, and what is no table of its kind is left out and told. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorText } from '../../../shared/format/error.ts';
import { FLEET_KINDS, type FleetKind } from '../../../shared/fleet/tables.ts';
import type { MissingPart } from '../store.ts';
import { quotedText } from './sql-writing.ts';
import { FolderIndexer, type FolderIndex, type IndexedFile, isReplaced } from './folder-index.ts';
import { schemaBytesOf } from './parquet-footer.ts';
import type { DuckDbSession } from './session.ts';
import { complaintOf, type FileColumns, type ReadableFile } from './views.ts';

export interface Catalog {
  readonly files: Readonly<Record<FleetKind, readonly ReadableFile[]>>;
  readonly missing: readonly MissingPart[];
}

/** Files whose footers are read by one statement. */
const BATCH = 200;
const MAX_COLUMNS = 1000;
/** A writer has one for each kind. */
const MAX_SCHEMAS = 1000;
/** A folder that a question was asked of just now is not looked through again. */
const FRESH_MS = 1000;

export class FileCatalog {
  readonly #session: DuckDbSession;
  readonly #indexer: FolderIndexer;
  /** Columns of a file or what is wrong with it, by path and version. */
  #known = new Map<string, FileColumns | string>();
  /** The same by kind and schema, as bytes. */
  readonly #schemas = new Map<string, FileColumns | string>();
  #index: FolderIndex | undefined;
  #catalog: Catalog | undefined;
  #readAt = 0;
  #reading: Promise<Catalog> | undefined;

  constructor(folder: string, session: DuckDbSession) {
    this.#indexer = new FolderIndexer(folder);
    this.#session = session;
  }

  /** @returns the same object where nothing changed since the last time */
  read(): Promise<Catalog> {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#catalog !== undefined && performance.now() - this.#readAt < FRESH_MS)
      return Promise.resolve(this.#catalog);
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** @returns those of the files that can be read */
  async look(files: readonly IndexedFile[]): Promise<readonly ReadableFile[]> {
    await this.#look(files.filter((file) => !this.#known.has(keyOf(file))));
    return files.flatMap((file) => {
      const columns = this.#known.get(keyOf(file));
      return columns === undefined || typeof columns === 'string' ? [] : [{ ...file, columns }];
    });
  }

  /**
   * Finds out what a failed statement failed by.
   * @param before what the statement was made of
   * @returns whether it is worth asking again
   */
  async blame(message: string, before: Catalog): Promise<boolean> {
    const files = FLEET_KINDS.flatMap((kind) => before.files[kind]);
    this.#readAt = 0;
    if ((await this.read()) !== before) return true;
    const named = files.filter(({ path }) => message.includes(path));
    const broken =
      named.length > 0 ? named.map((file) => [file, message] as const) : await this.#brokenOf(files);
    for (const [file, why] of broken) {
      // What is wrong with one that was replaced meanwhile says nothing of the one in its place.
      if (!isReplaced(file)) this.#known.set(keyOf(file), `it is damaged: ${why.split('\n')[0]}`);
    }
    this.#catalog = undefined;
    return broken.length > 0 || files.some(isReplaced);
  }

  async #read(): Promise<Catalog> {
    const index = this.#indexer.read();
    this.#readAt = performance.now();
    if (index === this.#index && this.#catalog !== undefined) return this.#catalog;
    this.#index = index;
    const all = FLEET_KINDS.flatMap((kind) => index.files[kind]);
    await this.#look(all.filter((file) => !this.#known.has(keyOf(file))));
    this.#known = new Map(all.map((file) => [keyOf(file), this.#known.get(keyOf(file)) ?? 'it went away']));
    return (this.#catalog = this.#catalogOf(index));
  }

  #catalogOf(index: FolderIndex): Catalog {
    const missing = [...index.missing];
    const files = Object.fromEntries(
      FLEET_KINDS.map((kind) => [
        kind,
        index.files[kind].flatMap((file) => {
          const columns = this.#known.get(keyOf(file));
          if (columns !== undefined && typeof columns !== 'string') return [{ ...file, columns }];
          missing.push({ kind: 'file', name: file.path, why: columns ?? 'it was not read' });
          return [];
        }),
      ]),
    ) as unknown as Record<FleetKind, ReadableFile[]>;
    return { files, missing };
  }

  /** Finds the columns of files: DuckDB says those of the first file of each schema, and of all whose schema we do not find. */
  async #look(files: readonly IndexedFile[]): Promise<void> {
    const alike = new Map<string, IndexedFile[]>();
    const others: IndexedFile[] = [];
    for (const [at, file] of files.entries()) {
      // So many files are read in some milliseconds; questions that are given up want to be heard.
      if (at % BATCH === BATCH - 1) await nextTurn();
      const bytes = schemaBytesOf(file.path);
      if (bytes === undefined) {
        others.push(file);
        continue;
      }
      const schema = `${file.kind} ${bytes.toString('latin1')}`;
      const some = alike.get(schema);
      if (some === undefined) alike.set(schema, [file]);
      else some.push(file);
    }
    for (const [schema, some] of alike) {
      const columns = this.#schemas.get(schema) ?? (await this.#columnsOfFirst(schema, some));
      for (const file of some) {
        if (columns === undefined) others.push(file);
        else this.#known.set(keyOf(file), columns);
      }
    }
    await this.#lookByDuckDb(others);
  }

  /** @returns undefined where that file cannot be read, which says nothing of others of its schema */
  async #columnsOfFirst(
    schema: string,
    [file]: readonly IndexedFile[],
  ): Promise<FileColumns | string | undefined> {
    try {
      await this.#lookAt([file]);
    } catch {
      return undefined;
    }
    const columns = this.#known.get(keyOf(file));
    if (columns === undefined) return undefined;
    if (this.#schemas.size >= MAX_SCHEMAS) this.#schemas.clear();
    this.#schemas.set(schema, columns);
    return columns;
  }

  /** Reads the footers of files, together where all of them can be read. */
  async #lookByDuckDb(files: readonly IndexedFile[]): Promise<void> {
    for (let at = 0; at < files.length; at += BATCH) {
      const batch = files.slice(at, at + BATCH);
      try {
        await this.#lookAt(batch);
      } catch {
        for (const file of batch) {
          await this.#lookAt([file]).catch((error: unknown) => {
            // One that was replaced meanwhile is looked at again with the next question.
            const why = isReplaced(file)
              ? 'it was replaced while it was read'
              : `it is no Parquet file, or damaged: ${errorText(error).split('\n')[0]}`;
            this.#known.set(keyOf(file), why);
          });
        }
      }
    }
  }

  async #lookAt(files: readonly IndexedFile[]): Promise<void> {
    const paths = files.map(({ path }) => quotedText(path)).join(', ');
    const { rows } = await this.#session.rows(
      `SELECT file_name, name, duckdb_type FROM parquet_schema([${paths}]) WHERE duckdb_type IS NOT NULL`,
      [],
      { limit: files.length * MAX_COLUMNS },
    );
    const columns = new Map<string, Map<string, string>>();
    for (const [path, name, type] of rows) {
      const one = columns.get(String(path)) ?? new Map<string, string>();
      columns.set(String(path), one.set(String(name), String(type)));
    }
    for (const file of files) {
      const found = columns.get(file.path) ?? new Map<string, string>();
      this.#known.set(keyOf(file), complaintOf(file.kind, found) ?? found);
    }
  }

  /** Reads whole files, one by one: DuckDB does not name the file of every mistake. */
  async #brokenOf(files: readonly ReadableFile[]): Promise<(readonly [IndexedFile, string])[]> {
    const broken: (readonly [IndexedFile, string])[] = [];
    for (const file of files) {
      try {
        await this.#session.rows(
          `SELECT max(hash(COLUMNS(*))) FROM read_parquet(${quotedText(file.path)})`,
          [],
          { limit: 1 },
        );
      } catch (error) {
        broken.push([file, errorText(error)]);
      }
    }
    return broken;
  }
}

function keyOf({ path, version }: IndexedFile): string {
  return `${path}\n${version}`;
}
