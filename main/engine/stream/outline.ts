/**
 * The order in which a connection's bytes could be handed to the applications, both directions interleaved: which packet brought which bytes,
 * and what is missing. It is made of the packet index alone; nothing is read.
 *
 * Whatever arrived first stays, as in `StreamAssembler` with the policy `first`; what came again is kept beside it for comparison. Bytes
 * behind a hole wait until it is filled, as in a receiver. A hole that is never filled is passed as soon as something lies behind it:
 * else one lost packet would hold everything up to the end.
 *
 * Invariants
 * - Pieces of one direction follow each other without a hole or an overlap, so that its offsets are their running sum.
 * - `#place[i]` is the sum of the lengths of all pieces before i.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { seqAdd, seqDelta } from '../../../shared/base/seq.ts';
import { LIMITS } from '../limits.ts';
import { RangeUnion } from './range-union.ts';

/** No window reaches farther (RFC 7323 §2.3): a segment beyond it is not of this stream. */
const MAX_WINDOW = 2 ** 30;
const CIRCLE = 2 ** 32;

/** In place of a packet, for a hole. */
export const NO_PACKET_OF_GAP = 0xffff_ffff;

/** A run of bytes of one direction. */
export interface OutlinePiece {
  readonly direction: 0 | 1;
  /** Bytes from the begin of its direction. */
  readonly offset: number;
  /** Bytes from the begin of both directions together. */
  readonly place: number;
  readonly length: number;
  /** NO_PACKET_OF_GAP where nothing brought it. */
  readonly packet: number;
  /** Where the bytes begin in that packet's payload. */
  readonly at: number;
}

/** A part of a packet that repeats bytes of an earlier one. */
export interface Repeat {
  readonly direction: 0 | 1;
  readonly offset: number;
  readonly length: number;
  readonly packet: number;
  readonly at: number;
}

interface Arrival {
  readonly offset: number;
  readonly length: number;
  readonly packet: number;
  readonly at: number;
}

/** One direction while packets come. */
class Direction {
  readonly seen = new RangeUnion();
  /** Pieces that bring something new, in the order of their packets. */
  readonly arrivals: Arrival[] = [];
  readonly #initialSeq: number | null;
  end = 0;
  repeated = 0;

  /** @param initialSeq of the first byte; null for datagrams, which have none */
  constructor(initialSeq: number | null) {
    this.#initialSeq = initialSeq;
  }

