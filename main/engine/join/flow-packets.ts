/** The packets of one flow in capture order, with the columns by which one is recognised at another vantage. Used again for the next flow. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_FLAGS_MASK } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { LAST_PACKET, PACKETS } from '../flow/record.ts';
import { FLAG_TIMESTAMPS } from '../store/packet-columns.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';
import {
  ACK,
  DIRECTION,
  type FlowBatch,
  HEADER,
  OPTIONS,
  PACKET,
  PATH,
  PAYLOAD,
  ROW_DOUBLES,
  ROW_WORDS,
  SEQ,
} from './flow-batch.ts';
import { SLICE, type Slices } from './slices.ts';

/** How numbers and directions of a flow read at the other vantage. */
export interface Translation {
  readonly isSwapped: boolean;
  readonly seqShift: readonly [number, number];
}

export const AS_IT_IS: Translation = { isSwapped: false, seqShift: [0, 0] };

// Above the twelve TCP flags of `form`
const FORM_SERVER = 1 << 12;
/** An ICMP error that quotes the flow: it has no counterpart. */
const FORM_QUOTE = 1 << 13;

/** Its options tell it apart from one that was sent again. */
const FORM_TIMESTAMPS = 1 << 14;

/** The bit of `form` that says which side sent it. */
export function directionOf(form: number): 0 | 1 {
  return ((form >> 12) & 1) as 0 | 1;
}

export function isQuote(form: number): boolean {
  return (form & FORM_QUOTE) !== 0;
}

export function hasTimestamps(form: number): boolean {
  return (form & FORM_TIMESTAMPS) !== 0;
}

export class FlowPackets {
  count = 0;
  packets = new Uint32Array(0);
  times = new Float64Array(0);
  seqs = new Int32Array(0);
  acks = new Int32Array(0);
  payloads = new Uint32Array(0);
  /** TCP flags, direction (at the other vantage), FORM_*. */
  forms = new Uint16Array(0);
  digests = new Uint16Array(0);
  windows = new Uint16Array(0);
  ids = new Uint16Array(0);
  marks = new Uint16Array(0);
  ttls = new Uint8Array(0);
  tos = new Uint8Array(0);
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  readonly #batch: FlowBatch | undefined;

  /** @param batch where many flows were read together, so that they need not be looked for one by one */
  constructor(packets: PacketIndex, flows: FlowTable, batch?: FlowBatch) {
    this.#packets = packets;
    this.#flows = flows;
    this.#batch = batch;
  }

  /** Reads a flow; numbers and directions are those of the other vantage. */
  *gather(flow: FlowRecord, as: Translation, slices: Slices): Generator<void, void> {
    this.count = 0;
    const batch = this.#batch;
    if (batch?.has(flow) === true) {
      const { from, count } = batch.rowsOf(flow);
      this.#reserve(count);
      this.count = count;
      for (let at = 0; at < count; at += SLICE) {
        const below = Math.min(count, at + SLICE);
        this.#take(batch, from, at, below, as);
        if (slices.spend(below - at)) yield;
      }
      return;
    }
    // ICMP errors about the flow are in its chain, and not in its count.
    this.#reserve(this.#flows.word(flow, PACKETS) + 16);
    let packet = (this.#flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
    while (this.#packets.holds(packet)) {
      const before = this.count;
      packet = this.#walk(packet);
      if (slices.spend(this.count - before)) yield;
    }
    this.packets.subarray(0, this.count).reverse();
    for (let at = 0; at < this.count; at += SLICE) {
      const below = Math.min(this.count, at + SLICE);
      this.#read(at, below, as);
      if (slices.spend(below - at)) yield;
    }
  }

  /** Follows the chain a while. */
  #walk(from: PacketNumber): PacketNumber {
    const index = this.#packets;
    let packet = from;
    this.#reserve(this.count + SLICE);
    const { packets } = this;
    const stop = this.count + SLICE;
    let at = this.count;
    for (; at < stop && index.holds(packet); packet = index.previous(packet)) packets[at++] = packet;
    this.count = at;
    return packet;
  }

  #read(from: number, below: number, as: Translation): void {
    const index = this.#packets;
    for (let at = from; at < below; at++) {
      const packet = this.packets[at] as PacketNumber;
      const chunk = index.chunk(packet);
      const row = rowOf(packet);
      this.times[at] = chunk.timeAt(row);
      this.payloads[at] = chunk.payloadBytesAt(row);
      this.digests[at] = chunk.digestAt(row);
      this.windows[at] = chunk.window[row];
      this.ids[at] = chunk.ipId[row];
      this.marks[at] = chunk.marks[row];
      this.ttls[at] = chunk.ttlAt(row);
      this.tos[at] = chunk.tosAt(row);
      this.#translate(at, chunk.flags[row], chunk.flow[row] & 1, chunk.seq[row], chunk.ack[row], as);
    }
  }

  /** @param start row of the batch that the flow's first packet has */
  #take({ times, words }: FlowBatch, start: number, from: number, below: number, as: Translation): void {
    for (let at = from; at < below; at++) {
      const row = start + at;
      const word = row * ROW_WORDS;
      const [options, header, path] = [words[word + OPTIONS], words[word + HEADER], words[word + PATH]];
      this.times[at] = times[row * ROW_DOUBLES];
      this.packets[at] = words[word + PACKET];
      this.payloads[at] = words[word + PAYLOAD];
      this.digests[at] = options >>> 16;
      this.windows[at] = header & 0xffff;
      this.ids[at] = header >>> 16;
      this.marks[at] = path & 0xffff;
      this.ttls[at] = (path >>> 16) & 0xff;
      this.tos[at] = path >>> 24;
      this.#translate(
        at,
        options & 0xffff,
        words[word + DIRECTION],
        words[word + SEQ],
        words[word + ACK],
        as,
      );
    }
  }

  #translate(
    at: number,
    allFlags: number,
    direction: number,
    seq: number,
    ack: number,
    { isSwapped, seqShift }: Translation,
  ): void {
    const flags = allFlags & TCP_FLAGS_MASK;
    const hasAck = (flags & TCP_ACK) !== 0;
    this.seqs[at] = seq + seqShift[direction];
    this.acks[at] = ack + (hasAck ? seqShift[1 - direction] : 0);
    const quote = (this.marks[at] & MARK_ICMP) !== 0 ? FORM_QUOTE : 0;
    const stamped = (allFlags & FLAG_TIMESTAMPS) !== 0 ? FORM_TIMESTAMPS : 0;
    const isOfServer = (direction === 0) === isSwapped;
    this.forms[at] = flags | (isOfServer ? FORM_SERVER : 0) | quote | stamped;
  }

  #reserve(count: number): void {
    if (count <= this.packets.length) return;
    const size = Math.max(1024, 2 ** Math.ceil(Math.log2(count)));
    const packets = new Uint32Array(size);
    packets.set(this.packets.subarray(0, this.count));
    this.packets = packets;
    this.times = new Float64Array(size);
    this.seqs = new Int32Array(size);
    this.acks = new Int32Array(size);
    this.payloads = new Uint32Array(size);
    this.forms = new Uint16Array(size);
    this.digests = new Uint16Array(size);
    this.windows = new Uint16Array(size);
    this.ids = new Uint16Array(size);
    this.marks = new Uint16Array(size);
    this.ttls = new Uint8Array(size);
    this.tos = new Uint8Array(size);
  }
}
