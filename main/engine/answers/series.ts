/**
 * What one side of a connection sent and the other said to it, over time, folded to as many columns as somebody has pixels.
 *
 * The whole flow is walked for each answer, because what is in flight at a moment hangs on all that came before. That is a
 * pass over columns of the index in slices, so that other calls get their turn.
 *
 * Invariants
 * - `#end` is one past the highest byte sent, `#acked` the highest acknowledgement, both unrolled: they only grow, past 4 GiB, too.
 * - A value belongs to the column of its packet's time; of a column nothing is kept but its smallest and largest.
 */
import { seqDelta } from '../../../shared/base/seq.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { Series } from '../../../shared/columns/series.ts';
import { makeSeries } from '../../../shared/columns/series.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_ACK,
  MARK_DUPLICATE_CAPTURE,
  MARK_ICMP,
  MARK_KEEP_ALIVE,
  MARK_SACK,
  MARK_ZERO_WINDOW_PROBE,
} from '../flow/marks.ts';
import { LIMITS } from '../limits.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { Breathe } from './ordering.ts';

export interface SeriesRange {
  readonly fromNs: number;
  /** Belongs to the range. */
  readonly toNs: number;
  readonly columns: number;
}

/** Whose data is looked at. */
export interface SeriesSide {
  readonly direction: 0 | 1;
  /** First sequence number seen of that side; null where it was not seen. */
  readonly base: number | null;
  /** Shift of the other side's windows. */
  readonly windowShift: number;
}

export interface FoldedSeries {
  readonly series: ReturnType<typeof makeSeries>;
  readonly most: { seq: number; window: number; flight: number; rttNs: number };
}

/** Packets between two breaths: about a millisecond's work. */
const SLICE = 8192;

export async function foldSeries(
  packets: PacketIndex,
  numbers: Uint32Array,
  side: SeriesSide,
  range: SeriesRange,
  breathe: Breathe,
): Promise<FoldedSeries> {
  const fold = new SeriesFold(packets, side, range);
  for (let i = 0; i < numbers.length; i++) {
    const packet = numbers[i] as PacketNumber;
    // It may have been let go between two breaths.
    if (packets.holds(packet)) fold.take(packet);
    if (i % SLICE === SLICE - 1) await breathe();
  }
  return { series: fold.series, most: fold.most };
}

class SeriesFold {
  readonly series: ReturnType<typeof makeSeries>;
  readonly most = { seq: 0, window: 0, flight: 0, rttNs: 0 };
  readonly #packets: PacketIndex;
  readonly #side: SeriesSide;
  readonly #range: SeriesRange;
  readonly #unacked = new UnackedSegments();
  /** The wire's number that `#end` stands for. */
  #raw: number | null;
  #end = 0;
  #acked = NaN;

  constructor(packets: PacketIndex, side: SeriesSide, range: SeriesRange) {
    this.#packets = packets;
    this.#side = side;
    this.#range = range;
    this.#raw = side.base;
    this.series = makeSeries(range.columns);
  }

  take(packet: PacketNumber): void {
    const packets = this.#packets;
    const marks = packets.marks(packet);
    if ((marks & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) !== 0) return;
    // What a reset says of its sender may be forged: it moves nothing here either.
    if ((packets.flags(packet) & TCP_RST) !== 0) return;
    const column = this.#column(packets.time(packet));
    if (packets.direction(packet) === this.#side.direction) this.#sent(packet, marks, column);
    else this.#answered(packet, marks, column);
  }

  /** −1 outside of the range. */
  #column(timeNs: number): number {
    const { fromNs, toNs, columns } = this.#range;
    if (timeNs < fromNs || timeNs > toNs) return -1;
    return Math.min(columns - 1, Math.floor(((timeNs - fromNs) / Math.max(1, toNs - fromNs)) * columns));
  }

