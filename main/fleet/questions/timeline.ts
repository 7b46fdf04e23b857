/** Resets over time, site by site. */
import { FINDING_SECONDS } from '../../../shared/fleet/tables.ts';
import type { FleetBucket, FleetScope } from '../../../shared/model/fleet.ts';
import type { Condition, Expression } from '../store.ts';
import { type Asking, MAX_ROWS, msOf, numberOf, textOf } from './asking.ts';
import { findingConditions, fitsFindings, resetConditions } from './scope.ts';
import { sourcesOf } from './sources.ts';

/** Lengths of stretches that people read well. */
const LENGTHS_S = [
  1, 2, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];
const WEEK_S = 604_800;

export async function timelineOf(
  asking: Asking,
  scope: FleetScope,
  stretches: number,
): Promise<{ readonly bucketMs: number; readonly buckets: readonly FleetBucket[] }> {
  const where = await resetConditions(asking, scope);
  const [extent] = await asking.rows({
    from: 'resets',
    columns: { from: { min: 'time' }, to: { max: 'time' } },
    where,
    limit: 1,
  });
  if (extent === undefined || extent.from === null || extent.to === null)
    return { bucketMs: LENGTHS_S[0] * 1000, buckets: [] };
  const seconds = lengthFor(msOf(extent.from) / 1000, msOf(extent.to) / 1000, stretches);
  const isRolledUp = seconds % FINDING_SECONDS === 0 && fitsFindings(scope);
  const rows = await asking.rows({
    from: isRolledUp ? 'findings' : 'resets',
    columns: {
      from: { bucket: 'time', seconds },
      capture: { column: 'capture' },
      endpoint: ofOrigin('endpoint'),
      middlebox: ofOrigin('middlebox'),
      unknown: ofOrigin('unknown'),
      matters: isRolledUp
        ? { sum: 'matters' }
        : { sumWhere: 'count', where: { column: 'matters', op: '=', value: true } },
    },
    where: isRolledUp ? await findingConditions(asking, scope) : where,
    groupBy: ['from', 'capture'],
    orderBy: [{ by: 'from' }, { by: 'capture' }],
    limit: MAX_ROWS,
  });
  const sources = await sourcesOf(
    asking,
    rows.map(({ capture }) => textOf(capture)),
  );
  const buckets = new Map<string, FleetBucket>();
  for (const row of rows) {
    const site = sources.get(textOf(row.capture))?.site ?? '';
    const fromMs = msOf(row.from);
    const key = `${String(fromMs).padStart(16, '0')} ${site}`;
    const before = buckets.get(key) ?? { site, fromMs, endpoint: 0, middlebox: 0, unknown: 0, matters: 0 };
    buckets.set(key, {
      ...before,
      endpoint: before.endpoint + numberOf(row.endpoint),
      middlebox: before.middlebox + numberOf(row.middlebox),
      unknown: before.unknown + numberOf(row.unknown),
      matters: before.matters + numberOf(row.matters),
    });
  }
  const inOrder = [...buckets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bucket]) => bucket);
  return { bucketMs: seconds * 1000, buckets: inOrder };
}

function ofOrigin(origin: string): Expression {
  const where: Condition = { column: 'origin', op: '=', value: origin };
  return { sumWhere: 'count', where };
}

/** The shortest length by which a stretch of time falls into so many parts at most; parts begin at its multiples since 1970. */
export function lengthFor(fromS: number, toS: number, most: number): number {
  const parts = (length: number): number => Math.floor(toS / length) - Math.floor(fromS / length) + 1;
  const found = LENGTHS_S.find((length) => parts(length) <= most);
  if (found !== undefined) return found;
  let weeks = 2;
  // Two parts are left at the least where something begins in one week and ends in another.
  while (parts(weeks * WEEK_S) > Math.max(2, most)) weeks *= 2;
  return weeks * WEEK_S;
}
