/** A folder of Parquet files as a store, read by DuckDB. */
import { realpathSync, statSync } from 'node:fs';
import type { DuckDBValue } from '@duckdb/node-api';
import { errorText } from '../../../shared/format/error.ts';
import { FLEET_KINDS, type FleetKind, type FleetType } from '../../../shared/fleet/tables.ts';
import {
  type Answer,
  FleetError,
  type FleetStore,
  type Lines,
  type Row,
  type Select,
  type SqlAnswer,
  type UnitId,
  type Value,
} from '../store.ts';
import { renderSelect } from './dialect.ts';
import { type Catalog, FileCatalog } from './file-catalog.ts';
import { isOfScatteredRows, renderFinding } from './found-rows.ts';
import { isReplaced } from './folder-index.ts';
import { KeptTables } from './kept-tables.ts';
import type { DuckDb } from './load-duckdb.ts';
import { mayHold } from './pruning.ts';
import { DuckDbSession } from './session.ts';
import { checkStatement } from './statement-guard.ts';
import { renderLines } from './tab-separated-sql.ts';
import { type ReadableFile, type RowsOfFiles, tableOf, tableOfRows } from './views.ts';

export interface FolderOptions {
  readonly folder: string;
  readonly duckdb: DuckDb;
  /** A folder of this process alone, for what does not fit memory. */
  readonly temporary: string;
  /** Files that are larger together are looked through twice, first for where rows are. Differs in tests. */
  readonly twofoldBytes?: number;
}

/** Files that break while they are read, and folders that change meanwhile: a question is asked so often. */
const MAX_TRIES = 20;
/** Files that are smaller together are read at once: to look for rows first would cost more than it spares. */
const TWOFOLD_BYTES = 4 * 1024 ** 2;
/** Rows that are looked at again where more was found than is meant. */
const MAX_CANDIDATES = 10_000;
/** Characters of an answer to somebody’s own statement, which goes through memory as a whole. */
const MAX_ANSWER_CHARACTERS = 8_000_000;
const MAX_STATEMENT = 100_000;

/** @throws FleetError 'not-a-fleet' */
export async function openFolder({
  folder,
  duckdb,
  temporary,
  twofoldBytes = TWOFOLD_BYTES,
}: FolderOptions): Promise<FleetStore> {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true)
    throw new FleetError(
      'not-a-fleet',
      `There is no folder ${folder}. A fleet is a folder that agents’ tables lie in, or clickhouse://HOST/DATABASE.`,
    );
  const real = realpathSync(folder);
  const session = await DuckDbSession.open({ duckdb, folder: real, temporary });
  const store = new FolderStore(folder, session, new FileCatalog(real, session), twofoldBytes);
  await store.refresh();
  return store;
}

class FolderStore implements FleetStore {
  readonly name: string;
  readonly shards = 1;
  readonly #session: DuckDbSession;
  readonly #catalog: FileCatalog;
  readonly #twofoldBytes: number;
  readonly #kept: KeptTables;
  /** What the views were made of. */
  #viewed: unknown;
  #viewing: Promise<void> = Promise.resolve();

  constructor(name: string, session: DuckDbSession, catalog: FileCatalog, twofoldBytes: number) {
    this.#twofoldBytes = twofoldBytes;
    this.name = name;
    this.#session = session;
    this.#catalog = catalog;
    this.#kept = new KeptTables(session);
  }

  async refresh(): Promise<void> {
    await this.#catalog.read();
  }

