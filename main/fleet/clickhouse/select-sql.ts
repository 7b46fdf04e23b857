/**
 * A question in ClickHouse's dialect, in what both the oldest server (18.16) and today's know: answers are those that DuckDB gives.
 *
 * Columns of the answer get names of their own, because ClickHouse would take a name of the answer for the column of the same name
 * in conditions.
 */
import { FLEET_TABLES, type FleetKind, type FleetType } from '../../../shared/fleet/tables.ts';
import { impliedByAlternatives } from '../alternatives.ts';
import { FleetError, type Condition, type Expression, type Row, type Select, type Value } from '../store.ts';
import { int64Literal, nameLiteral, realLiteral, textLiteral } from './literal.ts';
import { linesOf, valueOf } from './tab-separated.ts';

const NANOSECONDS = 1_000_000_000n;
/** Conditions in conditions: what questions of ours need is 3. */
const MAX_DEPTH = 16;

/** A statement, and how its answer is read: TabSeparated, as is said in the statement. */
export interface Statement {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: FleetType }[];
}

/** @throws FleetError 'bad-query' where it names what is not there, or compares what cannot be compared */
export function statementOf(select: Select): Statement {
  const columns = Object.entries(select.columns);
  if (columns.length === 0) throw new FleetError('bad-query', 'a question needs a column to answer with');
  const table = new Table(select.from);
  const alias = (name: string): string => {
    const at = columns.findIndex(([own]) => own === name);
    if (at < 0) throw new FleetError('bad-query', `the question has no column “${name}”`);
    return `r${at}`;
  };
  const groups = select.groupBy ?? [];
  const isGrouped = select.groupBy !== undefined || columns.some(([, one]) => isAggregate(one));
  for (const [name, expression] of columns) {
    if (isGrouped && isAggregate(expression) === groups.includes(name)) {
      throw new FleetError(
        'bad-query',
        `“${name}” is to be either grouped by or made of all rows of a group`,
      );
    }
  }
  // An index cannot be looked at by alternatives; what all of them have in common it is looked at by.
  const conditions = [...impliedByAlternatives(select.where ?? []), ...(select.where ?? [])];
  const where = conditions.map((condition) => table.condition(condition, 0));
  const order = (select.orderBy ?? []).map(
    ({ by, descending }) => `${alias(by)} ${descending === true ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  if (!Number.isSafeInteger(select.limit) || select.limit < 0) {
    throw new FleetError('bad-query', 'the limit of a question is a whole number');
  }
  return {
    sql: [
      `SELECT ${columns.map(([, one], at) => `${table.expression(one)} AS r${at}`).join(', ')}`,
      `FROM ${nameLiteral(select.from)}`,
      ...(where.length === 0 ? [] : [`WHERE ${where.join(' AND ')}`]),
      ...(groups.length === 0 ? [] : [`GROUP BY ${groups.map(alias).join(', ')}`]),
      ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`]),
      `LIMIT ${select.limit}`,
      'FORMAT TabSeparated',
    ].join('\n'),
    columns: columns.map(([name, one]) => ({ name, type: table.typeOf(one) })),
  };
}

/** @throws FleetError 'failed' where the text is no answer to the statement */
export function rowsOf({ columns }: Statement, text: string): Row[] {
  const rows: Row[] = [];
  for (const cells of linesOf(text)) {
    if (cells.length !== columns.length) {
      throw new FleetError('failed', 'the server’s answer has another number of columns than was asked for');
    }
    const row: Record<string, Value> = {};
    for (const [at, { name, type }] of columns.entries()) row[name] = valueOf(cells[at], type);
    rows.push(row);
  }
  return rows;
}

function isAggregate(expression: Expression): boolean {
  return !('column' in expression || 'bucket' in expression);
}

/** Writes what is said about one table. */
class Table {
  readonly #types: ReadonlyMap<string, FleetType>;
  readonly #kind: FleetKind;

  constructor(kind: FleetKind) {
    this.#kind = kind;
    this.#types = new Map(FLEET_TABLES[kind].map(({ name, type }) => [name, type]));
  }

