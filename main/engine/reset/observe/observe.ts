/** Observes one reset: its own fields, the state before it, and the counts that nearly every rule asks for. */
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import {
  FLOW_BITS,
  FLOW_ESTABLISHED,
  FLOW_LOST_SEGMENTS,
  HANDSHAKE_RTT,
  SEEN,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_RST,
} from '../../flow/record.ts';
import { FLAG_DF, FLAG_INBOUND, FLAG_OUTBOUND } from '../../store/packet-columns.ts';
import { MARK_ICMP, MARK_KEEP_ALIVE, MARK_DUPLICATE_CAPTURE } from '../../flow/marks.ts';
import { TCP_FLAGS_MASK } from '../../decode/facts.ts';
import {
  RST_DIRECTION,
  RST_FLOW_BITS,
  RST_IDLE,
  RST_IPV6,
  RST_MPTCP_REASON,
  RST_OPTIONS,
  RST_PREVIOUS_RESET,
  RST_RECEIVER,
  RST_SENDER,
  RST_SENDER_SILENCE,
  RST_TS_VALUE,
  SIDE_FIN_SEQ,
  SIDE_LAST_ACK,
  SIDE_NEXT_SEQ,
  SIDE_SEEN,
  SIDE_SYN_OPTIONS,
  SIDE_TS_VALUE,
  SIDE_WINDOW,
} from '../../store/reset-log.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { ABOUT } from './flow-window.ts';
import { observeAftermath } from './aftermath.ts';
import { firstCaptureAt } from './captured-again.ts';
import { observeDirection } from './direction.ts';
import { observeHeader } from './header.ts';
import { observeNeighbours } from './neighbours.ts';
import { observeLoop } from './loop.ts';
import { observeResends } from './resends.ts';
import { observeOtherHost } from './other-host.ts';
import { observeSequence } from './sequence.ts';
import type { ServiceTable } from './services.ts';
import { observeSilence } from './silence.ts';
import { observeTiming } from './timing.ts';
import type { EmitterTable } from './emitters.ts';
import type { CaptureView } from './view.ts';

/** Resets of the flow that a copy of a reset may lie behind the original. */
const COPY_LOOK_BACK = 8;
const ICMP_UNREACHABLE = 3;
const ICMP_FRAGMENTATION_NEEDED = 4;
const ICMP6_TOO_BIG = 2;

/** Observes a reset into `f`, whatever that held before; the window then holds its surroundings. */
export function observe(
  view: CaptureView,
  emitters: EmitterTable,
  services: ServiceTable,
  window: FlowWindow,
  f: ResetFacts,
  reset: number,
): void {
  window.load(view, view.resets.flow(reset), view.resets.packet(reset));
  readReset(view, window, f, reset);
  const { copy } = f;
  const original = copy ? originalOf(view, window, f) : -1;
  // A second capture of a packet says nothing of its own: the first one is observed, and marked as what it is.
  if (original >= 0) readReset(view, window, f, original);
  f.copy = copy;
  countBefore(window, f);
  if (f.in || f.out) observeDirection(window, f);
  f.gone = window.goneBefore;
  if (window.cutBefore) remember(view, window, f);
  observeSequence(window, f);
  observeResends(window, f);
  observeSilence(window, f);
  observeLoop(window, f);
  services.observe(f);
  observeHeader(view, emitters, window, f);
  observeTiming(emitters, window, f);
  observeAftermath(window, f);
  observeOtherHost(window, f);
  observeNeighbours(view, f);
}

/** What the reset's own packet, which the window holds, and its record say. */
function readReset(view: CaptureView, window: FlowWindow, f: ResetFacts, reset: number): void {
  f.clear();
  readRecord(view, f, reset);
  f.at = window.indexOf(f.packet);
  readPacket(window, f);
}

function readRecord(view: CaptureView, f: ResetFacts, reset: number): void {
  const words = view.resets.words(reset);
  const at = view.resets.at(reset);
  f.reset = reset;
  f.packet = view.resets.packet(reset);
  f.flow = view.resets.flow(reset);
  f.sender = words[at + RST_DIRECTION] === 0 ? 0 : 1;
  f.receiver = f.sender === 0 ? 1 : 0;
  f.options = words[at + RST_OPTIONS];
  f.tsValue = words[at + RST_TS_VALUE];
  f.mptcpReason = words[at + RST_MPTCP_REASON];
  f.ipv6 = words[at + RST_IPV6] === 1;
  f.flowBits = words[at + RST_FLOW_BITS];
  const s = at + RST_SENDER;
  f.senderSeen = words[s + SIDE_SEEN];
  f.senderNext = words[s + SIDE_NEXT_SEQ];
  f.senderLastAck = words[s + SIDE_LAST_ACK];
  f.senderFin = words[s + SIDE_FIN_SEQ];
  f.senderWindow = words[s + SIDE_WINDOW] & 0xffff;
  f.senderSyn = words[s + SIDE_SYN_OPTIONS];
  f.senderTs = words[s + SIDE_TS_VALUE];
  const r = at + RST_RECEIVER;
  f.receiverSeen = words[r + SIDE_SEEN];
  f.receiverNext = words[r + SIDE_NEXT_SEQ];
  f.receiverLastAck = words[r + SIDE_LAST_ACK];
  f.receiverWindow = words[r + SIDE_WINDOW] & 0xffff;
  f.receiverSyn = words[r + SIDE_SYN_OPTIONS];

  const client = view.flows.directionWord(f.flow, 0, SEEN);
  const server = view.flows.directionWord(f.flow, 1, SEEN);
  f.oneSided = (client & SEEN_ANY) === 0 || (server & SEEN_ANY) === 0;
  f.lossy = (f.flowBits & FLOW_LOST_SEGMENTS) !== 0;
  f.disordered = (view.flows.word(f.flow, FLOW_BITS) & FLOW_LOST_SEGMENTS) !== 0;
  f.established = (f.flowBits & FLOW_ESTABLISHED) !== 0;
  f.handshake = view.flows.double(f.flow, HANDSHAKE_RTT);
  f.time = view.packets.time(f.packet);
  f.idle = view.resets.duration(reset, RST_IDLE);
  f.clockStep = Math.max(1, view.clockStepNs(view.packets.file(f.packet)));
}

