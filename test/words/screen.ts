/** All that stands together on one screen about a reset or a finding, as far as its sentences can contradict one another. */
import { causeOf, type CauseCode } from '../../shared/causes/list.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { OriginKind, PathModel, Side, Verdict } from '../../shared/model/verdict.ts';

export interface Screen {
  /** A finding's sentence stands for its resets' summaries. */
  readonly of: 'reset' | 'finding';
  readonly kind: OriginKind;
  readonly confidence: number;
  readonly claimed: Side | 'both';
  readonly cause: CauseCode;
  readonly matters: boolean;
  readonly capturePoint: PathModel['capturePoint'];
  /** Hops from the capture to whoever made it; null where unknown. */
  readonly hops: number | null;
  /** What the JSON's numbers say of the silence; empty where only sentences do. */
  readonly silences: readonly number[];
  readonly summary: string;
  readonly next: string;
  /** Evidence and limitations. */
  readonly told: readonly string[];
  /** What the cause says in general of the fate of the data, and whether it ends the work. */
  readonly dataLoss: string;
  readonly fatal: string;
  /** Bytes under way, of both sides; 0 where not known. */
  readonly unacknowledged: number;
  /** Who made the first reset of the connection; null for the first one itself. */
  readonly firstBy: OriginKind | null;
}

/** @param first the verdict of the connection's first reset, if that is another one */
export function screenOfReset(verdict: Verdict, first: Verdict | null = null): Screen {
  const { origin, cause, path } = verdict;
  return {
    of: 'reset',
    kind: origin.kind,
    confidence: origin.confidence,
    claimed: verdict.claimed,
    cause: cause.code,
    matters: verdict.matters,
    capturePoint: path.capturePoint,
    hops: path.resetHops,
    silences: verdict.silenceSeconds === null ? [] : [verdict.silenceSeconds],
    summary: verdict.summary,
    next: verdict.next,
    told: [...verdict.evidence.map(({ text }) => text), ...verdict.limitations, verdict.story],
    dataLoss: causeOf(cause.code).dataLoss,
    fatal: causeOf(cause.code).fatal,
    unacknowledged: (verdict.unacknowledgedBytes.client ?? 0) + (verdict.unacknowledgedBytes.server ?? 0),
    firstBy: first?.origin.kind ?? null,
  };
}

/** @param example its best reset, whose evidence is looked at first */
export function screenOfFinding(finding: Finding, example: Verdict): Screen {
  return {
    of: 'finding',
    kind: finding.kind,
    confidence: finding.meanConfidence,
    claimed: finding.claimed,
    cause: finding.cause,
    matters: finding.matters > 0,
    capturePoint: example.path.capturePoint,
    hops: finding.hops,
    silences: finding.idle === null ? [] : [finding.idle.medianSeconds],
    summary: finding.sentence,
    next: finding.next,
    told: finding.count === 1 ? [example.summary, ...example.evidence.map(({ text }) => text)] : [],
    dataLoss: causeOf(finding.cause).dataLoss,
    fatal: causeOf(finding.cause).fatal,
    unacknowledged: 0,
    firstBy: null,
  };
}
