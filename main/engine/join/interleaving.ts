/**
 * In which order packets of both directions have to be at two vantages. What the server sends comes by the vantage that is nearer to
 * it first: where it was at the client's vantage before a packet of the client, it was so at the other as well. This holds by the
 * order of the packets alone, whatever the clocks do.
 *
 * Which vantage is nearer to the client is told by the pairs that are sure: an answer takes longer to come where it has the longer
 * way, whatever the clocks show, as long as none is set between the two.
 */
import { type FlowPackets, directionOf } from './flow-packets.ts';

/** Of the answers, those that say the opposite: reordered packets, pairs that are wrong, a clock that was set. */
const MOST_CONTRADICTING = 0.1;
const FEWEST_ANSWERS = 2;
/** By so much longer an answer takes at least, nanoseconds: captures note times with as much of a delay. */
const LONGER_NS = 100e3;

export class Interleaving {
  readonly #a: FlowPackets;
  readonly #b: FlowPackets;
  /** By direction: sure pairs, ascending in the first flow. */
  readonly #ours = [new Int32Array(0), new Int32Array(0)];
  readonly #theirs = [new Int32Array(0), new Int32Array(0)];
  readonly #counts = [0, 0];
  /** The direction whose packets pass the second vantage first; −1 where nothing tells. */
  #early = -1;

  constructor(a: FlowPackets, b: FlowPackets) {
    this.#a = a;
    this.#b = b;
  }

  /** Takes the pairs that are sure by now: those that have each other. */
  build(ofA: Int32Array, ofB: Int32Array): void {
    const { count, forms } = this.#a;
    for (const direction of [0, 1]) {
      if (this.#ours[direction].length < count) {
        const size = 2 ** Math.ceil(Math.log2(count));
        this.#ours[direction] = new Int32Array(size);
        this.#theirs[direction] = new Int32Array(size);
      }
    }
    this.#counts.fill(0);
    const longer = [0, 0];
    let before = -1;
    let beforeThere = -1;
    for (let at = 0; at < count; at++) {
      const other = ofA[at];
      if (other < 0 || ofB[other] !== at) continue;
      const direction = directionOf(forms[at]);
      const i = this.#counts[direction]++;
      this.#ours[direction][i] = at;
      this.#theirs[direction][i] = other;
      if (before >= 0 && directionOf(forms[before]) !== direction) {
        const wait = this.#a.times[at] - this.#a.times[before];
        const waitThere = this.#b.times[other] - this.#b.times[beforeThere];
        // Longer here: what comes after comes by there first.
        if (wait - waitThere > LONGER_NS) longer[direction]++;
        else if (waitThere - wait > LONGER_NS) longer[1 - direction]++;
      }
      before = at;
      beforeThere = other;
    }
    const early = longer[1] >= longer[0] ? 1 : 0;
    const isSure = longer[early] >= FEWEST_ANSWERS && longer[1 - early] <= MOST_CONTRADICTING * longer[early];
    this.#early = isSure ? early : -1;
  }

  /** Whether two packets may be one. */
  allows(first: number, second: number): boolean {
    if (this.#early === -1) return true;
    const direction = directionOf(this.#a.forms[first]);
    const other = 1 - direction;
    const next = this.#firstAfter(other, first);
    if (direction === this.#early) {
      // What the other side sent after it came by later at both.
      return next === this.#counts[other] || this.#theirs[other][next] > second;
    }
    return next === 0 || this.#theirs[other][next - 1] < second;
  }

  #firstAfter(direction: number, first: number): number {
    const ours = this.#ours[direction];
    let low = 0;
    let high = this.#counts[direction];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ours[middle] < first) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
