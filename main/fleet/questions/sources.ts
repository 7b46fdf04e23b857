/** Who brought which capture: rows name their capture alone. */
import type { FleetScope } from '../../../shared/model/fleet.ts';
import type { Condition } from '../store.ts';
import { FleetError } from '../store.ts';
import { type Asking, MAX_ROWS, textOf } from './asking.ts';

export interface Source {
  readonly host: string;
  readonly site: string;
}

/** @param captures only these, or all that a scope has */
export async function sourcesOf(
  asking: Asking,
  captures: readonly string[] | FleetScope,
): Promise<ReadonlyMap<string, Source>> {
  const where: readonly Condition[] = Array.isArray(captures)
    ? [{ column: 'capture', in: [...new Set(captures as readonly string[])] }]
    : placeConditions(captures as FleetScope);
  const rows = await asking.rows({
    from: 'captures',
    columns: { capture: { column: 'capture' }, host: { max: 'host' }, site: { max: 'site' } },
    where,
    groupBy: ['capture'],
    orderBy: [{ by: 'capture' }],
    limit: MAX_ROWS,
  });
  return new Map(
    rows.map(({ capture, host, site }) => [textOf(capture), { host: textOf(host), site: textOf(site) }]),
  );
}

/** Captures that a condition may name one by one. */
const MAX_NAMED = 50_000;

/** Conditions on rows of other tables that leave the captures of a host or site; none where a scope names neither. */
export async function sourceConditions(asking: Asking, scope: FleetScope): Promise<readonly Condition[]> {
  if (scope.host === undefined && scope.site === undefined) return [];
  const captures = [...(await sourcesOf(asking, scope)).keys()];
  if (captures.length > MAX_NAMED)
    throw new FleetError(
      'bad-query',
      `There are ${captures.length} captures of that host or site, more than one question can name (${MAX_NAMED}): ask for one host, or for fewer days.`,
    );
  return [{ column: 'capture', in: captures }];
}

/** Of the table of captures, without its times. */
export function placeConditions({ host, site }: FleetScope): readonly Condition[] {
  return [
    ...(host === undefined ? [] : [{ column: 'host', op: '=', value: host } as const]),
    ...(site === undefined ? [] : [{ column: 'site', op: '=', value: site } as const]),
  ];
}
