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
import type { FlowRecord, Milliseconds } from '../../../shared/base/units.ts';
import type { JoinReport, JoinedFlows, JoinedPair, MatchClass, Vantage } from '../../../shared/model/join.ts';
import { MATCH_CLASSES } from '../../../shared/model/join.ts';
import { TIMELINE } from '../flow/record.ts';
import { consistentPairs, turned } from './connections.ts';
import type { FlowTwin, JoinView, PacketMatch, Passage, ResetEvent } from './join-view.ts';
import { matchPackets } from './match-packets.ts';
import { type FlowPair, FlowPairing } from './pair-flows.ts';
import {
  NO_ROW,
  PairTable,
  type PairRow,
  ROW_MATCHED,
  ROW_CHANGED,
  ROW_ONLY_FIRST,
  ROW_ONLY_SECOND,
} from './pair-table.ts';
import { foundOnTheWay } from './found.ts';
import { placesAlongPath } from './path-order.ts';
import type { ConnectionFlow, EventSource, Watch } from './event-source.ts';
import { RecentMatches } from './recent-matches.ts';
import { eventsOf } from './reset-events.ts';
import type { JoinStores, JoinedFile } from './stores.ts';
import { type TimeOrder, VantageClocks } from './vantage-clocks.ts';
import { vantageNames } from './vantage-names.ts';
import { WayBetween } from './way-between.ts';

const NOTHING: readonly never[] = [];
/** Resets with one sequence number that are kept: those of different connections are few, but for a flood of forged ones. */
const MOST_ALIKE = 64;
const RESETS_AT_ONCE = 4096;
const NO_PASSAGE: Passage = { both: 0, onlyFrom: 0, onlyTo: 0 };

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
}

