/**
 * A path between a client and a server, packets on it, and agents that capture them: what a fleet’s tables hold of it, beside what really
 * happened. Everything comes out of the description, nothing out of a clock or of chance.
 *
 * Places on the path are numbers: the client is at 0, router n at n, and the server behind the last router. A capture point at 1.25 is between
 * the first router and the second.
 */
import type { Row } from '../store.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { MemoryTables } from './memory-store.ts';

export type PacketKind = 'syn' | 'syn-ack' | 'ack' | 'data' | 'fin' | 'rst';

/** A packet on its way. Times are seconds since the world began. */
export interface Travelling {
  readonly kind: PacketKind;
  /** Whose address it carries. */
  readonly from: Side;
  readonly at: number;
  /** Where it was made, if not by its sender. */
  readonly madeAt?: number;
  /** Where a device takes it off the path. */
  readonly endsAt?: number;
  /** Its sequence number. */
  readonly sequence: number;
  readonly bytes?: number;
  /** It takes another way, which passes no capture point but those at the two hosts. */
  readonly isAround?: boolean;
}

export interface Connection {
  readonly id: number;
  readonly clientPort: number;
  /** Without them nobody saw the handshake. */
  readonly isn: number;
  readonly serverIsn: number;
  readonly packets: readonly Travelling[];
}

export interface CapturePoint {
  readonly host: string;
  readonly interface?: string;
  readonly site?: string;
  readonly place: number;
  /** What its clock shows more than the true one, in seconds, at a true time. */
  readonly clock?: (at: number) => number;
  /** When it captured, by the true clock. */
  readonly from?: number;
  readonly to?: number;
  readonly segmentSeconds?: number;
  /** Packets that it did not capture. */
  readonly misses?: (packet: Travelling, connection: Connection) => boolean;
  /** Whether somebody counted them. */
  readonly losses?: 'counted' | 'unknown' | 'unseen';
  readonly filter?: string | null;
  /** Packets that its filter leaves out. */
  readonly leavesOut?: (packet: Travelling) => boolean;
  readonly keyId?: string;
  readonly clockBound?: number | null;
  readonly isFile?: boolean;
  /** Addresses were replaced at this host. */
  readonly isAnonymised?: boolean;
  /** Between this place and the server the client has another address and port. */
  readonly isBehindNat?: boolean;
  /** It writes down which packets its own machine sent. */
  readonly knowsDirections?: boolean;
  readonly isWhole?: boolean;
  readonly untold?: number;
}

export interface PathWorld {
  readonly routers: number;
  readonly connections: readonly Connection[];
  readonly points: readonly CapturePoint[];
  /** Way from the client to the server, in seconds. */
  readonly delay?: number;
  /** Routers that write the TTL anew. */
  readonly rewritesTtlAt?: readonly number[];
}

/** When worlds begin, in nanoseconds since 1970. */
export const WORLD_BEGAN_NS = 1_790_000_000_000_000_000n;
const SERVER_PORT = 443;
/** An agent holds a silent connection open for so long. */
const IDLE_SECONDS = 300;

export function worldTables(world: PathWorld): MemoryTables {
  const captures: Row[] = [];
  const flows: Row[] = [];
  const openFlows: Row[] = [];
  const resets: Row[] = [];
  world.points.forEach((point, index) => {
    const told = capturedAt(world, point, captureKey(index));
    captures.push(...told.captures);
    flows.push(...told.flows);
    openFlows.push(...told.openFlows);
    resets.push(...told.resets);
  });
  return { captures, flows, open_flows: openFlows, resets };
}

export function captureKey(index: number): string {
  return hash(`capture ${index}`);
}

interface Seen {
  readonly packet: Travelling;
  /** By the true clock. */
  readonly at: number;
  readonly isMissed: boolean;
}

