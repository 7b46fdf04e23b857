/** The numbers that the chart of resets over time draws. */
import type { Overview } from '../../../shared/model/capture.ts';

/** From the top of the stack down: each series is drawn over the one before, so it holds the sum of those below it. */
export const STACK = ['unknown', 'endpoint', 'middlebox'] as const;

/** @returns seconds of the buckets' middles, then one series per member of STACK, cumulative; null for empty bars */
export function stackedSeries(overview: Overview): [number[], ...(number | null)[][]] {
  const { buckets, bucketNs } = overview;
  const seconds = buckets.middlebox.map((_, bucket) => ((bucket + 0.5) * bucketNs) / 1e9);
  const sums = STACK.map((_, level) =>
    seconds.map((__, bucket) => {
      const own = buckets[STACK[level]][bucket];
      if (own === 0) return null;
      return STACK.slice(level).reduce((sum, kind) => sum + buckets[kind][bucket], 0);
    }),
  );
  return [seconds, ...sums];
}

export interface BucketCounts {
  readonly total: number;
  readonly middlebox: number;
  readonly endpoint: number;
  readonly unknown: number;
}

export function countsAt(overview: Overview, bucket: number): BucketCounts {
  const { middlebox, endpoint, unknown } = overview.buckets;
  const counts = {
    middlebox: middlebox[bucket] ?? 0,
    endpoint: endpoint[bucket] ?? 0,
    unknown: unknown[bucket] ?? 0,
  };
  return { ...counts, total: counts.middlebox + counts.endpoint + counts.unknown };
}
