/**
 * What became of the attempt to connect that a reset of a handshake belongs to: the same SYN may be sent until it works
 * (Windows repeats a refused one twice, half a second apart), and a client that knows several addresses of one name
 * goes on to the next (RFC 8305). Only the outcome tells whether the reset mattered.
 */
import { seqAdd } from '../../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import {
  FIRST_PACKET,
  FIRST_TIME,
  LAST_TIME,
  MAC_HIGH,
  MAC_LOW,
  META,
  PORTS,
  RESETS,
  REUSED_FROM,
  SEEN,
  SEEN_ACK,
  SEEN_DATA,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SENT_PACKETS,
  isTcp,
} from '../../flow/record.ts';
import { NO_FLOW_FOUND } from '../../flow/flow-table.ts';
import { type MadeFlows, isMade } from '../../flow/made-flows.ts';
import { LIMITS } from '../../limits.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { portOf, sameAddress, sameTimeline } from '../observe/flow-ends.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { CaptureView } from '../observe/view.ts';
import type { PortIndex } from './port-index.ts';

export type AttemptOutcome =
  | 'none' // the reset belongs to no handshake whose SYN was seen
  | 'open' // the capture ends before it could be tried again
  | 'failed'
  | 'later' // the same SYN worked at a later try
  | 'elsewhere'; // another address of the same name was reached at the same moment

/** A SYN from the same port with another number this soon after a refusal is the same attempt. */
const RETRY_NS = 3_000_000_000;
/** Connection records of one attempt that are followed in either direction. */
const MOST_RETRIES = 6;
/** A client that has not tried again for so long has given up: its first interval is 1 s or 3 s (RFC 6298 §2, RFC 1122) … */
const PATIENCE_NS = 3_500_000_000;
/** … or for so many of its own intervals, which double (RFC 6298 §5.5). */
const INTERVALS = 2.5;
/**
 * An attempt that was reset so often fails, whether or not the capture shows its end: a client's reset clears old state at once
 * or not at all, and Windows sends a refused SYN three times in all.
 */
const MANY_RESETS = [2, 3] as const;
/** Addresses of one name are tried within this of each other (RFC 8305 §5: 250 ms, at most 2 s). */
const PAIR_NS = 2_000_000_000;

export class Attempt {
  outcome: AttemptOutcome = 'none';
  /** SYNs of it, and resets that came back or that the client answered with. */
  tries = 0;
  resets = 0;
  /** From its first SYN to its last packet, ns. */
  span = 0;
  /** No reset of it came after this one. */
  isLast = false;
  /** The packet that shows it succeed, −1 for none, and how long after the first SYN that was. */
  successPacket = -1 as PacketNumber;
  successAfter = -1;
  /** The connection that was made instead. */
  instead = NO_FLOW_FOUND;
  /** The client reset the answer to its SYN, and yet sent that SYN again: it did not know the answer for its own. */
  asksAgain = false;

  clear(): void {
    this.outcome = 'none';
    this.tries = 0;
    this.resets = 0;
    this.span = 0;
    this.isLast = false;
    this.successPacket = -1 as PacketNumber;
    this.successAfter = -1;
    this.instead = NO_FLOW_FOUND;
    this.asksAgain = false;
  }
}

/** Looks what became of the attempt; needs `halfOpen` of the facts. */
export function observeAttempt(
  view: CaptureView,
  ports: PortIndex,
  made: MadeFlows,
  w: FlowWindow,
  f: ResetFacts,
  attempt: Attempt,
): void {
  attempt.clear();
  if (f.established || f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0) return;
  if (f.sender === 0 && !f.halfOpen) {
    // A client that resets after a good SYN-ACK wanted no connection, unless it goes on asking.
    observeAskingAgain(view, w, f, attempt);
    return;
  }
  if (f.synAt < 0 || w.from[f.synAt] !== 0) return;
  const scene = { first: f.time, last: f.time, lastSyn: f.time, interval: 0 };
  attempt.isLast = true;
  readWindow(w, f, attempt, scene);
  if (f.sender === 1) followBack(view, f, attempt, scene);
  if (attempt.successPacket < 0) followOn(view, ports, f, attempt, scene);
  settle(view, f, attempt, scene);
  if (f.sender === 0 || attempt.outcome === 'later') return;
  attempt.instead = reachedInstead(view, made, f, scene.first);
  if (attempt.instead >= 0) attempt.outcome = 'elsewhere';
}

/** What became of the attempt by its own packets. */
function settle(view: CaptureView, f: ResetFacts, attempt: Attempt, scene: Scene): void {
  attempt.span = scene.last - scene.first;
  if (attempt.successPacket >= 0) {
    attempt.outcome = 'later';
    attempt.successAfter = view.packets.time(attempt.successPacket) - scene.first;
    return;
  }
  const patience = Math.max(PATIENCE_NS, INTERVALS * scene.interval);
  const isOver =
    view.timelineEndNs(view.packets.file(f.packet)) - scene.last >= patience ||
    attempt.resets >= MANY_RESETS[f.sender];
  attempt.outcome = isOver ? 'failed' : 'open';
}