function capturedAt(
  world: PathWorld,
  point: CapturePoint,
  capture: string,
): Record<'captures' | 'flows' | 'openFlows' | 'resets', Row[]> {
  const {
    from = 0,
    to = 600,
    clock = () => 0,
    clockBound = null,
    losses = 'counted',
    isFile = false,
  } = point;
  const timeOf = (at: number): bigint => WORLD_BEGAN_NS + BigInt(Math.round((at + clock(at)) * 1e9));
  const segments = segmentsOf(isFile ? to - from : (point.segmentSeconds ?? 300), from, to);
  const segmentAt = (at: number): number =>
    Math.max(
      0,
      segments.findIndex(({ end }) => at <= end),
    );
  const lost = segments.map(() => 0);
  const flows: Row[] = [];
  const openFlows: Row[] = [];
  const resets: Row[] = [];
  let number = 0;
  const sorted = world.connections
    .map((connection) => ({ connection, seen: seenAt(world, point, connection) }))
    .filter(({ seen }) => seen.length > 0)
    .toSorted((a, b) => a.seen[0].at - b.seen[0].at);
  for (const { connection, seen } of sorted) {
    const taken = seen.filter(
      ({ at, packet }) => at >= from && at <= to && point.leavesOut?.(packet) !== true,
    );
    for (const { at, isMissed } of taken) if (isMissed) lost[segmentAt(at)]++;
    const held = taken.filter(({ isMissed }) => !isMissed);
    if (held.length === 0) continue;
    const flow = number++;
    const keys = keysOf(connection, held, point);
    const first = held[0];
    const last = held[held.length - 1];
    const isEnded = isFile || held.some(({ packet }) => packet.kind === 'rst' || packet.kind === 'fin');
    const isOpen = !isEnded && to - last.at < IDLE_SECONDS;
    const { ends } = keys;
    const timeOfKind = (kind: PacketKind): bigint | null => {
      const found = held.find(({ packet }) => packet.kind === kind);
      return found === undefined ? null : timeOf(found.at);
    };
    const ofSide = (side: Side): readonly Seen[] => held.filter(({ packet }) => packet.from === side);
    const isOneSided = ofSide('client').length === 0 || ofSide('server').length === 0;
    const marks = [keys.match_key === null ? 'mid-stream' : '', isOneSided ? 'one-sided' : ''];
    const row: Row = {
      capture,
      segment: isOpen ? segments.length - 1 : segmentAt(last.at),
      flow,
      time: timeOf(first.at),
      last_time: timeOf(last.at),
      protocol: 'tcp',
      ...ends,
      ...{ match_key: keys.match_key, isn_key: keys.isn_key, server_isn_key: keys.server_isn_key },
      syn_time: timeOfKind('syn'),
      syn_ack_time: timeOfKind('syn-ack'),
      client_hops: hopsTo(world, point, 'client', held),
      server_hops: hopsTo(world, point, 'server', held),
      client_packets: ofSide('client').length,
      server_packets: ofSide('server').length,
      client_resets: ofSide('client').filter(({ packet }) => packet.kind === 'rst').length,
      server_resets: ofSide('server').filter(({ packet }) => packet.kind === 'rst').length,
      missed_bytes: missedBytes(taken),
      marks: marks.filter((mark) => mark !== '').join(', ') || null,
    };
    (isOpen ? openFlows : flows).push(row);
    const countOf = new Map<string, number>();
    for (const { packet, at } of held) {
      if (packet.kind !== 'rst') continue;
      const before = held.filter((one) => one.at < at).at(-1);
      const isOwn = packet.madeAt === undefined && placeOf(world, packet.from) === point.place;
      countOf.set(packet.from, (countOf.get(packet.from) ?? 0) + 1);
      resets.push({
        capture,
        segment: segmentAt(at),
        reset: resets.length,
        flow,
        time: timeOf(at),
        ...ends,
        ...{ match_key: keys.match_key, isn_key: keys.isn_key },
        reset_key: hash(`${point.keyId ?? 'public'} reset ${packet.from} ${packet.sequence}`),
        claimed: packet.from,
        origin: isOwn ? 'endpoint' : 'unknown',
        origin_confidence: 0.5,
        cause: 'unknown',
        evidence: isOwn && point.knowsDirections === true ? 'sent-from-here:-4.0' : null,
        idle_seconds: before === undefined ? null : at - before.at,
        count: 1,
        ...{ matters: true, summary: 'A reset.', next: 'Look at the server.' },
      });
    }
  }
  const rows = segments.map(({ begin, end }, segment): Row => ({
    capture,
    segment,
    host: point.host,
    site: point.site ?? 'site',
    interface: isFile ? null : (point.interface ?? 'eth0'),
    filter: point.filter ?? null,
    source: isFile ? 'file' : 'live',
    time: timeOf(begin),
    last_time: timeOf(end),
    ...{ packets: 1, bytes: 1, flows: number, resets: resets.length, untold: point.untold ?? 0 },
    lost: losses === 'counted' ? lost[segment] : losses === 'unknown' ? null : 0,
    is_whole: point.isWhole ?? true,
    clock_bound_seconds: clockBound,
    key_id: point.keyId ?? 'public',
    is_anonymised: point.isAnonymised ?? false,
  }));
  return { captures: rows, flows, openFlows, resets };
}

function segmentsOf(seconds: number, from: number, to: number): readonly { begin: number; end: number }[] {
  const segments = [];
  for (let begin = from; begin < to; begin += seconds)
    segments.push({ begin, end: Math.min(to, begin + seconds) });
  return segments;
}

export function placeOf({ routers }: Pick<PathWorld, 'routers'>, side: Side): number {
  return side === 'client' ? 0 : routers + 1;
}

