/**
 * Kinds with few rows, kept in memory while their files stay the same: nearly all answers ask for captures and open flows several times,
 * and agents bring them in very many files. What was answered out of them is remembered, too: each answer tells what it covers, and the
 * scope seldom changes from one to the next.
 */
import type { FleetKind } from '../../../shared/fleet/tables.ts';
import type { Row, Select } from '../store.ts';
import { keyText } from '../key-text.ts';
import type { DuckDbSession } from './session.ts';
import { quotedText } from './sql-writing.ts';
import { type ReadableFile, tableOf } from './views.ts';

/** Kinds with a row for a capture’s part, or for a connection of now: their number grows with hosts and not with traffic. */
const KEPT: ReadonlySet<FleetKind> = new Set(['captures', 'open_flows']);
/** Files that are larger together are read for each question. */
const MAX_BYTES = 64 * 1024 ** 2;
/** Rows of remembered answers, of all of them together. */
const MAX_REMEMBERED = 100_000;

interface Kept {
  readonly source: readonly ReadableFile[];
  /** What the table is made of, by what a file is and what of it counts. */
  readonly files: ReadonlyMap<string, ReadableFile>;
  readonly table: Promise<string>;
  /** The table before, which questions of a moment ago may still be about to read. */
  readonly before: Promise<string> | undefined;
}

export class KeptTables {
  readonly #session: DuckDbSession;
  readonly #kept = new Map<FleetKind, Kept>();
  /** Answers by their question and the table that they are out of, the one that was given last at the end. */
  readonly #answers = new Map<string, readonly Row[]>();
  #made = 0;

  constructor(session: DuckDbSession) {
    this.#session = session;
  }

  /**
   * @returns the name of a table with all rows of these files; undefined for kinds that are not kept
   * @throws what DuckDB says of a file that it cannot read
   */
  tableOf(kind: FleetKind, files: readonly ReadableFile[]): Promise<string> | undefined {
    const known = this.#kept.get(kind);
    // A catalog gives the same list until something changes.
    if (known?.source === files) return known.table;
    if (!KEPT.has(kind) || files.reduce((sum, file) => sum + file.bytes, 0) > MAX_BYTES) return undefined;
    const now = new Map(files.map((file) => [keyOf(file), file]));
    const isSame = known?.files.size === now.size && [...now.keys()].every((key) => known.files.has(key));
    const kept = isSame
      ? { ...known, source: files }
      : { source: files, files: now, table: this.#make(kind, now, known), before: known?.table };
    this.#kept.set(kind, kept);
    kept.table.catch(() => {
      if (this.#kept.get(kind) === kept) this.#kept.delete(kind);
    });
    return kept.table;
  }

  /** @param table a name that `tableOf` gave: it stands for what is in it, since each has one of its own */
  async remembered(
    table: string,
    select: Select,
    ask: () => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> {
    const key = `${table} ${keyText(select)}`;
    const rows = this.#answers.get(key) ?? (await ask());
    this.#answers.delete(key);
    this.#answers.set(key, rows);
    let sum = 0;
    for (const [known, { length }] of [...this.#answers].reverse()) {
      // An answer without rows takes room as well.
      sum += length + 1;
      if (sum > MAX_REMEMBERED) this.#answers.delete(known);
    }
    return rows;
  }

  /** Rows of files that were there before are taken from the table before. */
  async #make(
    kind: FleetKind,
    now: ReadonlyMap<string, ReadableFile>,
    before: Kept | undefined,
  ): Promise<string> {
    const name = `kept_${kind}_${++this.#made}`;
    const old = await before?.table.catch(() => undefined);
    const known = old === undefined ? undefined : before?.files;
    const added = [...now].flatMap(([key, file]) => (known?.has(key) === true ? [] : [file]));
    const read = `SELECT * EXCLUDE (file_row_number) FROM ${tableOf(kind, added, true)}`;
    const parts = [read];
    if (old !== undefined && known !== undefined) {
      const gone = [...known].flatMap(([key, { path }]) => (now.has(key) ? [] : [quotedText(path)]));
      const left = gone.length === 0 ? '' : ` WHERE filename NOT IN (${gone.join(', ')})`;
      parts.unshift(`SELECT * FROM ${old}${left}`);
    }
    await this.#session.run(`CREATE TABLE ${name} AS ${parts.join(' UNION ALL ')}`);
    const unread = await before?.before?.catch(() => undefined);
    if (unread !== undefined) await this.#session.run(`DROP TABLE IF EXISTS ${unread}`);
    return name;
  }
}

function keyOf({ path, version, without = [] }: ReadableFile): string {
  return [path, version, ...without].join('\t');
}
