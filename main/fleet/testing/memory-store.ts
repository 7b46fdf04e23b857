/**
 * A store over arrays of rows, which takes a question by its word. It is what tests of questions ask, and what the dialects of the real
 * stores are held against, so it is written for being read and not for being fast.
 *
 * Where SQL leaves a choice, this is what it does, and a test that compares stores must not look there: rows that are equal by `orderBy`
 * stay in the order in which they were given, and of several rows with the greatest `by`, `latest` takes the first.
 */
import {
  type FleetColumn,
  type FleetKind,
  FLEET_KINDS,
  FLEET_TABLES,
  type FleetType,
} from '../../../shared/fleet/tables.ts';
import {
  type Answer,
  type Condition,
  type Expression,
  FleetError,
  type FleetStore,
  type MissingPart,
  type Row,
  type Select,
  type SqlAnswer,
  type Value,
} from '../store.ts';

export type MemoryTables = Partial<Record<FleetKind, readonly Row[]>>;

export interface MemoryStoreOptions {
  readonly name?: string;
  readonly shards?: number;
  /** Told with every answer. */
  readonly missing?: readonly MissingPart[];
}

export class MemoryStore implements FleetStore {
  readonly name: string;
  readonly shards: number;
  /** Questions that were asked, in order: tests count and bound them. */
  readonly asked: Select[] = [];
  private readonly missing: readonly MissingPart[];
  private readonly tables: ReadonlyMap<FleetKind, readonly Row[]>;

  /** @param tables a row may leave out columns that are null; @throws FleetError where it has one that its table has not */
  constructor(tables: MemoryTables, { name = 'memory', shards = 1, missing = [] }: MemoryStoreOptions = {}) {
    this.name = name;
    this.shards = shards;
    this.missing = missing;
    this.tables = new Map(
      FLEET_KINDS.map((kind) => [kind, (tables[kind] ?? []).map((row) => wholeRow(kind, row))]),
    );
  }

  ask(select: Select, signal: AbortSignal): Promise<Answer> {
    return Promise.resolve().then(() => {
      signal.throwIfAborted();
      this.asked.push(select);
      return { rows: evaluate(this.tables.get(select.from) ?? [], select), missing: this.missing };
    });
  }