  #type(column: string): FleetType {
    const type = this.#types.get(column);
    if (type === undefined) {
      throw new FleetError('bad-query', `the table ${this.#kind} has no column “${column}”`);
    }
    return type;
  }

  #name(column: string): string {
    this.#type(column);
    return nameLiteral(column);
  }

  typeOf(expression: Expression): FleetType {
    if ('column' in expression) return this.#type(expression.column);
    if ('min' in expression) return this.#type(expression.min);
    if ('max' in expression) return this.#type(expression.max);
    if ('latest' in expression) return this.#type(expression.latest);
    if ('bucket' in expression) return 'time';
    if ('mean' in expression) return 'real';
    if ('sum' in expression) return this.#type(expression.sum);
    if ('sumWhere' in expression) return this.#type(expression.sumWhere);
    return 'int';
  }

  /** Aggregates are over nullable columns: over none at all they are null then, and not 0. */
  expression(one: Expression): string {
    if ('column' in one) return this.#name(one.column);
    if ('bucket' in one) {
      if (!Number.isSafeInteger(one.seconds) || one.seconds <= 0) {
        throw new FleetError('bad-query', 'a stretch of time is a whole number of seconds');
      }
      if (this.#type(one.bucket) !== 'time') throw new FleetError('bad-query', `${one.bucket} is no time`);
      const length = BigInt(one.seconds) * NANOSECONDS;
      const name = this.#name(one.bucket);
      // A remainder has the sign of the time: before 1970 it would be the end of the stretch.
      return `${name} - (${name} % ${length} + ${length}) % ${length}`;
    }
    if ('count' in one) return 'count()';
    if ('sum' in one) return `sum(toNullable(${this.#number(one.sum)}))`;
    if ('min' in one) return `min(toNullable(${this.#name(one.min)}))`;
    if ('max' in one) return `max(toNullable(${this.#name(one.max)}))`;
    if ('mean' in one) return `avg(toNullable(${this.#number(one.mean)}))`;
    if ('countWhere' in one) return `countIf(${this.#holds(one.countWhere)})`;
    if ('sumWhere' in one) {
      // Two functions rather than sumIf, which some servers refuse over what can be null.
      return `ifNull(sum(if(${this.#holds(one.where)}, toNullable(${this.#number(one.sumWhere)}), NULL)), 0)`;
    }
    // Old servers answer null over nothing but nulls.
    if ('distinct' in one) return `ifNull(uniqExact(${this.#name(one.distinct)}), 0)`;
    return this.#latest(this.#name(one.latest), this.#name(one.by));
  }

  /**
   * A server passes over rows whose value is null, and a tuple around it is more than old ones can send each other: so whether it is
   * null is asked by itself.
   */
  #latest(column: string, by: string): string {
    const at = (value: string): string =>
      `argMaxIf(${value}, assumeNotNull(toNullable(${by})), isNotNull(${by}))`;
    return `if(countIf(isNotNull(${by})) = 0 OR ${at(`isNull(${column})`)} = 1, NULL, ${at(`assumeNotNull(toNullable(${column}))`)})`;
  }

  #number(column: string): string {
    const type = this.#type(column);
    if (type !== 'int' && type !== 'real') {
      throw new FleetError('bad-query', `${column} holds no numbers that can be added`);
    }
    return this.#name(column);
  }

  /** What is neither true nor false does not hold. */
  #holds(condition: Condition): string {
    return `ifNull(${this.condition(condition, 0)}, 0)`;
  }

  condition(one: Condition, depth: number): string {
    if (depth > MAX_DEPTH) throw new FleetError('bad-query', 'the question’s conditions nest too deeply');
    if ('all' in one) return this.#joined(one.all, 'AND', '1', depth);
    if ('any' in one) return this.#joined(one.any, 'OR', '0', depth);
    const name = this.#name(one.column);
    if ('is' in one) return `(${name} IS ${one.is === 'null' ? 'NULL' : 'NOT NULL'})`;
    if ('contains' in one) {
      if (this.#type(one.column) !== 'text') throw new FleetError('bad-query', `${one.column} is no text`);
      // Servers do not agree on where nothing is found in nothing.
      if (one.contains === '') return `(${name} IS NOT NULL)`;
      return `(positionCaseInsensitiveUTF8(${name}, ${textLiteral(one.contains)}) > 0)`;
    }
    if ('in' in one) {
      if (one.in.length === 0) return '0';
      return `(${name} IN (${one.in.map((value) => this.#value(one.column, value)).join(', ')}))`;
    }
    return `(${name} ${OPERATORS[one.op]} ${this.#value(one.column, one.value)})`;
  }

  #joined(conditions: readonly Condition[], word: string, none: string, depth: number): string {
    if (conditions.length === 0) return none;
    return `(${conditions.map((one) => this.condition(one, depth + 1)).join(` ${word} `)})`;
  }

  #value(column: string, value: Exclude<Value, null>): string {
    const type = this.#type(column);
    switch (type) {
      case 'text':
        if (typeof value === 'string') return textLiteral(value);
        break;
      case 'flag':
        if (typeof value === 'boolean') return value ? '1' : '0';
        break;
      case 'real':
        if (typeof value === 'number') return realLiteral(value);
        break;
      case 'key':
        if (typeof value === 'string' || typeof value === 'bigint') return int64Literal(value);
        break;
      case 'int':
      case 'time':
        if (typeof value === 'bigint' || typeof value === 'number') return int64Literal(value);
        break;
    }
    throw new FleetError('bad-query', `${column} is compared with what it cannot be`);
  }
}

/** Written out, so that no text of a question gets into a statement. */
const OPERATORS = { '=': '=', '<>': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;