/**
 * A client in SYN-SENT that takes a SYN-ACK for its own answers it with ACK, and one that wants no connection any more sends no
 * further SYN (RFC 9293 §3.10.7.3). One that resets it and then repeats the very same SYN has no connection of that name:
 * it asked another address or port than the one that answers it. All its tries are one flow, whatever numbers the SYN-ACKs have.
 */
function observeAskingAgain(view: CaptureView, w: FlowWindow, f: ResetFacts, attempt: Attempt): void {
  if (f.hasAck || !answersSynAck(w, f)) return;
  const isn = seqAdd(f.seq, -1);
  const scene: Scene = { first: f.time, last: f.time, lastSyn: f.time, interval: 0 };
  attempt.isLast = true;
  attempt.asksAgain = readAnswers(w, f, isn, attempt, scene);
  if (!attempt.asksAgain) {
    attempt.clear();
    return;
  }
  // A SYN may be missing: what was answered was asked.
  attempt.tries = Math.max(attempt.tries, attempt.resets);
  settle(view, f, attempt, scene);
}

/** The connection's own packets: whether the SYN comes again after a reset of its client. */
function readAnswers(w: FlowWindow, f: ResetFacts, isn: number, attempt: Attempt, scene: Scene): boolean {
  let again = false;
  for (let i = w.first; i < w.end; i++) {
    if (w.from[i] !== 0 || w.isDuplicate(i)) continue;
    const flags = w.flags[i];
    if ((flags & TCP_RST) !== 0) {
      attempt.resets++;
      scene.last = Math.max(scene.last, w.time[i]);
      if (i > f.at) attempt.isLast = false;
    } else if ((flags & (TCP_SYN | TCP_ACK)) === TCP_SYN) {
      if (w.seq[i] !== isn) continue;
      if (attempt.resets > 0) again = true;
      attempt.tries++;
      scene.first = Math.min(scene.first, w.time[i]);
      scene.last = Math.max(scene.last, w.time[i]);
    } else if (i > f.at && w.seq[i] === f.seq && (flags & TCP_ACK) !== 0) {
      attempt.successPacket = w.packet[i] as PacketNumber;
      return again;
    }
  }
  return again;
}

/** Whether the reset is a client's answer to a SYN-ACK that acknowledges its SYN; the capture may have missed that one. */
function answersSynAck(w: FlowWindow, f: ResetFacts): boolean {
  const t = f.triggerAt;
  if (t >= 0) return (w.flags[t] & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK) && w.ack[t] === f.seq;
  if (f.packetsBefore[1] > 0 || f.synAt < 0 || w.from[f.synAt] !== 0) return false;
  return f.seq === seqAdd(w.seq[f.synAt], 1);
}

interface Scene {
  first: number;
  last: number;
  lastSyn: number;
  /** Between the last two SYNs. */
  interval: number;
}

/** SYNs, resets and success in the connection's own packets. */
function readWindow(w: FlowWindow, f: ResetFacts, attempt: Attempt, scene: Scene): void {
  const next = seqAdd(w.seq[f.synAt], 1);
  let previous = -1;
  let synAck = -1;
  let synSince = false;
  for (let i = w.first; i < w.end; i++) {
    const from = w.from[i];
    if (from > 1 || w.isDuplicate(i)) continue;
    const flags = w.flags[i];
    if ((flags & TCP_RST) !== 0) {
      if (from !== f.sender) continue;
      attempt.resets++;
      scene.last = Math.max(scene.last, w.time[i]);
      if (i <= f.at) continue;
      attempt.isLast = false;
      synAck = -1;
    } else if (from === 0 && (flags & (TCP_SYN | TCP_ACK)) === TCP_SYN) {
      attempt.tries++;
      if (previous < 0) scene.first = Math.min(scene.first, w.time[i]);
      else scene.interval = w.time[i] - w.time[previous];
      previous = i;
      scene.lastSyn = w.time[i];
      scene.last = Math.max(scene.last, w.time[i]);
      if (i > f.at) synSince = true;
    } else if (i > f.at && from === 0) {
      // Only a client that has its connection goes on to acknowledge.
      if ((flags & TCP_ACK) !== 0 && w.seq[i] === next) synAck = i;
      if (synAck === i) break;
    } else if (i > f.at && (flags & TCP_SYN) !== 0 && w.ack[i] === next && synAck < 0) {
      // A refusal ends the client's first try: a SYN-ACK counts where the SYN was sent again.
      if (synSince || f.sender === 0) synAck = i;
    }
  }
  if (synAck >= 0) attempt.successPacket = w.packet[synAck] as PacketNumber;
}

