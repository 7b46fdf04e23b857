/** Resets one by one. */
import type { FleetReset, FleetScope } from '../../../shared/model/fleet.ts';
import { columnsOf, RESET_COLUMNS } from '../join/facts.ts';
import { fleetReset, TOLD_COLUMNS } from '../join/told-reset.ts';
import { type Asking, numberOf, textOf } from './asking.ts';
import { resetConditions } from './scope.ts';
import { sourcesOf } from './sources.ts';

/** Of a capture whose row did not answer. */
const NOBODY = { host: '', site: '' };

/** The newest first. */
export async function resetsOf(
  asking: Asking,
  scope: FleetScope,
  limit: number,
): Promise<{ readonly resets: readonly FleetReset[]; readonly total: number }> {
  const where = await resetConditions(asking, scope);
  const [counted] = await asking.rows({
    from: 'resets',
    columns: { total: { count: true } },
    where,
    limit: 1,
  });
  const rows = await asking.rows({
    from: 'resets',
    columns: columnsOf('resets', [...new Set([...RESET_COLUMNS, ...TOLD_COLUMNS])]),
    where,
    orderBy: [{ by: 'time', descending: true }, { by: 'capture' }, { by: 'segment' }, { by: 'reset' }],
    limit,
  });
  const sources = await sourcesOf(
    asking,
    rows.map(({ capture }) => textOf(capture)),
  );
  return {
    resets: rows.map((row) => fleetReset(row, sources.get(textOf(row.capture)) ?? NOBODY)),
    total: numberOf(counted?.total ?? null),
  };
}
