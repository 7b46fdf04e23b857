/** What is in an answer: which hosts and times, what they lost, and what is missing. */
import type {
  FleetCoverage,
  FleetGap,
  FleetMissing,
  FleetScope,
  HostCoverage,
} from '../../../shared/model/fleet.ts';
import type { Condition, Row } from '../store.ts';
import { type Asking, MAX_ROWS, msOf, nsOf, numberOf, textOf, textOrNull } from './asking.ts';
import { coverageSentence } from './coverage-words.ts';
import { placeConditions } from './sources.ts';

/**
 * Segments of a live capture follow each other without a break, and their times are those of packets or of the capturing program: what is
 * apart by more than this was not captured.
 */
export const GAP_MS = 1000;
const MAX_HOSTS = 1000;
const MAX_GAPS = 100;
const MAX_MISSING = 200;
/** Where there are too many segments to look at each, those of an hour are taken for one. */
const COARSE_SECONDS = 3600;

/** Has to be asked last: what was missing in other questions of the answer is told with it. */
export async function coverageOf(asking: Asking, scope: FleetScope): Promise<FleetCoverage> {
  const inTime: Condition[] = [
    ...(scope.toMs === undefined ? [] : [{ column: 'time', op: '<', value: nsOf(scope.toMs) } as const]),
    // What ends as the scope begins is not in it.
    ...(scope.fromMs === undefined
      ? []
      : [
          {
            any: [
              { column: 'last_time', op: '>', value: nsOf(scope.fromMs) },
              { column: 'time', op: '>=', value: nsOf(scope.fromMs) },
            ],
          } as const,
        ]),
  ];
  // A file without a packet has no time, and tells of none.
  const place: Condition[] = [...placeConditions(scope), { column: 'time', is: 'not-null' }];
  const points = await capturePoints(asking, [...place, ...inTime]);
  const absent = inTime.length === 0 ? [] : await hostsOfOtherTimes(asking, place, points);
  const segments = await segmentsOf(asking, [...place, ...inTime]);
  const hosts = points.map((row) => hostCoverage(row, segments.get(pointKey(row)) ?? [], scope));
  const missing: FleetMissing[] = [...asking.missing, ...absent];
  const shards = asking.missing.filter(({ kind }) => kind === 'shard').length;
  const total = asking.store.shards;
  const coverage = {
    hosts: hosts.slice(0, MAX_HOSTS),
    moreHosts: Math.max(0, hosts.length - MAX_HOSTS),
    missing: missing.slice(0, MAX_MISSING),
    shards: { answered: Math.max(0, total - shards), total },
  };
  return { ...coverage, sentence: coverageSentence({ ...coverage, hosts, missing }) };
}

/** A machine at one interface, with what all its rows say together. */
function capturePoints(asking: Asking, where: readonly Condition[]): Promise<readonly Row[]> {
  return asking.rows({
    from: 'captures',
    columns: {
      host: { column: 'host' },
      site: { column: 'site' },
      interface: { column: 'interface' },
      from: { min: 'time' },
      to: { max: 'last_time' },
      packets: { sum: 'packets' },
      resets: { sum: 'resets' },
      lost: { sum: 'lost' },
      uncounted: { countWhere: { column: 'lost', is: 'null' } },
      spoolLost: { max: 'spool_lost_files' },
      clock: { max: 'clock_bound_seconds' },
      unbounded: { countWhere: { column: 'clock_bound_seconds', is: 'null' } },
      key: { latest: 'key_id', by: 'time' },
      anonymised: { countWhere: { column: 'is_anonymised', op: '=', value: true } },
      damaged: { countWhere: { column: 'is_whole', op: '=', value: false } },
    },
    where,
    groupBy: ['host', 'site', 'interface'],
    orderBy: [{ by: 'host' }, { by: 'site' }, { by: 'interface' }],
    limit: MAX_ROWS,
  });
}