  /** A number of the wire as one that goes on past 4 GiB: the one nearest to the highest byte sent. */
  #unroll(seq: number): number {
    this.#raw ??= seq;
    return this.#end + seqDelta(seq, this.#raw);
  }

  #sent(packet: PacketNumber, marks: number, column: number): void {
    const packets = this.#packets;
    const flags = packets.flags(packet);
    const payload = packets.payload(packet);
    const consumed = payload + ((flags & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0);
    if (consumed === 0 || (marks & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) !== 0) return;
    const seq = packets.seq(packet);
    const low = this.#unroll(seq);
    const high = low + consumed;
    const isAgain = (marks & MARK_ANY_RETRANSMISSION) !== 0;
    if (isAgain) this.#unacked.forget(low);
    else this.#unacked.add(low, high, packets.time(packet));
    if (high > this.#end) {
      this.#raw = (seq + consumed) | 0;
      this.#end = high;
    }
    this.most.seq = Math.max(this.most.seq, high);
    const flight = this.#flight();
    if (column < 0) return;
    const { series } = this;
    if (isAgain) widen(series.againLow, series.againHigh, column, low, high);
    else widen(series.sentLow, series.sentHigh, column, low, high);
    series.bytes[column] += payload;
    widen(series.flightLow, series.flightHigh, column, flight, flight);
  }

  #answered(packet: PacketNumber, marks: number, column: number): void {
    const packets = this.#packets;
    const flags = packets.flags(packet);
    if ((flags & TCP_ACK) === 0) return;
    const ack = this.#unroll(packets.ack(packet));
    // Windows of a segment with SYN are never shifted (RFC 7323 §2.2).
    const shift = (flags & TCP_SYN) === 0 ? this.#side.windowShift : 0;
    const window = packets.window(packet) * 2 ** shift;
    if (!(ack <= this.#acked)) this.#acked = ack;
    this.most.window = Math.max(this.most.window, window);
    this.most.seq = Math.max(this.most.seq, ack);
    const rtt = this.#unacked.acknowledge(ack, packets.time(packet));
    this.most.rttNs = Math.max(this.most.rttNs, rtt);
    const flight = this.#flight();
    if (column < 0) return;
    const { series } = this;
    widen(series.ackLow, series.ackHigh, column, this.#acked, this.#acked);
    widen(series.edgeLow, series.edgeHigh, column, ack + window, ack + window);
    widen(series.windowLow, series.windowHigh, column, window, window);
    widen(series.flightLow, series.flightHigh, column, flight, flight);
    if (rtt >= 0) widen(series.rttLow, series.rttHigh, column, rtt, rtt);
    if ((marks & MARK_SACK) !== 0) series.sacks[column]++;
    if ((marks & MARK_DUPLICATE_ACK) !== 0) series.duplicates[column]++;
  }

  #flight(): number {
    const flight = Number.isNaN(this.#acked) ? this.#end : Math.max(0, this.#end - this.#acked);
    this.most.flight = Math.max(this.most.flight, flight);
    return flight;
  }
}

function widen(
  lows: Series['ackLow'],
  highs: Series['ackLow'],
  column: number,
  low: number,
  high: number,
): void {
  if (!(lows[column] <= low)) lows[column] = low;
  if (!(highs[column] >= high)) highs[column] = high;
}

/**
 * Segments that wait for their acknowledgement, oldest first, for the round trip. One that was sent again tells none, for
 * nobody knows which of the two is acknowledged (Karn's algorithm, RFC 6298 §3).
 */
class UnackedSegments {
  readonly #segments: {
    readonly low: number;
    readonly high: number;
    readonly timeNs: number;
    isAgain: boolean;
  }[] = [];
  #first = 0;

  add(low: number, high: number, timeNs: number): void {
    if (this.#segments.length - this.#first >= LIMITS.maxUnackedSegments) this.#first++;
    this.#segments.push({ low, high, timeNs, isAgain: false });
    this.#drop();
  }

  /** From here on nothing that was sent before is timed by what acknowledges it and a repetition. */
  forget(low: number): void {
    for (let i = this.#first; i < this.#segments.length; i++) {
      const segment = this.#segments[i];
      if (segment.low <= low && low < segment.high) segment.isAgain = true;
    }
  }

  /** @returns ns since the newest segment that is acknowledged by this for the first time; −1 where that tells nothing */
  acknowledge(ack: number, timeNs: number): number {
    let rtt = -1;
    let isHeldBack = false;
    while (this.#first < this.#segments.length && this.#segments[this.#first].high <= ack) {
      const segment = this.#segments[this.#first++];
      // What was lost holds the acknowledgement of all that was sent after it back, too.
      isHeldBack ||= segment.isAgain;
      rtt = timeNs - segment.timeNs;
    }
    this.#drop();
    return isHeldBack ? -1 : rtt;
  }

  #drop(): void {
    if (this.#first < 1024 || this.#first * 2 < this.#segments.length) return;
    this.#segments.splice(0, this.#first);
    this.#first = 0;
  }
}