function readPacket(w: FlowWindow, f: ResetFacts): void {
  const i = f.at;
  f.tcpFlags = w.flags[i] & TCP_FLAGS_MASK;
  f.hasAck = (f.tcpFlags & TCP_ACK) !== 0;
  f.seq = w.seq[i];
  f.ack = w.ack[i];
  f.window = w.window[i];
  f.ttl = w.ttl[i];
  f.tos = w.tos[i];
  f.ipId = w.ipId[i];
  f.df = (w.flags[i] & FLAG_DF) !== 0;
  f.out = (w.flags[i] & FLAG_OUTBOUND) !== 0;
  f.in = (w.flags[i] & FLAG_INBOUND) !== 0;
  f.copy = (w.marks[i] & MARK_DUPLICATE_CAPTURE) !== 0;
}

/** The reset of which this one is a second capture; −1 where it is not found. */
function originalOf(view: CaptureView, w: FlowWindow, f: ResetFacts): number {
  const at = firstCaptureAt(w, f);
  if (at < 0) return -1;
  let id = view.resets.get(f.reset, RST_PREVIOUS_RESET);
  for (let i = 0; i < COPY_LOOK_BACK && id >= view.resets.first; i++) {
    if (view.resets.packet(id) === w.packet[at]) return id;
    id = view.resets.get(id, RST_PREVIOUS_RESET);
  }
  return -1;
}

function countBefore(w: FlowWindow, f: ResetFacts): void {
  for (let i = w.first; i < f.at; i++) {
    const from = w.from[i];
    if (from === ABOUT) {
      if ((w.marks[i] & MARK_ICMP) !== 0) noteIcmp(w, f, i);
      continue;
    }
    const flags = w.flags[i];
    if ((w.marks[i] & MARK_DUPLICATE_CAPTURE) !== 0) continue;
    if ((flags & TCP_RST) !== 0) {
      f.resetsBefore[from]++;
      if (f.firstResetAt < 0) f.firstResetAt = i;
      if (from === f.sender && (flags & TCP_ACK) !== 0) f.abortsBefore++;
      continue;
    }
    f.packetsBefore[from]++;
    f.lastAt[from] = i;
    if ((flags & TCP_SYN) !== 0) {
      if ((flags & TCP_ACK) !== 0) f.synAckAt = i;
      else f.synAt = i;
    }
    if ((flags & TCP_FIN) !== 0) f.finAt[from] = i;
    const keepAlive = (w.marks[i] & MARK_KEEP_ALIVE) !== 0;
    if (w.payload[i] > 0 && !keepAlive) {
      f.dataPacketsBefore[from]++;
      f.lastDataAt[from] = i;
    }
    noteProbe(w, f, i, from, keepAlive);
  }
  f.senderSilence = f.lastAt[f.sender] < 0 ? -1 : f.time - w.time[f.lastAt[f.sender]];
}

/**
 * Packets before the window are not here, or were let go: what the flow's own record said of them when the reset came takes their
 * place, so that nobody who spoke is taken for silent, and no close or reset is forgotten.
 */
function remember(view: CaptureView, w: FlowWindow, f: ResetFacts): void {
  if (f.gone) f.lossy = true;
  for (let d = 0; d < 2; d++) {
    const seen = d === f.sender ? f.senderSeen : f.receiverSeen;
    if ((seen & SEEN_ANY) !== 0) f.packetsBefore[d] = Math.max(1, f.packetsBefore[d]);
    if ((seen & SEEN_DATA) !== 0) f.dataPacketsBefore[d] = Math.max(1, f.dataPacketsBefore[d]);
    if ((seen & SEEN_RST) !== 0) f.resetsBefore[d] = Math.max(1, f.resetsBefore[d]);
    if ((seen & SEEN_FIN) !== 0 && f.finAt[d] < 0) f.finAt[d] = w.first;
  }
  if (f.lastAt[f.sender] < 0) f.senderSilence = view.resets.duration(f.reset, RST_SENDER_SILENCE);
}

/** Counts keep-alive probes in a row. */
function noteProbe(w: FlowWindow, f: ResetFacts, i: number, from: number, keepAlive: boolean): void {
  if (from === f.sender) {
    if (keepAlive) {
      f.keepAlives++;
      if (f.keepAlives === 1) f.keepAliveAnswered = false;
      f.keepAliveAt = i;
    } else if (w.payload[i] > 0) {
      f.keepAlives = 0;
    }
  } else if (f.keepAlives > 0) {
    // The answers still passed the capture, but may have got lost between it and the sender.
    f.keepAliveAnswered = true;
    if (w.payload[i] > 0) f.keepAlives = 0;
  }
}

function noteIcmp(w: FlowWindow, f: ResetFacts, i: number): void {
  const type = w.seq[i] >>> 8;
  const code = w.seq[i] & 0xff;
  if (f.ipv6 ? type === ICMP6_TOO_BIG : type === ICMP_UNREACHABLE && code === ICMP_FRAGMENTATION_NEEDED) {
    f.fragNeededAt = i;
  } else {
    f.icmpAt = i;
  }
}
