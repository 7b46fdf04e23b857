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
import type { FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import type {
  ClockOffset,
  JoinReport,
  JoinedFlows,
  JoinedPair,
  MatchClass,
  Vantage,
} from '../../../shared/model/join.ts';
import { MATCH_CLASSES } from '../../../shared/model/join.ts';
import { TIMELINE } from '../flow/record.ts';
import { type Transits, clockOffset } from './clocks.ts';
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
import { routersBetween } from './path-order.ts';
import type { ConnectionFlow, EventSource, Watch } from './event-source.ts';
import { RecentMatches } from './recent-matches.ts';
import { eventsOf } from './reset-events.ts';
import type { JoinStores } from './stores.ts';

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
  clock: ClockOffset | undefined;
  /** Routers between the two, positive where the first is nearer to the client, as most connections have it; 0 where nothing tells. */
  routers: number;
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
      clockErrorNs: (vantage) => this.#clockOf(vantage).offsetErrorNs,
      order: (a, b) => this.#nearer(a, b),
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
    this.#order = this.#alongMostPaths();
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
    const there: [number, number][] = [];
    const back: [number, number][] = [];
    const from = this.#table.count;
    const pair: PairOfVantages = {
      ...{ first, second, from, below: from + flows.length, clock: undefined, class: 'same' },
      ...{ routers: 0, matched: 0, onlyFirst: 0, onlySecond: 0, changed: 0, changes: 0 },
    };
    const classes = MATCH_CLASSES.map(() => 0);
    const votes = new Map<number, number>();
    for (const one of flows) {
      const row = this.#table.add(one, this.#pairs.length);
      classes[MATCH_CLASSES.indexOf(one.class)]++;
      const match = matchPackets(this.#stores, one);
      const routers = routersBetween(this.#stores, match);
      this.#table.setNearer(row, routers);
      votes.set(routers, (votes.get(routers) ?? 0) + 1);
      this.#transits(match, routers >= 0, { there, back });
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
    pair.routers = mostOf(votes);
    pair.clock = clockOffset({ there, back });
    this.#pairs.push(pair);
  }

  #transits(
    match: PacketMatch,
    firstIsNearClient: boolean,
    into: { [K in keyof Transits]: [number, number][] },
  ): void {
    const { packets } = this.#stores;
    for (let at = 0; at < match.ours.length; at++) {
      const other = match.ofOurs[at];
      if (other < 0) continue;
      const packet = match.ours[at] as PacketNumber;
      const time = packets.time(packet);
      const difference = packets.time(match.theirs[other] as PacketNumber) - time;
      const isThere = (packets.direction(packet) === 0) === firstIsNearClient;
      (isThere ? into.there : into.back).push([time, difference]);
    }
  }

  // ── what was found, as a whole ──────────────────────────────────────────────────────────────────────────

  report(): JoinReport | null {
    if (!this.isJoined) return null;
    const files = this.#stores.files.list();
    const filesOf = (vantage: number): number[] =>
      files.filter(({ timeline }) => timeline === vantage).map(({ file }) => file);
    const vantages = this.#order.map((vantage, at): Vantage => {
      const own = filesOf(vantage);
      const name = files.find(({ file }) => file === own[0])?.path.replace(/^.*\//u, '') ?? '';
      return { ...this.#clockOf(vantage), files: own, name, order: at, hopsToNext: null };
    });
    const pairs = this.#pairs.map((pair): JoinedPair => {
      const { matched, onlyFirst, onlySecond, changed, changes } = pair;
      return {
        files: [filesOf(pair.first)[0], filesOf(pair.second)[0]],
        class: pair.class,
        connections: pair.below - pair.from,
        ...{ matched, onlyFirst, onlySecond, changed, changes },
        ...{ lossToSecond: null, lossToFirst: null, roundTripNs: null, found: [] },
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

  /** Joined vantages from the client on, as most connections have it. */
  #alongMostPaths(): number[] {
    const all = [...new Set(this.#pairs.flatMap(({ first, second }) => [first, second]))];
    return all.sort((a, b) => this.#nearerOfMost(a, b));
  }

  /** Negative where `a` is nearer to the client. */
  #nearerOfMost(a: number, b: number): number {
    for (const { first, second, routers } of this.#pairs) {
      if (first === a && second === b) return -routers;
      if (first === b && second === a) return routers;
    }
    return 0;
  }

  #clockOf(vantage: number): ClockOffset {
    const none: ClockOffset = { offsetNs: 0, offsetErrorNs: 0, driftPpm: 0, atNs: 0, steps: [] };
    const reference = this.#order[0];
    return this.#pairs.find(({ first, second }) => first === reference && second === vantage)?.clock ?? none;
  }

  passage(from: number, to: number): Passage {
    const pair = this.#pairs.find(({ first, second }) => first === from && second === to);
    return pair === undefined
      ? NO_PASSAGE
      : { both: pair.matched, onlyFrom: pair.onlyFirst, onlyTo: pair.onlySecond };
  }

  corrected(vantage: number, timeNs: number): number {
    return timeNs - this.#clockOf(vantage).offsetNs;
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
    return path.sort((a, b) => this.#nearer(a.flow, b.flow) || a.vantage - b.vantage);
  }

  /** Negative where `a` is nearer to the client of its connection than `b`, 0 where nothing tells. */
  #nearer(a: FlowRecord, b: FlowRecord): number {
    const row = this.#table.find(a, b);
    if (row === NO_ROW) return 0;
    const nearer = this.#table.nearer(row) || this.#pairs[this.#table.vantages(row)].routers;
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

/** What was voted for most; of as many votes the first. */
function mostOf(votes: ReadonlyMap<number, number>): number {
  let most = 0;
  let best = 0;
  for (const [vote, count] of votes) {
    if (vote === 0 || count <= best) continue;
    most = vote;
    best = count;
  }
  return most;
}
