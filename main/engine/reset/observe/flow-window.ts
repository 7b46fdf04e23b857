/**
 * The packets of one flow around a reset, copied out of the index into typed arrays that are used again and again:
 * all later steps walk them forwards and backwards without following the chain.
 *
 * Invariants
 * - Indices run over [first, end); they ascend in capture order.
 * - `from` is 0 or 1 for segments, ABOUT for ICMP errors, which therefore pass no test of a direction.
 * - The window holds the packet it was loaded for.
 * - It is bounded by LIMITS.maxJudgedPackets whatever the flow's length; `cutBefore` and `cutAfter` say what is missing.
 */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { LAST_PACKET } from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { rowOf } from '../../store/packet-index.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../../flow/marks.ts';
import { NO_PACKET } from '../../flow/record.ts';
import type { CaptureView } from './view.ts';

const CAPACITY = LIMITS.maxJudgedPackets;
/** Packets wanted before the reset. Older acknowledgements explain no reset in practice. */
const WANTED_BEFORE = 1024;
/** Packets kept after the reset when the flow is too long to hold. */
const WANTED_AFTER = CAPACITY - WANTED_BEFORE;
/** Distance of the marks that make long chains quick to enter. */
const CHECKPOINT = 1024;

/** `from` of an ICMP error about the flow. */
export const ABOUT = 2;

export class FlowWindow {
  readonly packet = new Uint32Array(CAPACITY);
  readonly time = new Float64Array(CAPACITY);
  readonly seq = new Int32Array(CAPACITY);
  readonly ack = new Int32Array(CAPACITY);
  readonly payload = new Uint32Array(CAPACITY);
  readonly window = new Uint16Array(CAPACITY);
  readonly ipId = new Uint16Array(CAPACITY);
  readonly flags = new Uint16Array(CAPACITY);
  readonly marks = new Uint16Array(CAPACITY);
  readonly ttl = new Uint8Array(CAPACITY);
  readonly tos = new Uint8Array(CAPACITY);
  readonly from = new Uint8Array(CAPACITY);

  first = CAPACITY;
  readonly end = CAPACITY;
  /** Older packets of the flow exist that are not here. */
  cutBefore = false;
  /** Older packets of the flow were let go by the capture's own memory. */
  goneBefore = false;
  /** Newer packets of the flow exist that are not here. */
  cutAfter = false;

  #flow = -1;
  /**
   * Packet numbers at every CHECKPOINT-th link of the chain of a flow, newest first; of each long flow that was asked about, so that
   * resets of several of them may come in any order and each chain is walked once.
   */
  readonly #checkpoints = new Map<FlowRecord, readonly PacketNumber[]>();

  /** Forgets what it holds: the flow may have grown. */
  clear(): void {
    this.#flow = -1;
    this.#checkpoints.clear();
    this.first = this.end;
  }

  /** Loads the surroundings of a packet of a flow. Costs nothing when they are here already. */
  load(view: CaptureView, flow: FlowRecord, packet: PacketNumber): void {
    if (this.#flow === flow && this.#covers(packet)) return;
    this.#flow = flow;
    const newest = (view.flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
    this.cutAfter = false;
    if (this.#fill(view, newest, packet)) return;
    // The packet lies further back than the window reaches: enter the chain nearer to it.
    const start = this.#checkpointAfter(view, flow, newest, packet);
    this.cutAfter = start !== newest;
    this.#fill(view, start, packet);
  }

  /** Index of a packet, −1 where the window does not hold it. */
  indexOf(packet: PacketNumber): number {
    let low = this.first;
    let high = this.end - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.packet[middle];
      if (found === packet) return middle;
      if (found < packet) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  isDuplicate(i: number): boolean {
    return (this.marks[i] & MARK_DUPLICATE_CAPTURE) !== 0;
  }

  #covers(packet: PacketNumber): boolean {
    const i = this.indexOf(packet);
    if (i < 0) return false;
    const enoughBefore = !this.cutBefore || i - this.first >= WANTED_BEFORE / 2;
    const enoughAfter = !this.cutAfter || this.end - i >= WANTED_AFTER / 4;
    return enoughBefore && enoughAfter;
  }

  /** Walks back from `start`; true when the packet was met. */
  #fill(view: CaptureView, start: PacketNumber, packet: PacketNumber): boolean {
    let at = this.end;
    let next = start;
    let before = 0;
    let met = false;
    while (view.packets.holds(next) && at > 0 && before < WANTED_BEFORE) {
      at--;
      const chunk = view.packets.chunk(next);
      const row = rowOf(next);
      const marks = chunk.marks[row];
      this.packet[at] = next;
      this.time[at] = chunk.timeAt(row);
      this.seq[at] = chunk.seq[row];
      this.ack[at] = chunk.ack[row];
      this.payload[at] = chunk.payloadBytesAt(row);
      this.window[at] = chunk.window[row];
      this.ipId[at] = chunk.ipId[row];
      this.flags[at] = chunk.flags[row];
      this.marks[at] = marks;
      this.ttl[at] = chunk.ttlAt(row);
      this.tos[at] = chunk.tosAt(row);
      this.from[at] = (marks & MARK_ICMP) !== 0 ? ABOUT : chunk.flow[row] & 1;
      if (next <= packet) {
        before++;
        met = true;
      }
      next = chunk.previous[row] as PacketNumber;
    }
    this.first = at;
    this.cutBefore = next !== NO_PACKET;
    this.goneBefore = this.cutBefore && !view.packets.holds(next);
    return met && (!view.packets.holds(next) || before >= WANTED_BEFORE / 2);
  }

  /** A link of the chain about WANTED_AFTER packets newer than the packet. */
  #checkpointAfter(
    view: CaptureView,
    flow: FlowRecord,
    newest: PacketNumber,
    packet: PacketNumber,
  ): PacketNumber {
    const points = this.#checkpoints.get(flow) ?? this.#mark(view, flow, newest);
    let i = points.length - 1;
    while (i > 0 && points[i] < packet) i--;
    return points[Math.max(0, i - Math.floor(WANTED_AFTER / CHECKPOINT) + 1)];
  }

  #mark(view: CaptureView, flow: FlowRecord, newest: PacketNumber): readonly PacketNumber[] {
    const points: PacketNumber[] = [];
    let link = 0;
    for (let next = newest; view.packets.holds(next); next = view.packets.previous(next)) {
      if (link++ % CHECKPOINT === 0) points.push(next);
    }
    this.#checkpoints.set(flow, points);
    return points;
  }
}

/** From one packet of the window to a later one, ns; −1 where one of them is not there. */
export function timeBetween(w: FlowWindow, from: number, to: number): number {
  return from < 0 || to < 0 ? -1 : w.time[to] - w.time[from];
}