/** Earlier tries from the same port, each refused. */
function followBack(view: CaptureView, f: ResetFacts, attempt: Attempt, scene: Scene): void {
  let flow = f.flow;
  for (let i = 0; i < MOST_RETRIES; i++) {
    const older = view.flows.older(view.flows.word(flow, REUSED_FROM), flow);
    if (older < 0 || !isRefused(view, older)) return;
    if (view.flows.double(flow, FIRST_TIME) - view.flows.double(older, LAST_TIME) > RETRY_NS) return;
    attempt.tries += view.flows.directionWord(older, 0, SENT_PACKETS);
    attempt.resets += view.flows.word(older, RESETS);
    scene.first = Math.min(scene.first, view.flows.double(older, FIRST_TIME));
    flow = older;
  }
}

/** Later tries from the same port, whose number is another one. */
function followOn(view: CaptureView, ports: PortIndex, f: ResetFacts, attempt: Attempt, scene: Scene): void {
  let flow = ports.newer(f.flow);
  for (let i = 0; i < MOST_RETRIES && flow >= 0; i++) {
    const start = view.flows.double(flow, FIRST_TIME);
    if (start < f.time || start - scene.last > RETRY_NS) return;
    if (succeeded(view, flow)) {
      attempt.tries++;
      attempt.isLast = false;
      attempt.successPacket = firstPacket(view, flow);
      return;
    }
    if (!isRefused(view, flow)) return;
    attempt.tries += view.flows.directionWord(flow, 0, SENT_PACKETS);
    attempt.resets += view.flows.word(flow, RESETS);
    attempt.isLast = false;
    scene.interval = start - scene.lastSyn;
    scene.lastSyn = start;
    scene.last = view.flows.double(flow, LAST_TIME);
    flow = ports.newer(flow);
  }
}

/** The connection that the same client made to another address of the same service at the same moment; −1 for none. */
function reachedInstead(view: CaptureView, made: MadeFlows, f: ResetFacts, first: number): FlowRecord {
  const { flows } = view;
  const port = portOf(view, f.flow, 1);
  const family = flows.word(f.flow, META);
  // Records of flows that were made at the same time lie side by side.
  const from = Math.max(0, f.flow - LIMITS.maxNeighbourFlows);
  const to = Math.min(flows.records, f.flow + LIMITS.maxNeighbourFlows);
  if (!made.mayHold(from, to)) return NO_FLOW_FOUND;
  for (let flow = from as FlowRecord; flow < to; flow++) {
    const { words, doubles } = flows.block(flow);
    const at = flows.wordsAt(flow);
    const meta = words[at + META];
    if ((words[at + PORTS] & 0xffff) !== port || !isTcp(meta)) continue;
    const start = doubles[at / 2 + FIRST_TIME];
    if (Math.abs(start - first) > PAIR_NS && Math.abs(start - f.time) > PAIR_NS) continue;
    if (!sameTimeline(view, flow, f.flow) || !succeeded(view, flow)) continue;
    const name = view.name(f.flow, 1);
    // Without a name, two addresses of one family may as well be two members of a cluster, of which one is dead.
    if (meta === family && name === undefined) continue;
    if (isSibling(view, f, flow, meta === family, name)) return flow;
  }
  return NO_FLOW_FOUND;
}

/** Whether a connection made at the same moment is the other one of a pair. */
function isSibling(
  view: CaptureView,
  f: ResetFacts,
  flow: FlowRecord,
  sameFamily: boolean,
  name: string | undefined,
): boolean {
  if (sameFamily) {
    if (!sameAddress(view, flow, 0, f.flow, 0) || sameAddress(view, flow, 1, f.flow, 1)) return false;
  } else if (!sameMachine(view, flow, f.flow)) {
    return false;
  }
  const other = view.name(flow, 1);
  return name === other || (!sameFamily && (name === undefined || other === undefined));
}

/** Whether the clients of two flows of different IP versions may be one machine: by their link-layer addresses, where there are any. */
function sameMachine(view: CaptureView, a: FlowRecord, b: FlowRecord): boolean {
  const { flows } = view;
  return (
    flows.directionWord(a, 0, MAC_HIGH) === flows.directionWord(b, 0, MAC_HIGH) &&
    flows.directionWord(a, 0, MAC_LOW) === flows.directionWord(b, 0, MAC_LOW)
  );
}

/** Whether a connection came to be. */
export function succeeded(view: CaptureView, flow: FlowRecord): boolean {
  const { flows } = view;
  const client = flows.directionWord(flow, 0, SEEN);
  return (client & SEEN_SYN) !== 0 && isMade(view.flows, flow);
}

function isRefused(view: CaptureView, flow: FlowRecord): boolean {
  const client = view.flows.directionWord(flow, 0, SEEN);
  const server = view.flows.directionWord(flow, 1, SEEN);
  if ((client & SEEN_SYN) === 0 || (client & SEEN_ACK) !== 0) return false;
  return (server & (SEEN_SYN_ACK | SEEN_DATA)) === 0 && view.flows.word(flow, RESETS) > 0;
}

export function firstPacket(view: CaptureView, flow: FlowRecord): PacketNumber {
  return (view.flows.word(flow, FIRST_PACKET) >>> 0) as PacketNumber;
}
