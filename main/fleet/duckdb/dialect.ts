/**
 * Questions as DuckDB's SQL. Names come out of the table of columns, or are the question's own and quoted; values are bound, so that no
 * word of a stranger is read as SQL.
 */
import {
  type FleetColumn,
  type FleetKind,
  FLEET_TABLES,
  type FleetType,
} from '../../../shared/fleet/tables.ts';
import { type Condition, type Expression, FleetError, type Select, type Value } from '../store.ts';
import { type Alternatives, columnsIn, groupsOfAlternatives } from './alternatives.ts';

export type BoundValue = string | number | bigint | boolean;

export interface Rendered {
  readonly sql: string;
  readonly values: readonly BoundValue[];
  /** Of each column of the answer, in its order. */
  readonly types: readonly FleetType[];
}

const NS_PER_SECOND = 1_000_000_000n;

/** DuckDB's types of a fleet's columns. */
export const DUCKDB_TYPES: Readonly<Record<FleetType, string>> = {
  text: 'VARCHAR',
  int: 'BIGINT',
  key: 'BIGINT',
  real: 'DOUBLE',
  flag: 'BOOLEAN',
  time: 'TIMESTAMP_NS',
};

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path or other text of ours; strings of DuckDB know no other escape. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * @param table what the rows are read from
 * @param isTwofold whether rows are found by the few columns that conditions and order need, and whole rows are read of those alone.
 *   The table then has the columns `filename` and `file_row_number` of DuckDB too.
 * @throws FleetError 'bad-query' where a column is asked for that there is not
 */
