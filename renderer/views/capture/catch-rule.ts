/** Rules for what is caught. */
import { compileFilter } from '../../../shared/filter/filter.ts';
import type { CatchRule } from '../../../shared/model/live.ts';

export const DEFAULT_RULE: CatchRule = {
  origins: [],
  causes: [],
  filter: '',
  onlyThatMatter: true,
  beforeSeconds: 30,
  afterSeconds: 5,
};

/** @returns what is wrong with the rule's filter; null when nothing is */
export function ruleError({ filter }: CatchRule): string | null {
  const compiled = compileFilter(filter);
  return compiled.ok ? null : compiled.error.message;
}

/** The list without the value, or with it. */
export function toggled<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
