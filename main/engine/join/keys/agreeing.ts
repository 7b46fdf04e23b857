/** Pairs of which each might be chance, and that several tell the same clock of is none. */
import type { FlowRecord } from '../../../../shared/base/units.ts';

/** Pairs that have to agree on the clock. */
const AGREEING_PAIRS = 3;
/** Delays, and SYNs that were sent again, stay within it. */
const AGREEMENT_NS = 3e9;

export interface Candidate {
  readonly first: FlowRecord;
  readonly second: FlowRecord;
  /** Begin of the second less that of the first, each by its own clock. */
  readonly differenceNs: number;
}

/** Those around the difference that most of them tell; none where they are too few. */
export function agreeing(found: readonly Candidate[]): readonly Candidate[] {
  const sorted = [...found].sort((a, b) => a.differenceNs - b.differenceNs);
  let best: readonly Candidate[] = [];
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to].differenceNs - sorted[from].differenceNs > AGREEMENT_NS) from++;
    if (to + 1 - from > best.length) best = sorted.slice(from, to + 1);
  }
  return best.length >= AGREEING_PAIRS ? best : [];
}