export function renderSelect(select: Select, table: string, isTwofold = false): Rendered {
  const { columns, where = [], groupBy, orderBy = [], limit } = select;
  if (!Number.isSafeInteger(limit) || limit < 0) throw bad(`${limit} is no number of rows.`);
  const writing = new Writing(select.from);
  const named = Object.entries(columns).map(([name, expression]) => ({
    name,
    ...writing.expression(expression),
  }));
  for (const name of [...(groupBy ?? []), ...orderBy.map(({ by }) => by)])
    if (!Object.hasOwn(columns, name)) throw bad(`The question has no column “${name}”.`);
  const found = isTwofold && isOfScatteredRows(select) ? foundRows(writing, select, table) : undefined;
  const inner = [
    `SELECT ${named.map(({ name, sql }) => `${sql} AS ${quotedName(name)}`).join(', ')}`,
    `FROM ${table}`,
    ...(found === undefined ? [] : [`SEMI JOIN (${found}) AS found USING (filename, file_row_number)`]),
    // Those that statistics of row groups can tell are of use here too.
    ...whereOf(writing, found === undefined ? where : where.filter((one) => !('any' in one))),
    ...(groupBy === undefined || groupBy.length === 0
      ? []
      : [`GROUP BY ${groupBy.map((name) => writing.expression(columns[name]).sql).join(', ')}`]),
    ...(orderBy.length === 0
      ? []
      : [
          `ORDER BY ${orderBy
            .map(
              ({ by, descending = false }) => `${quotedName(by)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
            )
            .join(', ')}`,
        ]),
    `LIMIT ${limit}`,
  ].join(' ');
  // What people read is made of the rows that are left: keys and times sort as numbers.
  const outer = named.map(({ name, type }) => outside(`answer.${quotedName(name)}`, type)).join(', ');
  return {
    sql: `SELECT ${outer} FROM (${inner}) AS answer`,
    values: writing.values,
    types: named.map(({ type }) => type),
  };
}

function whereOf(writing: Writing, conditions: readonly Condition[]): string[] {
  return conditions.length === 0 ? [] : [`WHERE ${writing.condition({ all: conditions })}`];
}

/** Values in a list that DuckDB holds against statistics of row groups; with more it reads all columns of all rows. */
const SHORT_LIST = 5;

/** Whether it is for rows, not groups, by conditions that DuckDB would read all columns for. */
function isOfScatteredRows({ columns, where = [], groupBy }: Select): boolean {
  return (
    groupBy === undefined &&
    Object.values(columns).every((expression) => 'column' in expression) &&
    where.some((one) => ('in' in one && one.in.length > SHORT_LIST) || ('any' in one && one.any.length > 1))
  );
}

/** The rows that a question is for, by file and number. */
function foundRows(writing: Writing, select: Select, table: string): string {
  const { columns, where = [], orderBy = [], limit } = select;
  const groups = groupsOfAlternatives(where);
  if (groups !== undefined)
    return groups.map((group) => writing.foundByTuples(where, group, table)).join(' UNION ALL ');
  const first = `SELECT filename, file_row_number FROM ${table} WHERE ${writing.condition({ all: where })}`;
  if (orderBy.length === 0) return `${first} LIMIT ${limit}`;
  const order = orderBy.map(
    ({ by, descending = false }) =>
      `${writing.expression(columns[by]).sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return `${first} ORDER BY ${order.join(', ')} LIMIT ${limit}`;
}

/** A value as it leaves the database. */
function outside(sql: string, type: FleetType): string {
  if (type === 'time') return `epoch_ns(${sql})`;
  return type === 'key' ? `CAST(${sql} AS VARCHAR)` : sql;
}

interface Typed {
  readonly sql: string;
  readonly type: FleetType;
}

class Writing {
  readonly values: BoundValue[] = [];
  readonly #from: FleetKind;

  constructor(from: FleetKind) {
    this.#from = from;
  }

  expression(expression: Expression): Typed {
    if ('column' in expression) {
      const { name, type } = this.#column(expression.column);
      return { sql: quotedName(name), type };
    }
    if ('bucket' in expression)
      return { sql: this.#bucket(expression.bucket, expression.seconds), type: 'time' };
    if ('count' in expression) return { sql: 'count(*)', type: 'int' };
    if ('countWhere' in expression)
      return { sql: `count(*) FILTER (WHERE ${this.condition(expression.countWhere)})`, type: 'int' };
    if ('sumWhere' in expression) {
      const { sql, type } = this.#number(expression.sumWhere);
      return { sql: `coalesce(sum(${sql}) FILTER (WHERE ${this.condition(expression.where)}), 0)`, type };
    }
    if ('sum' in expression) {
      const { sql, type } = this.#number(expression.sum);
      return { sql: `sum(${sql})`, type };
    }
    if ('mean' in expression) return { sql: `avg(${this.#number(expression.mean).sql})`, type: 'real' };
    if ('distinct' in expression)
      return { sql: `count(DISTINCT ${quotedName(this.#column(expression.distinct).name)})`, type: 'int' };
    if ('latest' in expression) {
      const { name, type } = this.#column(expression.latest);
      const by = quotedName(this.#column(expression.by).name);
      return { sql: `arg_max_null(${quotedName(name)}, ${by})`, type };
    }
    const [name, word] = 'min' in expression ? [expression.min, 'min'] : [expression.max, 'max'];
    const column = this.#column(name);
    return { sql: `${word}(${quotedName(column.name)})`, type: column.type };
  }

  condition(condition: Condition): string {
    if ('all' in condition) return this.#joined(condition.all, 'AND', 'TRUE');
    if ('any' in condition) return this.#joined(condition.any, 'OR', 'FALSE');
    const { name, type } = this.#column(condition.column);
    const column = quotedName(name);
    if ('is' in condition) return `${column} IS ${condition.is === 'null' ? '' : 'NOT '}NULL`;
    if ('contains' in condition) {
      if (type !== 'text') throw bad(`“${name}” is no text.`);
      return `contains(lower(${column}), lower(${this.#bind(condition.contains, 'text', name)}))`;
    }
    if ('in' in condition) {
      if (condition.in.length === 0) return 'FALSE';
      return `${column} IN (${condition.in.map((value) => this.#bind(value, type, name)).join(', ')})`;
    }
    return `${column} ${condition.op} ${this.#bind(condition.value, type, name)}`;
  }

  /** Rows that meet one of these alternatives and all other conditions: a hash finds them, and the rest is looked at in them alone. */
  foundByTuples(
    where: readonly Condition[],
    { among, alternatives, names, tuples }: Alternatives,
    table: string,
  ): string {
    const columns = names.map((name) => this.#column(name));
    const others = where.filter((one) => one !== among);
    const needed = [...new Set([...names, ...columnsIn(where)])].map((name) =>
      quotedName(this.#column(name).name),
    );
    const values = tuples
      .map(
        (tuple) =>
          `(${tuple.map((value, i) => this.#bind(value, columns[i].type, columns[i].name)).join(', ')})`,
      )
      .join(', ');
    const own = columns.map((_, i) => `t${i}`);
    const on = columns.map(({ name }, i) => `${quotedName(name)} = tuples.t${i}`).join(' AND ');
    const near = [
      `SELECT filename, file_row_number, ${needed.join(', ')} FROM ${table}`,
      `SEMI JOIN (VALUES ${values}) AS tuples(${own.join(', ')}) ON ${on}`,
      ...(others.length === 0 ? [] : [`WHERE ${this.condition({ all: others })}`]),
    ].join(' ');
    // Materialised, since the alternatives would be tried on all rows of the table otherwise.
    return `(WITH near AS MATERIALIZED (${near}) SELECT filename, file_row_number FROM near WHERE ${this.condition({ any: alternatives })})`;
  }

  #joined(conditions: readonly Condition[], word: string, empty: string): string {
    if (conditions.length === 0) return empty;
    return `(${conditions.map((one) => this.condition(one)).join(` ${word} `)})`;
  }

  #bucket(name: string, seconds: number): string {
    const column = this.#column(name);
    if (column.type !== 'time') throw bad(`“${name}” is no time.`);
    if (!Number.isSafeInteger(seconds) || seconds <= 0)
      throw bad(`${seconds} is no length of a stretch in seconds.`);
    const length = BigInt(seconds) * NS_PER_SECOND;
    const ns = `epoch_ns(${quotedName(column.name)})`;
    return `make_timestamp_ns(${ns} - ((${ns} % ${length}) + ${length}) % ${length})`;
  }

  #number(name: string): Typed {
    const { type } = this.#column(name);
    if (type !== 'int' && type !== 'real') throw bad(`“${name}” holds no numbers that can be added.`);
    return { sql: quotedName(name), type };
  }

  #bind(value: Exclude<Value, null>, type: FleetType, name: string): string {
    const bound = boundValue(value, type);
    if (bound === undefined) throw bad(`${String(value)} is no ${type}, which “${name}” holds.`);
    this.values.push(bound);
    const parameter = `$${this.values.length}`;
    return type === 'time'
      ? `make_timestamp_ns(${parameter}::BIGINT)`
      : `${parameter}::${DUCKDB_TYPES[type]}`;
  }

  #column(name: string): FleetColumn {
    const column = FLEET_TABLES[this.#from].find((one) => one.name === name);
    if (column === undefined) throw bad(`“${this.#from}” has no column “${name}”.`);
    return column;
  }
}

/** @returns undefined where it is no value of that type */
function boundValue(value: Exclude<Value, null>, type: FleetType): BoundValue | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'real':
      return typeof value === 'number' ? value : undefined;
    case 'int':
      if (typeof value === 'bigint') return value;
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
    case 'key':
    case 'time':
      return wholeNumber(value);
  }
}

function wholeNumber(value: Exclude<Value, null>): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/u.test(value)
    ? BigInt.asIntN(64, BigInt(value))
    : undefined;
}

function bad(message: string): FleetError {
  return new FleetError('bad-query', message);
}