  sql(): Promise<SqlAnswer> {
    return Promise.reject(new FleetError('bad-query', 'The store in memory has no SQL.'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function wholeRow(kind: FleetKind, row: Row): Row {
  for (const name of Object.keys(row)) columnOf(kind, name);
  return Object.fromEntries(
    FLEET_TABLES[kind].map(({ name, type }) => [name, wholeValue(row[name] ?? null, type, name)]),
  );
}

/** A value in the form that answers have it in, and no other. */
function wholeValue(value: Value, type: FleetType, name: string): Value {
  if (value === null) return null;
  switch (type) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'flag':
      if (typeof value === 'boolean') return value;
      break;
    case 'int':
      if (typeof value === 'bigint') return Number(value);
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      break;
    case 'real':
      if (typeof value === 'number') return value;
      break;
    case 'key':
      if (typeof value !== 'boolean') return BigInt.asIntN(64, BigInt(value)).toString();
      break;
    case 'time':
      if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
      break;
  }
  throw new FleetError('bad-query', `${String(value)} is no ${type}, which “${name}” holds.`);
}

function columnOf(kind: FleetKind, name: string): FleetColumn {
  const column = FLEET_TABLES[kind].find((one) => one.name === name);
  if (column === undefined) throw new FleetError('bad-query', `“${kind}” has no column “${name}”.`);
  return column;
}

const AGGREGATES = [
  'count',
  'sum',
  'min',
  'max',
  'mean',
  'countWhere',
  'sumWhere',
  'distinct',
  'latest',
] as const;

function isAggregate(expression: Expression): boolean {
  return AGGREGATES.some((name) => name in expression);
}

function evaluate(table: readonly Row[], select: Select): Row[] {
  const { from, columns, where = [], groupBy, orderBy = [], limit } = select;
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new FleetError('bad-query', `${limit} is no number of rows.`);
  const named = Object.entries(columns);
  for (const name of [...(groupBy ?? []), ...orderBy.map(({ by }) => by)]) {
    if (!Object.hasOwn(columns, name))
      throw new FleetError('bad-query', `The question has no column “${name}”.`);
  }
  const hasAggregates = named.some(([, expression]) => isAggregate(expression));
  const grouped = groupBy ?? (hasAggregates ? [] : undefined);
  for (const name of grouped ?? []) {
    if (isAggregate(columns[name]))
      throw new FleetError('bad-query', `“${name}” is counted over rows: they cannot be grouped by it.`);
  }
  if (grouped !== undefined) {
    const loose = named.find(
      ([name, expression]) => !isAggregate(expression) && !grouped.includes(name),
    )?.[0];
    if (loose !== undefined)
      throw new FleetError('bad-query', `“${loose}” is neither grouped by nor made of all rows of a group.`);
  }
  const rows = table.filter(predicate(from, { all: where }));
  const answers =
    grouped === undefined
      ? rows.map((row) => valuesOf(from, [row], named))
      : groupsOf(from, rows, columns, grouped).map((group) => valuesOf(from, group, named));
  for (const { by, descending = false } of orderBy.toReversed()) {
    const type = typeOf(from, columns[by]);
    answers.sort((a, b) => orderOf(a[by], b[by], type, descending));
  }
  return answers.slice(0, limit);
}

/** Without names to group by, all rows are one group, also where there are none. */
function groupsOf(
  from: FleetKind,
  rows: readonly Row[],
  columns: Select['columns'],
  groupBy: readonly string[],
): Row[][] {
  if (groupBy.length === 0) return [[...rows]];
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = JSON.stringify(
      groupBy.map((name) => {
        const value = valueOf(from, [row], columns[name]);
        return value === null ? null : String(value);
      }),
    );
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function valuesOf(
  from: FleetKind,
  rows: readonly Row[],
  named: readonly (readonly [string, Expression])[],
): Row {
  return Object.fromEntries(named.map(([name, expression]) => [name, valueOf(from, rows, expression)]));
}

/** @param rows one, or those of a group */
function valueOf(from: FleetKind, rows: readonly Row[], expression: Expression): Value {
  if ('column' in expression) return rows[0][columnOf(from, expression.column).name];
  if ('bucket' in expression) return bucketOf(from, rows[0], expression.bucket, expression.seconds);
  if ('count' in expression) return rows.length;
  if ('countWhere' in expression) return rows.filter(predicate(from, expression.countWhere)).length;
  if ('sumWhere' in expression) {
    const chosen = rows.filter(predicate(from, expression.where));
    return sumOf(numbersOf(from, chosen, expression.sumWhere)) ?? 0;
  }
  if ('sum' in expression) return sumOf(numbersOf(from, rows, expression.sum));
  if ('mean' in expression) {
    const numbers = numbersOf(from, rows, expression.mean);
    const sum = sumOf(numbers);
    return sum === null ? null : sum / numbers.length;
  }
  if ('distinct' in expression) {
    const { name } = columnOf(from, expression.distinct);
    return new Set(rows.map((row) => row[name]).filter((value) => value !== null)).size;
  }
  if ('latest' in expression) {
    const { name } = columnOf(from, expression.latest);
    return greatest(from, rows, expression.by, 1)?.[name] ?? null;
  }
  if ('min' in expression) return greatest(from, rows, expression.min, -1)?.[expression.min] ?? null;
  return greatest(from, rows, expression.max, 1)?.[expression.max] ?? null;
}

/** The first row in which a column is greatest, or with −1 least; undefined where it is null in all of them. */
function greatest(from: FleetKind, rows: readonly Row[], by: string, sign: 1 | -1): Row | undefined {
  const { name, type } = columnOf(from, by);
  let found: Row | undefined;
  for (const row of rows) {
    if (row[name] === null) continue;
    if (found === undefined || sign * compare(row[name], found[name], type) > 0) found = row;
  }
  return found;
}

function numbersOf(from: FleetKind, rows: readonly Row[], by: string): number[] {
  const { name, type } = columnOf(from, by);
  if (type !== 'int' && type !== 'real')
    throw new FleetError('bad-query', `“${name}” holds no numbers that can be added.`);
  return rows.map((row) => row[name]).filter((value) => typeof value === 'number');
}

function sumOf(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0);
}

function bucketOf(from: FleetKind, row: Row, by: string, seconds: number): Value {
  const { name, type } = columnOf(from, by);
  if (type !== 'time') throw new FleetError('bad-query', `“${name}” is no time.`);
  if (!Number.isSafeInteger(seconds) || seconds <= 0)
    throw new FleetError('bad-query', `${seconds} is no length of a stretch in seconds.`);
  const time = row[name];
  if (time === null) return null;
  const length = BigInt(seconds) * 1_000_000_000n;
  const into = (((time as bigint) % length) + length) % length;
  return (time as bigint) - into;
}

/**
 * A condition as a question to one row. What is not known is not true, as in SQL; there is no “not”, so that false and unknown are one.
 */
function predicate(from: FleetKind, condition: Condition): (row: Row) => boolean {
  if ('all' in condition) {
    const every = condition.all.map((one) => predicate(from, one));
    return (row) => every.every((holds) => holds(row));
  }
  if ('any' in condition) {
    const some = condition.any.map((one) => predicate(from, one));
    return (row) => some.some((holds) => holds(row));
  }
  const { name, type } = columnOf(from, condition.column);
  if ('is' in condition) {
    const isNull = condition.is === 'null';
    return (row) => (row[name] === null) === isNull;
  }
  if ('contains' in condition) {
    if (type !== 'text') throw new FleetError('bad-query', `“${name}” is no text.`);
    const part = condition.contains.toLowerCase();
    return (row) => row[name] !== null && String(row[name]).toLowerCase().includes(part);
  }
  if ('in' in condition) {
    const wanted = new Set(condition.in.map((one) => wholeValue(one, type, name)));
    return (row) => row[name] !== null && wanted.has(row[name]);
  }
  const wanted = wholeValue(condition.value, type, name);
  const passes = PASSES[condition.op];
  return (row) => row[name] !== null && passes(compare(row[name], wanted, type));
}

const PASSES: Readonly<Record<'=' | '<>' | '<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Text by the bytes of its UTF-8, as both stores have it. */
function compare(a: Value, b: Value, type: FleetType): number {
  if (a === b) return 0;
  if (type === 'text') return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  if (type === 'key') return sign(BigInt(a as string), BigInt(b as string));
  if (type === 'flag') return sign(Number(a), Number(b));
  return sign(a as number | bigint, b as number | bigint);
}

function sign(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderOf(a: Value, b: Value, type: FleetType, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return descending ? -compare(a, b, type) : compare(a, b, type);
}

function typeOf(from: FleetKind, expression: Expression): FleetType {
  if ('column' in expression) return columnOf(from, expression.column).type;
  if ('bucket' in expression) return 'time';
  if ('min' in expression) return columnOf(from, expression.min).type;
  if ('max' in expression) return columnOf(from, expression.max).type;
  if ('latest' in expression) return columnOf(from, expression.latest).type;
  return 'real';
}
