/**
 * What matched packets say of two clocks, collected in one pass and in little memory.
 *
 * A packet that passes the first vantage and then the second was stamped there later by the clocks' offset and its transit, so
 * that the difference of its stamps is never below the offset; that of a packet the other way is never above it. Of many packets in
 * a row only those matter that come nearest to the offset: each slot of packets keeps its least and its greatest difference, with the
 * exact time of either.
 *
 * Slots follow the first vantage's capture order and not its time: a clock that was set back passes the same times twice.
 */

const SLOTS = 4096;

/** A bound of the offset: the first vantage's time, and the second's less that. */
export interface ClockPoint {
  /** Place in the first vantage's capture order. */
  readonly at: number;
  readonly timeNs: number;
  readonly differenceNs: number;
}

/** The least or the greatest differences of one way. */
class Extremes {
  readonly at = new Float64Array(SLOTS);
  readonly time = new Float64Array(SLOTS);
  readonly difference: Float64Array;
  /** 1 keeps the least, −1 the greatest. */
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
    this.difference = new Float64Array(SLOTS).fill(sign * Infinity);
  }

  add(slot: number, at: number, timeNs: number, differenceNs: number): void {
    if ((differenceNs - this.difference[slot]) * this.#sign >= 0) return;
    this.at[slot] = at;
    this.time[slot] = timeNs;
    this.difference[slot] = differenceNs;
  }

  /** Enters all anew, each into the slot that `slotOf` gives it. */
  moved(slotOf: (at: number) => number): Extremes {
    const all = new Extremes(this.#sign);
    for (const point of this.points()) all.add(slotOf(point.at), point.at, point.timeNs, point.differenceNs);
    return all;
  }

  points(): ClockPoint[] {
    const points: ClockPoint[] = [];
    for (let slot = 0; slot < SLOTS; slot++) {
      const differenceNs = this.difference[slot];
      if (Number.isFinite(differenceNs)) {
        points.push({ at: this.at[slot], timeNs: this.time[slot], differenceNs });
      }
    }
    return points;
  }
}

/** Packets of one way between the vantages. */
class Way {
  count = 0;
  least = new Extremes(1);
  greatest = new Extremes(-1);

  add(slot: number, at: number, timeNs: number, differenceNs: number): void {
    this.count++;
    this.least.add(slot, at, timeNs, differenceNs);
    this.greatest.add(slot, at, timeNs, differenceNs);
  }

  move(slotOf: (at: number) => number): void {
    this.least = this.least.moved(slotOf);
    this.greatest = this.greatest.moved(slotOf);
  }
}

export class ClockPoints {
  readonly #there = new Way();
  readonly #back = new Way();
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
    if (at < this.#first || at >= this.#first + SLOTS * this.#width) this.#makeRoom(at);
    if (at > this.#last) this.#last = at;
    const way = isThere ? this.#there : this.#back;
    way.add(Math.floor((at - this.#first) / this.#width), at, firstNs, secondNs - firstNs);
  }

  #makeRoom(at: number): void {
    const low = Math.min(at, this.#first);
    const high = Math.max(at, this.#last);
    while (high >= Math.floor(low / this.#width) * this.#width + SLOTS * this.#width) this.#width *= 2;
    this.#first = Math.floor(low / this.#width) * this.#width;
    const slotOf = (place: number): number => Math.floor((place - this.#first) / this.#width);
    this.#there.move(slotOf);
    this.#back.move(slotOf);
  }

  /** Packets of both ways. */
  get there(): number {
    return this.#there.count;
  }

  get back(): number {
    return this.#back.count;
  }

  /** What bounds the offset from above, in capture order. */
  above(): ClockPoint[] {
    return this.#there.least.points();
  }

  below(): ClockPoint[] {
    return this.#back.greatest.points();
  }

  /** The same with the ways exchanged: what is there to say if the vantages stood the other way round. */
  aboveIfTurned(): ClockPoint[] {
    return this.#back.least.points();
  }

  belowIfTurned(): ClockPoint[] {
    return this.#there.greatest.points();
  }
}
