/** Counts over all resets: over time, by origin, by cause. A packet that was captured twice counts once. */
import type { Steps } from '../../../shared/base/steps.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import { roundWidthNs } from '../../../shared/format/buckets.ts';
import type { GoneResets } from '../findings/gone-resets.ts';
import { overTime } from '../findings/over-time.ts';
import type { ResetView } from './reset-view.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';

/** Resets looked at between two rests. */
const SLICE = 8192;

/**
 * @param ids resets to count, all judged
 * @param mostBuckets of a round width each
 * @param gone to be counted as well
 */
export function* countResets(
  ids: Uint32Array,
  resets: ResetView,
  verdicts: VerdictColumns,
  firstNs: number,
  lastNs: number,
  mostBuckets: number,
  gone?: GoneResets,
): Steps<Pick<Overview, 'bucketNs' | 'buckets' | 'byOrigin' | 'byCause'>> {
  const bucketNs = roundWidthNs(lastNs - firstNs, mostBuckets);
  const bucketCount = Math.min(mostBuckets, Math.floor((lastNs - firstNs) / bucketNs) + 1);
  const buckets = ORIGIN_KINDS.map(() => new Array<number>(bucketCount).fill(0));
  const byOrigin = [0, 0, 0];
  const causes = new Map<CauseCode, { count: number; matters: number }>();

  for (let i = 0; i < ids.length; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const id = ids[i];
    const times = resets.times(id);
    if (times === 0) continue;
    const at = verdicts.at(id);
    const kind = verdicts.kind[at];
    overTime(resets.time(id), resets.lastTime(id), times, (ns, share) => {
      const bucket = Math.floor((ns - firstNs) / bucketNs);
      buckets[kind][Math.min(bucketCount - 1, Math.max(0, bucket))] += share;
    });
    byOrigin[kind] += times;

    const cause = CAUSE_CODES[verdicts.cause[at]];
    const perCause = causes.get(cause) ?? { count: 0, matters: 0 };
    perCause.count += times;
    perCause.matters += times * verdicts.matters[at];
    causes.set(cause, perCause);
  }
  if (gone !== undefined) addGone(gone, firstNs, bucketNs, buckets, byOrigin, causes);
  return {
    bucketNs,
    buckets: { endpoint: buckets[0], middlebox: buckets[1], unknown: buckets[2] },
    byOrigin: { endpoint: byOrigin[0], middlebox: byOrigin[1], unknown: byOrigin[2] },
    byCause: [...causes.entries()]
      .map(([cause, counted]) => ({ cause, ...counted }))
      .sort((a, b) => b.count - a.count),
  };
}

function addGone(
  gone: GoneResets,
  firstNs: number,
  bucketNs: number,
  buckets: number[][],
  byOrigin: number[],
  causes: Map<CauseCode, { count: number; matters: number }>,
): void {
  for (const [kind, counts] of gone.history.counts.entries()) {
    byOrigin[kind] += gone.byKind[kind];
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const time = gone.history.startNs + (i + 0.5) * gone.history.bucketNs;
      const bucket = Math.floor((time - firstNs) / bucketNs);
      buckets[kind][Math.min(buckets[kind].length - 1, Math.max(0, bucket))] += counts[i];
    }
  }
  for (const [cause, counted] of gone.byCause) {
    const code = CAUSE_CODES[cause];
    const perCause = causes.get(code) ?? { count: 0, matters: 0 };
    perCause.count += counted.count;
    perCause.matters += counted.matters;
    causes.set(code, perCause);
  }
}
