/** What dissectors ask of a packet beside its bytes, answered out of the index and the flow table. */
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { seqUnsigned } from '../../../shared/base/seq.ts';
import { type FlowContext, NO_SHIFT, type PacketContext, UNKNOWN_SHIFT } from '../dissect/context.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { FIRST_TIME, META, SEEN, SEEN_SYN, SEEN_SYN_ACK, SYN_OPTIONS, isTcp } from '../flow/record.ts';
import { FLAG_OUTBOUND } from '../store/packet-columns.ts';
import { NO_FLOW, type PacketIndex } from '../store/packet-index.ts';
import { firstOfFile, previousPacket } from './packet-order.ts';

/** The parts of the session that know it. */
export interface ContextStores {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly clock: { readonly epochNs: bigint | undefined };
  readonly comments: { get(packet: PacketNumber): readonly string[] };
  interfaceName(file: number, interfaceId: number): string | undefined;
}

/** What numbers of TCP count from, and the numbers of streams (select/tcp-bases.ts). */
export interface StreamPlaces {
  /** By flow << 1 | direction; undefined where nothing of that direction was seen or acknowledged. */
  base(flowAndDirection: number): SeqNumber | undefined;
  stream(flow: FlowRecord): number;
}

/**
 * The context of one packet after another: `bind` changes the packet, and only what is asked for is looked up. The packet must be
 * one that the index holds.
 */
export class IndexContext implements PacketContext {
  readonly #stores: ContextStores;
  readonly #flow: IndexFlowContext;
  #packet = 0 as PacketNumber;
  #interfaceId = 0;
  #firstFile = -1;
  #firstNs = 0;

  constructor(stores: ContextStores, places: StreamPlaces) {
    this.#stores = stores;
    this.#flow = new IndexFlowContext(stores, places);
  }

  bind(packet: PacketNumber, interfaceId: number): this {
    this.#packet = packet;
    this.#interfaceId = interfaceId;
    return this;
  }

  get frame(): number {
    return this.#stores.packets.frame(this.#packet);
  }

  get timeNs(): bigint {
    return (this.#stores.clock.epochNs ?? 0n) + BigInt(this.#stores.packets.time(this.#packet));
  }

  get sinceFirstNs(): number {
    const { packets } = this.#stores;
    const file = packets.file(this.#packet);
    if (file !== this.#firstFile) {
      this.#firstFile = file;
      this.#firstNs = packets.time(firstOfFile(packets, this.#packet));
    }
    return packets.time(this.#packet) - this.#firstNs;
  }

  get sincePreviousNs(): number {
    const { packets } = this.#stores;
    const previous = previousPacket(packets, this.#packet);
    if (previous === undefined || packets.file(previous) !== packets.file(this.#packet)) return 0;
    return packets.time(this.#packet) - packets.time(previous);
  }

  get comments(): readonly string[] {
    return this.#stores.comments.get(this.#packet);
  }

  get interfaceName(): string | undefined {
    if (this.#interfaceId < 0) return undefined;
    return this.#stores.interfaceName(this.#stores.packets.file(this.#packet), this.#interfaceId);
  }

  get isOutgoing(): boolean {
    return (this.#stores.packets.flags(this.#packet) & FLAG_OUTBOUND) !== 0;
  }

  get flow(): FlowContext | undefined {
    const { packets } = this.#stores;
    const flow = packets.flow(this.#packet);
    if (flow === NO_FLOW || (packets.marks(this.#packet) & MARK_ICMP) !== 0) return undefined;
    return this.#flow.bind(this.#packet, flow);
  }
}

class IndexFlowContext implements FlowContext {
  readonly #stores: ContextStores;
  readonly #places: StreamPlaces;
  #packet = 0 as PacketNumber;
  #flow = 0 as FlowRecord;

  constructor(stores: ContextStores, places: StreamPlaces) {
    this.#stores = stores;
    this.#places = places;
  }

  bind(packet: PacketNumber, flow: FlowRecord): this {
    this.#packet = packet;
    this.#flow = flow;
    return this;
  }

  get isTcp(): boolean {
    return isTcp(this.#stores.flows.word(this.#flow, META));
  }

  get stream(): number {
    return this.#places.stream(this.#flow);
  }

  get #direction(): 0 | 1 {
    return this.#stores.packets.direction(this.#packet);
  }

  get base(): SeqNumber | undefined {
    return this.#base(this.#direction);
  }

  get otherBase(): SeqNumber | undefined {
    return this.#base(this.#direction === 0 ? 1 : 0);
  }

  #base(direction: 0 | 1): SeqNumber | undefined {
    const base = this.#places.base((this.#flow * 2 + direction) >>> 0);
    return base === undefined ? undefined : seqUnsigned(base);
  }

  /** Scaling is in force only where both SYNs asked for it (RFC 7323 §2.2); one that was not captured is taken to have. */
  get windowShift(): number {
    const direction = this.#direction;
    const own = this.#scaleOf(direction);
    const other = this.#scaleOf(direction === 0 ? 1 : 0);
    if (own === 0 || other === 0) return NO_SHIFT;
    return own === undefined ? UNKNOWN_SHIFT : Math.min(own - 1, 14);
  }

  /** Window scale + 1 of a side's SYN, 0 where it asked for none; undefined where it was not seen. */
  #scaleOf(direction: 0 | 1): number | undefined {
    const { flows } = this.#stores;
    const seen = flows.directionWord(this.#flow, direction, SEEN);
    if ((seen & (SEEN_SYN | SEEN_SYN_ACK)) === 0) return undefined;
    return flows.directionWord(this.#flow, direction, SYN_OPTIONS) & 0xffff;
  }

  get marks(): number {
    return this.#stores.packets.marks(this.#packet);
  }

  get sinceFirstNs(): number {
    return this.#stores.packets.time(this.#packet) - this.#stores.flows.double(this.#flow, FIRST_TIME);
  }

  get sincePreviousNs(): number {
    const { packets } = this.#stores;
    let previous = packets.previous(this.#packet);
    // An ICMP error is about the flow, and none of its packets.
    while (packets.holds(previous) && (packets.marks(previous) & MARK_ICMP) !== 0) {
      previous = packets.previous(previous);
    }
    return packets.holds(previous) ? packets.time(this.#packet) - packets.time(previous) : 0;
  }
}
