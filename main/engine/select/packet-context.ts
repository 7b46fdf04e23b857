/** What the index knows of a packet, for those who read its bytes: one object for all packets, asked by getters. */
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { NO_SHIFT, type FlowContext, type PacketContext } from '../dissect/context.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { FIRST_TIME, META, isTcp } from '../flow/record.ts';
import { NO_FLOW, type PacketChunk, chunkOf, rowOf } from '../store/packet-index.ts';
import {
  type PacketSources,
  firstTimeOfFile,
  sincePrevious,
  sincePreviousOfFlow,
  windowShift,
} from './packet-fields.ts';

export class IndexedContext implements PacketContext {
  readonly #sources: PacketSources;
  readonly #comment: (packet: PacketNumber) => string | undefined;
  readonly #flow: IndexedFlow;
  #packet = 0 as PacketNumber;
  /** Chunks are asked for their file's first time again and again. */
  #chunk = -1;
  #first = 0;

  constructor(sources: PacketSources, comment: (packet: PacketNumber) => string | undefined) {
    this.#sources = sources;
    this.#comment = comment;
    this.#flow = new IndexedFlow(sources);
  }

  bind(packet: PacketNumber): void {
    this.#packet = packet;
    this.#flow.bind(packet);
  }

  get frame(): number {
    return this.#sources.packets.frame(this.#packet);
  }

  get timeNs(): bigint {
    const { clock, packets } = this.#sources;
    return (clock.epochNs ?? 0n) + BigInt(Math.round(packets.time(this.#packet)));
  }

  get sinceFirstNs(): number {
    const index = chunkOf(this.#packet);
    if (index !== this.#chunk) {
      this.#chunk = index;
      this.#first = firstTimeOfFile(this.#sources, index);
    }
    return this.#sources.packets.time(this.#packet) - this.#first;
  }

  get sincePreviousNs(): number {
    const index = chunkOf(this.#packet);
    const chunk = this.#sources.packets.chunks[index];
    const row = rowOf(this.#packet);
    return sincePrevious(this.#sources, { chunk, index, from: row, to: row + 1 }, row);
  }

  get comment(): string | undefined {
    return this.#comment(this.#packet);
  }

  get interfaceName(): string | undefined {
    return undefined;
  }

  get flow(): FlowContext | undefined {
    const { packets } = this.#sources;
    const isOfFlow = packets.flow(this.#packet) !== NO_FLOW;
    return isOfFlow && (packets.marks(this.#packet) & MARK_ICMP) === 0 ? this.#flow : undefined;
  }
}

class IndexedFlow implements FlowContext {
  readonly #sources: PacketSources;
  #packet = 0 as PacketNumber;

  constructor(sources: PacketSources) {
    this.#sources = sources;
  }

  bind(packet: PacketNumber): void {
    this.#packet = packet;
  }

  get #record(): FlowRecord {
    return this.#sources.packets.flow(this.#packet);
  }

  get #at(): number {
    return (this.#record << 1) | this.#sources.packets.direction(this.#packet);
  }

  get #chunk(): PacketChunk {
    return this.#sources.packets.chunk(this.#packet);
  }

  get isTcp(): boolean {
    return isTcp(this.#sources.flows.word(this.#record, META));
  }

  get stream(): number {
    return this.#sources.bases.stream(this.#record);
  }

  get base(): SeqNumber | undefined {
    return this.#sources.bases.base(this.#at) as SeqNumber;
  }

  get otherBase(): SeqNumber | undefined {
    return this.#sources.bases.base(this.#at ^ 1) as SeqNumber;
  }

  get windowShift(): number {
    if (!this.isTcp) return NO_SHIFT;
    return windowShift(this.#sources, this.#record, this.#sources.packets.direction(this.#packet));
  }

  get marks(): number {
    return this.#sources.packets.marks(this.#packet);
  }

  get sinceFirstNs(): number {
    return this.#sources.packets.time(this.#packet) - this.#sources.flows.double(this.#record, FIRST_TIME);
  }

  get sincePreviousNs(): number {
    return sincePreviousOfFlow(this.#sources, this.#chunk, rowOf(this.#packet));
  }
}
