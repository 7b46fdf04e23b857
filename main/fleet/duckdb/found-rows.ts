/**
 * Where the rows of an answer lie, by the few columns that conditions and order need: DuckDB reads all columns of all rows where a question
 * has many values or alternatives. Whole rows are read of those places alone, in a second statement.
 */
import { type FleetKind, FLEET_TABLES } from '../../../shared/fleet/tables.ts';
import type { Condition, Select } from '../store.ts';
import { type Alternatives, columnsIn, groupsOfAlternatives } from '../alternatives.ts';
import { checkNames, orderOf } from './dialect.ts';
import { type BoundValue, quotedName, SqlWriting } from './sql-writing.ts';

export interface Finding {
  /** Gives `filename` and `file_row_number`, each row once. */
  readonly sql: string;
  readonly values: readonly BoundValue[];
  /** Whether what it finds meets all conditions; it may be more otherwise, and what is read there is to be looked at again. */
  readonly isExact: boolean;
}

/** Values in a list that DuckDB holds against statistics of row groups; with more it reads all columns of all rows. */
const SHORT_LIST = 5;
/** Numbers of an alternative that are few enough rows together; texts take as long to read and hash as all numbers. */
const TELLING_NUMBERS = 2;

/** Whether a question is for rows, not groups, by conditions that DuckDB would read all columns for. */
export function isOfScatteredRows({ from, columns, where = [], groupBy }: Select): boolean {
  return (
    groupBy === undefined &&
    Object.values(columns).every((expression) => 'column' in expression) &&
    where.some((one) => {
      if ('any' in one) return one.any.length > 1;
      return ('in' in one && one.in.length > SHORT_LIST) || isOfRandomKey(from, one);
    })
  );
}

/** Keys of connections are as good as random, so that statistics of row groups say nothing of them. */
function isOfRandomKey(from: FleetKind, condition: Condition): boolean {
  if (!('in' in condition) && !('op' in condition && condition.op === '=')) return false;
  const { column } = condition;
  return (
    column !== 'capture' && FLEET_TABLES[from].some(({ name, type }) => name === column && type === 'key')
  );
}

/**
 * @param table with the columns `filename` and `file_row_number` of DuckDB, too
 * @param mustBeExact whether all that is found has to meet all conditions, for where looking by numbers alone finds too much
 * @throws FleetError 'bad-query' where a column is asked for that there is not
 */
export function renderFinding(select: Select, table: string, mustBeExact = false): Finding {
  const { columns, where = [], orderBy = [] } = select;
  checkNames(select);
  const writing = new SqlWriting(select.from);
  const order = orderBy.map(({ by }) => writing.expression(columns[by]).sql);
  const places = ['filename', 'file_row_number', ...order].join(', ');
  const groups = groupsOfAlternatives(where);
  // An order leaves rows out, which must not be those that are meant.
  const isExact = mustBeExact || groups === undefined || orderBy.length > 0;
  const found =
    groups === undefined
      ? `SELECT ${places} FROM ${table} WHERE ${writing.condition({ all: where })}`
      : groups.map((group) => foundByTuples(writing, { group, table, places, isExact })).join(' UNION ');
  const sorted = orderOf(select, (by) => writing.expression(columns[by]).sql);
  return {
    sql: ['SELECT filename, file_row_number', `FROM (${found}) AS found`, ...sorted].join(' '),
    values: writing.values,
    isExact,
  };
}

interface Tuples {
  readonly group: Alternatives;
  readonly table: string;
  readonly places: string;
  readonly isExact: boolean;
}

/** Rows that meet one of these alternatives: a hash finds them, and what else there is to meet is looked at in them alone. */
function foundByTuples(
  writing: SqlWriting,
  { group: { alternatives, common, names, tuples }, table, places, isExact }: Tuples,
): string {
  const columns = names.map((name, at) => ({ ...writing.column(name), at }));
  const numbers = columns.filter(({ type }) => type !== 'text');
  const isByNumbers = !isExact && numbers.length >= TELLING_NUMBERS && names.includes('capture');
  const hashed = isByNumbers ? numbers : columns;
  const different = new Map(
    tuples.map((tuple) => {
      const values = hashed.map(({ at }) => tuple[at]);
      return [values.join('\n'), values] as const;
    }),
  );
  const values = [...different.values()]
    .map(
      (tuple) =>
        `(${tuple.map((value, i) => writing.bind(value, hashed[i].type, hashed[i].name)).join(', ')})`,
    )
    .join(', ');
  const own = hashed.map((_, i) => `t${i}`).join(', ');
  const on = hashed.map(({ name }, i) => `${quotedName(name)} = tuples.t${i}`).join(' AND ');
  const near = (what: string, conditions: readonly Condition[]): string =>
    [
      `SELECT ${what} FROM ${table} SEMI JOIN (VALUES ${values}) AS tuples(${own}) ON ${on}`,
      ...(conditions.length === 0 ? [] : [`WHERE ${writing.condition({ all: conditions })}`]),
    ].join(' ');
  if (isByNumbers) return near(places, common.filter(isOfStatistics));
  const needed = new Set([...names, ...columnsIn(common), ...columnsIn(alternatives)]);
  const what = [...needed].map((name) => quotedName(writing.column(name).name));
  // Materialised, since the alternatives would be tried on all rows of the table otherwise.
  const whole = near([places, ...what].join(', '), common);
  return `(WITH near AS MATERIALIZED (${whole}) SELECT ${places} FROM near WHERE ${writing.condition({ any: alternatives })})`;
}

/** What statistics of row groups tell of, without a look at the rows. */
function isOfStatistics(condition: Condition): boolean {
  return 'is' in condition || ('op' in condition && condition.op === '=');
}
