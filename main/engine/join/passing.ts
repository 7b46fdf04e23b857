/**
 * What packets show that are the same for sure, of one direction of one pair of flows: how long they take, and whether IP-IDs, windows
 * and TTLs pass as they are. Pairs that are less sure are held against it.
 */
import { TCP_RST, TCP_SYN } from '../decode/facts.ts';
import { MARK_SACK } from '../flow/marks.ts';
import type { FlowPackets } from './flow-packets.ts';

const MILLISECOND = 1e6;
/** Pairs that are looked at for IP-IDs, windows and TTLs, spread over the flow. */
const SAMPLES = 32;
/** From this share on a field passes as it is; */
const MOST = 0.8;
/** and from this on IP-IDs do: those that are counted anew are hardly ever equal, and some pairs are of a packet and its resend. */
const MOST_IDS = 0.6;
/** From this share, and this many pairs, on it always does. */
const NEARLY_ALL = 0.97;
const ENOUGH = 5;

/** By so much more than usual a transit may differ from those around it, whatever they show; */
const SLACK = 20 * MILLISECOND;
/** and by so much where only time tells: less than the least retransmission timeout of common stacks, which is 200 ms. */
const LARGE_SLACK = 150 * MILLISECOND;
/** Multiples of the lower quartile of the differences between neighbours' transits. */
const JITTERS = 10;

/** Of fewer a wrong pair would be one that counts. */
const FEWEST_STEPS = 3;

/** A clock that is set meanwhile moves both directions by more than this. */
const STEP = 50 * MILLISECOND;
/** Sure pairs by which it is judged. */
const FEWEST_OF_STEP = 3;

/** TTLs of one path differ by this much at most where packets take ways of several lengths. */
const TTL_SLACK = 2;

type Kept = 'always' | 'mostly' | 'no' | 'unknown';

export class Passing {
  /** Sure pairs: ascending indices in the first flow, and the time at the second vantage less that at the first. */
  count = 0;
  #at = new Int32Array(0);
  #differences = new Float64Array(0);
  readonly #steps = new Float64Array(SAMPLES + 1);
  #jitter = 0;
  #counterparts = new Int32Array(0);
  #isSampled = true;
  #ids: Kept = 'unknown';
  #windows: Kept = 'unknown';
  #ttlLost: number | undefined;
  /** Of the other direction: a step of a clock shows there as well. */
  opposite: Passing | undefined;
  /** The usual difference before this pair of flows; NaN for none. */
  #usual = Number.NaN;
  readonly #a: FlowPackets;
  readonly #b: FlowPackets;

  constructor(a: FlowPackets, b: FlowPackets) {
    this.#a = a;
    this.#b = b;
  }

  restart(): void {
    this.count = 0;
  }

