/** Counts over all resets: over time, by origin, by cause, and groups that share origin, cause and server. */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Overview, ResetGroup } from '../../../shared/model/capture.ts';
import type { FlowNames, FlowView } from './flow-view.ts';
import type { ResetView } from './reset-view.ts';
import type { VerdictColumns } from './verdict-columns.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES } from './verdict-columns.ts';

const MAX_GROUPS = 100;
const EXAMPLES = 5;

interface OpenGroup {
  readonly first: number;
  count: number;
  matters: number;
  firstNs: number;
  lastNs: number;
  confidence: number;
  readonly examples: number[];
}

/** @param ids resets to count, all judged */
export function makeOverview(
  ids: Uint32Array,
  resets: ResetView,
  flows: FlowView,
  names: FlowNames,
  verdicts: VerdictColumns,
  label: (reset: number) => string,
  firstNs: number,
  lastNs: number,
  bucketCount: number,
): Overview {
  const bucketNs = Math.max(1, (lastNs - firstNs) / bucketCount);
  const buckets = ORIGIN_KINDS.map(() => new Array<number>(bucketCount).fill(0));
  const byOrigin = [0, 0, 0];
  const causes = new Map<CauseCode, { count: number; matters: number }>();
  const groups = new Map<string, OpenGroup>();

  for (const id of ids) {
    const kind = verdicts.kind[id];
    const matters = verdicts.matters[id];
    const time = resets.time(id);
    const bucket = Math.min(bucketCount - 1, Math.max(0, Math.floor((time - firstNs) / bucketNs)));
    buckets[kind][bucket]++;
    byOrigin[kind]++;

    const cause = CAUSE_CODES[verdicts.cause[id]];
    const perCause = causes.get(cause) ?? { count: 0, matters: 0 };
    perCause.count++;
    perCause.matters += matters;
    causes.set(cause, perCause);

    const key = `${kind} ${verdicts.side[id]} ${verdicts.cause[id]} ${flows.endpoint(resets.flow(id), 1)}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { first: id, count: 0, matters: 0, firstNs: time, lastNs: time, confidence: 0, examples: [] };
      groups.set(key, group);
    }
    group.count++;
    group.matters += matters;
    group.firstNs = Math.min(group.firstNs, time);
    group.lastNs = Math.max(group.lastNs, time);
    group.confidence += verdicts.confidence[id];
    if (group.examples.length < EXAMPLES) group.examples.push(id);
  }

  const sorted = [...groups.values()].sort(
    (a, b) =>
      Number(b.matters > 0) - Number(a.matters > 0) ||
      b.matters - a.matters ||
      b.count - a.count ||
      a.first - b.first,
  );
  return {
    bucketNs,
    buckets: { endpoint: buckets[0], middlebox: buckets[1], unknown: buckets[2] },
    byOrigin: { endpoint: byOrigin[0], middlebox: byOrigin[1], unknown: byOrigin[2] },
    byCause: [...causes.entries()]
      .map(([cause, counted]) => ({ cause, ...counted }))
      .sort((a, b) => b.count - a.count),
    groups: sorted.slice(0, MAX_GROUPS).map((group): ResetGroup => {
      const flow = resets.flow(group.first);
      return {
        kind: ORIGIN_KINDS[verdicts.kind[group.first]],
        side: ORIGIN_SIDES[verdicts.side[group.first]],
        cause: CAUSE_CODES[verdicts.cause[group.first]],
        label: label(group.first),
        server: flows.endpoint(flow, 1),
        serverName: names.serverName(flow),
        count: group.count,
        matters: group.matters,
        firstNs: group.firstNs,
        lastNs: group.lastNs,
        meanConfidence: group.confidence / group.count,
        examples: group.examples,
      };
    }),
    moreGroups: Math.max(0, sorted.length - MAX_GROUPS),
  };
}
