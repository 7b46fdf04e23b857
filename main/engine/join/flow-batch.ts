/**
 * The packets of many flows, read in one pass over the packet index and laid out flow by flow.
 *
 * A flow's packets lie scattered over the index: following its chain waits for memory at each packet and column, which was half of what
 * joining took. One pass in the index's order reads every column as it lies, and writes each packet to one place.
 *
 * Memory is bounded: flows come in batches, as they began, and a batch has a share of all packets at most. So many passes are made over
 * the part of the index that the flows of a batch span. A flow larger than a batch is left to its chain, which is dense then.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { CHUNK_PACKETS, chunkOf, rowOf } from '../store/packet-index.ts';
import type { FlowPair } from './pair-book.ts';
import { SLICE, type Slices } from './slices.ts';

/** A batch has this many packets at least, … */
const LEAST_PACKETS = 1 << 18;
/** … and of many packets such a share: 2.5 bytes for each. */
const BATCHES = 16;

// One row, 40 bytes: the time, then words.
export const ROW_WORDS = 10;
export const ROW_DOUBLES = 5;
export const PACKET = 2;
export const SEQ = 3;
export const ACK = 4;
export const PAYLOAD = 5;
/** Flags and FLAG_*, option digest << 16. */
export const OPTIONS = 6;
/** Window, IP-ID << 16. */
export const HEADER = 7;
/** Marks, TTL << 16, TOS << 24. */
export const PATH = 8;
export const DIRECTION = 9;

const ABSENT = -1;

export class FlowBatch {
  words = new Uint32Array(0);
  /** The same memory. */
  times = new Float64Array(0);
  readonly #index: PacketIndex;
  readonly #least: number;
  /** By flow: packets, and the numbers of the first and last of them. */
  #counts = new Uint32Array(0);
  #firsts = new Uint32Array(0);
  #lasts = new Uint32Array(0);
  /** By flow: the row after those that were written; ABSENT where the flow is none of the batch. */
  #ends = new Int32Array(0);
  #flows: FlowRecord[] = [];
  #most = 0;

  /** @param least packets that a batch may have in any case */
  constructor(index: PacketIndex, least = LEAST_PACKETS) {
    this.#index = index;
    this.#least = least;
  }

  /** Counts the packets of all flows. @param flows records that there are */
  *begin(flows: number, slices: Slices): Generator<void, void> {
    this.#counts = new Uint32Array(flows);
    this.#firsts = new Uint32Array(flows);
    this.#lasts = new Uint32Array(flows);
    this.#ends = new Int32Array(flows).fill(ABSENT);
    this.#most = Math.max(this.#least, Math.ceil(this.#index.count / BATCHES));
    const index = this.#index;
    for (const [from, below] of this.#ranges(index.oldest, index.next)) {
      this.#countIn(from, below);
      if (slices.spend((below - from) >> 2)) yield;
    }
  }

  /** Lets go of all. */
  clear(): void {
    this.words = new Uint32Array(0);
    this.times = new Float64Array(0);
    this.#counts = this.#firsts = this.#lasts = new Uint32Array(0);
    this.#ends = new Int32Array(0);
    this.#flows = [];
  }

  has(flow: FlowRecord): boolean {
    return flow < this.#ends.length && this.#ends[flow] !== ABSENT;
  }

