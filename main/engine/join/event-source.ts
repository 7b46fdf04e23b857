/** What is asked of the join to make one event out of several sightings of a reset. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTwin, PacketMatch, Passage } from './join-view.ts';
import type { ClockTime } from './clocks.ts';
import type { JoinStores } from './stores.ts';
import type { TimeOrder } from './vantage-clocks.ts';

/** One of the flows of a connection. Class, sides and numbers are as seen from the flow that was asked about. */
export type ConnectionFlow = FlowTwin;

/** When something was captured at a vantage, on its own clock, and how much that capture says it lost. */
export interface Watch {
  readonly firstNs: number;
  readonly lastNs: number;
  readonly packets: number;
  readonly dropped: number;
}

export interface EventSource {
  readonly stores: JoinStores;
  match(ours: FlowRecord, theirs: FlowRecord): PacketMatch;
  passage(from: number, to: number): Passage;
  watch(vantage: number): Watch;
  /** The time on the clock of the reference vantage. */
  corrected(vantage: number, timeNs: number): number;
  /** From one vantage's clock to another's; undefined where nothing connects the two. */
  convert(from: number, timeNs: number, to: number): ClockTime | undefined;
  /** Which of two times was earlier, as far as the clocks leave no doubt. */
  orderOf(vantage: number, timeNs: number, other: number, otherNs: number): TimeOrder;
  /** Negative where `a` is nearer to the client of their connection, 0 where nothing tells. */
  order(a: FlowRecord, b: FlowRecord): number;
  /** The same connection at another vantage. */
  twin(flow: FlowRecord, vantage: number): ConnectionFlow | undefined;
  /** Records of the log whose first reset has that sequence number, of any flow and vantage. */
  withSeq(seq: number): readonly number[];
}

/** A clock without bounds may be off by this much, as those of hosts without time service are. */
const UNBOUNDED_CLOCK_NS = 1_000_000_000;

/** A moment at a vantage, on its own clock. */
export interface Moment {
  readonly vantage: number;
  readonly timeNs: number;
}

/** How long after one moment another one was: the least and the most that both clocks leave open. */
export interface Gap {
  readonly leastNs: number;
  readonly mostNs: number;
}

/** A clock that was set shows some times twice and some never: what either of the two clocks leaves open counts. */
export function gapBetween(source: EventSource, from: Moment, to: Moment): Gap {
  if (from.vantage === to.vantage) {
    const gap = to.timeNs - from.timeNs;
    return { leastNs: gap, mostNs: gap };
  }
  const there = source.convert(from.vantage, from.timeNs, to.vantage);
  const back = source.convert(to.vantage, to.timeNs, from.vantage);
  const onTo = to.timeNs - (there?.timeNs ?? from.timeNs);
  const onFrom = (back?.timeNs ?? to.timeNs) - from.timeNs;
  const errorOnTo = there?.errorNs ?? UNBOUNDED_CLOCK_NS;
  const errorOnFrom = back?.errorNs ?? UNBOUNDED_CLOCK_NS;
  return {
    leastNs: Math.min(onTo - errorOnTo, onFrom - errorOnFrom),
    mostNs: Math.max(onTo + errorOnTo, onFrom + errorOnFrom),
  };
}

/** Whether two moments may be within that of each other. */
export function mayBeWithin(source: EventSource, a: Moment, b: Moment, withinNs: number): boolean {
  const { leastNs, mostNs } = gapBetween(source, a, b);
  return leastNs <= withinNs && mostNs >= -withinNs;
}