export class Join implements JoinView {
  readonly #stores: JoinStores;
  readonly #source: EventSource;
  readonly #pairs: PairOfVantages[] = [];
  readonly #table = new PairTable();
  readonly #events = new Map<number, ResetEvent>();
  readonly #watches = new Map<number, Watch>();
  /** Records of the log by the sequence number of their first reset. */
  readonly #bySeq = new Map<number, number[]>();
  readonly #recent = new RecentMatches();
  #order: readonly number[] = [];
  /** Places along the path of those in #order; null where nothing tells. */
  #places: readonly (number | null)[] = [];
  #clocks = new VantageClocks([], 0);
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
      clockErrorNs: (vantage) => this.#clocks.offset(vantage).offsetErrorNs,
      order: (a, b) => this.#nearer(a, b),
      twin: (flow, vantage) => this.twins(flow).find((other) => other.vantage === vantage),
      withSeq: (seq) => this.#bySeq.get(seq) ?? NOTHING,
    };
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
    this.#order = [];
    this.#places = [];
    this.#clocks = new VantageClocks([], 0);
    this.#table.clear(0);
    this.#events.clear();
    this.#watches.clear();
    this.#bySeq.clear();
    this.#isPaired = false;
    this.#recent.clear();
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
    const vantages = [...new Set(this.#stores.files.list().map(({ timeline }) => timeline))];
    const found: (readonly FlowPair[])[] = [];
    const pairing = new FlowPairing(this.#stores);
    const of: (readonly [first: number, second: number])[] = [];
    for (let i = 0; i < vantages.length; i++) {
      for (let k = i + 1; k < vantages.length; k++) {
        const flows = yield* pairing.between(vantages[i], vantages[k]);
        if (flows.length > 0) {
          found.push(flows);
          of.push([vantages[i], vantages[k]]);
        }
        yield;
      }
    }
    if (found.length === 0) return;
    const timelineOf = (flow: FlowRecord): number => this.#vantageOf(flow);
    const pairs = yield* consistentPairs(found.flat(), timelineOf);
    this.#table.clear(this.#stores.flows.records);
    let tried = 0;
    for (const [first, second] of vantagePairs(vantages)) {
      const flows = pairs.filter(
        (pair) => timelineOf(pair.first) === first && timelineOf(pair.second) === second,
      );
      yield;
      if (flows.length > 0) yield* this.#joinVantages(first, second, flows);
      this.#done = ++tried / (of.length + 1);
    }
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
  }

  *#joinVantages(first: number, second: number, flows: readonly FlowPair[]): Generator<void, void> {
    const from = this.#table.count;
    const pair: PairOfVantages = {
      ...{ first, second, from, below: from + flows.length, class: 'same' },
      way: new WayBetween(this.#stores, this.#stampStep(first, second)),
      ...{ matched: 0, onlyFirst: 0, onlySecond: 0, changed: 0, changes: 0 },
    };
    const classes = MATCH_CLASSES.map(() => 0);
    for (const one of flows) {
      const row = this.#table.add(one, this.#pairs.length);
      classes[MATCH_CLASSES.indexOf(one.class)]++;
      const match = matchPackets(this.#stores, one);
      this.#table.setNearer(row, pair.way.add(one, match).nearer);
      const matched = match.ofOurs.reduce((sum, other) => sum + (other < 0 ? 0 : 1), 0);
      this.#table.set(row, ROW_MATCHED, matched);
      this.#table.set(row, ROW_ONLY_FIRST, match.ours.length - matched);
      this.#table.set(row, ROW_ONLY_SECOND, match.theirs.length - matched);
      pair.matched += matched;
      pair.onlyFirst += match.ours.length - matched;
      pair.onlySecond += match.theirs.length - matched;
      yield;
    }
    pair.class = MATCH_CLASSES[classes.indexOf(Math.max(...classes))];
    pair.way.settle();
    this.#pairs.push(pair);
  }

  /** The coarser step of the two vantages' time stamps. */
  #stampStep(...vantages: readonly number[]): number {
    const own = this.#stores.files.list().filter(({ timeline }) => vantages.includes(timeline));
    return Math.max(...own.map(({ stampStepNs }) => stampStepNs));
  }

  // ── what was found, as a whole ──────────────────────────────────────────────────────────────────────────

  report(): JoinReport | null {
    if (!this.isJoined) return null;
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
        ...{ lossToSecond: null, lossToFirst: null },
        roundTripNs: pair.way.clock?.roundTripNs ?? null,
        found: foundOnTheWay(pair.way, pair.class, changes, {
          first: names.get(pair.first) ?? '',
          second: names.get(pair.second) ?? '',
        }),
      };
    });
    return {
      vantages,
      pairs,
      connections: this.#pairs.reduce((sum, { from, below }) => sum + below - from, 0),
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
    return this.#pairs.find(
      ({ first, second }) => (first === a && second === b) || (first === b && second === a),
    );
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
    const pair = this.#pairs.find(({ first, second }) => first === from && second === to);
    return pair === undefined
      ? NO_PASSAGE
      : { both: pair.matched, onlyFrom: pair.onlyFirst, onlyTo: pair.onlySecond };
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
    const path = [own, ...this.twins(flow)];
    const places = placesAlongPath(
      path.length,
      (a, b) => -this.#nearer(path[a].flow, path[b].flow),
      () => true,
    );
    return path
      .map((at, i) => ({ at, place: places[i] ?? Infinity }))
      .sort((a, b) => a.place - b.place || a.at.vantage - b.at.vantage)
      .map(({ at }) => at);
  }

  /** Negative where `a` is nearer to the client of its connection than `b`, 0 where nothing tells. */
  #nearer(a: FlowRecord, b: FlowRecord): number {
    const row = this.#table.find(a, b);
    if (row === NO_ROW) return 0;
    const nearer = this.#table.nearer(row) || this.#pairs[this.#table.vantages(row)].way.nearer;
    return this.#table.first(row) === a ? -nearer : nearer;
  }

  #vantageOf(flow: FlowRecord): number {
    return this.#stores.flows.word(flow, TIMELINE);
  }

  primaryFlow(flow: FlowRecord): FlowRecord {
    return this.#table.newest(flow) === NO_ROW ? flow : this.#path(flow)[0].flow;
  }

  match(ours: FlowRecord, theirs: FlowRecord): PacketMatch {
    const row = this.#table.find(ours, theirs);
    if (row === NO_ROW) throw new Error('flows of two connections');
    let match = this.#recent.get(row);
    if (match === undefined) {
      match = matchPackets(this.#stores, this.#table.pair(row));
      this.#recent.add(row, match);
    }
    if (this.#table.first(row) === ours) return match;
    return { ours: match.theirs, theirs: match.ours, ofOurs: match.ofTheirs, ofTheirs: match.ofOurs };
  }

  // ── resets ──────────────────────────────────────────────────────────────────────────────────────────────

  event(reset: number): ResetEvent | undefined {
    const flow = this.#stores.resets.flow(reset);
    if (!this.#isPaired || this.#table.newest(flow) === NO_ROW) return undefined;
    if (!this.#events.has(reset)) {
      // What is on the other side of a proxy are other resets.
      const path = this.#path(flow).filter(({ class: is }) => is !== 'proxied');
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

function* vantagePairs(vantages: readonly number[]): Generator<readonly [number, number]> {
  for (let i = 0; i < vantages.length; i++) {
    for (let k = i + 1; k < vantages.length; k++) yield [vantages[i], vantages[k]];
  }
}
