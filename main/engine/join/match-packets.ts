/**
 * Which packet of one flow is which of the other's.
 *
 *   1. Packets that look the same: numbers, flags, length and options. What only one of each flow looks like is a pair at once.
 *   2. What those pairs show (`Passing`) takes back the ones among them that cannot be, and tells apart several that look the same
 *      (`GroupAligner`): retransmissions, duplicate ACKs, keep-alives. IP-IDs first, where they pass as they are; then the order
 *      that packets of both directions have to have (`Interleaving`), and times.
 *   3. What is left, again by what nothing on the way may change: other options, PSH, ECN bits.
 *   4. What is left of data, by its bytes (`SegmentMatcher`).
 *
 * Invariants
 * - It takes about constant time a packet, whatever the packets are.
 * - IP-IDs and windows never make a pair: they only choose among several that look alike, and only where they pass as they are.
 * - The same two flows give the same pairs whenever they are matched.
 */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import { TCP_RST, TCP_SYN } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_DUPLICATE_CAPTURE } from '../flow/marks.ts';
import { GroupAligner } from './align-group.ts';
import type { FlowBatch } from './flow-batch.ts';
import { AS_IT_IS, FlowPackets, directionOf, hasTimestamps, isQuote } from './flow-packets.ts';
import type { PacketMatch } from './join-view.ts';
import { Interleaving } from './interleaving.ts';
import { KeyGroups } from './key-groups.ts';
import { SegmentMatcher } from './match-segments.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { FlowPair } from './pair-flows.ts';
import { Passing } from './passing.ts';
import { SLICE, Slices } from './slices.ts';

/** Neither is there a counterpart nor is one looked for, see PacketMatch. */
const NOT_ASKED = -2;
/** A copy of a packet comes this soon after it. */
const COPY_NS = 1e9;

/** IP-IDs in common that show, of packets that look the same, that they pass as they are; and their least share of the group. */
const FEWEST_EQUAL_IDS = 2;
const LEAST_EQUAL_IDS = 0.6;
const TWICE = -1;

export interface MatchedStores {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
}

/** What direction 0 and 1 of the second flow usually take, the times of the two clocks taken from each other; NaN where it is not known. */
export type UsualDifferences = readonly [number, number];
export const NOTHING_USUAL: UsualDifferences = [Number.NaN, Number.NaN];

export class PacketMatcher {
  readonly a: FlowPackets;
  readonly b: FlowPackets;
  /** By direction of the second flow. */
  readonly passing: readonly [Passing, Passing];
  /** What the last `steps` found, until the next. */
  found: PacketMatch = {
    ours: new Uint32Array(0),
    theirs: new Uint32Array(0),
    ofOurs: new Int32Array(0),
    ofTheirs: new Int32Array(0),
  };
  #ofA = new Int32Array(0);
  #ofB = new Int32Array(0);
  readonly #groups = new KeyGroups();
  readonly #aligner = new GroupAligner();
  readonly #segments = new SegmentMatcher();
  readonly #interleaving: Interleaving;
  readonly #slices: Slices;
  /** Sizes of the group that the aligner has, and all packets of it that look the same at one vantage. */
  #m = 0;
  #n = 0;
  #alike = new Int32Array(64);
  /** By IP-ID: the packet of the group's first flow, or TWICE. */
  readonly #ids = new Map<number, number>();
  /** First packets of groups that are not yet told apart. */
  #open: number[] = [];
  /** By direction of the second flow: pairs that look the same in all. */
  readonly #sure = [0, 0];
  /** By direction: packets other than SYNs with options that the second has the same, and whether options pass as they are. */
  readonly #withOptions = [0, 0];
  readonly #keepsOptions = [false, false];
  /** By direction of the second flow: packets that nothing was found for yet. */
  readonly #leftA = [0, 0];
  readonly #leftB = [0, 0];

  /** @param batch where flows were read that will be matched */
  constructor({ packets, flows }: MatchedStores, slices = new Slices(), batch?: FlowBatch) {
    this.#slices = slices;
    this.a = new FlowPackets(packets, flows, batch);
    this.b = new FlowPackets(packets, flows, batch);
    this.passing = [new Passing(this.a, this.b), new Passing(this.a, this.b)];
    this.passing[0].opposite = this.passing[1];
    this.passing[1].opposite = this.passing[0];
    this.#interleaving = new Interleaving(this.a, this.b);
  }

  /** Matches in one go. */
  match(pair: FlowPair, usual: UsualDifferences): PacketMatch {
    const steps = this.steps(pair, usual);
    while (steps.next().done !== true);
    return copyOf(this.found);
  }

