/**
 * What long lists of alternatives have in common: a store would try each of them on each row, and read all columns for it. Of those that fix
 * the same columns a hash can find the tuples; and values that all of them fix tell where an index has to be looked at.
 */
import type { Condition, Value } from './store.ts';
import { keyText } from './key-text.ts';

interface AnyOf {
  readonly any: readonly Condition[];
}

/** Alternatives of one condition that fix the same columns. */
export interface Alternatives {
  readonly alternatives: readonly Condition[];
  /** What holds in all of them, and in the rest of the question. */
  readonly common: readonly Condition[];
  readonly names: readonly string[];
  /** Values of these columns, of each alternative. */
  readonly tuples: readonly (readonly Exclude<Value, null>[])[];
}

/** @returns undefined where there are no alternatives, or where one of them fixes no column */
export function groupsOfAlternatives(where: readonly Condition[]): readonly Alternatives[] | undefined {
  const among = where.find((one): one is AnyOf => 'any' in one && one.any.length > 1);
  if (among === undefined) return undefined;
  const others = where.filter((one) => one !== among);
  const groups = new Map<string, { readonly alternatives: Condition[]; readonly fixed: Fixed[] }>();
  for (const alternative of among.any) {
    const fixed = new Map(fixedBy(alternative));
    if (fixed.size === 0) return undefined;
    const names = [...fixed.keys()].sort().join();
    const group = groups.get(names) ?? { alternatives: [], fixed: [] };
    groups.set(names, group);
    group.alternatives.push(alternative);
    group.fixed.push(fixed);
  }
  return [...groups.values()].map(({ alternatives, fixed }) => {
    const names = [...fixed[0].keys()].sort();
    return {
      alternatives,
      common: [...others, ...commonOf(alternatives)],
      names,
      tuples: fixed.map((one) => names.map((name) => one.get(name) as Exclude<Value, null>)),
    };
  });
}

/** Conditions that hold wherever one of the alternatives does, by columns to which each of them gives a value. */
export function impliedByAlternatives(where: readonly Condition[]): readonly Condition[] {
  return where.flatMap((condition) => {
    if (!('any' in condition) || condition.any.length < 2) return [];
    const fixed = condition.any.map((one) => new Map(fixedBy(one)));
    return [...fixed[0].keys()].flatMap((column) => {
      const values = fixed.flatMap((one) => one.get(column) ?? []);
      return values.length < fixed.length ? [] : [{ column, in: [...new Set(values)] }];
    });
  });
}

type Fixed = ReadonlyMap<string, Exclude<Value, null>>;

/** Columns that have one value wherever the condition holds. */
function fixedBy(condition: Condition): (readonly [string, Exclude<Value, null>])[] {
  if ('all' in condition) return condition.all.flatMap(fixedBy);
  return 'op' in condition && condition.op === '=' ? [[condition.column, condition.value]] : [];
}

/** Parts that all alternatives have. */
function commonOf([first, ...others]: readonly Condition[]): readonly Condition[] {
  const known = others.map((one) => new Set(partsOf(one).map(keyText)));
  return partsOf(first).filter((part) => known.every((parts) => parts.has(keyText(part))));
}

function partsOf(condition: Condition): readonly Condition[] {
  return 'all' in condition ? condition.all.flatMap(partsOf) : [condition];
}

/** Names of all columns that conditions look at. */
export function columnsIn(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if ('all' in one) return columnsIn(one.all);
    return 'any' in one ? columnsIn(one.any) : [one.column];
  });
}
