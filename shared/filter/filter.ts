/**
 * The quick filter of lists and of the command line: terms beside each other must all hold.
 *
 *   injected server:10.0.0.0/8 -port:443 idle:>60 cause:refused,abort "acme firewall"
 *
 * A term about something that a row does not have (the cause of a flow) does not hold for it.
 */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { FailureRow } from '../model/failure.ts';
import type { FlowRow, ResetRow } from '../model/rows.ts';
import type { FilterError } from './lexer.ts';
import { lexFilter } from './lexer.ts';
import type { Term } from './terms.ts';
import { compileTerm } from './terms.ts';

export type { FilterError } from './lexer.ts';
export { FILTER_FIELDS } from './fields.ts';

export interface Filter {
  /** Whether there are no terms: everything matches. */
  readonly empty: boolean;
  matchesReset(row: ResetRow): boolean;
  matchesFlow(row: FlowRow): boolean;
  matchesFailure(row: FailureRow): boolean;
}

export function compileFilter(text: string): Result<Filter, FilterError> {
  const raw = lexFilter(text);
  if (!raw.ok) return raw;
  const terms: Term[] = [];
  for (const one of raw.value) {
    const term = compileTerm(one);
    if (!term.ok) return term;
    terms.push(term.value);
  }
  return ok({
    empty: terms.length === 0,
    matchesReset: (row) => terms.every((term) => term.test(row)),
    matchesFlow: (row) => terms.every((term) => term.test(row)),
    matchesFailure: (row) => terms.every((term) => term.test(row)),
  });
}
