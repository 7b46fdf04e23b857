/**
 * Twins: a packet that belongs to a known connection by its numbers, but carries an address or a port that a translator should
 * have replaced (or replaced once too often). Who gets it knows no such connection and resets it, and that reset
 * may reach the true connection, translated this time.
 *
 *   host ── 203.0.113.2:9000  the true connection
 *   host ── 198.51.100.23:9000  a stray packet of it: the same host and port, fitting numbers
 *
 * Sequence numbers are the proof: two unrelated connections fit by chance once in 2^15 pairs at most (one number within a
 * window), mostly once in 2^32. A connection that was captured before and after its translation is no such
 * case: there each side speaks in both of them.
 */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import { NO_FLOW_FOUND } from '../../flow/flow-table.ts';
import {
  BASE_SEQ,
  FIN_SEQ,
  FIRST_TIME,
  LAST_ACK,
  LAST_RESET,
  LAST_SENT_TIME,
  LAST_TIME,
  META,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  PORTS,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_FIN,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SYN_TIME,
} from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { RST_PREVIOUS_RESET } from '../../store/reset-log.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { otherSide, portOf, sameAddress, sameEnd } from '../observe/flow-ends.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { CaptureView } from '../observe/view.ts';
import { firstPacket, succeeded } from './attempts.ts';
import type { PortIndex } from './port-index.ts';

export type TwinKind =
  | 'none'
  | 'stray' // the reset answers an untranslated packet of the true connection
  | 'leaked' // the reset itself left untranslated
  | 'consequence'; // the true connection was reset because of a stray packet's reset

/** Beyond what was seen of a connection its packets may lie by this much. */
const SLACK = 1 << 17;
/** A connection is remembered by translators and hosts about this long after its last packet. */
const REMEMBERED_NS = 300_000_000_000;
/** A reset that reached the true connection shows there at its next packet. */
const SHOWS_NS = 30_000_000_000;
/** Resets of one flow that are looked at. */
const MOST_RESETS = 8;

export class Twin {
  kind: TwinKind = 'none';
  /** The true connection; of a consequence the flow of the stray packet. */
  flow = NO_FLOW_FOUND;
  /** The side of it on which the host that both flows share stands; in the reset's own flow `hostSide`. */
  side: 0 | 1 = 0;
  hostSide: 0 | 1 = 0;
  /** A packet there that shows it: the SYN or first packet of the true connection, the first reset of a consequence. */
  packet = -1 as PacketNumber;
  /** The true connection had ended before. */
  ended = false;
  /** The true connection came to nothing, or broke off after this. */
  hurt = false;
  /** It was never made, although this was not its last try. */
  triedAgain = false;

  clear(): void {
    this.kind = 'none';
    this.flow = NO_FLOW_FOUND;
    this.side = 0;
    this.hostSide = 0;
    this.packet = -1 as PacketNumber;
    this.ended = false;
    this.hurt = false;
    this.triedAgain = false;
  }
}

/** What a packet's numbers are held against: `host` says what the shared host sent, `peer` what the other side did. */
type Fits = (flow: FlowRecord, side: 0 | 1) => boolean;

export function observeTwin(
  view: CaptureView,
  ports: PortIndex,
  w: FlowWindow,
  f: ResetFacts,
  twin: Twin,
): void {
  twin.clear();
  const own = view.flows.directionWord(f.flow, f.sender, SEEN);
  const other = view.flows.directionWord(f.flow, f.receiver, SEEN);
  if ((own & SEEN_ANY) === 0) {
    if ((other & SEEN_ANY) === 0) findLeaked(view, ports, f, twin);
    else if (f.family === 'reply' && f.triggerAt >= 0) findStray(view, ports, w, f, twin);
    return;
  }
  const isBroken = f.family === 'reply' && f.established && f.finAt[0] < 0 && f.finAt[1] < 0;
  if (isBroken && f.resetsBefore[0] + f.resetsBefore[1] === 0) findConsequence(view, ports, f, twin);
}

/** A host answers a packet of a flow in which it never spoke. */
function findStray(view: CaptureView, ports: PortIndex, w: FlowWindow, f: ResetFacts, twin: Twin): void {
  const t = f.triggerAt;
  const seq = w.seq[t];
  const ack = w.ack[t];
  const isSynAck = (w.flags[t] & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK);
  const fits: Fits = (flow, side) => {
    const host = view.flows.directionWord(flow, side, SEEN);
    if ((host & SEEN_ANY) === 0 || !isTimely(view, flow, f.time)) return false;
    if (isSynAck)
      return (host & SEEN_SYN) !== 0 && ack === seqAdd(view.flows.directionWord(flow, side, BASE_SEQ), 1);
    return isSpan(view, flow, side, ack) && peerSpan(view, flow, side, seq);
  };
  find(view, ports, f, f.sender, true, fits, twin);
  if (twin.flow < 0) return;
  twin.kind = 'stray';
  finish(view, f, twin);
}

