/** Rows and questions out of a seed: all types, nulls, odd texts, equal values. What SQL leaves open is not asked. */
import { FLEET_KINDS, FLEET_TABLES, type FleetKind, type FleetType } from '../../../shared/fleet/tables.ts';
import { orderOf } from '../../../main/fleet/clickhouse/schema.ts';
import type { Condition, Expression, Row, Select, Value } from '../../../main/fleet/store.ts';

export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, count: number): number => Math.floor(random() * count);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)];

const TEXTS = [
  'alpha',
  'Alpha',
  'beta',
  '10.0.0.1',
  '10.0.0.2',
  '2001:db8::1',
  '',
  "it's",
  'back\\slash',
  'tab\there',
  'line\nend',
  '\\N',
  'größe',
  'GRÖẞE',
  'NULL',
  '日本',
  '"quoted" `names`',
  '%_',
  'a\0b',
];
const KEYS = ['0', '1', '-1', '9223372036854775807', '-9223372036854775808', '4611686018427387905', '7'];
const DAY = 86_400_000_000_000n;
const START = 1_750_000_000_000_000_000n;

function valueOf(random: Random, type: FleetType): Exclude<Value, null> {
  switch (type) {
    case 'text':
      return pick(random, TEXTS);
    case 'key':
      return pick(random, KEYS);
    case 'int':
      return pick(random, [0, 1, 2, 3, 80, 443, 65535, 2 ** 40, -1]);
    case 'real':
      return pick(random, [0, 0.5, -1.25, 1e-9, 123456.75, 1 / 3]);
    case 'flag':
      return random() < 0.5;
    case 'time':
      return START + BigInt(below(random, 3)) * DAY + BigInt(below(random, 40)) * 97_000_000_001n;
  }
}

/**
 * @returns rows of every kind; each row's unit has a row in the table of captures, as readers ask for
 */
export function randomTables(seed: number, rowsOfKind: number): Record<FleetKind, Row[]> {
  const random = randomOf(seed);
  const units = KEYS.slice(1, 6).flatMap((capture) => [0, 1].map((segment) => ({ capture, segment })));
  const tables = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, [] as Row[]])) as Record<
    FleetKind,
    Row[]
  >;
  for (const kind of FLEET_KINDS) {
    const count = kind === 'captures' ? units.length : rowsOfKind;
    const sorted = new Set(orderOf(kind));
    for (let n = 0; n < count; n++) {
      const row: Record<string, Value> = {};
      for (const { name, type } of FLEET_TABLES[kind]) {
        row[name] = !sorted.has(name) && random() < 0.2 ? null : valueOf(random, type);
      }
      const unit = kind === 'captures' ? units[n] : pick(random, units);
      // Open flows are those of a capture's newest segment.
      Object.assign(row, unit, kind === 'open_flows' ? { segment: 1 } : {});
      for (const name of ['flow', 'reset']) if (name in row) row[name] = n;
      tables[kind].push(row);
    }
  }
  return tables;
}

const OPERATORS = ['=', '<>', '<', '<=', '>', '>='] as const;

/** Texts of any letters are found in any case by the stores alike only where both agree what a letter's other case is. */
const PARTS = ['a', 'ALPHA', '10.0', "'", '\\', '\t', '', 'ö', 'Ö', '%', '日', '::'];

function conditionOf(random: Random, kind: FleetKind, depth: number): Condition {
  const column = pick(random, FLEET_TABLES[kind]);
  const choice = random();
  if (depth < 3 && choice < 0.15) return { all: conditionsOf(random, kind, depth + 1) };
  if (depth < 3 && choice < 0.3) return { any: conditionsOf(random, kind, depth + 1) };
  if (choice < 0.4) return { column: column.name, is: random() < 0.5 ? 'null' : 'not-null' };
  if (choice < 0.55) {
    return {
      column: column.name,
      in: Array.from({ length: below(random, 4) }, () => valueOf(random, column.type)),
    };
  }
  if (choice < 0.7 && column.type === 'text') return { column: column.name, contains: pick(random, PARTS) };
  return { column: column.name, op: pick(random, OPERATORS), value: valueOf(random, column.type) };
}

function conditionsOf(random: Random, kind: FleetKind, depth: number): Condition[] {
  return Array.from({ length: below(random, 4) }, () => conditionOf(random, kind, depth));
}

function aggregateOf(random: Random, kind: FleetKind): Expression {
  const columns = FLEET_TABLES[kind];
  const numbers = columns.filter(({ type }) => type === 'int' || type === 'real').map(({ name }) => name);
  const any = pick(random, columns).name;
  const choices: Expression[] = [
    { count: true },
    { sum: pick(random, numbers) },
    { mean: pick(random, numbers) },
    { min: any },
    { max: any },
    { distinct: any },
    { countWhere: conditionOf(random, kind, 1) },
    { sumWhere: pick(random, numbers), where: conditionOf(random, kind, 1) },
    // By a number that no two rows share: of equals each store takes another.
    ...columns
      .filter(({ name }) => name === 'flow')
      .map(({ name }): Expression => ({ latest: any, by: kind === 'resets' ? 'reset' : name })),
  ];
  return pick(random, choices);
}

/** The number of a row is among what it is ordered by, so that there is one answer only. */
export function randomSelect(random: Random): Select {
  const kind = pick(random, FLEET_KINDS);
  const where = conditionsOf(random, kind, 0);
  const limit = pick(random, [0, 1, 5, 1000, 1000, 1000]);
  const names = FLEET_TABLES[kind].map(({ name }) => name);
  const columns: Record<string, Expression> = {};
  const choice = random();
  if (choice < 0.4) {
    for (const name of names.filter(() => random() < 0.3)) columns[`own ${name}`] = { column: name };
    if (random() < 0.5) columns.bucket = { bucket: 'time', seconds: pick(random, [1, 60, 300, 86_400]) };
    // All columns of it, so that rows that are equal are equal altogether.
    for (const name of names) columns[name] = { column: name };
    const chosen = Object.keys(columns).filter(() => random() < 0.1);
    const orderBy = [...chosen, ...names].map((by) => ({ by, descending: random() < 0.5 }));
    return { from: kind, columns, where, orderBy, limit };
  }
  const groups = choice < 0.55 ? [] : names.filter(() => random() < 3 / names.length);
  for (const name of groups) columns[name] = { column: name };
  if (groups.length > 0 && random() < 0.3) {
    columns.stretch = { bucket: 'time', seconds: 3600 };
    groups.push('stretch');
  }
  for (let n = 0; n < 3; n++) columns[`made ${n}`] = aggregateOf(random, kind);
  const orderBy = groups.map((by) => ({ by, descending: random() < 0.5 }));
  return groups.length === 0
    ? { from: kind, columns, where, limit }
    : { from: kind, columns, where, groupBy: groups, orderBy, limit };
}
