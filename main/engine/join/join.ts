/**
 * Joins captures of the same traffic: the one class of this room that others make.
 *
 *   pair-flows ─▶ connections ─▶ match-packets ─▶ clocks, path-order, passages ─▶ reset-events
 *
 * It runs once all files were read, in slices (`joinFor`), and keeps of each pair of flows one row of numbers; which packet is
 * which is worked out again when somebody asks.
 *
 * Invariant: `match` finds the same for two flows whenever it is asked, so that counts and views never disagree.
 */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import type { FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import type { JoinReport, JoinedFlows, JoinedPair, MatchClass, Vantage } from '../../../shared/model/join.ts';
import { CHANGED, MATCH_CLASSES } from '../../../shared/model/join.ts';
import { LAST_RESET, SEEN, SEEN_SYN } from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { consistentPairs, turned } from './connections.ts';
import { FlowBatch } from './flow-batch.ts';
import type { FlowTwin, JoinView, PacketMatch, Passage, ResetEvent } from './join-view.ts';
import { CHANGES_OF_FLOWS, flowChanges, packetChanges } from './changes.ts';
import { NOTHING_USUAL, PacketMatcher, type UsualDifferences, copyOf } from './match-packets.ts';
import { type FlowPair, FlowPairing } from './pair-flows.ts';
import {
  NO_ROW,
  PairTable,
  type PairRow,
  ROW_CHANGED,
  ROW_CHANGES,
  ROW_MATCHED,
  ROW_ONLY_FIRST,
  ROW_ONLY_SECOND,
} from './pair-table.ts';
import { type Passed, foundOnTheWay } from './found.ts';
import { placesAlongPath } from './path-order.ts';
import type { ConnectionFlow, EventSource, Watch } from './event-source.ts';
import { RecentMatches } from './recent-matches.ts';
import { eventsOf } from './reset-events.ts';
import { Slices } from './slices.ts';
import type { JoinStores, JoinedFile } from './stores.ts';
import { type Counts, type Coverage, Tally } from './tally.ts';
import { type TimeOrder, VantageClocks } from './vantage-clocks.ts';
import { vantageNames } from './vantage-names.ts';
import { WayBetween } from './way-between.ts';

const NOTHING: readonly never[] = [];
/** Resets with one sequence number that are kept: those of different connections are few, but for a flood of forged ones. */
const MOST_ALIKE = 64;
const RESETS_AT_ONCE = 4096;
/** Packets of the flows of matches that are kept at once, 8 bytes each. */
const MOST_KEPT = 1 << 21;
const CHANGED_BITS = Object.keys(CHANGED).length;
const NO_PASSAGE: Passage = { both: 0, onlyFrom: 0, onlyTo: 0 };

/** What passed of the packets of one direction of the first flow: those of connections whose first vantage is nearer to the client, … */
const FIRST_NEARER = 0;
const SECOND_NEARER = 1;
/** … and of those that do not tell, which are taken as most others are. */
const NEARER_UNKNOWN = 2;

interface PairOfVantages {
  readonly first: number;
  readonly second: number;
  /** Rows of its flows: from … below. */
  readonly from: PairRow;
  readonly below: PairRow;
  readonly way: WayBetween;
  class: MatchClass;
  matched: number;
  onlyFirst: number;
  onlySecond: number;
  changed: number;
  changes: number;
  /** By bit of CHANGED: connections in which it occurs. */
  readonly changedIn: Uint32Array;
  /** Packets with one and the same time at both. */
  sameTimes: number;
  /** By *_NEARER, then by direction of the first flow. */
  readonly passed: readonly (readonly [Counts, Counts])[];
}

export class Join implements JoinView {
  readonly #stores: JoinStores;
  readonly #source: EventSource;
  readonly #pairs: PairOfVantages[] = [];
  readonly #pairAt = new Map<string, PairOfVantages>();
  readonly #table = new PairTable();
  readonly #events = new Map<number, ResetEvent>();
  readonly #watches = new Map<number, Watch>();
  /** Records of the log by the sequence number of their first reset. */
  readonly #bySeq = new Map<number, number[]>();
  readonly #recent = new RecentMatches();
  /** Matches of flows with resets until these are joined, by row. */
  readonly #kept = new Map<PairRow, PacketMatch>();
  #keptPackets = 0;
  readonly #slices = new Slices();
  readonly #batch: FlowBatch;
  /** Of the work in hand, and of views that ask meanwhile. */
  readonly #matcher: PacketMatcher;
  readonly #viewer: PacketMatcher;
  readonly #tally: Tally;
  /** By vantage. */
  readonly #coverage = new Map<number, Coverage>();
  /** The coarsest step of each vantage's time stamps. */
  readonly #stampSteps = new Map<number, number>();
  #order: readonly number[] = [];
  /** Places along the path of those in #order; null where nothing tells. */
  #places: readonly (number | null)[] = [];
  #clocks = new VantageClocks([], 0);
  /** Once all is joined: lists ask for the names of vantages row by row. */
  #report: JoinReport | undefined;
  /** What is made of all pairs can be made. */
  #isPaired = false;
  #work: Generator<void, void> | undefined;
  #done = 1;

  constructor(stores: JoinStores) {
    this.#stores = stores;
    this.#source = {
      stores,
      match: (ours, theirs) => this.match(ours, theirs),
      passage: (from, to) => this.passage(from, to),
      watch: (vantage) => this.#watch(vantage),
      corrected: (vantage, timeNs) => this.corrected(vantage, timeNs),
      convert: (from, timeNs, to) => this.#clocks.convert(from, timeNs, to),
      orderOf: (vantage, timeNs, other, otherNs) => this.orderOf(vantage, timeNs, other, otherNs),
      order: (a, b) => this.#nearer(a, b),
      twin: (flow, vantage) => this.twins(flow).find((other) => other.vantage === vantage),
      withSeq: (seq) => this.#bySeq.get(seq) ?? NOTHING,
    };
    this.#batch = new FlowBatch(stores.packets);
    this.#matcher = new PacketMatcher(stores, this.#slices, this.#batch);
    this.#viewer = new PacketMatcher(stores);
    this.#tally = new Tally();
  }

  get isJoined(): boolean {
    return this.#pairs.length > 0;
  }

  /** Share of the work that is done, about. */
  get done(): number {
    return this.#done;
  }

  /** Begins anew with all that was read. */
  start(): void {
    this.stop();
    this.#done = 0;
    this.#work = this.#steps();
  }

  /** Gives up, and forgets what was found: half of it would take what was not looked at yet for absent. */
  stop(): void {
    this.#pairs.length = 0;
    this.#pairAt.clear();
    this.#order = [];
    this.#places = [];
    this.#clocks = new VantageClocks([], 0);
    this.#table.clear(0);
    this.#events.clear();
    this.#watches.clear();
    this.#bySeq.clear();
    this.#isPaired = false;
    this.#report = undefined;
    this.#recent.clear();
    this.#batch.clear();
    this.#letGo();
    this.#work = undefined;
    this.#done = 1;
  }

  /** Goes on for about `budget`; true when nothing is left to do. */
  joinFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    const deadline = now() + budget;
    while (this.#work !== undefined) {
      if (this.#work.next().done === true) {
        this.#work = undefined;
        this.#done = 1;
      } else if (now() >= deadline) {
        return false;
      }
    }
    return true;
  }

  *#steps(): Generator<void, void> {
    this.#cover();
    const vantages = [...this.#coverage.keys()].slice(0, LIMITS.maxJoinedVantages);
    const found: FlowPair[] = [];
    const pairing = new FlowPairing(this.#stores);
    for (const [first, second] of pairsOf(vantages)) {
      for (const pair of yield* pairing.between(first, second)) found.push(pair);
      yield;
    }
    if (found.length === 0) return;
    const timelineOf = (flow: FlowRecord): number => this.#vantageOf(flow);
    const pairs = yield* consistentPairs(found, timelineOf);
    this.#table.clear(this.#stores.flows.records);
    yield* this.#batch.begin(this.#stores.flows.records, this.#slices);
    let done = 0;
    for (const { first, second, flows } of yield* byVantages(pairs, timelineOf)) {
      for (const share of this.#joinVantages(first, second, flows)) {
        this.#done = (done + share * flows.length) / pairs.length;
        yield;
      }
      done += flows.length;
    }
    this.#batch.clear();
    this.#alongMostPaths();
    yield* this.#joinResets();
  }

  /** Lists ask for the events of all resets at once, and are not to wait then. */
  *#joinResets(): Generator<void, void> {
    const { resets, packets } = this.#stores;
    for (let reset = resets.first; reset < resets.count; reset++) {
      const seq = packets.seq(resets.packet(reset));
      const alike = this.#bySeq.get(seq);
      if (alike === undefined) this.#bySeq.set(seq, [reset]);
      else if (alike.length < MOST_ALIKE) alike.push(reset);
      if (reset % RESETS_AT_ONCE === 0) yield;
    }
    this.#isPaired = true;
    for (let reset = resets.first; reset < resets.count; reset++) {
      this.event(reset);
      yield;
    }
    this.#letGo();
  }

  #cover(): void {
    this.#coverage.clear();
    this.#stampSteps.clear();
    for (const { timeline, firstNs, lastNs, stampStepNs } of this.#stores.files.list()) {
      this.#stampSteps.set(timeline, Math.max(this.#stampStepOf(timeline), stampStepNs));
      const known = this.#coverage.get(timeline);
      this.#coverage.set(timeline, {
        firstNs: Math.min(known?.firstNs ?? Infinity, firstNs),
        lastNs: Math.max(known?.lastNs ?? -Infinity, lastNs),
      });
    }
  }

  #stampStepOf(vantage: number): number {
    return this.#stampSteps.get(vantage) ?? 0;
  }

  /** @returns again and again, the share of the flows that is done */
  *#joinVantages(first: number, second: number, flows: readonly FlowPair[]): Generator<number, void> {
    const from = this.#table.count;
    const nothing = (): [Counts, Counts] => [
      [0, 0, 0],
      [0, 0, 0],
    ];
    const pair: PairOfVantages = {
      ...{ first, second, from, below: from + flows.length, class: 'same' },
      way: new WayBetween(this.#stores, Math.max(this.#stampStepOf(first), this.#stampStepOf(second))),
      ...{ matched: 0, onlyFirst: 0, onlySecond: 0, changed: 0, changes: 0, sameTimes: 0 },
      changedIn: new Uint32Array(CHANGED_BITS),
      passed: [nothing(), nothing(), nothing()],
    };
    const matcher = this.#matcher;
    const classes = MATCH_CLASSES.map(() => 0);
    let usual: UsualDifferences = NOTHING_USUAL;
    let read = 0;
    for (const [at, one] of flows.entries()) {
      const share = at / flows.length;
      if (at === read) {
        const reading = this.#batch.read(flows, at, this.#slices);
        let step = reading.next();
        for (; step.done !== true; step = reading.next()) yield share;
        read = step.value;
      }
      const row = this.#table.add(one, this.#pairs.length, usual);
      classes[MATCH_CLASSES.indexOf(one.class)]++;
      const matching = matcher.steps(one, usual);
      while (matching.next().done !== true) yield share;
      usual = [matcher.passing[0].newest, matcher.passing[1].newest];
      const { nearer } = pair.way.add(one, matcher);
      this.#table.setNearer(row, nearer);
      const counting = this.#count(pair, row, one, nearer);
      while (counting.next().done !== true) yield share;
      if (this.#hasReset(one.first) || this.#hasReset(one.second)) this.#keep(row);
      if (this.#slices.spend(16)) yield share;
    }
    pair.class = MATCH_CLASSES[classes.indexOf(Math.max(...classes))];
    const settling = pair.way.settle();
    while (settling.next().done !== true) yield 1;
    this.#pairs.push(pair);
    this.#pairAt.set(pairKey(first, second), pair);
  }

  #hasReset(flow: FlowRecord): boolean {
    const { flows, resets } = this.#stores;
    return flows.word(flow, LAST_RESET) >= resets.first;
  }

  /** Resets are joined when all is known of clocks and order, and ask for the match that the matcher has just found. */
  #keep(row: PairRow): void {
    const { a, b } = this.#matcher;
    this.#keptPackets += a.count + b.count;
    if (this.#keptPackets <= MOST_KEPT) this.#kept.set(row, copyOf(this.#matcher.found));
  }

  #letGo(): void {
    this.#kept.clear();
    this.#keptPackets = 0;
  }

  /** Adds what a pair of flows has in common to its row and to its vantages. */
  *#count(pair: PairOfVantages, row: PairRow, one: FlowPair, nearer: number): Generator<void, void> {
    if (isAcrossProxy(one.class)) return;
    const tally = this.#tally;
    const covered = (vantage: number): Coverage =>
      this.#coverage.get(vantage) ?? { firstNs: Infinity, lastNs: -Infinity };
    yield* tally.count(this.#matcher, covered(pair.first), covered(pair.second), this.#slices);
    const changes = tally.changes | flowChanges(this.#stores.flows, one);
    const table = this.#table;
    table.set(row, ROW_MATCHED, tally.matched);
    table.set(row, ROW_ONLY_FIRST, tally.onlyFirst);
    table.set(row, ROW_ONLY_SECOND, tally.onlySecond);
    table.set(row, ROW_CHANGED, tally.changed);
    table.set(row, ROW_CHANGES, changes);
    pair.matched += tally.matched;
    pair.onlyFirst += tally.onlyFirst;
    pair.onlySecond += tally.onlySecond;
    pair.changed += tally.changed;
    pair.changes |= changes;
    pair.sameTimes += tally.sameTimes;
    for (let bit = 0; bit < CHANGED_BITS; bit++) if ((changes & (1 << bit)) !== 0) pair.changedIn[bit]++;
    const passed = pair.passed[nearer > 0 ? FIRST_NEARER : nearer < 0 ? SECOND_NEARER : NEARER_UNKNOWN];
    for (const direction of [0, 1] as const) {
      const counts = tally.passed[one.isSwapped ? 1 - direction : direction];
      counts.forEach((count, kind) => (passed[direction][kind] += count));
    }
  }

  // ── what was found, as a whole ──────────────────────────────────────────────────────────────────────────

  report(): JoinReport | null {
    if (!this.isJoined) return null;
    if (this.#isPaired) return (this.#report ??= this.#makeReport());
    return this.#makeReport();
  }

  #makeReport(): JoinReport {
    const files = this.#stores.files.list();
    const filesOf = (vantage: number): number[] =>
      files.filter(({ timeline }) => timeline === vantage).map(({ file }) => file);
    const names = this.#names(files);
    const places = this.#places;
    const vantages = this.#order.map((vantage, at): Vantage => ({
      ...this.#clocks.offset(vantage),
      files: filesOf(vantage),
      name: names.get(vantage) ?? '',
      order: places[at],
      hopsToNext:
        places[at] === null ? null : this.#routers(vantage, this.#order[places.indexOf(places[at] + 1)]),
    }));
    const pairs = this.#pairs.map((pair): JoinedPair => {
      const { matched, onlyFirst, onlySecond, changed, changes } = pair;
      return {
        files: [filesOf(pair.first)[0], filesOf(pair.second)[0]],
        class: pair.class,
        connections: pair.below - pair.from,
        ...{ matched, onlyFirst, onlySecond, changed, changes },
        lossToSecond: lossOf(this.passage(pair.first, pair.second)),
        lossToFirst: lossOf(this.passage(pair.second, pair.first)),
        roundTripNs: pair.way.clock?.roundTripNs ?? null,
        found: foundOnTheWay(pair.way, passedOf(pair), {
          first: names.get(pair.first) ?? '',
          second: names.get(pair.second) ?? '',
        }),
      };
    });
    return {
      vantages,
      pairs,
      connections: this.#table.connections(),
    };
  }

  /** The connections that both vantages of a pair of the report hold. */
  *joinedFlows({ files: [first, second] }: JoinedPair): Iterable<JoinedFlows> {
    const timelines = new Map(this.#stores.files.list().map(({ file, timeline }) => [file, timeline]));
    const pair = this.#pairs.find(
      (one) => one.first === timelines.get(first) && one.second === timelines.get(second),
    );
    if (pair === undefined) return;
    const { flows } = this.#stores;
    const table = this.#table;
    for (let row = pair.from; row < pair.below; row++) {
      yield {
        ids: [flows.id(table.first(row)), flows.id(table.second(row))],
        class: table.class(row),
        matched: table.get(row, ROW_MATCHED),
        onlyFirst: table.get(row, ROW_ONLY_FIRST),
        onlySecond: table.get(row, ROW_ONLY_SECOND),
        changed: table.get(row, ROW_CHANGED),
      };
    }
  }

  /** Joined vantages from the client on, as most connections have it; those without a place behind the others. */
  #alongMostPaths(): void {
    const all = [...new Set(this.#pairs.flatMap(({ first, second }) => [first, second]))].sort(
      (a, b) => a - b,
    );
    const places = placesAlongPath(
      all.length,
      (a, b) => -this.#nearerOfMost(all[a], all[b]),
      (a, b) => this.#pairOf(all[a], all[b]) !== undefined,
    );
    const sorted = all
      .map((vantage, i) => ({ vantage, place: places[i] }))
      .sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity) || a.vantage - b.vantage);
    this.#order = sorted.map(({ vantage }) => vantage);
    this.#places = sorted.map(({ place }) => place);
    const clocks = this.#pairs.map(({ first, second, way }) => ({ first, second, clock: way.clock }));
    this.#clocks = new VantageClocks(clocks, this.#order[0]);
  }

  #pairOf(a: number, b: number): PairOfVantages | undefined {
    return this.#pairAt.get(pairKey(a, b));
  }

  /** Negative where `a` is nearer to the client. */
  #nearerOfMost(a: number, b: number): number {
    const pair = this.#pairOf(a, b);
    if (pair === undefined || pair.way.nearer === 0) return 0;
    return pair.first === a ? -pair.way.nearer : pair.way.nearer;
  }

  #routers(vantage: number, next: number | undefined): number | null {
    return next === undefined ? null : (this.#pairOf(vantage, next)?.way.routers ?? null);
  }

  /** Short names by vantage. */
  #names(files: readonly JoinedFile[]): ReadonlyMap<number, string> {
    const paths = this.#order.map(
      (vantage) => files.find(({ timeline }) => timeline === vantage)?.path ?? '',
    );
    return new Map(vantageNames(paths).map((name, at) => [this.#order[at], name]));
  }

  passage(from: number, to: number): Passage {
    const isThere = from < to;
    const pair = this.#pairOf(from, to);
    if (pair === undefined) return NO_PASSAGE;
    const sum: Counts = [0, 0, 0];
    pair.passed.forEach((directions, nearer) => {
      const isFirstNearer = nearer === NEARER_UNKNOWN ? pair.way.nearer >= 0 : nearer === FIRST_NEARER;
      // What the client sends goes away from it.
      directions[isFirstNearer === isThere ? 0 : 1].forEach((count, kind) => (sum[kind] += count));
    });
    return isThere
      ? { both: sum[0], onlyFrom: sum[1], onlyTo: sum[2] }
      : { both: sum[0], onlyFrom: sum[2], onlyTo: sum[1] };
  }

  corrected(vantage: number, timeNs: number): number {
    return this.#clocks.corrected(vantage, timeNs).timeNs;
  }

  orderOf(vantage: number, timeNs: number, other: number, otherNs: number): TimeOrder {
    return this.#clocks.orderOf(vantage, timeNs, other, otherNs);
  }

  // ── one connection ──────────────────────────────────────────────────────────────────────────────────────

  twins(flow: FlowRecord): readonly FlowTwin[] {
    const table = this.#table;
    let row = table.newest(flow);
    if (row === NO_ROW) return NOTHING;
    const twins: FlowTwin[] = [];
    for (; row !== NO_ROW; row = table.before(row, flow)) {
      const pair = table.pair(row);
      const seen = pair.first === flow ? pair : turned(pair);
      const { second, class: kind, isSwapped, seqShift } = seen;
      twins.push({ flow: second, vantage: this.#vantageOf(second), class: kind, isSwapped, seqShift });
    }
    return twins.reverse();
  }

  alongPath(flow: FlowRecord): readonly FlowRecord[] {
    return this.#path(flow).map((one) => one.flow);
  }

  #path(flow: FlowRecord): ConnectionFlow[] {
    const own: FlowTwin = {
      ...{ flow, vantage: this.#vantageOf(flow), class: 'same', isSwapped: false },
      seqShift: [0, 0],
    };
    const twins = this.twins(flow);
    if (twins.length === 1) {
      // Most connections pass no more vantages, and lists ask for the way of each.
      const [twin] = twins;
      const order = this.#nearer(flow, twin.flow) || own.vantage - twin.vantage;
      return order < 0 ? [own, twin] : [twin, own];
    }
    const path = [own, ...twins];
    const places = placesAlongPath(
      path.length,
      (a, b) => {
        const nearer = this.#nearer(path[a].flow, path[b].flow);
        return path[a].isSwapped ? nearer : -nearer;
      },
      () => true,
    );
    return path
      .map((at, i) => ({ at, place: places[i] ?? Infinity }))
      .sort((a, b) => a.place - b.place || a.at.vantage - b.at.vantage)
      .map(({ at }) => at);
  }

  /** Negative where `a` is nearer than `b` to what is the client of `a`, 0 where nothing tells. */
  #nearer(a: FlowRecord, b: FlowRecord): number {
    const row = this.#table.find(a, b);
    if (row === NO_ROW) return 0;
    const nearer = this.#table.nearer(row) || this.#pairs[this.#table.vantages(row)].way.nearer;
    if (this.#table.first(row) === a) return -nearer;
    return this.#table.pair(row).isSwapped ? -nearer : nearer;
  }

  #vantageOf(flow: FlowRecord): number {
    return this.#stores.flows.timelineOf(flow);
  }

  primaryFlow(flow: FlowRecord): FlowRecord {
    if (this.#table.newest(flow) === NO_ROW) return flow;
    // The connection on the other side of a proxy is another one; what began before its capture tells less than what began in it.
    const path = this.#path(flow).filter(({ class: kind }) => !isAcrossProxy(kind));
    const isWhole = ({ flow: one, isSwapped }: FlowTwin): boolean =>
      (this.#stores.flows.directionWord(one, isSwapped ? 1 : 0, SEEN) & SEEN_SYN) !== 0;
    return (path.find(isWhole) ?? path[0]).flow;
  }

  match(ours: FlowRecord, theirs: FlowRecord): PacketMatch {
    const row = this.#table.find(ours, theirs);
    if (row === NO_ROW) throw new Error('flows of two connections');
    let match = this.#kept.get(row) ?? this.#recent.get(row);
    if (match === undefined) {
      match = this.#viewer.match(this.#table.pair(row), this.#table.usual(row));
      this.#recent.add(row, match);
    }
    if (this.#table.first(row) === ours) return match;
    return { ours: match.theirs, theirs: match.ours, ofOurs: match.ofTheirs, ofTheirs: match.ofOurs };
  }

  /** CHANGED bits of a packet of `ours` against its counterpart among those of `theirs`. */
  changes(ours: FlowRecord, theirs: FlowRecord, packet: PacketNumber, counterpart: PacketNumber): number {
    const row = this.#table.find(ours, theirs);
    const ofFlows = row === NO_ROW ? 0 : this.#table.get(row, ROW_CHANGES) & CHANGES_OF_FLOWS;
    return ofFlows | packetChanges(this.#stores.packets, packet, counterpart);
  }

  // ── resets ──────────────────────────────────────────────────────────────────────────────────────────────

  event(reset: number): ResetEvent | undefined {
    const flow = this.#stores.resets.flow(reset);
    if (!this.#isPaired || this.#table.newest(flow) === NO_ROW) return undefined;
    if (!this.#events.has(reset)) {
      // What is on the other side of a proxy are other resets.
      const path = this.#path(flow).filter(({ class: is }) => !isAcrossProxy(is));
      if (path.length === 1) return undefined;
      for (const event of eventsOf(this.#source, path))
        for (const record of event.records) this.#events.set(record, event);
    }
    return this.#events.get(reset);
  }

  #watch(vantage: number): Watch {
    let watch = this.#watches.get(vantage);
    if (watch === undefined) {
      const own = this.#stores.files.list().filter(({ timeline }) => timeline === vantage);
      watch = {
        firstNs: Math.min(...own.map(({ firstNs }) => firstNs)),
        lastNs: Math.max(...own.map(({ lastNs }) => lastNs)),
        packets: own.reduce((sum, { packets }) => sum + packets, 0),
        dropped: own.reduce((sum, { dropped }) => sum + (dropped ?? 0), 0),
      };
      this.#watches.set(vantage, watch);
    }
    return watch;
  }

  primary(reset: number): number {
    return this.event(reset)?.primary ?? reset;
  }

  records(reset: number): readonly number[] {
    return this.event(reset)?.records ?? [reset];
  }
}

/** The same for two vantages whichever is named first. */
function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function* pairsOf(vantages: readonly number[]): Generator<readonly [number, number]> {
  for (let i = 0; i < vantages.length; i++) {
    for (let k = i + 1; k < vantages.length; k++) yield [vantages[i], vantages[k]];
  }
}

interface PairsOfVantages {
  readonly first: number;
  readonly second: number;
  readonly flows: FlowPair[];
}

/** Pairs of flows looked at between two looks at the clock. */
const PAIRS_AT_ONCE = 8192;

/** Pairs of flows by their vantages, as the first of each pair began. */
function* byVantages(
  pairs: readonly FlowPair[],
  timelineOf: (flow: FlowRecord) => number,
): Generator<void, readonly PairsOfVantages[]> {
  const all = new Map<string, PairsOfVantages>();
  for (const [at, pair] of pairs.entries()) {
    if (at % PAIRS_AT_ONCE === 0) yield;
    const [first, second] = [timelineOf(pair.first), timelineOf(pair.second)];
    const key = pairKey(first, second);
    const known = all.get(key);
    if (known === undefined) all.set(key, { first, second, flows: [pair] });
    else known.flows.push(pair);
  }
  for (const { flows } of all.values()) {
    flows.sort((a, b) => a.first - b.first);
    yield;
  }
  return [...all.values()].sort((a, b) => a.first - b.first || a.second - b.second);
}

function passedOf({ from, below, matched, sameTimes, changedIn, passed }: PairOfVantages): Passed {
  const sum = (direction: 0 | 1): Counts => {
    const all: Counts = [0, 0, 0];
    for (const ways of passed) ways[direction].forEach((count, kind) => (all[kind] += count));
    return all;
  };
  return {
    ...{ connections: below - from, matched, sameTimes, changedIn },
    directions: [sum(0), sum(1)],
  };
}

function lossOf({ both, onlyFrom }: Passage): number | null {
  return both + onlyFrom === 0 ? null : onlyFrom / (both + onlyFrom);
}
