/**
 * What matched packets say of two clocks, collected in one pass and in little memory.
 *
 * A packet that passes the first vantage and then the second was stamped there later by the clocks' offset and its transit, so
 * that the difference of its stamps is never below the offset; that of a packet the other way is never above it. Of many packets in
 * a row only those matter that come nearest to the offset: each slot of packets keeps the least difference of those that went there, and
 * the greatest of those that came back, with the exact time of either.
 *
 * Slots follow the first vantage's capture order and not its time: a clock that was set back passes the same times twice.
 */

/** There are few at first: most pairs of captures have few packets in common. */
const FEWEST_SLOTS = 64;
const MOST_SLOTS = 4096;

/** A bound of the offset: the first vantage's time, and the second's less that. */
export interface ClockPoint {
  /** Place in the first vantage's capture order. */
  readonly at: number;
  readonly timeNs: number;
  readonly differenceNs: number;
}

/** The least or the greatest differences of one way. */
class Extremes {
  readonly at: Float64Array;
  readonly time: Float64Array;
  readonly difference: Float64Array;
  /** 1 keeps the least, −1 the greatest. */
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1, slots: number) {
    this.#sign = sign;
    this.at = new Float64Array(slots);
    this.time = new Float64Array(slots);
    this.difference = new Float64Array(slots).fill(sign * Infinity);
  }

  add(slot: number, at: number, timeNs: number, differenceNs: number): void {
    if ((differenceNs - this.difference[slot]) * this.#sign >= 0) return;
    this.at[slot] = at;
    this.time[slot] = timeNs;
    this.difference[slot] = differenceNs;
  }

  /** Enters all anew, each into the one of so many slots that `slotOf` gives it. */
  moved(slots: number, slotOf: (at: number) => number): Extremes {
    const all = new Extremes(this.#sign, slots);
    for (const point of this.points()) all.add(slotOf(point.at), point.at, point.timeNs, point.differenceNs);
    return all;
  }

  points(): ClockPoint[] {
    const points: ClockPoint[] = [];
    for (let slot = 0; slot < this.difference.length; slot++) {
      const differenceNs = this.difference[slot];
      if (Number.isFinite(differenceNs)) {
        points.push({ at: this.at[slot], timeNs: this.time[slot], differenceNs });
      }
    }
    return points;
  }
}

export class ClockPoints {
  /** Packets of either way. */
  there = 0;
  back = 0;
  /** The least differences of what went there, and the greatest of what came back. */
  #above = new Extremes(1, FEWEST_SLOTS);
  #below = new Extremes(-1, FEWEST_SLOTS);
  #slots = FEWEST_SLOTS;
  /** Packets of the capture order that share a slot; the slots begin at `#first`, a multiple of it. */
  #width = 1;
  #first = 0;
  #last = -1;

  /**
   * @param at the packet's place in the capture order of the first vantage
   * @param isThere whether it went from the first vantage to the second
   */
  add(at: number, firstNs: number, secondNs: number, isThere: boolean): void {
    if (this.#last < 0) this.#first = this.#last = at;
    if (at < this.#first || at >= this.#first + this.#slots * this.#width) this.#makeRoom(at);
    if (at > this.#last) this.#last = at;
    if (isThere) this.there++;
    else this.back++;
    const way = isThere ? this.#above : this.#below;
    way.add(Math.floor((at - this.#first) / this.#width), at, firstNs, secondNs - firstNs);
  }

  #makeRoom(at: number): void {
    const low = Math.min(at, this.#first);
    const high = Math.max(at, this.#last);
    while (high >= Math.floor(low / this.#width) * this.#width + this.#slots * this.#width) {
      if (this.#slots < MOST_SLOTS) this.#slots *= 2;
      else this.#width *= 2;
    }
    this.#first = Math.floor(low / this.#width) * this.#width;
    const slotOf = (place: number): number => Math.floor((place - this.#first) / this.#width);
    this.#above = this.#above.moved(this.#slots, slotOf);
    this.#below = this.#below.moved(this.#slots, slotOf);
  }

  /** What bounds the offset from above, in capture order. */
  above(): ClockPoint[] {
    return this.#above.points();
  }

  below(): ClockPoint[] {
    return this.#below.points();
  }
}
