/**
 * Whole rows as lines of TabSeparated, made by DuckDB: to make objects of ten million rows and text of those takes many times as long as
 * all else that is done to take them in.
 */
import { type FleetColumn, type FleetKind, FLEET_TABLES } from '../../../shared/fleet/tables.ts';
import type { UnitId } from '../store.ts';
import { type BoundValue, quotedName, quotedText, SqlWriting } from './sql-writing.ts';

/** What cannot stand in a cell as it is. */
const ESCAPES = [
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
] as const;
const NULL = quotedText('\\N');

/**
 * @param needed columns that no row may be without
 * @returns a statement with one column: the line of each row with its end; null for a row without one of the needed columns
 */
export function renderLines(
  kind: FleetKind,
  table: string,
  units: readonly UnitId[],
  needed: readonly string[],
): { readonly sql: string; readonly values: readonly BoundValue[] } {
  const writing = new SqlWriting(kind);
  const cells = FLEET_TABLES[kind].map((column) => `coalesce(${cellOf(column)}, ${NULL})`).join(', ');
  const lacks = needed.map((name) => `${quotedName(writing.column(name).name)} IS NULL`).join(' OR ');
  const tuples = units
    .map(
      ({ capture, segment }) =>
        `(${writing.bind(capture, 'key', 'capture')}, ${writing.bind(segment, 'int', 'segment')})`,
    )
    .join(', ');
  return {
    sql: [
      `SELECT CASE WHEN ${lacks} THEN NULL ELSE concat_ws(chr(9), ${cells}) || chr(10) END`,
      `FROM ${table} SEMI JOIN (VALUES ${tuples}) AS units(capture, segment) USING (capture, segment)`,
    ].join(' '),
    values: writing.values,
  };
}

function cellOf({ name, type }: FleetColumn): string {
  const column = quotedName(name);
  switch (type) {
    case 'text':
      return ESCAPES.reduce(
        (sql, [from, to]) => `replace(${sql}, ${charOf(from)}, ${quotedText(to)})`,
        column,
      );
    case 'flag':
      return `CAST(CAST(${column} AS TINYINT) AS VARCHAR)`;
    case 'time':
      return `CAST(epoch_ns(${column}) AS VARCHAR)`;
    case 'int':
    case 'key':
    case 'real':
      return `CAST(${column} AS VARCHAR)`;
  }
}

function charOf(char: string): string {
  return `chr(${char.charCodeAt(0)})`;
}
