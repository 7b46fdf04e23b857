/** Answers about joined captures: one connection, and one packet, at all capture points. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { isAcrossProxy } from '../../shared/model/join.ts';
import type { ConnectionAt, JoinedLadder, PacketAt, Vantage } from '../../shared/model/join.ts';
import { ladderColumns, resetPackets, resetsOfFlow } from '../engine/answers/ladder-view.ts';
import { type JourneyPart, indexOfPacket, journeysOf } from '../engine/join/journeys.ts';
import type { Analysis } from './analysis.ts';

type Session = Analysis['session'];

/** Capture points in one ladder: more columns than these are not read. */
const MOST_VANTAGES = 4;

/** A flow of the connection that was asked about. */
interface Place {
  readonly flow: FlowRecord;
  readonly vantage: Vantage;
  /** What is the client of the flow that was asked about is the server of this one. */
  readonly isSwapped: boolean;
}

/** The connection's flows along the path; empty where it was captured at one point only. */
function placesOf(session: Session, flow: FlowRecord): Place[] {
  const { join } = session;
  const twins = join.twins(flow);
  if (twins.length === 0) return [];
  const vantages = new Map(
    join.report()?.vantages.map((vantage) => [session.timelineOf(vantage.files[0]), vantage]),
  );
  const swapped = new Set(twins.filter(({ isSwapped }) => isSwapped).map((twin) => twin.flow));
  return join.alongPath(flow).flatMap((one) => {
    const vantage = vantages.get(session.flows.timelineOf(one));
    return vantage === undefined ? [] : [{ flow: one, vantage, isSwapped: swapped.has(one) }];
  });
}

function connectionAt({ flowView }: Session, { flow, vantage, isSwapped }: Place): ConnectionAt {
  return {
    file: vantage.files[0],
    flow: flowView.id(flow),
    client: flowView.endpoint(flow, isSwapped ? 1 : 0),
    server: flowView.endpoint(flow, isSwapped ? 0 : 1),
  };
}

/** The flows of this connection at all capture points, from the client on. */
export function connectionOf(session: Session, flow: FlowRecord): readonly ConnectionAt[] {
  return placesOf(session, flow).map((place) => connectionAt(session, place));
}

export function joinedLadder(session: Session, flow: FlowRecord): JoinedLadder | null {
  const places = shownPlaces(placesOf(session, flow), flow);
  if (places.length < 2) return null;
  const parts = newestPackets(session, places);
  const found = journeysOf(session.join, parts);
  return {
    vantages: places.map((place, i) => {
      const { name, offsetNs, offsetErrorNs, driftPpm, atNs, steps } = place.vantage;
      return {
        ...connectionAt(session, place),
        ...{ name, offsetNs, offsetErrorNs, driftPpm, atNs, steps },
        isBehindProxy: i > 0 && isProxyBetween(session, places[i - 1], place),
      };
    }),
    isOrdered: places.every(({ vantage }) => vantage.order !== null),
    parts: places.map(({ flow: own, isSwapped }, i) => {
      const { packets } = parts[i];
      const { journeys, changes } = found[i];
      const { ids } = resetsOfFlow(session.resets, session.flowView, own);
      const records = resetPackets(session.resets, session.join, ids);
      return {
        earlier: session.flowPackets(own).length - packets.length,
        columns: ladderColumns(session.packets, session.flowView, own, packets, records, isSwapped),
        journeys: new Uint8Array(journeys.buffer),
        changes: new Uint8Array(changes.buffer),
      };
    }),
  };
}

function isProxyBetween({ join }: Session, before: Place, { flow }: Place): boolean {
  return join.twins(before.flow).some((twin) => twin.flow === flow && isAcrossProxy(twin.class));
}

/** The outermost ones, that which was asked about, and the ones next to it. */
function shownPlaces(places: readonly Place[], flow: FlowRecord): readonly Place[] {
  if (places.length <= MOST_VANTAGES) return places;
  const asked = places.findIndex((place) => place.flow === flow);
  const byWorth = places
    .map((_, i) => i)
    .sort((a, b) => worth(a, asked, places.length) - worth(b, asked, places.length) || a - b);
  const shown = new Set(byWorth.slice(0, MOST_VANTAGES));
  return places.filter((_, i) => shown.has(i));
}

function worth(place: number, asked: number, count: number): number {
  if (place === asked) return 0;
  return place === 0 || place === count - 1 ? 1 : 1 + Math.abs(place - asked);
}

/**
 * The newest packets of each flow, as many as one answer may have. Where some are left out the parts begin with the same packet: what only
 * one of them shows would seem to have been seen there only.
 */
function newestPackets(session: Session, places: readonly Place[]): JourneyPart[] {
  const all = places.map(({ flow }) => ({ flow, packets: session.flowPackets(flow) }));
  const longest = all.reduce((a, b) => (b.packets.length > a.packets.length ? b : a));
  if (longest.packets.length <= BOUNDS.ladder) return all;
  const kept = longest.packets.subarray(longest.packets.length - BOUNDS.ladder);
  return all.map(({ flow, packets }) => {
    if (flow === longest.flow) return { flow, packets: kept };
    const { ours, theirs, ofOurs } = session.join.match(longest.flow, flow);
    const from = ours.findIndex((packet, i) => packet >= kept[0] && ofOurs[i] >= 0);
    const begin = from < 0 ? packets.length : Math.max(0, indexOfPacket(packets, theirs[ofOurs[from]]));
    return { flow, packets: packets.subarray(Math.max(begin, packets.length - BOUNDS.ladder)) };
  });
}

export function packetPlaces(session: Session, packet: PacketNumber): readonly PacketAt[] {
  const { packets, join } = session;
  if (!packets.has(packet)) return [];
  const flow = packets.flow(packet);
  let before: { readonly flow: FlowRecord; readonly packet: PacketNumber } | undefined;
  return placesOf(session, flow).map((place): PacketAt => {
    const [vantage] = place.vantage.files;
    const found = place.flow === flow ? packet : counterpart(session, flow, place.flow, packet);
    if (found === undefined) return { vantage, packet: null, file: vantage, frame: null, changes: 0 };
    const changes = before === undefined ? 0 : join.changes(before.flow, place.flow, before.packet, found);
    before = { flow: place.flow, packet: found };
    return { vantage, packet: found, file: packets.file(found), frame: packets.frame(found), changes };
  });
}

function counterpart(
  { join }: Session,
  flow: FlowRecord,
  other: FlowRecord,
  packet: PacketNumber,
): PacketNumber | undefined {
  const { ours, theirs, ofOurs } = join.match(flow, other);
  const at = indexOfPacket(ours, packet);
  return at < 0 || ofOurs[at] < 0 ? undefined : (theirs[ofOurs[at]] as PacketNumber);
}
