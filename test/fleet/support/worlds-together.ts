/** Many worlds as the tables of one fleet, each at its own time and site, with findings rolled up as agents roll them up. */
import { FINDING_SECONDS } from '../../../shared/fleet/tables.ts';
import type { Row } from '../../../main/fleet/store.ts';
import { hash } from '../../../main/fleet/testing/path-world.ts';
import { makeWorld } from '../../../main/fleet/testing/random-worlds.ts';

const APART_NS = 240_000_000_000n;
const STRETCH_NS = BigInt(FINDING_SECONDS) * 1_000_000_000n;
const TIMES = ['time', 'last_time', 'syn_time', 'syn_ack_time'];
/** A world has connections of its own, by their keys and by their ends. */
const KEYS_OF_ROWS = ['capture', 'match_key', 'isn_key', 'server_isn_key', 'reset_key'];
const PORTS = 2000;
const CAUSES = ['idle-timeout', 'unread-data', 'unknown'];
const NAMES = ['www.example', 'Api.example', null];

export interface Together {
  readonly captures: readonly Row[];
  readonly flows: readonly Row[];
  readonly open_flows: readonly Row[];
  readonly resets: readonly Row[];
  readonly findings: readonly Row[];
}

export function worldsTogether(firstSeed: number, count: number): Together {
  const all: Record<'captures' | 'flows' | 'open_flows' | 'resets', Row[]> = {
    ...{ captures: [], flows: [], open_flows: [], resets: [] },
  };
  for (let at = 0; at < count; at++) {
    const { tables } = makeWorld(firstSeed + at, at % 2 === 1);
    for (const kind of ['captures', 'flows', 'open_flows', 'resets'] as const) {
      const own = (tables[kind] ?? []).map((row) => placed(row, at));
      all[kind].push(...own.map((row) => (kind === 'captures' ? { ...row, site: `site ${at}` } : row)));
    }
  }
  // Some worlds lose rows of captures: a unit without one is not whole, and no store takes it in.
  const units = new Set(all.captures.map(unitOf));
  const isWhole = (row: Row): boolean => units.has(unitOf(row));
  const resets = all.resets.filter(isWhole).map(coloured);
  return {
    captures: all.captures,
    flows: all.flows.filter(isWhole),
    open_flows: all.open_flows.filter(isWhole),
    ...{ resets, findings: findingsOf(resets) },
  };
}

function unitOf({ capture, segment }: Row): string {
  return `${String(capture)} ${String(segment)}`;
}

function placed(row: Row, at: number): Row {
  const later = Object.fromEntries(
    TIMES.flatMap((name) =>
      typeof row[name] === 'bigint' ? [[name, row[name] + BigInt(at) * APART_NS] as const] : [],
    ),
  );
  const keys = Object.fromEntries(
    KEYS_OF_ROWS.flatMap((name) =>
      typeof row[name] === 'string' ? [[name, hash(`world ${at} ${row[name]}`)] as const] : [],
    ),
  );
  const port: Row = typeof row.client_port === 'number' ? { client_port: row.client_port + at * PORTS } : {};
  return { ...row, ...later, ...keys, ...port };
}

/** Worlds say nothing of causes and origins; here they are by the numbers of rows, so that there are several of each. */
function coloured(row: Row, at: number): Row {
  return {
    ...row,
    origin: row.origin === 'unknown' && at % 3 === 0 ? 'middlebox' : row.origin,
    origin_side: at % 3 === 0 ? 'path' : null,
    origin_confidence: (at % 7) / 7,
    cause: CAUSES[at % CAUSES.length],
    server_name: NAMES[at % NAMES.length],
    matters: at % 4 !== 0,
    count: 1 + (at % 2),
  };
}

const KEYS = [
  ...(['capture', 'segment', 'server_address', 'server_port', 'claimed', 'origin', 'origin_side'] as const),
  'cause',
] as const;

function findingsOf(resets: readonly Row[]): readonly Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of resets) {
    const time = row.time as bigint;
    const key = [...KEYS.map((name) => String(row[name])), String(time / STRETCH_NS)].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((rows) => {
    const times = rows.map(({ time }) => time as bigint).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const counts = rows.map(({ count }) => Number(count));
    const total = counts.reduce((sum, one) => sum + one, 0);
    return {
      ...Object.fromEntries(KEYS.map((name) => [name, rows[0][name]])),
      time: times[0] - (times[0] % STRETCH_NS),
      first_time: times[0],
      last_time: times[times.length - 1],
      server_name: rows[0].server_name,
      count: total,
      matters: rows.reduce((sum, row, at) => sum + (row.matters === true ? counts[at] : 0), 0),
      clients: new Set(rows.map(({ client_address: client }) => client)).size,
      mean_confidence:
        rows.reduce((sum, row, at) => sum + Number(row.origin_confidence) * counts[at], 0) / total,
      example_reset: rows[0].reset,
    };
  });
}
