/** The packets of one flow in capture order, with the columns by which one is recognised at another vantage. Used again for the next flow. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_FLAGS_MASK } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { LAST_PACKET, PACKETS } from '../flow/record.ts';
import { FLAG_TIMESTAMPS } from '../store/packet-columns.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';
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
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;

  constructor(packets: PacketIndex, flows: FlowTable) {
    this.#packets = packets;
    this.#flows = flows;
  }

  /** Reads a flow; numbers and directions are those of the other vantage. */
  *gather(flow: FlowRecord, as: Translation, slices: Slices): Generator<void, void> {
    this.count = 0;
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

  #read(from: number, below: number, { isSwapped, seqShift }: Translation): void {
    const index = this.#packets;
    const { packets, times, seqs, acks, payloads, forms, digests } = this;
    const [ofClient, ofServer] = seqShift;
    const turn = isSwapped ? 1 : 0;
    for (let at = from; at < below; at++) {
      const packet = packets[at] as PacketNumber;
      const chunk = index.chunk(packet);
      const row = rowOf(packet);
      const allFlags = chunk.flags[row];
      const flags = allFlags & TCP_FLAGS_MASK;
      const direction = chunk.flow[row] & 1;
      const hasAck = (flags & TCP_ACK) !== 0;
      times[at] = chunk.time[row];
      seqs[at] = chunk.seq[row] + (direction === 0 ? ofClient : ofServer);
      acks[at] = chunk.ack[row] + (hasAck ? (direction === 0 ? ofServer : ofClient) : 0);
      payloads[at] = chunk.payload[row];
      digests[at] = chunk.optionDigest[row];
      // An ICMP error has no TCP flags: for all others this column need not come to the cache.
      const quote = flags === 0 && (chunk.marks[row] & MARK_ICMP) !== 0 ? FORM_QUOTE : 0;
      const stamped = (allFlags & FLAG_TIMESTAMPS) !== 0 ? FORM_TIMESTAMPS : 0;
      forms[at] = flags | ((direction ^ turn) === 0 ? 0 : FORM_SERVER) | quote | stamped;
    }
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
  }
}
