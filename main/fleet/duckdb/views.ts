/**
 * A kind of row as a table, out of its files: files of the same columns are read together, columns that a file has not are null there,
 * and columns that nobody knows are left out.
 */
import {
  type FleetColumn,
  type FleetKind,
  FLEET_TABLES,
  type FleetType,
} from '../../../shared/fleet/tables.ts';
import { DUCKDB_TYPES, quotedName, quotedText } from './sql-writing.ts';
import type { IndexedFile } from './folder-index.ts';

/** DuckDB’s types of the columns of a file, by their names. */
export type FileColumns = ReadonlyMap<string, string>;

export interface ReadableFile extends IndexedFile {
  readonly columns: FileColumns;
}

const INTEGERS = ['BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT', 'UINTEGER', 'USMALLINT', 'UTINYINT'];
/** What a column may hold in a file. Times that are “adjusted to UTC” are given in microseconds by DuckDB. */
const TYPES_OF_FILES: Readonly<Record<FleetType, readonly string[]>> = {
  text: ['VARCHAR'],
  int: INTEGERS,
  key: ['BIGINT'],
  real: ['DOUBLE', 'FLOAT', ...INTEGERS],
  flag: ['BOOLEAN'],
  time: ['TIMESTAMP_NS', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'],
};
/** Of a row in a file, by DuckDB’s names. */
const PLACES = [
  { name: 'filename', type: 'text' },
  { name: 'file_row_number', type: 'int' },
] as const;
/** Without them a row belongs to nothing. */
const NEEDED = ['capture', 'segment', 'time'];

/** @returns why it is no file of this kind; null where it is one */
export function complaintOf(kind: FleetKind, columns: FileColumns): string | null {
  const lacking = NEEDED.find((name) => !columns.has(name));
  if (lacking !== undefined) return `it has no column “${lacking}”, as tables of a fleet have`;
  for (const { name, type } of FLEET_TABLES[kind]) {
    const found = columns.get(name);
    if (found !== undefined && !TYPES_OF_FILES[type].includes(found))
      return `its column “${name}” holds ${found} and should hold ${DUCKDB_TYPES[type]}`;
  }
  return null;
}

/** Numbers of rows in a file, from 0. */
export type RowsOfFiles = ReadonlyMap<string, readonly number[]>;

/**
 * Something to select from that has all columns of the kind, and no rows where there are no files.
 * @param hasPlaces whether it has the file of a row and its number there too, as `filename` and `file_row_number`
 */
export function tableOf(kind: FleetKind, files: readonly ReadableFile[], hasPlaces = false): string {
  const columns = FLEET_TABLES[kind];
  const groups = new Map<string, { readonly files: string[]; readonly first: ReadableFile }>();
  for (const file of files) {
    const alike = `${columns.map(({ name }) => file.columns.get(name) ?? '').join()}\n${file.without === undefined ? '' : file.path}`;
    const group = groups.get(alike);
    if (group === undefined) groups.set(alike, { files: [file.path], first: file });
    else group.files.push(file.path);
  }
  return unionOf(
    kind,
    [...groups.values()].map(({ files: paths, first }) => ({ paths, first, where: conditionsOf(first) })),
    hasPlaces ? PLACES : [],
  );
}

/** The same of some rows alone: each file by itself, so that DuckDB passes over row groups that none of them lies in. */
export function tableOfRows(kind: FleetKind, files: readonly ReadableFile[], rows: RowsOfFiles): string {
  return unionOf(
    kind,
    files.flatMap((first) => {
      const numbers = rows.get(first.path);
      if (numbers === undefined) return [];
      const where = [`file_row_number IN (${numbers.join(', ')})`, ...conditionsOf(first)];
      return [{ paths: [first.path], first, where }];
    }),
  );
}

type NamedColumn = Pick<FleetColumn, 'name' | 'type'>;

interface Part {
  readonly paths: readonly string[];
  readonly first: ReadableFile;
  readonly where: readonly string[];
}

function unionOf(kind: FleetKind, parts: readonly Part[], places: readonly NamedColumn[] = []): string {
  const columns = FLEET_TABLES[kind];
  if (parts.length === 0) return `(SELECT ${[...columns, ...places].map(nothing).join(', ')} WHERE FALSE)`;
  return `(${parts.map((part) => selectOf(columns, part, places)).join(' UNION ALL ')})`;
}

function selectOf(
  columns: readonly FleetColumn[],
  { paths, first, where }: Part,
  places: readonly NamedColumn[],
): string {
  const list = columns.map((column) => {
    const found = first.columns.get(column.name);
    if (found === undefined) return nothing(column);
    const name = quotedName(column.name);
    // A cast that does nothing may all the same keep a condition from the statistics of row groups.
    return found === DUCKDB_TYPES[column.type]
      ? name
      : `CAST(${name} AS ${DUCKDB_TYPES[column.type]}) AS ${name}`;
  });
  return [
    `SELECT ${[...list, ...places.map(({ name }) => name)].join(', ')}`,
    `FROM read_parquet([${paths.map(quotedText).join(', ')}], hive_partitioning = false)`,
    ...(where.length === 0 ? [] : [`WHERE ${where.join(' AND ')}`]),
  ].join(' ');
}

function conditionsOf({ without = [] }: ReadableFile): string[] {
  const units = without.flatMap((unit) => {
    const [, capture, segment] = /^([0-9a-f]{16})-(\d{5,9})$/u.exec(unit) ?? [];
    return capture === undefined
      ? []
      : [`(${BigInt.asIntN(64, BigInt(`0x${capture}`))}::BIGINT, ${Number(segment)}::BIGINT)`];
  });
  return units.length === 0 ? [] : [`(capture, segment) NOT IN (${units.join(', ')})`];
}

function nothing({ name, type }: NamedColumn): string {
  return `NULL::${DUCKDB_TYPES[type]} AS ${quotedName(name)}`;
}
