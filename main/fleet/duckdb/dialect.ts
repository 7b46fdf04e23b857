/** Questions as DuckDB's SQL. */
import type { FleetType } from '../../../shared/fleet/tables.ts';
import type { Select } from '../store.ts';
import { badQuery, type BoundValue, quotedName, SqlWriting } from './sql-writing.ts';

interface Rendered {
  readonly sql: string;
  readonly values: readonly BoundValue[];
  /** Of each column of the answer, in its order. */
  readonly types: readonly FleetType[];
}

/**
 * @param table what the rows are read from
 * @returns a statement that gives the rows of the answer in their order. Without an order it may give more than its limit: DuckDB reads on
 *   one thread where it has to stop somewhere, and who reads the answer stops it all the same
 * @throws FleetError 'bad-query' where a column is asked for that there is not
 */
export function renderSelect(select: Select, table: string): Rendered {
  const { columns, where = [], groupBy = [] } = select;
  checkNames(select);
  const writing = new SqlWriting(select.from);
  const named = Object.entries(columns).map(([name, expression]) => ({
    name,
    ...writing.expression(expression),
  }));
  const inner = [
    `SELECT ${named.map(({ name, sql }) => `${sql} AS ${quotedName(name)}`).join(', ')}`,
    `FROM ${table}`,
    ...(where.length === 0 ? [] : [`WHERE ${writing.condition({ all: where })}`]),
    ...(groupBy.length === 0
      ? []
      : [`GROUP BY ${groupBy.map((name) => writing.expression(columns[name]).sql).join(', ')}`]),
    ...orderOf(select, quotedName),
  ].join(' ');
  // What people read is made of the rows that are left: keys and times sort as numbers.
  const outer = named.map(({ name, type }) => outside(`answer.${quotedName(name)}`, type)).join(', ');
  return {
    sql: `SELECT ${outer} FROM (${inner}) AS answer`,
    values: writing.values,
    types: named.map(({ type }) => type),
  };
}

/** @throws FleetError 'bad-query' where it groups or sorts by what it has not, or its limit is none */
export function checkNames({ columns, groupBy = [], orderBy = [], limit }: Select): void {
  if (!Number.isSafeInteger(limit) || limit < 0) throw badQuery(`${limit} is no number of rows.`);
  for (const name of [...groupBy, ...orderBy.map(({ by }) => by)])
    if (!Object.hasOwn(columns, name)) throw badQuery(`The question has no column “${name}”.`);
}

/** Order and limit, as the last words of a statement. */
export function orderOf({ orderBy = [], limit }: Select, sqlOf: (name: string) => string): string[] {
  if (orderBy.length === 0) return [];
  const order = orderBy.map(
    ({ by, descending = false }) => `${sqlOf(by)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return [`ORDER BY ${order.join(', ')} LIMIT ${limit}`];
}

/** A value as it leaves the database. */
function outside(sql: string, type: FleetType): string {
  if (type === 'time') return `epoch_ns(${sql})`;
  return type === 'key' ? `CAST(${sql} AS VARCHAR)` : sql;
}
