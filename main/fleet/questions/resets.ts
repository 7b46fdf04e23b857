/** Resets one by one. */
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { FleetReset, FleetResetId, FleetScope } from '../../../shared/model/fleet.ts';
import type { OriginKind, Side } from '../../../shared/model/verdict.ts';
import type { Expression, Row } from '../store.ts';
import { type Asking, msOf, numberOf, textOf, textOrNull } from './asking.ts';
import { resetConditions } from './scope.ts';
import { type Source, sourcesOf } from './sources.ts';

const COLUMNS = [
  'capture',
  'segment',
  'reset',
  'file',
  'frame',
  'time',
  'client_address',
  'client_port',
  'server_address',
  'server_port',
  'server_name',
  'claimed',
  'origin',
  'origin_label',
  'origin_confidence',
  'cause',
  'matters',
  'count',
  'case_name',
  'summary',
  'next',
] as const;

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
    columns: Object.fromEntries(COLUMNS.map((name): [string, Expression] => [name, { column: name }])),
    where,
    orderBy: [{ by: 'time', descending: true }, { by: 'capture' }, { by: 'segment' }, { by: 'reset' }],
    limit,
  });
  return { resets: await toldResets(asking, rows), total: numberOf(counted?.total ?? null) };
}

/** Those of these numbers that there are, in any order. */
export async function resetsByNumber(
  asking: Asking,
  ids: readonly FleetResetId[],
): Promise<readonly FleetReset[]> {
  const rows = await asking.rows({
    from: 'resets',
    columns: Object.fromEntries(COLUMNS.map((name): [string, Expression] => [name, { column: name }])),
    where: [
      {
        any: ids.map(({ capture, segment, reset }) => ({
          all: [
            { column: 'capture', op: '=', value: capture },
            { column: 'segment', op: '=', value: segment },
            { column: 'reset', op: '=', value: reset },
          ],
        })),
      },
    ],
    limit: ids.length,
  });
  return toldResets(asking, rows);
}

async function toldResets(asking: Asking, rows: readonly Row[]): Promise<readonly FleetReset[]> {
  const sources = await sourcesOf(
    asking,
    rows.map(({ capture }) => textOf(capture)),
  );
  return rows.map((row) => resetOf(row, sources.get(textOf(row.capture))));
}

function resetOf(row: Row, source: Source | undefined): FleetReset {
  return {
    capture: textOf(row.capture),
    segment: numberOf(row.segment),
    reset: numberOf(row.reset),
    host: source?.host ?? '',
    site: source?.site ?? '',
    timeMs: msOf(row.time),
    client: endpointText(textOf(row.client_address), numberOf(row.client_port)),
    server: endpointText(textOf(row.server_address), numberOf(row.server_port)),
    serverName: textOrNull(row.server_name),
    claimed: textOf(row.claimed) as Side,
    origin: textOf(row.origin) as OriginKind,
    originLabel: textOf(row.origin_label),
    confidence: numberOf(row.origin_confidence),
    cause: textOf(row.cause) as CauseCode,
    matters: row.matters === true,
    count: Math.max(1, numberOf(row.count)),
    summary: textOf(row.summary),
    next: textOf(row.next),
    file: textOrNull(row.file),
    frame: row.frame === null ? null : numberOf(row.frame),
    caseName: textOrNull(row.case_name),
  };
}