/** A reset alone, to a host that never spoke to that address. */
function findLeaked(view: CaptureView, ports: PortIndex, f: ResetFacts, twin: Twin): void {
  const fits: Fits = (flow, side) => {
    const { flows } = view;
    const host = flows.directionWord(flow, side, SEEN);
    const peer = flows.directionWord(flow, otherSide(side), SEEN);
    if ((host & SEEN_ANY) === 0 || !isTimely(view, flow, f.time)) return false;
    if (f.hasAck && f.seq === 0)
      return (host & SEEN_SYN) !== 0 && f.ack === seqAdd(flows.directionWord(flow, side, BASE_SEQ), 1);
    if (f.hasAck && !isSpan(view, flow, side, f.ack)) return false;
    if ((host & SEEN_ACK) !== 0 && f.seq === flows.directionWord(flow, side, LAST_ACK)) return true;
    if ((peer & SEEN_ANY) === 0) return false;
    const next = flows.directionWord(flow, otherSide(side), NEXT_SEQ);
    const fin = (peer & SEEN_FIN) !== 0 && f.seq === flows.directionWord(flow, otherSide(side), FIN_SEQ);
    return f.seq === next || fin;
  };
  find(view, ports, f, f.receiver, true, fits, twin);
  if (twin.flow < 0) return;
  twin.kind = 'leaked';
  finish(view, f, twin);
}

/** The true connection is answered with a reset after its host had reset a stray packet of it. */
function findConsequence(view: CaptureView, ports: PortIndex, f: ResetFacts, twin: Twin): void {
  const fits: Fits = (flow, side) => {
    if ((view.flows.directionWord(flow, side, SEEN) & SEEN_RST) === 0) return false;
    const reset = resetOf(view, flow, side, f.time);
    if (reset < 0) return false;
    const packet = view.resets.packet(reset);
    return Math.abs(seqDelta(view.packets.seq(packet), f.receiverNext)) <= SLACK;
  };
  find(view, ports, f, f.receiver, false, fits, twin);
  if (twin.flow < 0) return;
  twin.kind = 'consequence';
  twin.packet = view.resets.packet(resetOf(view, twin.flow, twin.side, f.time));
  twin.hurt = true;
}

/** The newest reset of one side that came shortly before a time; −1 for none. */
function resetOf(view: CaptureView, flow: FlowRecord, side: 0 | 1, before: number): number {
  let id = view.flows.word(flow, LAST_RESET);
  for (let i = 0; i < MOST_RESETS && id >= view.resets.first; i++) {
    const time = view.packets.time(view.resets.packet(id));
    if (view.resets.direction(id) === side && time < before) return before - time <= SHOWS_NS ? id : -1;
    id = view.resets.get(id, RST_PREVIOUS_RESET);
  }
  return -1;
}

/**
 * Looks for a flow that shares the end on `hostSide`, or else both ports, and whose numbers fit.
 * @param spoke whether the shared host itself must have spoken there, or must not
 */
function find(
  view: CaptureView,
  ports: PortIndex,
  f: ResetFacts,
  hostSide: 0 | 1,
  spoke: boolean,
  fits: Fits,
  twin: Twin,
): void {
  const { flows } = view;
  const meta = flows.word(f.flow, META);
  const timeline = flows.timelineOf(f.flow);
  const hostPort = portOf(view, f.flow, hostSide);
  const peerPort = portOf(view, f.flow, otherSide(hostSide));
  const look = (flow: FlowRecord): boolean => {
    const { words } = flows.block(flow);
    const record = flows.wordsAt(flow);
    if (flow === f.flow || words[record + META] !== meta) return true;
    const clientPort = words[record + PORTS] >>> 16;
    const serverPort = words[record + PORTS] & 0xffff;
    for (let side: 0 | 1 = 0; ; side = 1) {
      const hasSpoken = (flows.directionWord(flow, side, SEEN) & SEEN_ANY) !== 0;
      const shared =
        hasSpoken === spoke &&
        !isSamePair(view, f.flow, hostSide, flow, side) &&
        (side === 0 ? clientPort : serverPort) === hostPort &&
        ((side === 0 ? serverPort : clientPort) === peerPort ||
          sameAddress(view, f.flow, hostSide, flow, side));
      if (shared && fits(flow, side)) {
        twin.flow = flow;
        twin.side = side;
        twin.hostSide = hostSide;
        return false;
      }
      if (side === 1) return true;
    }
  };
  ports.visit(timeline, hostPort, look);
  if (twin.flow < 0 && peerPort !== hostPort) ports.visit(timeline, peerPort, look);
  if (twin.flow >= 0) return;
  // The host may be the server of both, and the client's port may be another one: the address itself is asked.
  let left: number = LIMITS.maxFlowsOfHost;
  view.addresses.visitFlows(f.flow, hostSide, (flow) => left-- > 0 && look(flow));
}

