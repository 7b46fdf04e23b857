/** What the rules that name a cause may look at. One object, filled anew for every reset. */
import type { CauseCode } from '../../../../shared/model/cause.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import type { Combined } from '../evidence/combine.ts';
import type { EvidenceContext } from '../evidence/entry.ts';
import type { EvidenceList } from '../evidence/evidence-list.ts';
import type { EmitterTable } from '../observe/emitters.ts';

export interface CauseContext extends EvidenceContext, Combined {
  readonly emitters: EmitterTable;
  readonly list: EvidenceList;
}

/** Names the cause where its signature is met, else null. Rules run from the most specific on. */
export type CauseRule = (c: CauseContext) => Cause | null;

/**
 * Made once per rule at load time: judging allocates no causes.
 * @param confidence probability that just this cause is right and none of the alternatives: the share in labs of real kernels
 * (averaged over scenarios, since their mix is arbitrary), held down where field cases of the kind have many reasons that the
 * packets do not show; an estimate where neither knows the kind
 */
export function cause(code: CauseCode, confidence: number, ...alternatives: CauseCode[]): Cause {
  return { code, confidence, alternatives };
}