function seenAt(world: PathWorld, point: CapturePoint, connection: Connection): readonly Seen[] {
  const { delay = 0.02 } = world;
  const length = world.routers + 1;
  return connection.packets
    .flatMap((packet): Seen[] => {
      const made = packet.madeAt ?? placeOf(world, packet.from);
      const isForth = packet.from === 'client';
      const way = (point.place - made) * (isForth ? 1 : -1);
      const ends = packet.endsAt ?? (isForth ? length : 0);
      const isPassing = way >= 0 && (isForth ? point.place <= ends : point.place >= ends);
      const isAtHost = point.place === 0 || point.place === length;
      if (!isPassing || (packet.isAround === true && !isAtHost)) return [];
      const at = packet.at + (way / length) * delay;
      return [{ packet, at, isMissed: point.misses?.(packet, connection) ?? false }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** By the first packet that really came from that side. */
function hopsTo(world: PathWorld, point: CapturePoint, side: Side, held: readonly Seen[]): number | null {
  if (!held.some(({ packet }) => packet.from === side && packet.madeAt === undefined)) return null;
  const isForth = side === 'client';
  const between = (place: number): boolean => (isForth ? place < point.place : place > point.place);
  const rewriting = (world.rewritesTtlAt ?? []).filter(between);
  const since = isForth ? Math.max(0, ...rewriting) : Math.min(world.routers + 1, ...rewriting);
  let hops = 0;
  for (let router = 1; router <= world.routers; router++) {
    if (between(router) && (isForth ? router >= since : router <= since)) hops++;
  }
  return rewriting.length > 0 ? hops - 1 : hops;
}

function keysOf(
  connection: Connection,
  held: readonly Seen[],
  point: CapturePoint,
): {
  readonly ends: Row;
  readonly match_key: string | null;
  readonly isn_key: string | null;
  readonly server_isn_key: string | null;
} {
  const { keyId = 'public', isBehindNat = false, isAnonymised = false } = point;
  const port = isBehindNat ? connection.clientPort + 1000 : connection.clientPort;
  const address = isBehindNat ? '203.0.113.1' : '10.0.0.1';
  const name = (plain: string): string => (isAnonymised ? `198.18.${plain.replaceAll('.', '')}` : plain);
  const hasSyn = held.some(({ packet }) => packet.kind === 'syn');
  const hasSynAck = held.some(({ packet }) => packet.kind === 'syn-ack');
  return {
    ends: {
      client_address: name(address),
      client_port: port,
      server_address: name('192.0.2.9'),
      server_port: SERVER_PORT,
    },
    match_key: hasSyn ? hash(`${keyId} match ${address} ${port} ${connection.isn}`) : null,
    isn_key: hasSyn ? hash(`${keyId} isn ${connection.isn}`) : null,
    server_isn_key: hasSynAck ? hash(`${keyId} server ${connection.serverIsn}`) : null,
  };
}

/** Bytes that were not captured, and acknowledged by a packet of the other side that was. */
function missedBytes(taken: readonly Seen[]): number {
  return taken.reduce((sum, { packet, at, isMissed }) => {
    if (!isMissed || packet.kind !== 'data') return sum;
    const isAcknowledged = taken.some(
      (other) =>
        !other.isMissed && other.at > at && other.packet.from !== packet.from && other.packet.kind !== 'rst',
    );
    return isAcknowledged ? sum + (packet.bytes ?? 100) : sum;
  }, 0);
}

/** A key as a store gives it: 64 bits, signed. FNV-1a serves where nobody attacks. */
export function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return BigInt.asIntN(64, value).toString();
}

/** An ordinary exchange: handshake, a request and an answer, and what is added. */
export function exchange(
  id: number,
  at: number,
  {
    packets = [],
    isBlockedAt,
  }: { readonly packets?: readonly Travelling[]; readonly isBlockedAt?: number } = {},
): Connection {
  const isn = 1000 + id * 7;
  const serverIsn = 5000 + id * 11;
  const endsAt = isBlockedAt === undefined ? {} : { endsAt: isBlockedAt };
  return {
    ...{ id, clientPort: 40000 + id, isn, serverIsn },
    packets: [
      { kind: 'syn', from: 'client', at, sequence: isn },
      { kind: 'syn-ack', from: 'server', at: at + 0.03, sequence: serverIsn },
      { kind: 'ack', from: 'client', at: at + 0.06, sequence: isn + 1 },
      { kind: 'data', from: 'client', at: at + 0.07, sequence: isn + 1, bytes: 200, ...endsAt },
      ...(isBlockedAt === undefined
        ? ([{ kind: 'data', from: 'server', at: at + 0.1, sequence: serverIsn + 1, bytes: 900 }] as const)
        : []),
      ...packets,
    ],
  };
}