/** What the true connection was and became. */
function finish(view: CaptureView, f: ResetFacts, twin: Twin): void {
  const { flow, side } = twin;
  const { flows } = view;
  const host = flows.directionWord(flow, side, SEEN);
  const peer = flows.directionWord(flow, otherSide(side), SEEN);
  twin.packet = firstPacket(view, flow);
  const hasReset = ((host | peer) & SEEN_RST) !== 0;
  const firstReset = hasReset ? firstResetTime(view, flow) : Number.POSITIVE_INFINITY;
  const closed = (host & peer & SEEN_FIN) !== 0;
  twin.ended = firstReset < f.time || (closed && flows.double(flow, LAST_TIME) < f.time);
  if (twin.ended) return;
  if (!succeeded(view, flow) && (host & SEEN_SYN) !== 0) {
    // The newest SYN is the try that decides; what earlier ones met was tried again.
    const answered = (peer & SEEN_SYN_ACK) !== 0;
    twin.hurt = !answered && f.time >= flows.double(flow, SYN_TIME);
    twin.triedAgain = !answered && !twin.hurt;
    return;
  }
  twin.hurt = hasReset || (!closed && !goesOn(view, flow, side, f.time));
}

/** Whether the true connection still got somewhere after a moment: a host that only repeats itself does not. */
function goesOn(view: CaptureView, flow: FlowRecord, side: 0 | 1, time: number): boolean {
  const { flows } = view;
  if (flows.double(flow, LAST_TIME) <= time) return false;
  const peer = flows.directionWord(flow, otherSide(side), SEEN);
  // A side that had said all it had to may be silent.
  if ((peer & SEEN_FIN) !== 0) return true;
  if ((peer & SEEN_ANY) !== 0) return timeOf(view, flow, otherSide(side), LAST_SENT_TIME) > time;
  // The capture misses the other side: what the host says that is new tells.
  return timeOf(view, flow, side, NEXT_SEQ_TIME) > time;
}

function timeOf(view: CaptureView, flow: FlowRecord, side: 0 | 1, which: number): number {
  return view.flows.directionDouble(flow, side, which);
}

/** The same two ends: an older or newer connection on them is no twin. */
function isSamePair(
  view: CaptureView,
  own: FlowRecord,
  ownSide: 0 | 1,
  flow: FlowRecord,
  side: 0 | 1,
): boolean {
  return (
    sameEnd(view, own, ownSide, flow, side) && sameEnd(view, own, otherSide(ownSide), flow, otherSide(side))
  );
}

/** Time of the oldest reset of a flow, among the newest few. */
function firstResetTime(view: CaptureView, flow: FlowRecord): number {
  let id = view.flows.word(flow, LAST_RESET);
  let time = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MOST_RESETS && id >= view.resets.first; i++) {
    time = view.packets.time(view.resets.packet(id));
    id = view.resets.get(id, RST_PREVIOUS_RESET);
  }
  return time;
}

function isTimely(view: CaptureView, flow: FlowRecord, time: number): boolean {
  return (
    view.flows.double(flow, FIRST_TIME) <= time && time - view.flows.double(flow, LAST_TIME) <= REMEMBERED_NS
  );
}

/** Whether a number lies in what a side sent, or a little beyond it. */
function isSpan(view: CaptureView, flow: FlowRecord, side: 0 | 1, number: number): boolean {
  if ((view.flows.directionWord(flow, side, SEEN) & SEEN_ANY) === 0) return false;
  const base = view.flows.directionWord(flow, side, BASE_SEQ);
  const next = view.flows.directionWord(flow, side, NEXT_SEQ);
  return seqDelta(number, base) >= -SLACK && seqDelta(number, next) <= SLACK;
}

/** The same for the other side, which the capture may have missed: then what the host acknowledged tells. */
function peerSpan(view: CaptureView, flow: FlowRecord, side: 0 | 1, number: number): boolean {
  const { flows } = view;
  if ((flows.directionWord(flow, otherSide(side), SEEN) & SEEN_ANY) !== 0)
    return isSpan(view, flow, otherSide(side), number);
  if ((flows.directionWord(flow, side, SEEN) & SEEN_ACK) === 0) return false;
  return Math.abs(seqDelta(number, flows.directionWord(flow, side, LAST_ACK))) <= SLACK;
}
