/** Resets over time as bars: all sites together, then the sites with most of them, each over the same stretches. */
import type { FleetBucket, FleetScope, FleetSummary } from '../../../shared/model/fleet.ts';

/** Sites that have a row of their own. */
export const MOST_SITES = 6;
/** A page is not that wide. */
const MOST_BARS = 500;

export interface Bar {
  readonly fromMs: number;
  readonly endpoint: number;
  readonly middlebox: number;
  readonly unknown: number;
  readonly matters: number;
}

export interface SiteRow {
  /** null for all together. */
  readonly site: string | null;
  readonly bars: readonly Bar[];
  readonly total: number;
  /** Of the highest bar. */
  readonly most: number;
}

export interface OverTime {
  readonly bucketMs: number;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
  readonly all: SiteRow;
  readonly sites: readonly SiteRow[];
  readonly moreSites: number;
}

interface Told {
  readonly bucketMs: number;
  readonly buckets: readonly FleetBucket[];
}

export function totalOf({ endpoint, middlebox, unknown }: Omit<Bar, 'fromMs' | 'matters'>): number {
  return endpoint + middlebox + unknown;
}

/** @returns null where there is nothing to draw */
export function overTime(
  { bucketMs, buckets }: Told,
  scope: Pick<FleetScope, 'fromMs' | 'toMs'>,
  summary: Pick<FleetSummary, 'fromMs' | 'toMs'>,
): OverTime | null {
  if (!(bucketMs > 0)) return null;
  const times = buckets.map(({ fromMs }) => fromMs).filter(Number.isFinite);
  const first = times.reduce((least, ms) => Math.min(least, ms), Infinity);
  const last = times.reduce((most, ms) => Math.max(most, ms), -Infinity);
  const from = scope.fromMs ?? Math.min(first, summary.fromMs ?? first);
  const to = scope.toMs ?? Math.max(last + bucketMs, summary.toMs ?? -Infinity);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
  // Stretches begin where the store lets them begin.
  const anchor = Number.isFinite(first) ? first : 0;
  const fromMs = anchor + Math.floor((from - anchor) / bucketMs) * bucketMs;
  const count = Math.max(1, Math.min(MOST_BARS, Math.ceil((to - fromMs) / bucketMs)));
  const rowOf = (site: string | null): SiteRow => {
    const bars = Array.from({ length: count }, (_, at) => ({
      fromMs: fromMs + at * bucketMs,
      endpoint: 0,
      middlebox: 0,
      unknown: 0,
      matters: 0,
    }));
    for (const bucket of buckets) {
      if (site !== null && bucket.site !== site) continue;
      const bar = bars.at(Math.round((bucket.fromMs - fromMs) / bucketMs));
      if (bar === undefined || bucket.fromMs < fromMs) continue;
      bar.endpoint += bucket.endpoint;
      bar.middlebox += bucket.middlebox;
      bar.unknown += bucket.unknown;
      bar.matters += bucket.matters;
    }
    const totals = bars.map(totalOf);
    return {
      site,
      bars,
      total: totals.reduce((sum, total) => sum + total, 0),
      most: Math.max(...totals),
    };
  };
  const names = [...new Set(buckets.map(({ site }) => site))];
  const sites = names.map(rowOf).sort((one, other) => other.total - one.total);
  return {
    bucketMs,
    fromMs,
    toMs: fromMs + count * bucketMs,
    all: rowOf(null),
    sites: sites.slice(0, MOST_SITES),
    moreSites: Math.max(0, sites.length - MOST_SITES),
  };
}

/** Whole bars between two points of the drawing, in any order. @param shares of its width, 0 … 1 */
export function brushed({ all, bucketMs, fromMs }: OverTime, one: number, other: number): Brushed {
  const { length } = all.bars;
  const at = (share: number): number => Math.max(0, Math.min(length - 1, Math.floor(share * length)));
  const [first, last] = [at(Math.min(one, other)), at(Math.max(one, other))];
  return { fromMs: fromMs + first * bucketMs, toMs: fromMs + (last + 1) * bucketMs };
}

export interface Brushed {
  readonly fromMs: number;
  readonly toMs: number;
}
