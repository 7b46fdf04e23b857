/** What the rest of the engine may ask of joined captures. `Join` implements it; tests may fill their own. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { JoinReport, JoinedFlows, JoinedPair, MatchClass } from '../../../shared/model/join.ts';
import type { TimeOrder } from './vantage-clocks.ts';

/** The same connection at another vantage. */
export interface FlowTwin {
  readonly flow: FlowRecord;
  /** Its timeline. */
  readonly vantage: number;
  readonly class: MatchClass;
  /** Whether what is the client there is the server here: of connections without handshake it is guessed. */
  readonly isSwapped: boolean;
  /** What is added to the numbers of our client's and our server's bytes there, mod 2^32; 0 where they pass as they are. */
  readonly seqShift: readonly [client: number, server: number];
}

/** The packets of two flows of one connection, each with its counterpart. */
export interface PacketMatch {
  /** Packets of either flow in capture order. */
  readonly ours: Uint32Array;
  readonly theirs: Uint32Array;
  /** Index of each packet's counterpart among the other's, −1 for none. Where segments differ several may have the same one. */
  readonly ofOurs: Int32Array;
  readonly ofTheirs: Int32Array;
}

/** Where a reset was not seen, although its connection was. */
export interface Absence {
  readonly vantage: number;
  readonly flow: FlowRecord;
  /** As `AbsentAt.lies`. */
  readonly lies: 'before' | 'beyond' | 'unknown';
  /** 95 % upper bound of the share of packets that pass this vantage without being captured there. */
  readonly lossBound: number;
  /** Packets that the bound rests on: those seen on the other side that had to pass here. */
  readonly passed: number;
  readonly missed: number;
  /**
   * The same bound with the packets of the other direction, too, of which those that are missing here may as well have been lost on the
   * network: a capture that misses packets misses them of both, and few of one direction may have been lucky.
   */
  readonly lossBoundOfBoth: number;
  /**
   * Packets of other connections that passed here within a second of the reset without being captured; bounded, as one is as good as
   * many, and without what a device sent or stopped.
   */
  readonly missedAround: number;
  /** Packets of the same connection and direction that were seen where the reset was, and not here. */
  readonly missedHere: number;
  /** Whether other packets of the same connection and direction were captured there shortly before, and anything after. */
  readonly isWatching: boolean;
  /** No other reset of the connection there says the same, or fewer than where this one was seen: it can be none of those. */
  readonly isSingular: boolean;
  /**
   * Whether it tells where a reset was made of which something else shows that a device made it: the reset was not there, though nothing
   * shows that it had to be.
   */
  readonly isPlace: boolean;
  /** For people, without full stop; null where nothing speaks against the absence. */
  readonly doubt: string | null;
}

export interface Sighting {
  readonly vantage: number;
  readonly flow: FlowRecord;
  /** The record of the reset in the log. */
  readonly reset: number;
  readonly packet: PacketNumber;
}

/** One reset, however many vantages saw it. */
export interface ResetEvent {
  /** The record that stands for it in lists: of the sighting nearest to the claimed sender. */
  readonly primary: number;
  /** All records of the log that are of it, that one among them. */
  readonly records: readonly number[];
  /** From the claimed sender on. */
  readonly sightings: readonly Sighting[];
  readonly absences: readonly Absence[];
  /** Vantages between which it was made, as they follow each other from the claimed sender on; null where one is missing. */
  readonly born: readonly [from: number, to: number] | null;
  /** Class of the match between the flows; the weakest of them. */
  readonly class: MatchClass;
  /** Primary record of the reset to the other end that is one act with this one; null without. */
  readonly sameActAs: number | null;
}

/** Packets on their way from one vantage to another, resets left out, in the time that both captured. */
export interface Passage {
  readonly both: number;
  /** Seen where they came from and not where they went: lost between the two, or not captured there. */
  readonly onlyFrom: number;
  /** Seen only where they went: not captured at the first. */
  readonly onlyTo: number;
}

export interface JoinView {
  /** Whether any two captures hold the same traffic. */
  readonly isJoined: boolean;
  report(): JoinReport | null;
  /** The connections that both vantages of a pair of the report hold. */
  joinedFlows(pair: JoinedPair): Iterable<JoinedFlows>;
  /** Empty for a flow that was seen at one vantage only. */
  twins(flow: FlowRecord): readonly FlowTwin[];
  /** Flows of the connection in the order of the path from the client, this one among them; just this one where it was not joined. */
  alongPath(flow: FlowRecord): readonly FlowRecord[];
  /** The flow that stands for its connection in counts of connections: itself where it was not joined. */
  primaryFlow(flow: FlowRecord): FlowRecord;
  match(ours: FlowRecord, theirs: FlowRecord): PacketMatch;
  /** CHANGED bits of a packet of `ours` against its counterpart among those of `theirs`. */
  changes(ours: FlowRecord, theirs: FlowRecord, packet: PacketNumber, counterpart: PacketNumber): number;
  /** Undefined for a reset of a connection that was seen at one vantage only. */
  event(reset: number): ResetEvent | undefined;
  /** The record that stands for it in lists: itself where it was not joined. */
  primary(reset: number): number;
  /** All records that are of the same reset, this one among them. */
  records(reset: number): readonly number[];
  /** Of all connections that both vantages hold. */
  passage(from: number, to: number): Passage;
  /** The time on the clock of the reference vantage. */
  corrected(vantage: number, timeNs: number): number;
  /** Which of two times at two vantages was earlier, as far as their clocks leave no doubt. */
  orderOf(vantage: number, timeNs: number, other: number, otherNs: number): TimeOrder;
}