/** Hosts that brought something, though not in the time that is asked for. */
async function hostsOfOtherTimes(
  asking: Asking,
  place: readonly Condition[],
  points: readonly Row[],
): Promise<readonly FleetMissing[]> {
  const here = new Set(points.map(({ host, site }) => `${textOf(site)}\n${textOf(host)}`));
  const all = await asking.rows({
    from: 'captures',
    columns: {
      host: { column: 'host' },
      site: { column: 'site' },
      from: { min: 'time' },
      to: { max: 'last_time' },
    },
    where: place,
    groupBy: ['host', 'site'],
    orderBy: [{ by: 'host' }, { by: 'site' }],
    limit: MAX_ROWS,
  });
  return all
    .filter(({ host, site }) => !here.has(`${textOf(site)}\n${textOf(host)}`))
    .map(({ host, from, to }) => ({
      kind: 'host',
      name: textOf(host),
      why: `it brought nothing of this time; what it did bring is from ${isoMinute(msOf(from))} to ${isoMinute(msOf(to ?? from))}`,
    }));
}

function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

async function segmentsOf(
  asking: Asking,
  where: readonly Condition[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const columns = {
    host: { column: 'host' },
    site: { column: 'site' },
    interface: { column: 'interface' },
    engine: { column: 'engine_version' },
    weights: { column: 'weights_version' },
  } as const;
  const fine = await asking.rows({
    from: 'captures',
    columns: { ...columns, from: { column: 'time' }, to: { column: 'last_time' } },
    where,
    orderBy: [{ by: 'from' }],
    limit: MAX_ROWS,
  });
  const rows =
    fine.length < MAX_ROWS
      ? fine
      : await asking.rows({
          from: 'captures',
          columns: {
            ...columns,
            hour: { bucket: 'time', seconds: COARSE_SECONDS },
            from: { min: 'time' },
            to: { max: 'last_time' },
          },
          where,
          groupBy: [...Object.keys(columns), 'hour'],
          orderBy: [{ by: 'from' }],
          limit: MAX_ROWS,
        });
  const byPoint = new Map<string, Row[]>();
  for (const row of rows) {
    const key = pointKey(row);
    const list = byPoint.get(key);
    if (list === undefined) byPoint.set(key, [row]);
    else list.push(row);
  }
  return byPoint;
}

function pointKey(row: Row): string {
  return [row.host, row.site, row.interface].map(textOf).join('\n');
}

function hostCoverage(row: Row, segments: readonly Row[], scope: FleetScope): HostCoverage {
  const from = msOf(row.from);
  const to = msOf(row.to ?? row.from);
  return {
    host: textOf(row.host),
    site: textOf(row.site),
    interface: textOrNull(row.interface),
    fromMs: from,
    toMs: to,
    gaps: gapsOf(segments, scope).slice(0, MAX_GAPS),
    packets: numberOf(row.packets),
    resets: numberOf(row.resets),
    lost: numberOf(row.uncounted) > 0 ? null : numberOf(row.lost),
    spoolLostFiles: numberOf(row.spoolLost),
    clockBoundSeconds: numberOf(row.unbounded) > 0 || row.clock === null ? null : numberOf(row.clock),
    keyId: textOrNull(row.key),
    isAnonymised: numberOf(row.anonymised) > 0,
    engineVersions: distinct(segments.map(({ engine }) => engine)),
    weightsVersions: distinct(segments.map(({ weights }) => weights)),
  };
}

/** @param segments by their begin */
function gapsOf(segments: readonly Row[], { fromMs, toMs }: FleetScope): FleetGap[] {
  const gaps: FleetGap[] = [];
  let until = fromMs;
  for (const { from, to } of segments) {
    const begin = msOf(from);
    if (until !== undefined && begin - until > GAP_MS) gaps.push({ fromMs: until, toMs: begin });
    until = Math.max(until ?? -Infinity, msOf(to ?? from));
  }
  if (toMs !== undefined && until !== undefined && toMs - until > GAP_MS) gaps.push({ fromMs: until, toMs });
  return gaps;
}

function distinct(values: readonly Row[string][]): string[] {
  return [...new Set(values)].flatMap((value) => (value === null ? [] : [String(value)])).sort();
}
