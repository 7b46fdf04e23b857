/** Resets of one origin, cause and server, together over all hosts. */
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { FleetFinding, FleetScope } from '../../../shared/model/fleet.ts';
import type { OriginKind, Side } from '../../../shared/model/verdict.ts';
import type { Condition, Expression, Row } from '../store.ts';
import { type Asking, MAX_ROWS, msOf, numberOf, textOf, textOrNull } from './asking.ts';
import { findingConditions, fitsFindings, resetConditions } from './scope.ts';
import { type Source, sourcesOf } from './sources.ts';

const KEYS = ['server_address', 'server_port', 'claimed', 'origin', 'origin_side', 'cause'] as const;
/** More are not told apart; what matters most is among them. */
const MAX_FINDINGS = 10_000;

/** The same counts, out of rows of five minutes or out of the resets themselves. */
interface Counting {
  readonly from: 'findings' | 'resets';
  readonly matters: Expression;
  readonly first: string;
  readonly last: string;
  readonly confidence: string;
  readonly example: string;
  readonly where: readonly Condition[];
}

export async function findingsOf(
  asking: Asking,
  scope: FleetScope,
  limit: number,
): Promise<{ readonly findings: readonly FleetFinding[]; readonly total: number }> {
  const counting = await countingOf(asking, scope);
  const groups = await asking.rows({
    from: counting.from,
    columns: {
      ...keyColumns(),
      name: { max: 'server_name' },
      count: { sum: 'count' },
      matters: counting.matters,
      // Older tables have no times of a finding but the begin of its five minutes.
      begin: { min: 'time' },
      newest: { max: 'time' },
      first: { min: counting.first },
      last: { max: counting.last },
    },
    where: counting.where,
    groupBy: KEYS,
    orderBy: [
      { by: 'matters', descending: true },
      { by: 'count', descending: true },
      ...KEYS.map((by) => ({ by })),
    ],
    limit: MAX_FINDINGS,
  });
  const shown = groups.slice(0, limit);
  const parts = await partsOf(asking, counting, shown);
  const sources = await sourcesOf(
    asking,
    [...parts.values()].flatMap((rows) => rows.map(({ capture }) => textOf(capture))),
  );
  const findings = shown.map((row) => findingOf(row, parts.get(keyOf(row)) ?? [], sources));
  return { findings, total: groups.length };
}

async function countingOf(asking: Asking, scope: FleetScope): Promise<Counting> {
  return fitsFindings(scope)
    ? {
        from: 'findings',
        matters: { sum: 'matters' },
        first: 'first_time',
        last: 'last_time',
        confidence: 'mean_confidence',
        example: 'example_reset',
        where: await findingConditions(asking, scope),
      }
    : {
        from: 'resets',
        matters: { sumWhere: 'count', where: { column: 'matters', op: '=', value: true } },
        first: 'time',
        last: 'time',
        confidence: 'origin_confidence',
        example: 'reset',
        where: await resetConditions(asking, scope),
      };
}

/**
 * What each capture adds to the findings that are shown. Rows of alike counts are taken together, so that means can be weighed; the example
 * is the last reset by its number, which no other reset of the capture has, so that every store gives the same.
 */
async function partsOf(
  asking: Asking,
  { from, confidence, example, where }: Counting,
  shown: readonly Row[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  if (shown.length === 0) return new Map();
  const rows = await asking.rows({
    from,
    columns: {
      ...keyColumns(),
      capture: { column: 'capture' },
      weight: { column: 'count' },
      rows: { count: true },
      confidence: { mean: confidence },
      segment: { latest: 'segment', by: example },
      example: { max: example },
      last: { max: 'time' },
    },
    where: [
      ...where,
      { column: 'server_address', in: [...new Set(shown.map((row) => textOf(row.server_address)))] },
      { column: 'cause', in: [...new Set(shown.map((row) => textOf(row.cause)))] },
    ],
    groupBy: [...KEYS, 'capture', 'weight'],
    orderBy: [{ by: 'last', descending: true }, { by: 'capture' }, { by: 'weight' }],
    limit: MAX_ROWS,
  });
  const parts = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = parts.get(key);
    if (list === undefined) parts.set(key, [row]);
    else list.push(row);
  }
  return parts;
}

function findingOf(row: Row, parts: readonly Row[], sources: ReadonlyMap<string, Source>): FleetFinding {
  const known = parts.flatMap(({ capture }) => sources.get(textOf(capture)) ?? []);
  const weights = parts.map(({ weight, rows }) => numberOf(weight) * numberOf(rows));
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const confidence = parts.reduce((sum, part, i) => sum + numberOf(part.confidence) * weights[i], 0);
  const newest = parts.at(0);
  return {
    server: endpointText(textOf(row.server_address), numberOf(row.server_port)),
    serverName: textOrNull(row.name),
    claimed: textOf(row.claimed) as Side,
    origin: textOf(row.origin) as OriginKind,
    originSide: textOrNull(row.origin_side),
    cause: textOf(row.cause) as CauseCode,
    count: numberOf(row.count),
    matters: numberOf(row.matters),
    hosts: new Set(known.map(({ host, site }) => `${site}\n${host}`)).size,
    sites: [...new Set(known.map(({ site }) => site))].sort(),
    firstMs: msOf(row.first ?? row.begin),
    lastMs: msOf(row.last ?? row.newest),
    meanConfidence: weight === 0 ? 0 : confidence / weight,
    example: {
      capture: textOf(newest?.capture ?? null),
      segment: numberOf(newest?.segment ?? null),
      reset: numberOf(newest?.example ?? null),
    },
  };
}

function keyColumns(): Record<string, Expression> {
  return Object.fromEntries(KEYS.map((name) => [name, { column: name }]));
}

function keyOf(row: Row): string {
  return KEYS.map((name) => textOf(row[name])).join('\n');
}
