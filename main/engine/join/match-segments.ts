/**
 * Data that came in other segments: a capture on the sending or receiving machine itself sees what its network card is yet to cut, or
 * has put together already (TSO, GRO); a device on the way may do the same. Packets are then matched by the bytes that they carry.
 */
import { TCP_FIN, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import { type FlowPackets, directionOf } from './flow-packets.ts';
import type { Passing } from './passing.ts';
import type { Slices } from './slices.ts';

/** Packets that are looked at for one that holds a certain byte. */
const MOST_CANDIDATES = 64;

const BURST = 4096;

export class SegmentMatcher {
  readonly #ofA = new ByteRanges();
  readonly #ofB = new ByteRanges();

  /** Matches what is left of one direction. Numbers of both flows are those of the second. */
  *match(
    first: Side,
    second: Side,
    direction: 0 | 1,
    passing: Passing,
    slices: Slices,
  ): Generator<void, void> {
    const ours = this.#ofA;
    const theirs = this.#ofB;
    const [ofA, ofB] = [first.counterparts, second.counterparts];
    if (first.flow.count === 0) return;
    // Numbers count from one that both know, so that they mean the same beyond 2 GiB as well.
    const origin = first.flow.seqs[Math.max(0, passing.first)];
    yield* ours.build(first, direction, origin, slices);
    if (ours.count === 0) return;
    yield* theirs.build(second, direction, origin, slices);
    if (theirs.count === 0) return;
    for (let i = 0; i < ours.count; i += BURST) {
      const below = Math.min(ours.count, i + BURST);
      for (let at = i; at < below; at++) {
        const packet = ours.packets[at];
        const found = theirs.holding(ours.starts[at], ours.ends[at], (other) => passing.lag(packet, other));
        if (found !== -1) ofA[packet] = found;
      }
      if (slices.spend(8 * (below - i))) yield;
    }
    for (let i = 0; i < theirs.count; i += BURST) {
      const below = Math.min(theirs.count, i + BURST);
      for (let at = i; at < below; at++) {
        const packet = theirs.packets[at];
        const found = ours.holding(theirs.starts[at], theirs.ends[at], (other) => passing.lag(other, packet));
        if (found !== -1) ofB[packet] = found;
      }
      if (slices.spend(8 * (below - i))) yield;
    }
  }
}

/** Packets of one direction by the bytes that they carry. */
class ByteRanges {
  count = 0;
  /** By their first byte, then in capture order. */
  packets = new Int32Array(0);
  /** First byte, and one past the last, as numbers that do not wrap. */
  starts = new Float64Array(0);
  ends = new Float64Array(0);
  #longest = 0;

  *build(
    { flow, counterparts }: Side,
    direction: 0 | 1,
    origin: number,
    slices: Slices,
  ): Generator<void, void> {
    this.count = 0;
    this.#longest = 0;
    const kept: Range[] = [];
    const late: Range[] = [];
    const { seqs, forms, payloads } = flow;
    let newest = origin;
    let position = 0;
    let most = -Infinity;
    for (let at = 0; at < flow.count; at++) {
      if (slices.spend(1)) yield;
      const form = forms[at];
      if (directionOf(form) !== direction || counterparts[at] < -1 || (form & (TCP_SYN | TCP_RST)) !== 0)
        continue;
      const length = payloads[at] + ((form & TCP_FIN) === 0 ? 0 : 1);
      if (length === 0) continue;
      position += (seqs[at] - newest) | 0;
      newest = seqs[at];
      if (counterparts[at] !== -1) continue;
      const range = { packet: at, start: position, end: position + length };
      this.#longest = Math.max(this.#longest, length);
      if (position >= most) {
        kept.push(range);
        most = position;
      } else {
        late.push(range);
      }
    }
    late.sort((one, other) => one.start - other.start || one.packet - other.packet);
    this.#merge(kept, late);
  }

  #merge(kept: readonly Range[], late: readonly Range[]): void {
    const count = kept.length + late.length;
    if (count > this.packets.length) {
      const size = Math.max(256, 2 ** Math.ceil(Math.log2(count)));
      this.packets = new Int32Array(size);
      this.starts = new Float64Array(size);
      this.ends = new Float64Array(size);
    }
    let i = 0;
    let k = 0;
    while (this.count < count) {
      const isLate = i === kept.length || (k < late.length && isBefore(late[k], kept[i]));
      const { packet, start, end } = isLate ? late[k++] : kept[i++];
      this.packets[this.count] = packet;
      this.starts[this.count] = start;
      this.ends[this.count++] = end;
    }
  }

  /** The packet with the byte at `start`, else with any below `end`, that has the least lag; −1 where every lag is infinite. */
  holding(start: number, end: number, lag: (packet: number) => number): number {
    const after = this.#firstAfter(start);
    let found = -1;
    let least = Infinity;
    let left = MOST_CANDIDATES;
    for (let at = after - 1; at >= 0 && left > 0 && this.starts[at] > start - this.#longest; at--, left--) {
      if (this.ends[at] <= start) continue;
      // The very same bytes are no other segments: such a packet was found not to be this one.
      if (this.starts[at] === start && this.ends[at] === end) continue;
      const lagging = lag(this.packets[at]);
      if (lagging >= least) continue;
      least = lagging;
      found = this.packets[at];
    }
    for (let at = after; found === -1 && at < this.count && left > 0 && this.starts[at] < end; at++, left--) {
      if (lag(this.packets[at]) < Infinity) found = this.packets[at];
    }
    return found;
  }

  /** Index of the first range that starts after a byte. */
  #firstAfter(start: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A flow with what was found for its packets: −1 for nothing yet. */
export interface Side {
  readonly flow: FlowPackets;
  readonly counterparts: Int32Array;
}

interface Range {
  readonly packet: number;
  readonly start: number;
  readonly end: number;
}

function isBefore(one: Range, other: Range): boolean {
  return one.start < other.start || (one.start === other.start && one.packet < other.packet);
}
