/**
 * Bounds an endless capture: lets go of the oldest chunks of packets when there are too many, and of flows that none
 * of the kept packets belongs to. Works after some hundred packets; costs nothing per packet.
 *
 * Invariants
 * - A flow is removed only when all of its packets are gone; its record can then be used again, for nothing kept names it.
 * - Resets are settled before their packets go (`settle`), so that a removed flow has none that is open; and already when
 *   half of the packets are younger, so that they are judged by as many packets before them as after them.
 * - After `makeRoom` at most maxFlows flows and maxPackets packets (in whole chunks) are kept. In between there can be a
 *   few hundred packets more. Flows that are closed go with their last packet; open ones stay until they are idle for too long or the
 *   longest idle of too many. If they all have packets, packets go sooner.
 */
import type { FlowRecord, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { LAST_PACKET, LAST_TIME } from '../flow/record.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import type { RetentionOptions } from './retention-options.ts';
import type { AddressTable } from '../store/address-table.ts';
import { IdleFlows } from './idle-flows.ts';
import { isOver } from './is-over.ts';
import type { LeavingWatcher } from './leaving.ts';
import type { EndingBook } from '../endings/book.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import type { PacketComments } from '../store/packet-comments.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { CHUNK_PACKETS, NO_FLOW, chunkOf } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { HintCollector } from '../stream/hints.ts';

export interface EvictedStores {
  readonly packets: PacketIndex;
  readonly comments: PacketComments;
  readonly flows: FlowTable;
  readonly addresses: AddressTable;
  readonly hints: HintCollector;
  readonly icmpLog: IcmpLog;
  readonly resets: ResetLog;
  readonly endings: EndingBook;
}

export class Evictor {
  /** Flows let go. */
  flowsGone = 0;
  /** Times that packet numbers began anew. */
  restarts = 0;
  /** Told of each flow before it is let go of. */
  watcher: LeavingWatcher | undefined;
  readonly #options: RetentionOptions;
  readonly #stores: EvictedStores;
  readonly #maxChunks: number;
  /** Chunks let go at a time: flows whose packets go in two parts are judged by the second one alone, so the parts are to be large. */
  readonly #chunksAtOnce: number;
  readonly #idle: IdleFlows;
  readonly #settle: (belowPacket: PacketNumber, beforeNs: Nanoseconds) => void;

  /** @param settle makes the verdicts of resets final that lie below a packet, or before a time */
  constructor(
    options: RetentionOptions,
    stores: EvictedStores,
    settle: (belowPacket: PacketNumber, beforeNs: Nanoseconds) => void,
  ) {
    this.#options = options;
    this.#stores = stores;
    this.#settle = settle;
    const rows = Math.min(options.chunkPackets, CHUNK_PACKETS);
    this.#maxChunks = Math.max(1, Math.floor(options.maxPackets / rows));
    this.#chunksAtOnce = Math.ceil(options.chunkPackets / rows);
    this.#idle = new IdleFlows((flow, packet) => this.#lastPacket(flow) === packet);
  }

  /**
   * @param nowNs time of the newest packet
   * @returns whether anything was let go
   */
  makeRoom(nowNs: Nanoseconds): boolean {
    const { packets, flows } = this.#stores;
    const before = packets.gone + this.flowsGone;
    while (packets.chunksHeld > this.#maxChunks) this.#dropChunks(nowNs);
    this.#removeIdle(nowNs);
    while (flows.live > this.#options.maxFlows && packets.chunksHeld > 0) {
      this.#dropChunks(nowNs);
      this.#removeIdle(nowNs);
    }
    if (packets.next >= this.#options.restartAt) this.#restart(nowNs);
    return packets.gone + this.flowsGone > before;
  }

  /** Entries that wait for their flows to be idle for long enough. */
  get idleEntries(): number {
    return this.#idle.size;
  }

  #dropChunks(nowNs: Nanoseconds): void {
    const { packets, comments, resets, icmpLog } = this.#stores;
    const count = Math.min(this.#chunksAtOnce, packets.chunksHeld);
    if (packets.chunksHeld === count) packets.closeChunk();
    const first = packets.oldest;
    const older = Math.max(count, packets.chunksHeld >> 1);
    const below = (first + older * CHUNK_PACKETS) as PacketNumber;
    this.#settle(below, (nowNs - this.#options.settleSeconds * 1e9) as Nanoseconds);
    for (let index = 0; index < count; index++) this.#passOver(chunkOf(first) + index);
    for (let index = 0; index < count; index++) packets.dropOldest();
    let reset = resets.first;
    while (reset < resets.count && resets.packet(reset) < packets.oldest) reset++;
    resets.dropBelow(reset);
    icmpLog.dropBelow(packets.oldest);
    comments.dropBelow(packets.oldest);
    this.#idle.compact(this.#stores.flows.live);
  }

  /** Lets go of the flows whose last packet is in a chunk, now or when they have been idle for long enough. */
  #passOver(index: number): void {
    const { packets } = this.#stores;
    for (let row = 0; row < packets.usedOf(index); row++) {
      const packet = packets.numberAt(index, row);
      const flow = packets.flow(packet);
      if (flow === NO_FLOW || this.#lastPacket(flow) !== packet) continue;
      if (isOver(this.#stores.flows, flow)) this.#remove(flow);
      else this.#idle.push(flow, packet);
    }
  }

  #removeIdle(nowNs: Nanoseconds): void {
    const { flows } = this.#stores;
    const longest = nowNs - this.#options.idleSeconds * 1e9;
    for (;;) {
      const flow = this.#idle.oldest();
      if (flow < 0) return;
      const isIdle = flows.double(flow, LAST_TIME) < longest;
      if (!isIdle && flows.live <= this.#options.maxFlows) return;
      this.#idle.take();
      this.#remove(flow);
    }
  }

  #remove(flow: FlowRecord): void {
    const { flows, addresses, hints, endings } = this.#stores;
    const ended = endings.settle(flow);
    this.watcher?.flow(flow, ended);
    addresses.leave(flow);
    hints.forget(flow);
    flows.remove(flow);
    this.flowsGone++;
  }

  /** Everything that a packet number names goes; connections that go on are then flows without a beginning. */
  #restart(nowNs: Nanoseconds): void {
    const { packets } = this.#stores;
    while (packets.chunksHeld > 0) this.#dropChunks(nowNs);
    for (let flow = this.#idle.oldest(); flow >= 0; flow = this.#idle.oldest()) {
      this.#idle.take();
      this.#remove(flow);
    }
    packets.restart();
    this.restarts++;
  }

  #lastPacket(flow: FlowRecord): PacketNumber {
    return (this.#stores.flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
  }
}
