/** Which resets a rule is about. The host looks whether a rule can be followed before anything is started for it. */
import type { Filter } from '../../../shared/filter/filter.ts';
import { compileFilter } from '../../../shared/filter/filter.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { CatchRule } from '../../../shared/model/live.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';

/** @throws Error for people where the filter of the rule is none */
export function compileRule(rule: CatchRule): (row: ResetRow) => boolean {
  const filter = compileFilter(rule.filter);
  if (!filter.ok) throw new Error(`in the filter: ${filter.error.message}`);
  return (row) => matchesRule(rule, filter.value, row);
}

/** Why a rule cannot be followed, for people; null where it can. */
export function ruleError(rule: CatchRule | null): string | null {
  try {
    if (rule !== null) compileRule(rule);
    return null;
  } catch (error) {
    return errorText(error);
  }
}

function matchesRule(rule: CatchRule, filter: Filter, row: ResetRow): boolean {
  if (rule.origins.length > 0 && !rule.origins.includes(row.kind)) return false;
  if (rule.causes.length > 0 && !rule.causes.includes(row.cause)) return false;
  if (rule.onlyThatMatter && !row.matters) return false;
  return filter.empty || filter.matchesReset(row);
}
