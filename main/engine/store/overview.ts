/** Counts over all resets: over time, by origin, by cause. */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import type { ResetView } from './reset-view.ts';
import type { VerdictColumns } from './verdict-columns.ts';
import { ORIGIN_KINDS } from './verdict-columns.ts';

/** @param ids resets to count, all judged */
export function countResets(
  ids: Uint32Array,
  resets: ResetView,
  verdicts: VerdictColumns,
  firstNs: number,
  lastNs: number,
  bucketCount: number,
): Pick<Overview, 'bucketNs' | 'buckets' | 'byOrigin' | 'byCause'> {
  const bucketNs = Math.max(1, (lastNs - firstNs) / bucketCount);
  const buckets = ORIGIN_KINDS.map(() => new Array<number>(bucketCount).fill(0));
  const byOrigin = [0, 0, 0];
  const causes = new Map<CauseCode, { count: number; matters: number }>();

  for (const id of ids) {
    const kind = verdicts.kind[id];
    const bucket = Math.floor((resets.time(id) - firstNs) / bucketNs);
    buckets[kind][Math.min(bucketCount - 1, Math.max(0, bucket))]++;
    byOrigin[kind]++;

    const cause = CAUSE_CODES[verdicts.cause[id]];
    const perCause = causes.get(cause) ?? { count: 0, matters: 0 };
    perCause.count++;
    perCause.matters += verdicts.matters[id];
    causes.set(cause, perCause);
  }
  return {
    bucketNs,
    buckets: { endpoint: buckets[0], middlebox: buckets[1], unknown: buckets[2] },
    byOrigin: { endpoint: byOrigin[0], middlebox: byOrigin[1], unknown: byOrigin[2] },
    byCause: [...causes.entries()]
      .map(([cause, counted]) => ({ cause, ...counted }))
      .sort((a, b) => b.count - a.count),
  };
}
