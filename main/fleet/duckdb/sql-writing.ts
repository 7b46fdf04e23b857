/**
 * Expressions and conditions in DuckDB's SQL. Names come out of the table of columns, or are the question's own and quoted; values are
 * bound, so that no word of a stranger is read as SQL.
 */
import {
  type FleetColumn,
  type FleetKind,
  FLEET_TABLES,
  type FleetType,
} from '../../../shared/fleet/tables.ts';
import { type Condition, type Expression, FleetError, type Value } from '../store.ts';

export type BoundValue = string | number | bigint | boolean;

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

interface Typed {
  readonly sql: string;
  readonly type: FleetType;
}

/** What one statement is written with: the values that are bound lie in it in their order. */
export class SqlWriting {
  readonly values: BoundValue[] = [];
  readonly #from: FleetKind;

  constructor(from: FleetKind) {
    this.#from = from;
  }

  expression(expression: Expression): Typed {
    if ('column' in expression) {
      const { name, type } = this.column(expression.column);
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
      return { sql: `count(DISTINCT ${quotedName(this.column(expression.distinct).name)})`, type: 'int' };
    if ('latest' in expression) {
      const { name, type } = this.column(expression.latest);
      const by = quotedName(this.column(expression.by).name);
      return { sql: `arg_max_null(${quotedName(name)}, ${by})`, type };
    }
    const [name, word] = 'min' in expression ? [expression.min, 'min'] : [expression.max, 'max'];
    const column = this.column(name);
    return { sql: `${word}(${quotedName(column.name)})`, type: column.type };
  }

  condition(condition: Condition): string {
    if ('all' in condition) return this.#joined(condition.all, 'AND', 'TRUE');
    if ('any' in condition) return this.#joined(condition.any, 'OR', 'FALSE');
    const { name, type } = this.column(condition.column);
    const column = quotedName(name);
    if ('is' in condition) return `${column} IS ${condition.is === 'null' ? '' : 'NOT '}NULL`;
    if ('contains' in condition) {
      if (type !== 'text') throw badQuery(`“${name}” is no text.`);
      return `contains(lower(${column}), lower(${this.bind(condition.contains, 'text', name)}))`;
    }
    if ('in' in condition) {
      if (condition.in.length === 0) return 'FALSE';
      return `${column} IN (${condition.in.map((value) => this.bind(value, type, name)).join(', ')})`;
    }
    return `${column} ${condition.op} ${this.bind(condition.value, type, name)}`;
  }

  #joined(conditions: readonly Condition[], word: string, empty: string): string {
    if (conditions.length === 0) return empty;
    return `(${conditions.map((one) => this.condition(one)).join(` ${word} `)})`;
  }

  #bucket(name: string, seconds: number): string {
    const column = this.column(name);
    if (column.type !== 'time') throw badQuery(`“${name}” is no time.`);
    if (!Number.isSafeInteger(seconds) || seconds <= 0)
      throw badQuery(`${seconds} is no length of a stretch in seconds.`);
    const length = BigInt(seconds) * NS_PER_SECOND;
    const ns = `epoch_ns(${quotedName(column.name)})`;
    return `make_timestamp_ns(${ns} - ((${ns} % ${length}) + ${length}) % ${length})`;
  }

  #number(name: string): Typed {
    const { type } = this.column(name);
    if (type !== 'int' && type !== 'real') throw badQuery(`“${name}” holds no numbers that can be added.`);
    return { sql: quotedName(name), type };
  }

  bind(value: Exclude<Value, null>, type: FleetType, name: string): string {
    const bound = boundValue(value, type);
    if (bound === undefined) throw badQuery(`${String(value)} is no ${type}, which “${name}” holds.`);
    this.values.push(bound);
    const parameter = `$${this.values.length}`;
    return type === 'time'
      ? `make_timestamp_ns(${parameter}::BIGINT)`
      : `${parameter}::${DUCKDB_TYPES[type]}`;
  }

  /** @throws FleetError 'bad-query' where there is no such column */
  column(name: string): FleetColumn {
    const column = FLEET_TABLES[this.#from].find((one) => one.name === name);
    if (column === undefined) throw badQuery(`“${this.#from}” has no column “${name}”.`);
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

/** @returns undefined where it is no whole number of 64 bits */
export function wholeNumber(value: Exclude<Value, null>): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/u.test(value)
    ? BigInt.asIntN(64, BigInt(value))
    : undefined;
}

export function badQuery(message: string): FleetError {
  return new FleetError('bad-query', message);
}
