/** Verdicts that an export must keep: what was said in the capture, held against what its copy says. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { resetOfPacket } from '../../engine/answers/reset-of-packet.ts';
import type { Session } from '../../engine/session.ts';
import { NO_FLOW } from '../../engine/store/packet-index.ts';

/** Confidence may differ by so much: fewer flows teach a host's habits less surely. */
const MOST_DIFFERENCE = 0.05;

/** A verdict: of a reset, or of how a flow failed without one. */
export interface Held {
  readonly kind: 'reset' | 'failure';
  /** The reset itself, or the flow's newest packet. */
  readonly packet: PacketNumber;
  readonly flow: FlowRecord;
}

/** @param id of a reset in the log */
export function heldReset(session: Session, id: number): Held {
  return { kind: 'reset', packet: session.resets.packet(id), flow: session.resets.flow(id) };
}

export function heldFailure(session: Session, flow: FlowRecord): Held {
  return { kind: 'failure', packet: session.flowView.lastPacket(flow), flow };
}

/** Whether the copy says the same. @param counterpart of its packet in the copy */
export function isKept(session: Session, held: Held, copy: Session, counterpart: PacketNumber): boolean {
  if (!copy.packets.holds(counterpart)) return false;
  if (held.kind === 'failure') {
    return isSameFailure(failureOf(session, held.flow), failureOf(copy, copy.packets.flow(counterpart)));
  }
  const before = resetRow(session, held.packet);
  const after = resetRow(copy, counterpart);
  return before !== undefined && after !== undefined && isSameVerdict(before, after);
}

function failureOf(session: Session, flow: FlowRecord): FailureRow | undefined {
  return flow === NO_FLOW ? undefined : session.failures.row(session.flows.id(flow));
}

function resetRow(session: Session, packet: PacketNumber): ResetRow | undefined {
  const id = resetAt(session, packet);
  if (id < 0) return undefined;
  const primary = session.join.primary(id);
  return session.hasReset(primary) ? session.resetRow(primary) : undefined;
}

/** The reset in the log that a packet is, −1 for none. */
export function resetAt(session: Session, packet: PacketNumber): number {
  const flow = session.packets.flow(packet);
  if (flow === NO_FLOW) return -1;
  return resetOfPacket(session.resets, session.flowView.lastReset(flow), packet);
}

function isSameVerdict(a: ResetRow, b: ResetRow): boolean {
  return (
    a.kind === b.kind &&
    a.side === b.side &&
    a.cause === b.cause &&
    a.matters === b.matters &&
    a.proven === b.proven &&
    Math.abs(a.confidence - b.confidence) <= MOST_DIFFERENCE
  );
}

function isSameFailure(a: FailureRow | undefined, b: FailureRow | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.kind === b.kind &&
    a.side === b.side &&
    a.matters === b.matters &&
    a.recovered === b.recovered &&
    Math.abs(a.confidence - b.confidence) <= MOST_DIFFERENCE
  );
}
