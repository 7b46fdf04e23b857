/**
 * What tables are made of: columns that read a cell out of a row. Each is written once, for all formats, and docs/tables.md is made
 * out of the same words.
 *
 * Invariants
 * - A name never changes and is never used again for something else: programs of users read it.
 * - `time` is nanoseconds since the analysis' epoch, as in rows; formats write it as a date, exact to the nanosecond.
 * - What is not known is null, in every format: never −1 or an empty text.
 */

export type Cell = string | number | boolean | null;

export type ColumnType =
  | 'text'
  /** A whole number that a double holds exactly. */
  | 'int'
  | 'real'
  | 'flag'
  | 'time';

export interface TableContext {
  /** Nanoseconds since 1970 of the analysis' time zero. */
  readonly epochNs: bigint;
  /** Name of a file by its number. */
  path(file: number): string | null;
}

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** What it means, for docs/tables.md. */
  readonly about: string;
  /** seconds, bytes …; absent where it has none. */
  readonly unit?: string;
  read(row: Row, context: TableContext): Cell;
}

/** A number that rows have as −1 where it is not known. */
export function known(value: number): number | null {
  return value < 0 ? null : value;
}

export function knownText(value: string): string | null {
  return value === '' ? null : value;
}

/** Seconds of nanoseconds; null for what is negative, which is not known. */
export function secondsOf(ns: number): number | null {
  return ns < 0 ? null : ns / 1e9;
}
