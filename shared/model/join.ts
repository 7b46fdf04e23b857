/**
 * Captures of the same traffic from different points of the path, joined.
 *
 * A _vantage_ is the point at which a capture was made: the files of one timeline. The engine numbers vantages as it numbers
 * timelines, from 1; everybody else knows one by its first file.
 */

/**
 * How sure it is that two flows are one connection, and what lies between their vantages. `same`: the packets themselves pass both
 * (addresses and ports may be translated). `rewritten`: the same packets with other sequence numbers. `proxied`: two connections, of
 * which a proxy in between copies the bytes of one to the other. `probable`: the same, but what can be compared is not unique.
 */
export const MATCH_CLASSES = ['same', 'rewritten', 'proxied', 'probable'] as const;
export type MatchClass = (typeof MATCH_CLASSES)[number];

/** Whether two flows of that class are two connections, of which something in between copies the bytes: they have no packet in common. */
export function isAcrossProxy(of: MatchClass): boolean {
  return of === 'proxied' || of === 'probable';
}

/** What the way between two vantages changed of a packet, beside its TTL, as bits. */
export const CHANGED = {
  client: 1 << 0, // address or port of the client
  server: 1 << 1,
  seq: 1 << 2, // numbers moved by a constant
  window: 1 << 3,
  flags: 1 << 4,
  tos: 1 << 5, // DSCP or ECN
  options: 1 << 6, // TCP options: MSS, SACK, timestamps …
  payload: 1 << 7, // its length
  segments: 1 << 8, // the same bytes in other segments (offload)
} as const;
export type Changed = keyof typeof CHANGED;

/** A step of one clock against the other. */
export interface ClockStep {
  /** On the clock of the first vantage, nanoseconds since the analysis' epoch. */
  readonly timeNs: number;
  /** By how much the offset grew there. */
  readonly byNs: number;
}

/** A clock as seen from that of the reference vantage: what is to be taken off its times. */
export interface ClockOffset {
  readonly offsetNs: number;
  /** Half of the interval in which the offset lies for certain; null where packets of one direction alone bound it from one side. */
  readonly offsetErrorNs: number | null;
  readonly driftPpm: number;
  /** When `offsetNs` holds, on the reference's clock. */
  readonly atNs: number;
  readonly steps: readonly ClockStep[];
}

export interface Vantage extends ClockOffset {
  /** Files of its timeline, by their numbers in the analysis; the first of them names the vantage. */
  readonly files: readonly number[];
  /** Short name for people: of the file, without what all have in common. */
  readonly name: string;
  /** Along the path, from the client, 0, on, as most connections have it; null where nothing tells. */
  readonly order: number | null;
  /** Routers between this vantage and the next one along the path; null for the last, or where TTLs do not tell. */
  readonly hopsToNext: number | null;
}

/** The flows of one connection at two vantages, and what became of its packets between them. */
export interface JoinedFlows {
  /** Flow ids, in the order of the pair's files. */
  readonly ids: readonly [number, number];
  readonly class: MatchClass;
  /** Packets of the first that the second has too. Several segments of one may be one of the other: then the first's are counted. */
  readonly matched: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Of the matched ones those in which more than TTL, addresses, ports and numbers differs. */
  readonly changed: number;
}

export interface JoinedPair {
  /** First files of the two vantages. */
  readonly files: readonly [number, number];
  /** Of most of its connections. */
  readonly class: MatchClass;
  readonly connections: number;
  readonly matched: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly changed: number;
  /** CHANGED bits that occur in all. */
  readonly changes: number;
  /** Share of packets on their way to the second vantage that were seen at the first and not there; resets left out. Null without any. */
  readonly lossToSecond: number | null;
  readonly lossToFirst: number | null;
  /** The smallest round trip between the two vantages, by packets of both directions; null where one is missing. */
  readonly roundTripNs: number | null;
  /** What a person should know of the way between: translation, other numbers, a proxy … */
  readonly found: readonly string[];
}

/** What is known of joined captures as a whole. */
export interface JoinReport {
  readonly vantages: readonly Vantage[];
  readonly pairs: readonly JoinedPair[];
  /** Connections that were seen at more than one vantage. */
  readonly connections: number;
}

/** One of the flows of a connection. */
export interface ConnectionAt {
  /** First file of the vantage. */
  readonly file: number;
  readonly flow: number;
  readonly client: string;
  readonly server: string;
}

/** A place at which a reset was seen. */
export interface SeenAt {
  /** First file of the vantage, and the file of the frame: another one only where the vantage has several. */
  readonly vantage: number;
  readonly file: number;
  readonly frame: number;
  readonly packet: number;
  readonly timeNs: number;
  readonly ttl: number;
}

/** A place at which it was not seen although its connection was. */
export interface AbsentAt {
  readonly vantage: number;
  /** The most that can be believed (95 %) of a packet passing this vantage without being captured there. */
  readonly lossBound: number;
  /**
   * `before`: between the reset's claimed sender and where it was seen, so that a genuine one had to pass. `beyond`: behind it, so that it
   * was lost or stopped on its way. `unknown`: the vantages have no order.
   */
  readonly lies: 'before' | 'beyond' | 'unknown';
  /** What keeps its absence from proving anything; null where nothing does. For people, without full stop. */
  readonly doubt: string | null;
}

/** A reset as all vantages together tell of it. */
export interface ResetJourney {
  /** From its claimed sender on. */
  readonly seenAt: readonly SeenAt[];
  readonly absentAt: readonly AbsentAt[];
  /** First files of the two neighbouring vantages between which it was made; null where it was made beyond the outermost one. */
  readonly born: { readonly between: readonly [number, number] } | null;
  /** Loss and clocks leave no other reading of who made it. */
  readonly proven: boolean;
  /** The reset to the other end that is one act with this one; null without. */
  readonly sameActAs: number | null;
}

/** One packet at one capture point. */
export interface PacketAt {
  /** First file of the vantage. */
  readonly vantage: number;
  /** Its number in the analysis; null where it was not seen there. */
  readonly packet: number | null;
  readonly file: number;
  readonly frame: number | null;
  /** CHANGED bits against the capture point before. */
  readonly changes: number;
}

/** A capture point of a ladder. */
export interface LadderVantage extends ConnectionAt, ClockOffset {
  readonly name: string;
  /** A proxy stands between it and the one before it, so that no packet passes both. */
  readonly isBehindProxy: boolean;
}

/** Every packet of one connection with where it was seen. */
export interface JoinedLadder {
  /** In the order of the path from the client. */
  readonly vantages: readonly LadderVantage[];
  /** Whether that order is known; where nothing tells it they stand as they come. */
  readonly isOrdered: boolean;
  /**
   * For each vantage the packets of its flow (columns of shared/columns/ladder.ts), and for each of these packets the number of its
   * journey (Uint32) and what was changed since the vantage before (Uint16 of CHANGED bits); packets of one journey are one packet on its way.
   */
  readonly parts: readonly {
    /** Packets of the flow before those: a ladder has the newest ones only. */
    readonly earlier: number;
    readonly columns: Uint8Array;
    readonly journeys: Uint8Array;
    readonly changes: Uint8Array;
  }[];
}