  ask(select: Select, signal: AbortSignal): Promise<Answer> {
    return this.#untilReadable(signal, async ({ files, missing }) => {
      return { rows: await this.#answer(select, files[select.from], signal), missing };
    }).catch((error: unknown) => {
      throw error instanceof FleetError || signal.aborted ? error : new FleetError('failed', wordsOf(error));
    });
  }

  async #answer(
    select: Select,
    files: readonly ReadableFile[],
    signal: AbortSignal,
  ): Promise<readonly Row[]> {
    const kept = await this.#kept.tableOf(select.from, files);
    if (kept !== undefined)
      return this.#kept.remembered(kept, select, () => this.#rows(select, kept, signal));
    const some = files.filter((file) => mayHold(file, select.where));
    const isLarge = some.reduce((sum, file) => sum + file.bytes, 0) > this.#twofoldBytes;
    if (!isLarge || !isOfScatteredRows(select)) return this.#rows(select, tableOf(select.from, some), signal);
    const places = await this.#find(select, some, signal);
    const rows = await this.#rows(select, tableOfRows(select.from, some, places), signal);
    // The number of a row means nothing in a file that came in the place of another.
    if (some.some((file) => places.has(file.path) && isReplaced(file)))
      throw new Error('A file was replaced between looking for rows and reading them.');
    return rows;
  }

  async #rows(select: Select, table: string, signal: AbortSignal): Promise<readonly Row[]> {
    const { sql, values, types } = renderSelect(select, table);
    const { rows } = await this.#session.rows(sql, values, { limit: select.limit, signal });
    const names = Object.keys(select.columns);
    return rows.map((row) => rowOf(names, types, row));
  }

  /** Looks for where the rows of an answer lie. */
  async #find(select: Select, files: readonly ReadableFile[], signal: AbortSignal): Promise<RowsOfFiles> {
    const table = tableOf(select.from, files, true);
    const first = renderFinding(select, table);
    const limit = first.isExact ? select.limit : MAX_CANDIDATES;
    let found = await this.#session.rows(first.sql, first.values, { limit, signal });
    if (found.isCut && !first.isExact) {
      const exact = renderFinding(select, table, true);
      found = await this.#session.rows(exact.sql, exact.values, { limit: select.limit, signal });
    }
    const places = new Map<string, number[]>();
    for (const [file, number] of found.rows) {
      const numbers = places.get(String(file));
      if (numbers === undefined) places.set(String(file), [Number(number)]);
      else numbers.push(Number(number));
    }
    return places;
  }

  async sql(
    statement: string,
    { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
  ): Promise<SqlAnswer> {
    if (statement.length > MAX_STATEMENT)
      throw new FleetError('bad-query', `A statement has at most ${MAX_STATEMENT} characters.`);
    const parsed = await this.#session.rows('SELECT json_serialize_sql($1::VARCHAR)', [statement], {
      limit: 1,
      signal,
    });
    checkStatement(String(parsed.rows[0][0]));
    return this.#untilReadable(signal, async (catalog) => {
      await this.#view(catalog);
      const { rows, isCut, result } = await this.#session.rows(statement, [], { limit, signal });
      const columns = result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
      return {
        columns,
        ...bounded(
          rows.map((row) => row.map(valueOf)),
          isCut,
        ),
        missing: catalog.missing,
      };
    }).catch((error: unknown) => {
      throw error instanceof FleetError || signal.aborted
        ? error
        : new FleetError('bad-query', wordsOf(error));
    });
  }

  async *lines(
    kind: FleetKind,
    units: readonly UnitId[],
    needed: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<Lines> {
    const { files } = await this.#catalog.read();
    const captures = { column: 'capture', in: units.map(({ capture }) => capture) };
    const some = files[kind].filter((file) => mayHold(file, [captures]));
    const { sql, values } = renderLines(kind, tableOf(kind, some), units, needed);
    for await (const lines of this.#session.texts(sql, values, signal)) {
      if (lines.includes(null))
        throw new FleetError(
          'failed',
          `a row of ${kind} is without one of these, which every row has: ${needed.join(', ')}`,
        );
      yield { text: lines.join(''), rows: lines.length };
    }
  }

  close(): Promise<void> {
    this.#session.close();
    return Promise.resolve();
  }

  /** Makes the tables that statements name out of these files. */
  async #view(catalog: Catalog): Promise<void> {
    this.#viewing = this.#viewing
      .catch(() => undefined)
      .then(async () => {
        if (this.#viewed === catalog) return;
        for (const kind of FLEET_KINDS)
          await this.#session.run(
            `CREATE OR REPLACE VIEW ${kind} AS SELECT * FROM ${tableOf(kind, catalog.files[kind])}`,
          );
        this.#viewed = catalog;
      });
    await this.#viewing;
  }

  /** A file that breaks while it is read is left out and told; one that went away was replaced, and others are there instead. */
  async #untilReadable<T>(signal: AbortSignal, ask: (catalog: Catalog) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const catalog = await this.#catalog.read();
      try {
        return await ask(catalog);
      } catch (error) {
        if (signal.aborted || error instanceof FleetError || tries === MAX_TRIES) throw error;
        if (!(await this.#catalog.blame(errorText(error), catalog))) throw error;
      }
    }
  }
}

function rowOf(names: readonly string[], types: readonly FleetType[], row: readonly DuckDBValue[]): Row {
  return Object.fromEntries(names.map((name, i) => [name, typedValue(row[i], types[i])]));
}

function typedValue(value: DuckDBValue, type: FleetType): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return type === 'time' ? value : Number(value);
  if (typeof value === 'number') return value;
  return String(value);
}

/** A value of somebody’s own statement: a bigint is a time, as nanoseconds; whole numbers that no double holds are text. */
function valueOf(value: DuckDBValue): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  const time = value as {
    readonly nanos?: unknown;
    readonly micros?: unknown;
    readonly constructor: { readonly name: string };
  };
  if (time.constructor.name === 'DuckDBTimestampNanosecondsValue' && typeof time.nanos === 'bigint')
    return time.nanos;
  if (/^DuckDBTimestamp(TZ)?Value$/u.test(time.constructor.name) && typeof time.micros === 'bigint')
    return time.micros * 1000n;
  return String(value);
}

function bounded(
  rows: readonly (readonly Value[])[],
  isCut: boolean,
): { readonly rows: readonly (readonly Value[])[]; readonly isCut: boolean } {
  let characters = 0;
  const fitting = rows.findIndex((row) => {
    for (const value of row) characters += typeof value === 'string' ? value.length + 5 : 9;
    return characters > MAX_ANSWER_CHARACTERS;
  });
  return fitting < 0 ? { rows, isCut } : { rows: rows.slice(0, fitting), isCut: true };
}

/** The first lines of what DuckDB says, without its class. */
function wordsOf(error: unknown): string {
  return errorText(error).replace(
    /^(Binder|Catalog|Parser|Conversion|Invalid Input|Permission|IO) Error: /u,
    '',
  );
}
