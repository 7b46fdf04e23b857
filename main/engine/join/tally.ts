/** Counts what a pair of flows has in common, and what got lost between them or in either capture. */
import { TCP_RST } from '../decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE } from '../flow/marks.ts';
import { changesBetween } from './changes.ts';
import { type FlowPackets, directionOf, isQuote } from './flow-packets.ts';
import type { PacketMatcher } from './match-packets.ts';
import { SLICE, type Slices } from './slices.ts';
import { takenOver, type VantagePackets } from './taken-over.ts';

/** When a vantage captured, on its own clock. */
export interface Coverage {
  readonly firstNs: number;
  readonly lastNs: number;
}

/** Packets of one direction: at both vantages, only at the first, only at the second. */
export type Counts = [both: number, onlyFirst: number, onlySecond: number];

export class Tally {
  matched = 0;
  onlyFirst = 0;
  onlySecond = 0;
  /** Of those that were matched: packets with one and the same time at both. */
  sameTimes = 0;
  changed = 0;
  /** CHANGED bits of packets. */
  changes = 0;
  /** By direction of the second flow, resets left out, in the time that both vantages captured. */
  readonly passed: readonly [Counts, Counts] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  #least = 0;
  #most = 0;

  /** Of what the matcher found last. */
  *count(matcher: PacketMatcher, first: Coverage, second: Coverage, slices: Slices): Generator<void, void> {
    this.matched = this.onlyFirst = this.onlySecond = this.changed = this.changes = this.sameTimes = 0;
    for (const counts of this.passed) counts.fill(0);
    const { a, b } = matcher;
    const { ofOurs, ofTheirs } = matcher.found;
    this.#least = Infinity;
    this.#most = -Infinity;
    for (let at = 0; at < a.count; at += SLICE) {
      const below = Math.min(a.count, at + SLICE);
      this.#countMatched(a, b, ofOurs, ofTheirs, at, below);
      if (slices.spend(below - at)) yield;
    }
    if (this.matched === a.count && this.matched === b.count) return;
    const [belowA, belowB] = takenOver(this.#asVantage(a, ofOurs), this.#asVantage(b, ofTheirs));
    const [least, most] = [this.#least, this.#most];
    this.onlyFirst = yield* this.#countAlone(a, ofOurs, second, [least, most], [1, belowA], slices);
    this.onlySecond = yield* this.#countAlone(b, ofTheirs, first, [-most, -least], [2, belowB], slices);
  }

  #countMatched(
    a: FlowPackets,
    b: FlowPackets,
    ofOurs: Int32Array,
    ofTheirs: Int32Array,
    from: number,
    below: number,
  ): void {
    for (let at = from; at < below; at++) {
      const other = ofOurs[at];
      if (other < 0) continue;
      // A copy of a packet that is counted.
      if (ofTheirs[other] !== at && a.payloads[at] === b.payloads[other]) continue;
      this.matched++;
      const form = a.forms[at];
      if ((form & TCP_RST) === 0) this.passed[directionOf(form)][0]++;
      const difference = b.times[other] - a.times[at];
      if (difference === 0) this.sameTimes++;
      if (difference < this.#least) this.#least = difference;
      if (difference > this.#most) this.#most = difference;
      const changes = changesBetween(a, at, b, other);
      if (changes === 0) continue;
      this.changed++;
      this.changes |= changes;
    }
  }

  #asVantage(flow: FlowPackets, counterparts: Int32Array): VantagePackets {
    return {
      count: flow.count,
      counterparts,
      isReset: (at) => {
        const form = flow.forms[at];
        if ((form & TCP_RST) === 0 || isQuote(form)) return false;
        return (flow.marks[at] & MARK_DUPLICATE_CAPTURE) === 0;
      },
      direction: (at) => directionOf(flow.forms[at]),
    };
  }

  /**
   * @param differences the least and the most that the other vantage's times differ from this one's
   * @param as what of `passed` they are counted as, and the index from which on none is
   */
  *#countAlone(
    flow: FlowPackets,
    counterparts: Int32Array,
    other: Coverage,
    [least, most]: readonly [number, number],
    [kind, below]: readonly [1 | 2, number],
    slices: Slices,
  ): Generator<void, number> {
    let alone = 0;
    // What would have come to the other vantage near the ends of its capture may have missed it.
    const margin = most - least;
    const from = other.firstNs - least + margin;
    const to = other.lastNs - most - margin;
    for (let at = 0; at < flow.count; at++) {
      if (slices.spend(1)) yield;
      if (counterparts[at] >= 0 || isQuote(flow.forms[at])) continue;
      if ((flow.marks[at] & MARK_DUPLICATE_CAPTURE) !== 0) continue;
      alone++;
      const time = flow.times[at];
      const isReset = (flow.forms[at] & TCP_RST) !== 0;
      if (!isReset && at < below && time >= from && time <= to)
        this.passed[directionOf(flow.forms[at])][kind]++;
    }
    return alone;
  }
}