  /** @param usual the difference that packets had just before this pair of flows; NaN for none */
  begin(usual: number): void {
    this.count = 0;
    this.#usual = usual;
    if (this.#a.count <= this.#at.length) return;
    const size = Math.max(1024, 2 ** Math.ceil(Math.log2(this.#a.count)));
    this.#at = new Int32Array(size);
    this.#differences = new Float64Array(size);
  }

  /** Packets come in the first flow's order. */
  add(first: number, second: number): void {
    this.#at[this.count] = first;
    this.#differences[this.count++] = this.#b.times[second] - this.#a.times[first];
  }

  /** All sure pairs were added. @param counterparts of the first flow's packets, which stay for as long as this is asked */
  finish(counterparts: Int32Array<ArrayBuffer>): void {
    const { count } = this;
    const differences = this.#differences;
    const steps = this.#steps;
    let taken = 0;
    const every = Math.max(1, Math.ceil(count / SAMPLES));
    for (let i = 1; i < count; i += every) steps[taken++] = Math.abs(differences[i] - differences[i - 1]);
    // The lower quartile: a pair that is none makes two large steps, and must not make itself ordinary by them.
    this.#jitter = taken < FEWEST_STEPS ? 0 : steps.subarray(0, taken).sort()[(taken - 1) >> 2];
    this.#counterparts = counterparts;
    this.#isSampled = false;
  }

  /** Most pairs of flows have nothing to be told apart, and reading these columns is what matching costs. */
  #sample(): void {
    if (this.#isSampled) return;
    this.#isSampled = true;
    const { count } = this;
    const [a, b] = [this.#a, this.#b];
    let ids = 0;
    let sameIds = 0;
    let sameWindows = 0;
    let ttlVotes = 0;
    let ttl = 0;
    let sampled = 0;
    const step = Math.max(1, Math.floor(count / SAMPLES));
    for (let i = 0; i < count; i += step) {
      const other = this.#counterparts[this.#at[i]];
      // It was taken back meanwhile.
      if (other < 0) continue;
      const one = a.ids[this.#at[i]];
      const another = b.ids[other];
      if (one !== 0 || another !== 0) ids++;
      if (one !== 0 && one === another) sameIds++;
      if (a.windows[this.#at[i]] === b.windows[other]) sameWindows++;
      const lost = a.ttls[this.#at[i]] - b.ttls[other];
      // Majority vote: what most agree on is left over.
      if (ttlVotes === 0) ttl = lost;
      ttlVotes += Math.abs(lost - ttl) <= TTL_SLACK ? 1 : -1;
      sampled++;
    }
    this.#ids = keptOf(sameIds, ids, MOST_IDS);
    this.#windows = keptOf(sameWindows, sampled);
    this.#ttlLost = sampled >= 2 && ttlVotes >= MOST * sampled ? ttl : undefined;
  }

  /** The difference that packets have now, for the pairs of flows after this one. */
  get newest(): number {
    return this.count === 0 ? this.#usual : this.#differences[this.count - 1];
  }

  /** The first sure pair's packet of the first flow; −1 for none. */
  get first(): number {
    return this.count === 0 ? -1 : this.#at[0];
  }

  /** How far from what is expected most packets come at most, nanoseconds. */
  get usualLag(): number {
    return Math.max(MILLISECOND, JITTERS * this.#jitter);
  }

  /** Whether IP-IDs pass as they are; undefined where nothing shows it. */
  get keepsIds(): boolean | undefined {
    this.#sample();
    return this.#ids === 'unknown' ? undefined : this.#ids !== 'no';
  }

  get isKnown(): boolean {
    return this.count > 0 || !Number.isNaN(this.#usual);
  }

  /** The difference expected of a packet of the first flow; NaN where nothing shows any. */
  expected(first: number): number {
    if (this.count === 0) return this.#usual;
    const after = this.#firstAfter(first);
    if (after === 0) return this.#differences[0] + this.#steppedSince(this.#at[0], first);
    if (after === this.count) {
      return this.#differences[after - 1] + this.#steppedSince(this.#at[after - 1], first);
    }
    return (this.#differences[after - 1] + this.#differences[after]) / 2;
  }

  /** By how much a pair's difference lies outside of those of the sure pairs just before and after it; NaN where there are none. */
  deviation(first: number, second: number): number {
    const difference = this.#b.times[second] - this.#a.times[first];
    if (this.count === 0) return Math.abs(difference - this.#usual);
    let after = this.#firstAfter(first);
    let before = after - 1;
    // A pair is not held against itself.
    if (after < this.count && this.#at[after] === first) after++;
    if (before < 0) before = after;
    if (after >= this.count) after = before;
    if (before >= this.count) return Math.abs(difference - this.#usual);
    const one = this.#differences[before] + this.#steppedSince(this.#at[before], first);
    const other = this.#differences[after] + this.#steppedSince(this.#at[after], first);
    return Math.max(0, Math.min(one, other) - difference, difference - Math.max(one, other));
  }

  /** What a clock was set by between two packets of the first flow, as the sure pairs of the other direction have it. */
  #steppedSince(from: number, to: number): number {
    const { opposite } = this;
    if (opposite === undefined || opposite.count < FEWEST_OF_STEP) return 0;
    const step = opposite.#differenceAt(to) - opposite.#differenceAt(from);
    return Math.abs(step) > STEP ? step : 0;
  }

  /** The middle one of the three sure pairs about a packet of the first flow: one that is wrong makes no step. */
  #differenceAt(first: number): number {
    const at = Math.min(Math.max(0, this.#firstAfter(first) - 2), this.count - FEWEST_OF_STEP);
    const [one, two, three] = this.#differences.subarray(at, at + FEWEST_OF_STEP);
    return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  }

  /** What a deviation from `expected` costs, and disagreement in what packets keep on their way. */
  cost(first: number, second: number, expected: number): number {
    const difference = this.#b.times[second] - this.#a.times[first];
    this.#sample();
    let cost = Number.isNaN(expected) ? 0 : Math.abs(difference - expected);
    const [a, b] = [this.#a, this.#b];
    if (this.#ids !== 'no' && a.ids[first] !== b.ids[second]) cost += 1000 * 1000 * MILLISECOND;
    if (this.#windows !== 'no' && a.windows[first] !== b.windows[second]) cost += 1000 * MILLISECOND;
    return cost;
  }

  /** Whether a pair comes as others do around it, so that nothing needs to be held against it. Resets may have several senders. */
  isOrdinary(first: number, second: number): boolean {
    return (
      (this.#a.forms[first] & TCP_RST) === 0 &&
      this.deviation(first, second) <= JITTERS * this.#jitter + SLACK
    );
  }

  /**
   * Whether two packets that look alike may be one.
   * @param isDistinct whether what they have in common tells the packet apart from one that was sent again
   */
  mayBeOne(first: number, second: number, isDistinct: boolean): boolean {
    this.#sample();
    const ids = this.#compareIds(first, second);
    if (ids === 'differ') return false;
    // Resets of several senders look alike: their distances do not.
    if ((this.#a.forms[first] & TCP_RST) !== 0 && this.#ttlDiffers(first, second)) return false;
    if (isDistinct || ids === 'agree') return true;
    const deviation = this.deviation(first, second);
    return Number.isNaN(deviation) || deviation <= JITTERS * this.#jitter + LARGE_SLACK;
  }

  /** Whether more than looking alike says that two packets with different options are one, although options pass as they are. */
  isOneThoughChanged(first: number, second: number): boolean {
    if ((this.#a.forms[first] & TCP_SYN) !== 0) return this.mayBeOne(first, second, false);
    this.#sample();
    const ids = this.#compareIds(first, second);
    if (ids !== 'unknown') return ids === 'agree' && this.mayBeOne(first, second, false);
    // Devices that rewrite numbers change or strip SACK blocks alone.
    const hasSack = ((this.#a.marks[first] | this.#b.marks[second]) & MARK_SACK) !== 0;
    return hasSack && this.deviation(first, second) <= JITTERS * this.#jitter + SLACK;
  }

  /** By how much the times of two packets with the same bytes are from what is expected; infinite where they are of two transmissions. */
  lag(first: number, second: number): number {
    const deviation = this.deviation(first, second);
    if (Number.isNaN(deviation)) return 0;
    return deviation <= JITTERS * this.#jitter + LARGE_SLACK ? deviation : Infinity;
  }

  #compareIds(first: number, second: number): 'agree' | 'differ' | 'unknown' {
    if (this.#ids === 'no') return 'unknown';
    const one = this.#a.ids[first];
    const other = this.#b.ids[second];
    if (one === 0 || other === 0) return one !== other && this.#ids === 'always' ? 'differ' : 'unknown';
    if (one === other) return 'agree';
    return this.#ids === 'unknown' ? 'unknown' : 'differ';
  }

  #ttlDiffers(first: number, second: number): boolean {
    if (this.#ttlLost === undefined) return false;
    return Math.abs(this.#a.ttls[first] - this.#b.ttls[second] - this.#ttlLost) > TTL_SLACK;
  }

  /** Index of the first sure pair at or after a packet of the first flow. */
  #firstAfter(first: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at[middle] < first) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keptOf(same: number, of: number, most = MOST): Kept {
  if (of === 0) return 'unknown';
  if (of >= ENOUGH && same >= NEARLY_ALL * of) return 'always';
  return same >= most * of ? 'mostly' : 'no';
}
