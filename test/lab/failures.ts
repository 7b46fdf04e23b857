/** Failures that the analysis reports, held against those that are true of a capture. */
import * as v from 'valibot';
import { FAILURE_KINDS, type FailureKind } from '../../shared/model/failure.ts';
import type { ConnectionsOfSet, FailureTruth } from './outcomes.ts';

/** What is asked of the JSON output here; without failures it reports none. */
export const failuresSchema = v.object({
  failures: v.optional(
    v.array(
      v.object({
        frame: v.number(),
        flow: v.object({ client: v.string(), server: v.string() }),
        kind: v.picklist(FAILURE_KINDS),
        recovered: v.boolean(),
        matters: v.boolean(),
      }),
    ),
    [],
  ),
});

type Reported = v.InferOutput<typeof failuresSchema>['failures'][number];

/** One scenario a capture, the same made worse, or a whole topology in one. */
export type Group = 'alone' | 'worsened' | 'merged';

export interface ConnectionScore {
  readonly where: string;
  readonly group: Group;
  readonly expected: readonly FailureTruth[];
  /** What was reported for each of them: undefined for nothing. */
  readonly found: readonly (FailureKind | undefined)[];
  /** Whether it was told right that it went on, and that it mattered; false where it was not found. */
  readonly rightRecovery: readonly boolean[];
  readonly rightMatters: readonly boolean[];
  readonly healthy: number;
  /** Healthy connections that were reported, "frame 12: stalled". */
  readonly alarms: readonly string[];
}

export function compareFailures(
  where: string,
  place: string,
  group: Group,
  truth: ConnectionsOfSet,
  reported: readonly Reported[],
): ConnectionScore {
  const key = ({ client, server }: { client: string; server: string }): string => `${client} ${server}`;
  const byFlow = new Map<string, Reported[]>();
  for (const one of reported) byFlow.set(key(one.flow), [...(byFlow.get(key(one.flow)) ?? []), one]);
  const expected = (truth.failures ?? []).filter((failure) => failure.place === place);
  const open = new Set([...(truth.unsettled?.[place] ?? []), ...expected.map(key)]);
  const best = expected.map((failure) => {
    const here = byFlow.get(key(failure)) ?? [];
    return here.find(({ kind }) => isRight(failure, kind)) ?? here.at(0);
  });
  return {
    where,
    group,
    expected,
    found: best.map((one) => one?.kind),
    rightRecovery: best.map((one, i) => one?.recovered === expected[i].recovered),
    rightMatters: best.map((one, i) => one?.matters === expected[i].matters),
    healthy: truth.healthy?.[place] ?? 0,
    alarms: [...byFlow]
      .filter(([flow]) => !open.has(flow))
      .flatMap(([flow, all]) => all.map(({ frame, kind }) => `frame ${frame}: ${kind}, ${flow}`)),
  };
}

export function isRight({ kind, alternatives }: FailureTruth, found: FailureKind | undefined): boolean {
  return found !== undefined && (found === kind || alternatives.includes(found));
}

export interface ConnectionFigures {
  readonly failuresFound: number;
  readonly healthyReported: number;
}

/** Shares; where there was nothing to find or to spare, nothing was missed and nothing reported. */
export function connectionFigures(scores: readonly ConnectionScore[]): ConnectionFigures {
  const { failed, found, healthy, alarms } = countFailures(scores);
  return {
    failuresFound: failed === 0 ? 1 : found / failed,
    healthyReported: healthy === 0 ? 0 : alarms / healthy,
  };
}

export interface FailureCount {
  readonly failed: number;
  readonly found: number;
  /** Reported, as another kind. */
  readonly mistaken: number;
  readonly rightMatters: number;
  readonly rightRecovery: number;
  readonly healthy: number;
  readonly alarms: number;
}

/** @param kind counts failures of this kind only */
export function countFailures(scores: readonly ConnectionScore[], kind?: FailureKind): FailureCount {
  const sums = { failed: 0, found: 0, mistaken: 0, rightMatters: 0, rightRecovery: 0, healthy: 0, alarms: 0 };
  for (const score of scores) {
    sums.healthy += score.healthy;
    sums.alarms += score.alarms.length;
    score.expected.forEach((failure, i) => {
      if (kind !== undefined && failure.kind !== kind) return;
      sums.failed++;
      const said = score.found[i];
      if (isRight(failure, said)) {
        sums.found++;
        if (score.rightMatters[i]) sums.rightMatters++;
        if (score.rightRecovery[i]) sums.rightRecovery++;
      } else if (said !== undefined) sums.mistaken++;
    });
  }
  return sums;
}