  /** Rows of a flow that it has, in capture order. */
  rowsOf(flow: FlowRecord): { readonly from: number; readonly count: number } {
    const count = this.#counts[flow];
    return { from: this.#ends[flow] - count, count };
  }

  /**
   * Reads the flows of pairs from one on instead of those it had.
   * @returns the pair after the last that was read
   */
  *read(pairs: readonly FlowPair[], start: number, slices: Slices): Generator<void, number> {
    for (const flow of this.#flows) this.#ends[flow] = ABSENT;
    this.#flows = [];
    let rows = 0;
    let at = start;
    const ours = new Span();
    const theirs = new Span();
    for (; at < pairs.length; at++) {
      const { first, second } = pairs[at];
      const size = this.#counts[first] + this.#counts[second];
      if (size > this.#most) continue;
      if (rows + size > this.#most) break;
      rows = this.#place(second, this.#place(first, rows, ours), theirs);
    }
    this.#reserve(rows);
    for (const span of Span.apart(ours, theirs)) {
      for (const [from, below] of this.#ranges(span.first, span.last + 1)) {
        this.#readIn(from, below);
        if (slices.spend(below - from)) yield;
      }
    }
    return at;
  }

  /** Gives a flow its rows. */
  #place(flow: FlowRecord, rows: number, span: Span): number {
    if (this.#ends[flow] !== ABSENT || this.#counts[flow] === 0) return rows;
    this.#flows.push(flow);
    this.#ends[flow] = rows;
    span.add(this.#firsts[flow], this.#lasts[flow]);
    return rows + this.#counts[flow];
  }

  #reserve(rows: number): void {
    if (rows * ROW_WORDS <= this.words.length) return;
    const memory = new ArrayBuffer(4 * ROW_WORDS * Math.min(this.#most, Math.max(1024, 2 * rows)));
    this.words = new Uint32Array(memory);
    this.times = new Float64Array(memory);
  }

  /** Numbers from `first` to before `below` that are packets, in parts that lie in one chunk each. */
  *#ranges(first: number, below: number): Generator<readonly [PacketNumber, PacketNumber]> {
    for (let begin = first - rowOf(first as PacketNumber); begin < below; begin += CHUNK_PACKETS) {
      const end = Math.min(below, begin + this.#index.usedOf(chunkOf(begin as PacketNumber)));
      for (let from = Math.max(first, begin); from < end; from += SLICE)
        yield [from as PacketNumber, Math.min(end, from + SLICE) as PacketNumber];
    }
  }

  #countIn(from: PacketNumber, below: PacketNumber): void {
    const { flow } = this.#index.chunk(from);
    const counts = this.#counts;
    const base = from - rowOf(from);
    for (let packet: number = from; packet < below; packet++) {
      const own = flow[packet - base] >>> 1;
      if (own >= counts.length) continue;
      if (counts[own]++ === 0) this.#firsts[own] = packet;
      this.#lasts[own] = packet;
    }
  }

  #readIn(from: PacketNumber, below: PacketNumber): void {
    const chunk = this.#index.chunk(from);
    const { flow, seq, ack, flags, window, ipId, marks } = chunk;
    const ends = this.#ends;
    const { words, times } = this;
    const base = from - rowOf(from);
    for (let row = from - base; row < below - base; row++) {
      const own = flow[row] >>> 1;
      if (own >= ends.length || ends[own] === ABSENT) continue;
      const at = ends[own]++;
      const word = at * ROW_WORDS;
      times[at * ROW_DOUBLES] = chunk.timeAt(row);
      words[word + PACKET] = base + row;
      words[word + SEQ] = seq[row];
      words[word + ACK] = ack[row];
      words[word + PAYLOAD] = chunk.payloadBytesAt(row);
      words[word + OPTIONS] = flags[row] | (chunk.digestAt(row) << 16);
      words[word + HEADER] = window[row] | (ipId[row] << 16);
      words[word + PATH] = marks[row] | (chunk.ttlAt(row) << 16) | (chunk.tosAt(row) << 24);
      words[word + DIRECTION] = flow[row] & 1;
    }
  }
}

/** The packet numbers between which flows lie. */
class Span {
  first = Infinity;
  last = -1;

  add(first: number, last: number): void {
    this.first = Math.min(this.first, first);
    this.last = Math.max(this.last, last);
  }

  /** Two spans, or the one that they make where they overlap: no packet may be read twice. */
  static apart(one: Span, other: Span): readonly Span[] {
    const spans = [one, other].filter(({ last }) => last >= 0);
    if (spans.length < 2 || one.last < other.first || other.last < one.first) return spans;
    const whole = new Span();
    for (const { first, last } of spans) whole.add(first, last);
    return [whole];
  }
}