  *steps(pair: FlowPair, usual: UsualDifferences): Generator<void, void> {
    const { a, b } = this;
    yield* a.gather(pair.first, pair, this.#slices);
    yield* b.gather(pair.second, AS_IT_IS, this.#slices);
    this.#begin(usual);
    // Of the two connections of a proxy no packet is one of the other's.
    if (!isAcrossProxy(pair.class)) {
      yield* this.#pass(false);
      if (this.#isLeft(0) || this.#isLeft(1)) yield* this.#pass(true);
      yield* this.#matchSegments();
    } else {
      this.passing[0].finish(this.#ofA);
      this.passing[1].finish(this.#ofA);
    }
    finish(a.count, this.#ofA);
    finish(b.count, this.#ofB);
    this.found = {
      ours: a.packets.subarray(0, a.count),
      theirs: b.packets.subarray(0, b.count),
      ofOurs: this.#ofA.subarray(0, a.count),
      ofTheirs: this.#ofB.subarray(0, b.count),
    };
  }

  #begin(usual: UsualDifferences): void {
    const { a, b } = this;
    const size = Math.max(a.count, b.count);
    if (size > this.#ofA.length) {
      const room = Math.max(1024, 2 ** Math.ceil(Math.log2(size)));
      this.#ofA = new Int32Array(room);
      this.#ofB = new Int32Array(room);
    }
    setUp(a, this.#ofA);
    setUp(b, this.#ofB);
    this.passing[0].begin(usual[0]);
    this.passing[1].begin(usual[1]);
    this.#keepsOptions.fill(false);
    this.#withOptions.fill(0);
    this.#sure.fill(0);
    this.#leftA.fill(0);
    this.#leftB.fill(0);
  }

  /** Pairs up packets that look the same; loosely, where options and some flags may have been changed. */
  *#pass(isLoose: boolean): Generator<void, void> {
    const { a, b } = this;
    const groups = this.#groups;
    this.#open = [];
    groups.begin(a.count, b.count, isLoose);
    yield* this.#inSlices(a.count, (from, below) => {
      groups.enter(a, this.#ofA, from, below);
    });
    yield* this.#inSlices(b.count, (from, below) => {
      groups.find(a, b, this.#ofB, from, below);
    });
    const singles = isLoose ? [] : undefined;
    yield* this.#inSlices(a.count, (from, below) => {
      this.#pairSingles(from, below, singles);
    });
    if (isLoose) this.#judgeOptions(singles ?? []);
    yield* this.#learn(isLoose);
    if (singles === undefined) {
      yield* this.#inSlices(a.count, (from, below) => {
        for (let at = from; at < below; at++) if (this.#ofA[at] >= 0) this.#check(at, false);
      });
    } else {
      for (const at of singles) {
        this.#check(at, true);
        if (this.#slices.spend(4)) yield;
      }
    }
    if (this.#open.length > 0) yield* this.#tellOpenApart(isLoose);
    this.#open = [];
    yield* this.#countLeft();
  }

  *#tellOpenApart(isLoose: boolean): Generator<void, void> {
    let pairs = 0;
    for (const head of this.#open) {
      pairs += this.#pairByIds(head);
      if (this.#slices.spend(this.#size)) yield;
    }
    // What IP-IDs have shown tells the times of the others.
    if (pairs > 0) yield* this.#learn(isLoose);
    this.#interleaving.build(this.#ofA, this.#ofB);
    if (this.#slices.spend(this.a.count)) yield;
    for (const head of this.#open) if (this.#slices.spend(this.#tellApart(head))) yield;
  }

  /** Packets of the group that was looked at last. */
  get #size(): number {
    return this.#m + this.#n;
  }

  /** Pairs those of a group that have the same IP-ID, where it passes as it is. @returns how many */
  #pairByIds(head: number): number {
    this.#fillGroup(head);
    const [m, n] = [this.#m, this.#n];
    const aligner = this.#aligner;
    const { keepsIds } = this.passing[directionOf(this.a.forms[head])];
    if (keepsIds === false) return 0;
    const ids = this.#ids;
    ids.clear();
    for (let i = 0; i < m; i++) {
      const id = this.a.ids[aligner.first[i]];
      if (id !== 0) ids.set(id, ids.has(id) ? TWICE : aligner.first[i]);
    }
    const found: [first: number, second: number][] = [];
    const seen = new Set<number>();
    for (let k = 0; k < n; k++) {
      const id = this.b.ids[aligner.second[k]];
      const first = ids.get(id) ?? TWICE;
      if (first === TWICE) continue;
      if (seen.has(id)) {
        // Sent once and seen twice here: the copies are for the times to tell.
        ids.set(id, TWICE);
        continue;
      }
      seen.add(id);
      found.push([first, aligner.second[k]]);
    }
    const isProof = keepsIds === true || found.length >= FEWEST_EQUAL_IDS;
    if (!isProof || found.length < LEAST_EQUAL_IDS * Math.min(m, n)) return 0;
    let pairs = 0;
    for (const [first, second] of found) {
      if (ids.get(this.a.ids[first]) === TWICE) continue;
      if (!this.#mayBeOne(first, second)) continue;
      this.#ofA[first] = second;
      this.#ofB[second] = first;
      pairs++;
    }
    return pairs;
  }

  /** The group's packets that have no counterpart yet, for the aligner. */
  #fillGroup(head: number): void {
    const { nextOfFirst, nextOfSecond, firstOfSecond } = this.#groups;
    const aligner = this.#aligner;
    let m = 0;
    for (let at = head; at !== -1; at = nextOfFirst[at]) {
      if (this.#ofA[at] === -1) aligner.first = put(aligner.first, m++, at);
    }
    let n = 0;
    for (let at = firstOfSecond[head]; at !== -1; at = nextOfSecond[at]) {
      if (this.#ofB[at] === -1) aligner.second = put(aligner.second, n++, at);
    }
    this.#m = m;
    this.#n = n;
  }

  #pairSingles(from: number, below: number, singles: number[] | undefined): void {
    const { lastOfFirst, firstOfSecond, lastOfSecond } = this.#groups;
    const ofA = this.#ofA;
    const ofB = this.#ofB;
    for (let at = from; at < below; at++) {
      if (ofA[at] !== -1 || lastOfFirst[at] === -1) continue;
      const other = firstOfSecond[at];
      if (other === -1) continue;
      if (lastOfFirst[at] === at && lastOfSecond[at] === other) {
        ofA[at] = other;
        ofB[other] = at;
        singles?.push(at);
      } else {
        this.#open.push(at);
      }
    }
  }

  /** Whether options pass as they are, by direction: a packet with others is then most likely another one. */
  #judgeOptions(singles: readonly number[]): void {
    const { a, b } = this;
    const changed = [0, 0];
    for (const at of singles) {
      if (this.#isPlain(at) && a.digests[at] !== b.digests[this.#ofA[at]])
        changed[directionOf(a.forms[at])]++;
    }
    for (const direction of [0, 1]) {
      this.#keepsOptions[direction] = this.#withOptions[direction] > 2 * changed[direction];
    }
  }

  /** Tells `passing` of all that is sure by now. */
  *#learn(isLoose: boolean): Generator<void, void> {
    const [ofClient, ofServer] = this.passing;
    ofClient.restart();
    ofServer.restart();
    yield* this.#inSlices(this.a.count, (from, below) => {
      this.#learnFrom(from, below, isLoose);
    });
    ofClient.finish(this.#ofA);
    ofServer.finish(this.#ofA);
  }

  #learnFrom(from: number, below: number, isLoose: boolean): void {
    const { a } = this;
    const ofA = this.#ofA;
    for (let at = from; at < below; at++) {
      const other = ofA[at];
      if (other < 0 || this.#ofB[other] !== at) continue;
      const direction = directionOf(a.forms[at]);
      if (!isLoose) {
        this.#sure[direction]++;
        if (this.#isPlain(at)) this.#withOptions[direction]++;
      } else if (this.#sure[direction] > 0 && this.#isNew(at, other)) {
        continue;
      }
      this.passing[direction].add(at, other);
    }
  }

  /** Whether only the loose pass can have found this pair. */
  #isNew(at: number, other: number): boolean {
    return this.a.digests[at] !== this.b.digests[other] || this.a.forms[at] !== this.b.forms[other];
  }

  #isPlain(at: number): boolean {
    return this.a.digests[at] !== 0 && (this.a.forms[at] & TCP_SYN) === 0;
  }

  /** Takes back a pair that cannot be one. @param isLeftOver whether others that look alike have found theirs */
  #check(at: number, isLeftOver: boolean): void {
    const { a, b } = this;
    const other = this.#ofA[at];
    const form = a.forms[at];
    if (a.digests[at] === b.digests[other]) {
      // Time stamps tell a packet from its resend; most of the others come as their neighbours do.
      if ((form & TCP_RST) === 0 && hasTimestamps(form)) return;
      const isSameId = a.ids[at] === b.ids[other];
      if (!isLeftOver && isSameId && this.passing[directionOf(form)].isOrdinary(at, other)) return;
    }
    if (this.#mayBeOne(at, other)) return;
    this.#ofA[at] = -1;
    this.#ofB[other] = -1;
  }

  readonly #mayBeOne = (first: number, second: number): boolean => {
    const { a, b } = this;
    const form = a.forms[first];
    const direction = directionOf(form);
    const passing = this.passing[direction];
    if (a.digests[first] === b.digests[second]) return passing.mayBeOne(first, second, hasTimestamps(form));
    return this.#keepsOptions[direction]
      ? passing.isOneThoughChanged(first, second)
      : passing.mayBeOne(first, second, false);
  };

  readonly #mayBeOneInOrder = (first: number, second: number): boolean =>
    this.#interleaving.allows(first, second) && this.#mayBeOne(first, second);

  /** Finds the pairs of a group of several. */
  #tellApart(head: number): number {
    this.#fillGroup(head);
    const [m, n] = [this.#m, this.#n];
    const aligner = this.#aligner;
    let work = 0;
    if (m > 0 && n > 0) {
      const times = { a: this.a.times, b: this.b.times };
      const passing = this.passing[directionOf(this.a.forms[head])];
      work = aligner.align(m, n, passing, times, this.#mayBeOneInOrder);
      for (let i = 0; i < m; i++) {
        const other = aligner.found[i];
        if (other === -1) continue;
        this.#ofA[aligner.first[i]] = other;
        this.#ofB[other] = aligner.first[i];
      }
    }
    const { nextOfFirst, nextOfSecond, firstOfSecond } = this.#groups;
    const all = (from: number, next: Int32Array): number => {
      let count = 0;
      for (let at = from; at !== -1; at = next[at]) this.#alike = put(this.#alike, count++, at);
      return count;
    };
    this.#matchCopies(this.a, this.#ofA, all(head, nextOfFirst));
    this.#matchCopies(this.b, this.#ofB, all(firstOfSecond[head], nextOfSecond));
    return work + m + n;
  }

  /** A packet that the network or the capture doubled has one counterpart for both. */
  #matchCopies(flow: FlowPackets, counterparts: Int32Array, count: number): void {
    const alike = this.#alike;
    for (let i = 0; i < count; i++) {
      if (counterparts[alike[i]] !== -1) continue;
      for (const near of [i - 1, i + 1]) {
        if (near < 0 || near >= count || counterparts[alike[near]] < 0) continue;
        if (!this.#isCopy(flow, alike[Math.min(i, near)], alike[Math.max(i, near)])) continue;
        counterparts[alike[i]] = counterparts[alike[near]];
        break;
      }
    }
  }

  #isCopy(flow: FlowPackets, earlier: number, later: number): boolean {
    if ((flow.marks[later] & MARK_DUPLICATE_CAPTURE) !== 0) return true;
    const id = flow.ids[earlier];
    return id !== 0 && id === flow.ids[later] && flow.times[later] - flow.times[earlier] < COPY_NS;
  }

  *#countLeft(): Generator<void, void> {
    this.#leftA.fill(0);
    this.#leftB.fill(0);
    const count = (flow: FlowPackets, counterparts: Int32Array, left: number[]): Generator<void, void> =>
      this.#inSlices(flow.count, (from, below) => {
        for (let at = from; at < below; at++)
          if (counterparts[at] === -1) left[directionOf(flow.forms[at])]++;
      });
    yield* count(this.a, this.#ofA, this.#leftA);
    yield* count(this.b, this.#ofB, this.#leftB);
  }

  #isLeft(direction: 0 | 1): boolean {
    return this.#leftA[direction] > 0 && this.#leftB[direction] > 0;
  }

  *#matchSegments(): Generator<void, void> {
    for (const direction of BOTH) {
      if (!this.#isLeft(direction)) continue;
      const passing = this.passing[direction];
      yield* this.#segments.match(
        { flow: this.a, counterparts: this.#ofA },
        { flow: this.b, counterparts: this.#ofB },
        direction,
        passing,
        this.#slices,
      );
    }
  }

  *#inSlices(count: number, work: (from: number, below: number) => void): Generator<void, void> {
    for (let at = 0; at < count; at += SLICE) {
      const below = Math.min(count, at + SLICE);
      work(at, below);
      if (this.#slices.spend(below - at)) yield;
    }
  }
}

const BOTH = [0, 1] as const;

/** What a matcher found, to keep it. */
export function copyOf({ ours, theirs, ofOurs, ofTheirs }: PacketMatch): PacketMatch {
  return { ours: ours.slice(), theirs: theirs.slice(), ofOurs: ofOurs.slice(), ofTheirs: ofTheirs.slice() };
}

function setUp({ count, forms }: FlowPackets, counterparts: Int32Array): void {
  for (let at = 0; at < count; at++) counterparts[at] = isQuote(forms[at]) ? NOT_ASKED : -1;
}

function finish(count: number, counterparts: Int32Array): void {
  for (let at = 0; at < count; at++) if (counterparts[at] === NOT_ASKED) counterparts[at] = -1;
}

/** Sets one value of an array that grows. */
function put(array: Int32Array<ArrayBuffer>, at: number, value: number): Int32Array<ArrayBuffer> {
  let grown = array;
  if (at >= array.length) {
    grown = new Int32Array(2 * array.length);
    grown.set(array);
  }
  grown[at] = value;
  return grown;
}
