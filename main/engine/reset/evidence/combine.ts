/**
 * Combines evidence: log10 likelihood ratios are summed within each family, each sum is kept inside the family's bounds,
 * and all are added to the prior. A middlebox is named only where two families, or one decisive fact, stand behind it.
 */
import { EVIDENCE_FAMILIES } from '../../../../shared/model/verdict.ts';
import type { EvidenceFamily, OriginKind, ResetFamily } from '../../../../shared/model/verdict.ts';
import type { EvidenceList } from './evidence-list.ts';
import {
  CAUSALITY_CAP,
  ENDPOINT_BELOW,
  ENDPOINT_BELOW_IN_CONNECTION,
  FAMILY_CAPS,
  MIDDLEBOX_FROM,
  MOST_OF_UNDECIDED,
  RESEMBLANCE_FLOOR,
  RESEMBLANCE_FLOOR_OF_NUMBERS,
  RESEMBLES_IN_ALL,
  PRIOR,
  PRIOR_REFUSAL,
} from './bounds.ts';
import type { Weight } from './entry.ts';
import type { EvidenceCode } from './table.ts';
import { WEIGHTS } from './table.ts';

/** A family counts as standing behind a middlebox from this contribution on (likelihood ratio 2.5). */
const SUPPORTS = 0.4;
/** The rest of the header beside the distance has to weigh more (ratio 5). */
const SUPPORTS_BESIDE = 0.7;

export interface Combined {
  kind: OriginKind;
  /** Probability that a middlebox made it. */
  middlebox: number;
  /** Probability that `kind` is right; for `unknown` that of the likelier of the two others, below that of any that is named. */
  confidence: number;
}

/** Decisive facts of these mean that whoever made it copied what it could. */
const FORGED: ReadonlySet<EvidenceFamily> = new Set(['aftermath', 'local', 'kernel', 'vantage']);

const INDEX = Object.fromEntries(EVIDENCE_FAMILIES.map((family, i) => [family, i])) as Record<
  EvidenceFamily,
  number
>;
const LOWS = EVIDENCE_FAMILIES.map((family) => FAMILY_CAPS[family][0]);
const HIGHS = EVIDENCE_FAMILIES.map((family) => FAMILY_CAPS[family][1]);

const sums = new Float64Array(EVIDENCE_FAMILIES.length);

/** @param weights of each code; others than WEIGHTS serve those who fit them */
export function combine(
  list: Pick<EvidenceList, 'codes' | 'count'>,
  shape: ResetFamily,
  into: Combined,
  weights: Readonly<Record<EvidenceCode, Weight>> = WEIGHTS,
): void {
  sums.fill(0);
  let distance = 0;
  let decisive = false;
  let forged = false;
  let guessed = false;
  let causal = false;
  for (let i = 0; i < list.count; i++) {
    const entry = weights[list.codes[i]];
    sums[INDEX[entry.family]] += entry.weight;
    if (entry.distance === true) distance += entry.weight;
    if (entry.decisive === true) {
      decisive = true;
      if (FORGED.has(entry.family)) forged = true;
      else if (entry.family === 'sequence') guessed = true;
      else if (entry.family === 'timing') causal = true;
    }
  }
  let odds = shape === 'syn-reply' ? PRIOR_REFUSAL : PRIOR;
  // The distance and the rest of the header are two observations, not one.
  const header = sums[INDEX.header];
  let supporting = distance >= SUPPORTS && header - distance >= SUPPORTS_BESIDE ? 1 : 0;
  for (let i = 0; i < sums.length; i++) {
    let low = LOWS[i];
    if (i === INDEX.header && forged) low = RESEMBLANCE_FLOOR;
    else if (i === INDEX.header && causal)
      low = sums[i] > RESEMBLES_IN_ALL ? RESEMBLANCE_FLOOR : RESEMBLANCE_FLOOR_OF_NUMBERS;
    else if (i === INDEX.header && guessed) low = RESEMBLANCE_FLOOR_OF_NUMBERS;
    const high = causal && i === INDEX.timing ? CAUSALITY_CAP : HIGHS[i];
    const bounded = Math.min(high, Math.max(low, sums[i]));
    odds += bounded;
    if (bounded >= SUPPORTS) supporting++;
  }
  const middlebox = 1 / (1 + 10 ** -odds);
  into.middlebox = middlebox;
  if (middlebox >= MIDDLEBOX_FROM && (decisive || supporting >= 2)) {
    into.kind = 'middlebox';
    into.confidence = middlebox;
  } else if (middlebox <= (shape === 'syn-reply' ? ENDPOINT_BELOW : ENDPOINT_BELOW_IN_CONNECTION)) {
    into.kind = 'endpoint';
    into.confidence = 1 - middlebox;
  } else {
    into.kind = 'unknown';
    into.confidence = Math.min(MOST_OF_UNDECIDED, Math.max(middlebox, 1 - middlebox));
  }
}
