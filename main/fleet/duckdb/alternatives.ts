/**
 * Long lists of alternatives, each of which fixes the same columns, as tuples that a hash can find: DuckDB would try each alternative on
 * each row, and read all columns for it.
 */
import type { Condition, Value } from '../store.ts';

interface AnyOf {
  readonly any: readonly Condition[];
}

/** Alternatives of one condition that fix the same columns. */
export interface Alternatives {
  /** The condition that they are part of. */
  readonly among: Condition;
  readonly alternatives: readonly Condition[];
  readonly names: readonly string[];
  /** Values of these columns, none twice. */
  readonly tuples: readonly (readonly Exclude<Value, null>[])[];
}

/** @returns undefined where there are no alternatives, or where one of them fixes no column */
export function groupsOfAlternatives(where: readonly Condition[]): readonly Alternatives[] | undefined {
  const among = where.find((one): one is AnyOf => 'any' in one && one.any.length > 1);
  if (among === undefined) return undefined;
  const groups = new Map<
    string,
    {
      readonly alternatives: Condition[];
      readonly names: string[];
      readonly tuples: Map<string, Exclude<Value, null>[]>;
    }
  >();
  for (const alternative of among.any) {
    const fixed = new Map(fixedBy(alternative));
    if (fixed.size === 0) return undefined;
    const names = [...fixed.keys()].sort();
    const group = groups.get(names.join()) ?? {
      alternatives: [] as Condition[],
      names,
      tuples: new Map<string, Exclude<Value, null>[]>(),
    };
    groups.set(names.join(), group);
    group.alternatives.push(alternative);
    const tuple = names.map((name) => fixed.get(name) as Exclude<Value, null>);
    group.tuples.set(tuple.join('\n'), tuple);
  }
  return [...groups.values()].map(({ tuples, ...group }) => ({
    among,
    ...group,
    tuples: [...tuples.values()],
  }));
}

/** Columns that have one value wherever the condition holds. */
function fixedBy(condition: Condition): (readonly [string, Exclude<Value, null>])[] {
  if ('all' in condition) return condition.all.flatMap(fixedBy);
  return 'op' in condition && condition.op === '=' ? [[condition.column, condition.value]] : [];
}

/** Names of all columns that conditions look at. */
export function columnsIn(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if ('all' in one) return columnsIn(one.all);
    return 'any' in one ? columnsIn(one.any) : [one.column];
  });
}
