/**
 * Filters over rows: words that must all hold, or Wireshark's syntax.
 *
 *   injected server:10.0.0.0/8 -port:443 idle:>60 cause:refused,abort "acme firewall"
 *   rst.origin == "middlebox" && tcp.port in {80, 443}
 *
 * A test of something that a row does not have (the cause of a flow) does not hold for it. Packets say more than rows do: the engine
 * asks them where it has them (main/engine/select).
 */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { FailureRow } from '../model/failure.ts';
import type { FlowRow, ResetRow } from '../model/rows.ts';
import type { FilterError, FilterNode } from './ast.ts';
import type { RegexEngine } from './evaluate.ts';
import { evaluator, NO_REGEX } from './evaluate.ts';
import { patternError } from './patterns.ts';
import { parseFilter } from './parse.ts';
import { failureValues, flowValues, resetValues } from './rows.ts';

export interface Filter {
  /** Whether there are no tests: everything matches. */
  readonly empty: boolean;
  readonly node: FilterNode;
  matchesReset(row: ResetRow): boolean;
  matchesFlow(row: FlowRow): boolean;
  matchesFailure(row: FailureRow): boolean;
}

/** @param regex reads what stands behind `matches`; without it no such test holds */
export function compileFilter(text: string, regex: RegexEngine = NO_REGEX): Result<Filter, FilterError> {
  const parsed = parseFilter(text);
  if (!parsed.ok) return parsed;
  const node = parsed.value;
  const wrong = patternError(node, regex);
  if (wrong !== null) return { ok: false, error: wrong };
  const test = evaluator(node, regex);
  return ok({
    empty: node.kind === 'everything',
    node,
    matchesReset: (row) => test(resetValues(row)),
    matchesFlow: (row) => test(flowValues(row)),
    matchesFailure: (row) => test(failureValues(row)),
  });
}
