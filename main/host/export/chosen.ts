/**
 * Which packets are exported for a connection, so that its verdict can be made anew: its own, those of its twins in other captures,
 * and as much of what its hosts did besides as the verdict rests on. How much that is nobody knows beforehand: each step takes more
 * along, the last one everything.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { META, ipVersionOf } from '../../engine/flow/record.ts';
import type { KernelEvent } from '../../engine/read/kernel-event.ts';
import { LIMITS } from '../../engine/limits.ts';
import { PacketSet } from '../../engine/select/packet-set.ts';
import type { Session } from '../../engine/session.ts';
import { ICMP_META, ICMP_PACKET, ICMP_QUOTED_DST, ICMP_QUOTED_SRC } from '../../engine/store/icmp-log.ts';
import { CHUNK_PACKETS, NO_FLOW } from '../../engine/store/packet-index.ts';

/** Other flows of each end that are taken along in each step, those nearest to the connection; then all of them. */
const NEIGHBOURS: readonly number[] = [8, 256, LIMITS.maxServiceFlows];
/** In this step packets without a flow are taken along, too: fragments above all. */
const WITH_BARE = 2;
const BARE_NS = 60e9;
/** The step that takes everything along. */
export const WHOLE = NEIGHBOURS.length;
/** Lists of flows that are kept at hand while connections are added. */
const KEPT_LISTS = 4096;

export class Chosen {
  readonly packets = new PacketSet();
  readonly #session: Session;
  readonly #taken = new Set<FlowRecord>();
  /** Ends of the connections that were asked for. */
  readonly #ends = new Set<string>();
  /** Flows of an address, or of an address with another. */
  readonly #lists = new Map<string | number, Uint32Array>();
  #takesBare: { fromNs: number; toNs: number }[] = [];
  #isWhole = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param step how much of what its hosts did besides is taken along, from 0 */
  addConnection(flow: FlowRecord, step: number): void {
    if (step >= WHOLE) {
      this.#isWhole = true;
      return;
    }
    const { flows, join } = this.#session;
    for (const one of [flow, ...join.twins(flow).map((twin) => twin.flow)]) {
      this.#take(one);
      for (const side of [0, 1] as const) {
        this.#ends.add(endKey(ipVersionOf(flows.word(one, META)), flows.wideAddress(one, side), 0));
        for (const near of this.#near(one, side, NEIGHBOURS[step])) this.addFlow(near);
      }
      if (step >= WITH_BARE) this.#takesBare.push(this.#around(one));
    }
  }

  /** All packets of a flow and of its twins. */
  addFlow(flow: FlowRecord): void {
    if (this.#taken.has(flow)) return;
    this.#take(flow);
    for (const twin of this.#session.join.twins(flow)) this.#take(twin.flow);
  }

  /** What belongs to all of them: ICMP errors, packets without a flow, and the ends of the captures. */
  finish(): void {
    if (this.#isWhole) {
      this.#takeAll();
      return;
    }
    this.#takeIcmpErrors();
    this.#takeEdges();
    if (this.#takesBare.length > 0) this.#takeBare();
  }

  /** Whether what a kernel said is of the hosts that were asked for; null for all of it. */
  get keepsKernelEvent(): ((event: KernelEvent) => boolean) | null {
    if (this.#isWhole) return null;
    const ends = this.#ends;
    return ({ family, local, remote }) =>
      family === 0 || (ends.has(endKey(family, local, 0)) && ends.has(endKey(family, remote, 0)));
  }

  #take(flow: FlowRecord): void {
    if (this.#taken.has(flow)) return;
    this.#taken.add(flow);
    const { packets, flowView } = this.#session;
    for (let p = flowView.lastPacket(flow); packets.holds(p); p = packets.previous(p)) this.packets.add(p);
  }

  /** Flows of an address that were made around one of them, those with the same other end before all others. */
  #near(flow: FlowRecord, side: 0 | 1, count: number): FlowRecord[] {
    const { flows, addresses } = this.#session;
    const all = this.#flowsOf(flow, side);
    const found = nearest(all, flow, count);
    if (found.length === all.length) return found;
    const other = side === 0 ? 1 : 0;
    const ofPair = this.#kept(`${addresses.key(flow, side)} ${addresses.key(flow, other)}`, () =>
      all.filter(
        (one) =>
          flows.isSameAddress(one as FlowRecord, 0, flow, other) ||
          flows.isSameAddress(one as FlowRecord, 1, flow, other),
      ),
    );
    return [...found, ...nearest(ofPair, flow, count)];
  }

  /** Ascending; the newest ones of very many. */
  #flowsOf(flow: FlowRecord, side: 0 | 1): Uint32Array {
    const { addresses } = this.#session;
    return this.#kept(addresses.key(flow, side), () => {
      const found: number[] = [];
      addresses.visitFlows(flow, side, (one) => found.push(one) < LIMITS.maxServiceFlows);
      return Uint32Array.from(found).sort();
    });
  }

