/**
 * Which resets a rule is about. A rule decides the moment that a reset is told of, when nobody waits for bytes out of a file: its filter
 * may ask for what is known of resets and their flows, and is refused where it asks for more.
 */
import { patternProblem, loadRegex } from '../../engine/select/regex.ts';
import { ofRows } from '../../engine/select/of-rows.ts';
import { toldOfReset, untoldField } from '../../engine/select/told-resets.ts';
import type { Session } from '../../engine/session.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { evaluator } from '../../../shared/filter/evaluate.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { CatchRule } from '../../../shared/model/live.ts';

/** A rule that can be followed. */
export interface ReadRule {
  readonly rule: CatchRule;
  /** @param id of a reset that is judged and still known */
  matches(session: Session, id: number): boolean;
}

/** @throws Error for people where the rule's filter is none, or asks for what is not known of resets */
export async function readRule(rule: CatchRule): Promise<ReadRule> {
  const node = await readFilter(rule.filter);
  const passes = evaluator(ofRows(node), await loadRegex());
  const matches = (session: Session, id: number): boolean => {
    const row = session.resetRow(id);
    if (rule.origins.length > 0 && !rule.origins.includes(row.kind)) return false;
    if (rule.causes.length > 0 && !rule.causes.includes(row.cause)) return false;
    if (rule.onlyThatMatter && !row.matters) return false;
    return passes(toldOfReset(session, id));
  };
  return { rule, matches };
}

/** Why a rule cannot be followed, for people; null where it can. The host looks before anything is started for it. */
export async function ruleError(rule: CatchRule | null): Promise<string | null> {
  try {
    if (rule !== null) await readFilter(rule.filter);
    return null;
  } catch (error) {
    return errorText(error);
  }
}

async function readFilter(text: string): Promise<FilterNode> {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`in the filter: ${parsed.error.message}`);
  const problem = await patternProblem(parsed.value);
  if (problem !== undefined) throw new Error(`in the filter: ${problem.message}`);
  const untold = untoldField(parsed.value);
  if (untold !== undefined) {
    throw new Error(
      `in the filter: “${untold.name}” can be asked of packets, not of a reset that is being caught; ` +
        'rst.*, flow.*, ip.addr, ipv6.addr and tcp.port can',
    );
  }
  return parsed.value;
}