  /** The offset nearest to the highest one that `seq` can mean. */
  offsetOf(seq: number): number {
    if (this.#initialSeq === null) return this.end;
    return this.end + seqDelta(seq, seqAdd(this.#initialSeq, this.end % CIRCLE));
  }
}

export class OutlineMaker {
  readonly #directions: readonly [Direction, Direction];
  readonly #repeats: Repeat[] = [];
  /** Direction of each arrival, in the order of packets, and marks (resets) before it. */
  readonly #order: (0 | 1)[] = [];
  readonly #marks: { readonly before: number; readonly packet: number }[] = [];
  #overLimit = 0;

  /** @param initialSeqs of the first byte of each direction; null for datagrams */
  constructor(initialSeqs: readonly [number, number] | null) {
    this.#directions = [new Direction(initialSeqs?.[0] ?? null), new Direction(initialSeqs?.[1] ?? null)];
  }

  /** @param seq of the segment's first payload byte */
  add(direction: 0 | 1, seq: number, length: number, packet: PacketNumber): void {
    const of = this.#directions[direction];
    const from = of.offsetOf(seq);
    const end = from + length;
    if (length <= 0 || end <= 0 || Math.abs(from - of.end) > MAX_WINDOW) return;
    // One byte before the highest is a keep-alive's, and its content means nothing (RFC 9293 §3.8.4).
    if (length === 1 && end === of.end) return;
    const start = Math.max(0, from);
    if (of.seen.size >= LIMITS.maxStreamIslands && start > of.end) {
      this.#overLimit += end - start;
      return;
    }
    let at = start;
    const known = (to: number): void => {
      if (to <= at) return;
      of.repeated += to - at;
      if (this.#repeats.length < LIMITS.maxReassemblySegments) {
        this.#repeats.push({ direction, offset: at, length: to - at, packet, at: at - from });
      }
    };
    of.seen.add(start, end, (freshFrom, freshTo) => {
      known(freshFrom);
      of.arrivals.push({
        offset: freshFrom,
        length: freshTo - freshFrom,
        packet,
        at: freshFrom - from,
      });
      this.#order.push(direction);
      at = freshTo;
    });
    known(end);
    of.end = Math.max(of.end, end);
  }

  /** A packet without bytes that has its place between them. */
  mark(packet: PacketNumber): void {
    this.#marks.push({ before: this.#order.length, packet });
  }

  /** The offset in a direction that a sequence number means. */
  offsetOf(direction: 0 | 1, seq: number): number {
    return this.#directions[direction].offsetOf(seq);
  }

  finish(): StreamOutline {
    const writers = this.#directions.map((of) => new Delivery(of)) as [Delivery, Delivery];
    const outline = new StreamOutline(
      this.#order.length + this.#directions[0].seen.size + this.#directions[1].seen.size,
      this.#repeats,
      [this.#directions[0].repeated, this.#directions[1].repeated],
      this.#overLimit,
    );
    let mark = 0;
    const markUpTo = (arrivals: number): void => {
      for (; mark < this.#marks.length && this.#marks[mark].before <= arrivals; mark++) {
        outline.mark(this.#marks[mark].packet);
      }
    };
    for (const [i, direction] of this.#order.entries()) {
      markUpTo(i);
      writers[direction].next(direction, outline);
    }
    markUpTo(this.#order.length);
    return outline;
  }
}

/** Hands one direction's arrivals on in the order of their offsets. */
class Delivery {
  readonly #arrivals: readonly Arrival[];
  /** Holes that stay, ascending; touching none of the ranges between them. */
  readonly #holes: readonly { readonly from: number; readonly to: number }[];
  readonly #waiting = new Map<number, Arrival>();
  #hole = 0;
  #arrived = 0;
  #delivered = 0;

  constructor(of: Direction) {
    this.#arrivals = of.arrivals;
    this.#holes = of.seen.holes();
  }

  /** The next arrival came. */
  next(direction: 0 | 1, outline: StreamOutline): void {
    const arrival = this.#arrivals[this.#arrived++];
    // Arrivals overlap nowhere, so that the offset alone says which one follows.
    this.#waiting.set(arrival.offset, arrival);
    for (;;) {
      const following = this.#waiting.get(this.#delivered);
      if (following !== undefined) {
        this.#waiting.delete(this.#delivered);
        outline.push(direction, following.offset, following.length, following.packet, following.at);
        this.#delivered += following.length;
        continue;
      }
      const hole = this.#holes.at(this.#hole);
      if (hole?.from !== this.#delivered || this.#waiting.size === 0) return;
      outline.push(direction, hole.from, hole.to - hole.from, NO_PACKET_OF_GAP, 0);
      this.#delivered = hole.to;
      this.#hole++;
    }
  }
}

export class StreamOutline {
  readonly repeats: readonly Repeat[];
  /** Bytes that came again, by direction. */
  readonly repeated: readonly [number, number];
  /** Bytes that were left out because there were too many islands of them. */
  readonly overLimit: number;
  readonly #direction: Uint8Array;
  readonly #offset: Float64Array;
  readonly #place: Float64Array;
  readonly #length: Float64Array;
  readonly #packet: Uint32Array;
  readonly #at: Uint32Array;
  readonly #ofDirection: readonly [number[], number[]] = [[], []];
  readonly #marks: { readonly packet: number; readonly places: readonly [number, number, number] }[] = [];
  count = 0;
  #total = 0;
  readonly #totals: [number, number] = [0, 0];
  readonly #missing: [number, number] = [0, 0];

  constructor(
    capacity: number,
    repeats: readonly Repeat[],
    repeated: readonly [number, number],
    overLimit: number,
  ) {
    this.repeats = repeats;
    this.repeated = repeated;
    this.overLimit = overLimit;
    this.#direction = new Uint8Array(capacity);
    this.#offset = new Float64Array(capacity);
    this.#place = new Float64Array(capacity);
    this.#length = new Float64Array(capacity);
    this.#packet = new Uint32Array(capacity);
    this.#at = new Uint32Array(capacity);
  }

  push(direction: 0 | 1, offset: number, length: number, packet: number, at: number): void {
    const i = this.count++;
    this.#direction[i] = direction;
    this.#offset[i] = offset;
    this.#place[i] = this.#total;
    this.#length[i] = length;
    this.#packet[i] = packet;
    this.#at[i] = at;
    this.#ofDirection[direction].push(i);
    this.#total += length;
    this.#totals[direction] += length;
    if (packet === NO_PACKET_OF_GAP) this.#missing[direction] += length;
  }

  mark(packet: number): void {
    this.#marks.push({ packet, places: [this.#totals[0], this.#totals[1], this.#total] });
  }

  /** Bytes of a direction, or of both. */
  total(side: 0 | 1 | null): number {
    return side === null ? this.#total : this.#totals[side];
  }

  missing(direction: 0 | 1): number {
    return this.#missing[direction];
  }

  /** Marks with their place among what is shown. */
  marks(side: 0 | 1 | null): readonly { readonly packet: number; readonly place: number }[] {
    return this.#marks.map(({ packet, places }) => ({ packet, place: places[side ?? 2] }));
  }

  /** Pieces that touch [from, to) of what is shown, in order. */
  *pieces(side: 0 | 1 | null, from: number, to: number): IterableIterator<OutlinePiece> {
    const indexes = side === null ? null : this.#ofDirection[side];
    const places = side === null ? this.#place : this.#offset;
    const count = indexes?.length ?? this.count;
    const indexOf = (k: number): number => indexes?.[k] ?? k;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const i = indexOf(middle);
      if (places[i] + this.#length[i] <= from) low = middle + 1;
      else high = middle;
    }
    for (let k = low; k < count; k++) {
      const piece = this.#piece(indexOf(k));
      if (places[indexOf(k)] >= to) return;
      yield piece;
    }
  }

  /** The piece with that byte of a direction. */
  pieceAt(direction: 0 | 1, offset: number): OutlinePiece | undefined {
    for (const piece of this.pieces(direction, offset, offset + 1)) return piece;
    return undefined;
  }

  /** The first piece that a packet brought; undefined where it brought nothing new. */
  pieceOf(packet: number): OutlinePiece | undefined {
    const i = this.#packet.subarray(0, this.count).indexOf(packet);
    return i < 0 ? undefined : this.#piece(i);
  }

  #piece(i: number): OutlinePiece {
    return {
      direction: this.#direction[i] === 0 ? 0 : 1,
      offset: this.#offset[i],
      place: this.#place[i],
      length: this.#length[i],
      packet: this.#packet[i],
      at: this.#at[i],
    };
  }
}
