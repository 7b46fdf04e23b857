/** Rules for what is caught. */
import { compileFilter } from '../../shared/filter/filter.ts';
import type { CatchRule } from '../../shared/model/live.ts';

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
