/** What the rules of the join look at: rows of the tables with their types, and no more of them than is needed. */
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import type { OriginKind, Side } from '../../../shared/model/verdict.ts';
import type { Expression, Row, Value } from '../store.ts';

export interface End {
  readonly address: string;
  readonly port: number;
}

export type BySide<T> = Readonly<Record<Side, T>>;

/** A connection at one capture point. Times are nanoseconds since 1970, by the clock of who captured. */
export interface FlowFacts {
  readonly capture: string;
  readonly segment: number;
  readonly flow: number;
  /** It had not ended when the newest segment did. */
  readonly isOpen: boolean;
  readonly timeNs: bigint;
  readonly lastTimeNs: bigint;
  readonly ends: BySide<End | null>;
  readonly matchKey: string | null;
  readonly isnKey: string | null;
  readonly serverIsnKey: string | null;
  readonly synNs: bigint | null;
  readonly synAckNs: bigint | null;
  readonly hops: BySide<number | null>;
  readonly packets: BySide<number>;
  readonly resets: BySide<number>;
  readonly missedBytes: number | null;
  readonly marks: string;
}

/** A reset at one capture point. */
export interface ResetFacts {
  readonly capture: string;
  readonly segment: number;
  readonly reset: number;
  readonly flow: number;
  readonly timeNs: bigint;
  readonly ends: BySide<End | null>;
  readonly resetKey: string | null;
  readonly claimed: Side;
  readonly origin: OriginKind;
  readonly originConfidence: number;
  /** Codes of its evidence. */
  readonly evidence: readonly string[];
  readonly count: number;
  /** Since the packet before it in the connection. */
  readonly idleSeconds: number | null;
}

/** A stretch of a capture. */
export interface SegmentFacts {
  readonly capture: string;
  readonly segment: number;
  readonly host: string;
  readonly site: string;
  readonly interface: string | null;
  readonly filter: string | null;
  readonly timeNs: bigint;
  readonly lastTimeNs: bigint;
  readonly lost: number | null;
  readonly untold: number;
  readonly isWhole: boolean;
  readonly clockBoundNs: number | null;
  readonly keyId: string | null;
}

/** The columns of a table under their own names. */
export function columnsOf(kind: FleetKind, names: readonly string[]): Record<string, Expression> {
  const known = new Set(FLEET_TABLES[kind].map(({ name }) => name));
  return Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, { column: name }]));
}

export const FLOW_COLUMNS = [
  ...['capture', 'segment', 'flow', 'time', 'last_time', 'match_key', 'isn_key', 'server_isn_key'],
  ...['client_address', 'client_port', 'server_address', 'server_port', 'syn_time', 'syn_ack_time'],
  ...['client_hops', 'server_hops', 'client_packets', 'server_packets', 'client_resets', 'server_resets'],
  ...['missed_bytes', 'marks'],
] as const;

export const RESET_COLUMNS = [
  ...['capture', 'segment', 'reset', 'flow', 'time', 'client_address', 'client_port', 'server_address'],
  ...[
    'server_port',
    'reset_key',
    'claimed',
    'origin',
    'origin_confidence',
    'evidence',
    'count',
    'idle_seconds',
  ],
] as const;

export const SEGMENT_COLUMNS = [
  ...['capture', 'segment', 'host', 'site', 'interface', 'filter', 'time', 'last_time', 'lost', 'untold'],
  ...['is_whole', 'clock_bound_seconds', 'key_id'],
] as const;

export function flowFacts(row: Row, isOpen: boolean): FlowFacts {
  return {
    capture: text(row.capture) ?? '',
    segment: number(row.segment) ?? 0,
    flow: number(row.flow) ?? 0,
    isOpen,
    timeNs: time(row.time) ?? 0n,
    lastTimeNs: time(row.last_time) ?? time(row.time) ?? 0n,
    ends: endsOf(row),
    matchKey: text(row.match_key),
    isnKey: text(row.isn_key),
    serverIsnKey: text(row.server_isn_key),
    synNs: time(row.syn_time),
    synAckNs: time(row.syn_ack_time),
    hops: { client: number(row.client_hops), server: number(row.server_hops) },
    packets: { client: number(row.client_packets) ?? 0, server: number(row.server_packets) ?? 0 },
    resets: { client: number(row.client_resets) ?? 0, server: number(row.server_resets) ?? 0 },
    missedBytes: number(row.missed_bytes),
    marks: text(row.marks) ?? '',
  };
}

export function resetFacts(row: Row): ResetFacts {
  const origin = text(row.origin);
  return {
    capture: text(row.capture) ?? '',
    segment: number(row.segment) ?? 0,
    reset: number(row.reset) ?? 0,
    flow: number(row.flow) ?? -1,
    timeNs: time(row.time) ?? 0n,
    ends: endsOf(row),
    resetKey: text(row.reset_key),
    claimed: row.claimed === 'client' ? 'client' : 'server',
    origin: origin === 'endpoint' || origin === 'middlebox' ? origin : 'unknown',
    originConfidence: number(row.origin_confidence) ?? 0,
    evidence: codesOf(text(row.evidence)),
    count: number(row.count) ?? 1,
    idleSeconds: number(row.idle_seconds),
  };
}

export function segmentFacts(row: Row): SegmentFacts {
  const bound = number(row.clock_bound_seconds);
  const timeNs = time(row.time) ?? 0n;
  return {
    capture: text(row.capture) ?? '',
    segment: number(row.segment) ?? 0,
    host: text(row.host) ?? '',
    site: text(row.site) ?? '',
    interface: text(row.interface),
    filter: text(row.filter),
    timeNs,
    lastTimeNs: time(row.last_time) ?? timeNs,
    lost: number(row.lost),
    untold: number(row.untold) ?? 0,
    isWhole: row.is_whole === true,
    clockBoundNs: bound === null ? null : bound * 1e9,
    keyId: text(row.key_id),
  };
}

/** `ttl-differs:+1.2` without its weight. */
function codesOf(evidence: string | null): readonly string[] {
  return (evidence ?? '')
    .split(' ')
    .map((entry) => entry.split(':')[0])
    .filter((code) => code !== '');
}

function endsOf(row: Row): BySide<End | null> {
  return {
    client: endOf(row.client_address, row.client_port),
    server: endOf(row.server_address, row.server_port),
  };
}

function endOf(address: Value, port: Value): End | null {
  const whole = text(address);
  const part = number(port);
  return whole === null || part === null ? null : { address: whole, port: part };
}

export function isEnd(a: End | null, b: End | null): boolean {
  return a !== null && b !== null && a.address === b.address && a.port === b.port;
}

/** The same flow with its sides changed over, as of a capture that began in its middle and took the wrong one for the client. */
export function turned(flow: FlowFacts): FlowFacts {
  const turn = <T>({ client, server }: BySide<T>): BySide<T> => ({ client: server, server: client });
  return {
    ...flow,
    ends: turn(flow.ends),
    hops: turn(flow.hops),
    packets: turn(flow.packets),
    resets: turn(flow.resets),
  };
}

export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

export function text(value: Value): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

export function number(value: Value): number | null {
  return value === null || value === undefined ? null : Number(value);
}

export function time(value: Value): bigint | null {
  return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(Math.round(value)) : null;
}