  #kept(key: string | number, make: () => Uint32Array): Uint32Array {
    let known = this.#lists.get(key);
    if (known === undefined) {
      known = make();
      if (this.#lists.size >= KEPT_LISTS) this.#lists.clear();
      this.#lists.set(key, known);
    }
    return known;
  }

  #around(flow: FlowRecord): { fromNs: number; toNs: number } {
    const { startNs, durationNs } = this.#session.flowRow(flow);
    return { fromNs: startNs - BARE_NS, toNs: startNs + durationNs + BARE_NS };
  }

  #takeIcmpErrors(): void {
    const { icmpLog, packets } = this.#session;
    for (let id = icmpLog.first; id < icmpLog.count; id++) {
      const words = icmpLog.words(id);
      const at = icmpLog.at(id);
      const packet = (words[at + ICMP_PACKET] >>> 0) as PacketNumber;
      const version = ipVersionOf(words[at + ICMP_META]);
      const isOfEnds =
        this.#ends.has(endKey(version, words, at + ICMP_QUOTED_SRC)) &&
        this.#ends.has(endKey(version, words, at + ICMP_QUOTED_DST));
      if (isOfEnds && packets.holds(packet)) this.packets.add(packet);
    }
  }

  /** When a capture began and ended is part of what is known of those who said nothing. */
  #takeEdges(): void {
    const { packets } = this.#session;
    let before = -1;
    let last = -1;
    for (let index = 0; index < packets.chunkCount; index++) {
      if (!packets.holdsChunk(index) || packets.usedOf(index) === 0) continue;
      const timeline = this.#session.timelineOf(packets.fileOfChunk(index));
      const first = index * CHUNK_PACKETS;
      if (timeline !== before) {
        if (last >= 0) this.packets.add(last as PacketNumber);
        this.packets.add(first as PacketNumber);
      }
      before = timeline;
      last = first + packets.usedOf(index) - 1;
    }
    if (last >= 0) this.packets.add(last as PacketNumber);
  }

  #takeBare(): void {
    const { packets } = this.#session;
    const spans = merged(this.#takesBare);
    this.#each((packet) => {
      if (packets.flow(packet) !== NO_FLOW) return;
      const timeNs = packets.time(packet);
      if (spans.some(({ fromNs, toNs }) => timeNs >= fromNs && timeNs <= toNs)) this.packets.add(packet);
    });
  }

  #takeAll(): void {
    this.#each((packet) => {
      this.packets.add(packet);
    });
  }

  #each(visit: (packet: PacketNumber) => void): void {
    const { packets } = this.#session;
    for (let index = 0; index < packets.chunkCount; index++) {
      if (!packets.holdsChunk(index)) continue;
      const used = packets.usedOf(index);
      for (let row = 0; row < used; row++) visit(packets.numberAt(index, row));
    }
  }
}

/** @param flow that the others are around */
function nearest(ascending: Uint32Array, flow: FlowRecord, count: number): FlowRecord[] {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < flow) low = middle + 1;
    else high = middle;
  }
  const from = Math.max(0, Math.min(low - (count >> 1), ascending.length - count));
  return Array.from(ascending.subarray(from, from + count), (one) => one as FlowRecord);
}

function merged(spans: readonly { fromNs: number; toNs: number }[]): { fromNs: number; toNs: number }[] {
  const sorted = [...spans].sort((a, b) => a.fromNs - b.fromNs);
  const found: { fromNs: number; toNs: number }[] = [];
  for (const span of sorted) {
    const last = found.at(-1);
    if (last !== undefined && span.fromNs <= last.toNs) last.toNs = Math.max(last.toNs, span.toNs);
    else found.push({ ...span });
  }
  return found;
}

/** An address in any timeline. @param words hold it at `at` */
function endKey(version: number, words: ArrayLike<number>, at: number): string {
  if (version !== 6) return `4 ${words[at]}`;
  return `6 ${words[at]} ${words[at + 1]} ${words[at + 2]} ${words[at + 3]}`;
}
