/**
 * Joins captures of the same traffic: the one class of this room that others make.
 *
 *   pair-flows ─▶ match-packets ─▶ clocks, path-order ─▶ reset-events
 *
 * It runs once all files were read, in slices (`joinFor`), and keeps what it found of flows; which packet is which is
 * worked out again when somebody asks.
 */
import type { FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import type {
  ClockOffset,
  JoinReport,
  JoinedFlows,
  JoinedPair,
  Vantage,
} from '../../../shared/model/join.ts';
import { type Transits, clockOffset } from './clocks.ts';
import type { FlowTwin, JoinView, PacketMatch, Passage, ResetEvent } from './join-view.ts';
import { joinedFlows } from './joined-flows.ts';
import { matchPackets } from './match-packets.ts';
import { type FlowPair, pairFlows } from './pair-flows.ts';
import { routersBetween } from './path-order.ts';
import { type ConnectionFlow, eventOf } from './reset-events.ts';
import type { JoinStores } from './stores.ts';

const NOTHING: readonly never[] = [];

interface PairOfVantages {
  readonly first: number;
  readonly second: number;
  readonly flows: readonly FlowPair[];
  clock: ClockOffset | undefined;
  /** Positive where the first is nearer to the client. */
  routers: number;
  matched: number;
  onlyFirst: number;
  onlySecond: number;
}

export class Join implements JoinView {
  readonly #stores: JoinStores;
  #pairs: PairOfVantages[] = [];
  /** By flow: the other flows of its connection. */
  readonly #twins = new Map<FlowRecord, FlowTwin[]>();
  readonly #pairOf = new Map<string, FlowPair>();
  readonly #events = new Map<number, ResetEvent>();
  #work: Generator<void, void> | undefined;
  #done = 1;
  #matched: { readonly key: string; readonly match: PacketMatch } | undefined;

  constructor(stores: JoinStores) {
    this.#stores = stores;
  }

  get isJoined(): boolean {
    return this.#pairs.length > 0;
  }

  /** Share of the work that is done, by pairs of vantages. */
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
    this.#pairs = [];
    this.#twins.clear();
    this.#pairOf.clear();
    this.#events.clear();
    this.#matched = undefined;
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
      } else if (now() >= deadline) return false;
    }
    return true;
  }

  *#steps(): Generator<void, void> {
    const vantages = [...new Set(this.#stores.files.list().map(({ timeline }) => timeline))];
    const pairs = (vantages.length * (vantages.length - 1)) / 2;
    let tried = 0;
    for (let i = 0; i < vantages.length; i++) {
      for (let k = i + 1; k < vantages.length; k++) {
        this.#done = tried++ / pairs;
        const flows = pairFlows(this.#stores, vantages[i], vantages[k]);
        yield;
        if (flows.length > 0) yield* this.#joinVantages(vantages[i], vantages[k], flows);
      }
    }
  }

  *#joinVantages(first: number, second: number, flows: readonly FlowPair[]): Generator<void, void> {
    const there: [number, number][] = [];
    const back: [number, number][] = [];
    const pair: PairOfVantages = {
      ...{ first, second, flows, clock: undefined },
      ...{ routers: 0, matched: 0, onlyFirst: 0, onlySecond: 0 },
    };
    let votes = 0;
    for (const one of flows) {
      this.#enter(one, first, second);
      const match = this.match(one.first, one.second);
      const routers = routersBetween(this.#stores, match);
      votes += Math.sign(routers);
      pair.routers = routers === 0 ? pair.routers : routers;
      this.#transits(match, routers >= 0, { there, back });
      const matched = match.ofOurs.reduce((sum, other) => sum + (other < 0 ? 0 : 1), 0);
      pair.matched += matched;
      pair.onlyFirst += match.ours.length - matched;
      pair.onlySecond += match.theirs.length - matched;
      yield;
    }
    if (votes === 0) pair.routers = 0;
    pair.clock = clockOffset({ there, back });
    this.#pairs.push(pair);
  }

  #enter(pair: FlowPair, first: number, second: number): void {
    const { first: a, second: b, isSwapped, seqShift } = pair;
    const away: readonly [number, number] = [-seqShift[0] | 0, -seqShift[1] | 0];
    this.#add(a, { flow: b, vantage: second, class: pair.class, isSwapped, seqShift });
    this.#add(b, {
      ...{ flow: a, vantage: first, class: pair.class, isSwapped },
      seqShift: isSwapped ? [away[1], away[0]] : away,
    });
    this.#pairOf.set(`${a} ${b}`, pair);
  }

  #add(flow: FlowRecord, twin: FlowTwin): void {
    const known = this.#twins.get(flow);
    if (known === undefined) this.#twins.set(flow, [twin]);
    else known.push(twin);
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

  report(): JoinReport | null {
    if (!this.isJoined) return null;
    const order = this.#order();
    const files = this.#stores.files.list();
    const filesOf = (vantage: number): number[] =>
      files.filter(({ timeline }) => timeline === vantage).map(({ file }) => file);
    const vantages = order.map((vantage, at): Vantage => {
      const own = filesOf(vantage);
      const clock = this.#clockOf(vantage);
      const name = files.find(({ file }) => file === own[0])?.path.replace(/^.*\//u, '') ?? '';
      return { ...clock, files: own, name, order: at, hopsToNext: null };
    });
    const pairs = this.#pairs.map(({ first, second, flows, matched, onlyFirst, onlySecond }): JoinedPair => ({
      files: [filesOf(first)[0], filesOf(second)[0]],
      class: 'same',
      connections: flows.length,
      ...{ matched, onlyFirst, onlySecond, changed: 0, changes: 0 },
      ...{ lossToSecond: null, lossToFirst: null, roundTripNs: null, found: [] },
    }));
    return { vantages, pairs, connections: this.#pairs.reduce((sum, { flows }) => sum + flows.length, 0) };
  }

  joinedFlows({ files: [first, second] }: JoinedPair): Iterable<JoinedFlows> {
    const timelines = new Map(this.#stores.files.list().map(({ file, timeline }) => [file, timeline]));
    const pair = this.#pairs.find(
      (one) => one.first === timelines.get(first) && one.second === timelines.get(second),
    );
    return joinedFlows(this.#stores, pair?.flows ?? NOTHING, (one) => this.match(one.first, one.second));
  }

  /** Joined vantages from the client on. */
  #order(): number[] {
    const all = [...new Set(this.#pairs.flatMap(({ first, second }) => [first, second]))];
    return all.sort((a, b) => this.#nearer(a, b));
  }

  /** Negative where `a` is nearer to the client. */
  #nearer(a: number, b: number): number {
    for (const { first, second, routers } of this.#pairs) {
      if (first === a && second === b) return -routers;
      if (first === b && second === a) return routers;
    }
    return 0;
  }

  #clockOf(vantage: number): ClockOffset {
    const none: ClockOffset = { offsetNs: 0, offsetErrorNs: 0, driftPpm: 0, atNs: 0, steps: [] };
    const reference = this.#order()[0];
    return this.#pairs.find(({ first, second }) => first === reference && second === vantage)?.clock ?? none;
  }

  passage(from: number, to: number): Passage {
    const pair = this.#pairs.find(({ first, second }) => first === from && second === to);
    return { both: pair?.matched ?? 0, onlyFrom: pair?.onlyFirst ?? 0, onlyTo: pair?.onlySecond ?? 0 };
  }

  corrected(vantage: number, timeNs: number): number {
    return timeNs - this.#clockOf(vantage).offsetNs;
  }

  twins(flow: FlowRecord): readonly FlowTwin[] {
    return this.#twins.get(flow) ?? NOTHING;
  }

  alongPath(flow: FlowRecord): readonly FlowRecord[] {
    return this.#path(flow).map((one) => one.flow);
  }

  #path(flow: FlowRecord): ConnectionFlow[] {
    const vantage = this.#stores.files.list();
    const own = this.#stores.packets.file(this.#firstPacket(flow));
    const timeline = vantage.find(({ file }) => file === own)?.timeline ?? 0;
    const all = [{ flow, vantage: timeline }, ...this.twins(flow)];
    return all.sort((a, b) => this.#nearer(a.vantage, b.vantage));
  }

  #firstPacket(flow: FlowRecord): PacketNumber {
    const { ours } = matchPackets(this.#stores, {
      ...{ first: flow, second: flow, class: 'same', isSwapped: false },
      seqShift: [0, 0],
    });
    return ours[0] as PacketNumber;
  }

  primaryFlow(flow: FlowRecord): FlowRecord {
    return this.alongPath(flow)[0];
  }

  match(ours: FlowRecord, theirs: FlowRecord): PacketMatch {
    const key = `${ours} ${theirs}`;
    if (this.#matched?.key === key) return this.#matched.match;
    const pair = this.#pairOf.get(key);
    let match: PacketMatch;
    if (pair !== undefined) {
      match = matchPackets(this.#stores, pair);
    } else {
      const turned = this.match(theirs, ours);
      match = { ours: turned.theirs, theirs: turned.ours, ofOurs: turned.ofTheirs, ofTheirs: turned.ofOurs };
    }
    this.#matched = { key, match };
    return match;
  }

  event(reset: number): ResetEvent | undefined {
    const flow = this.#stores.resets.flow(reset);
    if (this.twins(flow).length === 0) return undefined;
    const known = this.#events.get(reset);
    if (known !== undefined) return known;
    const event = eventOf(this.#stores, this.#path(flow), (a, b) => this.match(a, b), reset);
    for (const sighting of event.sightings) this.#events.set(sighting.reset, event);
    return event;
  }

  primary(reset: number): number {
    return this.event(reset)?.primary ?? reset;
  }
}
