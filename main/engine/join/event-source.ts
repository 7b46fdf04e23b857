/** What is asked of the join to make one event out of several sightings of a reset. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTwin, PacketMatch, Passage } from './join-view.ts';
import type { JoinStores } from './stores.ts';

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
  /** Half of the interval in which the clock's offset lies for certain; null where it has no bounds. */
  clockErrorNs(vantage: number): number | null;
  /** Negative where `a` is nearer to the client of their connection, 0 where nothing tells. */
  order(a: FlowRecord, b: FlowRecord): number;
  /** The same connection at another vantage. */
  twin(flow: FlowRecord, vantage: number): ConnectionFlow | undefined;
  /** Records of the log whose first reset has that sequence number, of any flow and vantage. */
  withSeq(seq: number): readonly number[];
}

/** A clock without bounds may be off by this much, as those of hosts without time service are. */
const UNBOUNDED_CLOCK_NS = 1_000_000_000;

/** By how much times of two vantages may be apart although they are the same. */
export function clockErrorBetween(source: EventSource, a: number, b: number): number {
  return (source.clockErrorNs(a) ?? UNBOUNDED_CLOCK_NS) + (source.clockErrorNs(b) ?? UNBOUNDED_CLOCK_NS);
}
