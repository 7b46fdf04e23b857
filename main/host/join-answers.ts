/** Answers about joined captures: one connection, and one packet, at all capture points. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { JoinedLadder, PacketAt } from '../../shared/model/join.ts';
import type { Analysis } from './analysis.ts';

type Session = Analysis['session'];

export function joinedLadder(session: Session, flow: FlowRecord): JoinedLadder | null {
  if (session.join.twins(flow).length === 0) return null;
  return { vantages: [], parts: [] };
}

export function packetPlaces(session: Session, packet: PacketNumber): readonly PacketAt[] {
  const flow = session.packets.flow(packet);
  return session.join.twins(flow).map(() => ({ vantage: 0, packet: null, file: 0, frame: null, changes: 0 }));
}
