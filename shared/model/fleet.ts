/** What is asked of a fleet and what is answered: the same for the command line, the page and agents. Times are milliseconds since 1970. */
import type { CauseCode } from './cause.ts';
import type { OriginKind, Side } from './verdict.ts';

/** What is asked for: an empty scope is everything. */
export interface FleetScope {
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
  readonly site?: string;
  readonly host?: string;
  /** Address or name of a server, or a part of it. */
  readonly server?: string;
  readonly serverPort?: number;
  readonly client?: string;
  readonly cause?: CauseCode;
  readonly origin?: OriginKind;
  /** Only what ended unfinished work. */
  readonly onlyMatters?: boolean;
}

/** A stretch of time in which a machine captured nothing, or nobody brought it. */
export interface FleetGap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What one machine brought into an answer, at one interface. */
export interface HostCoverage {
  readonly host: string;
  readonly site: string;
  /** Null for files. */
  readonly interface: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly gaps: readonly FleetGap[];
  readonly packets: number;
  readonly resets: number;
  /** Packets; null where nobody counted. */
  readonly lost: number | null;
  /** Files that its spool let go of before they were taken away. */
  readonly spoolLostFiles: number;
  /** Null where nobody said. */
  readonly clockBoundSeconds: number | null;
  readonly keyId: string | null;
  readonly isAnonymised: boolean;
  readonly engineVersions: readonly string[];
  readonly weightsVersions: readonly string[];
}

export interface FleetMissing {
  readonly kind: 'shard' | 'file' | 'host';
  readonly name: string;
  readonly why: string;
}

/** Stands beside every answer. */
export interface FleetCoverage {
  readonly hosts: readonly HostCoverage[];
  /** More hosts than are listed. */
  readonly moreHosts: number;
  readonly missing: readonly FleetMissing[];
  /** Shards that answered, of how many. */
  readonly shards: { readonly answered: number; readonly total: number };
  /** The whole in one or two sentences: how many hosts and times are in it, and what is not. */
  readonly sentence: string;
}

export interface FleetFinding {
  readonly server: string;
  readonly serverName: string | null;
  readonly claimed: Side;
  readonly origin: OriginKind;
  readonly originSide: string | null;
  readonly cause: CauseCode;
  readonly count: number;
  readonly matters: number;
  readonly hosts: number;
  readonly sites: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
  readonly meanConfidence: number;
  /** One to look at. */
  readonly example: FleetResetId;
}

/** A reset of a fleet. */
export interface FleetResetId {
  /** The table's key, as decimal text. */
  readonly capture: string;
  readonly segment: number;
  readonly reset: number;
}

export interface FleetReset extends FleetResetId {
  readonly host: string;
  readonly site: string;
  readonly timeMs: number;
  readonly client: string;
  readonly server: string;
  readonly serverName: string | null;
  readonly claimed: Side;
  readonly origin: OriginKind;
  readonly originLabel: string;
  readonly confidence: number;
  readonly cause: CauseCode;
  readonly matters: boolean;
  readonly count: number;
  readonly summary: string;
  readonly next: string;
  readonly file: string | null;
  readonly frame: number | null;
  /** The case file that was kept of it. */
  readonly caseName: string | null;
}

/** Resets over time, by who sent them, of one site. */
export interface FleetBucket {
  readonly site: string;
  readonly fromMs: number;
  readonly endpoint: number;
  readonly middlebox: number;
  readonly unknown: number;
  readonly matters: number;
}

export interface FleetTalker {
  /** Address of a server, with its port. */
  readonly server: string;
  readonly serverName: string | null;
  readonly resets: number;
  readonly matters: number;
  readonly middlebox: number;
  readonly clients: number;
  readonly hosts: number;
}

/** What a fleet is, before anything is asked. */
export interface FleetSummary {
  readonly name: string;
  readonly store: 'folder' | 'clickhouse';
  readonly hosts: readonly string[];
  readonly sites: readonly string[];
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly resets: number;
  readonly flows: number;
  readonly coverage: FleetCoverage;
}

/** What another host says of a connection whose reset is looked at. */
export interface FleetWitness {
  readonly host: string;
  readonly site: string;
  readonly interface: string | null;
  /** `seen`: it holds the reset. `absent`: it holds the connection and not the reset. `unclear`: what it holds says nothing. */
  readonly sees: 'seen' | 'absent' | 'unclear';
  /** Whether it stands nearer to the claimed sender than who captured the reset; null where the TTLs do not tell. */
  readonly isNearerSender: boolean | null;
  /** By what its connection is known to be the same. */
  readonly by: 'match-key' | 'isn-key' | 'ends-and-time';
  /** Why it is unclear, or what stands behind it: what it lost, its clock, both directions. */
  readonly because: readonly string[];
}

/** A reset held against all other hosts. */
export interface FleetJoin {
  readonly reset: FleetReset;
  readonly witnesses: readonly FleetWitness[];
  /**
   * `forged`: a host nearer to the claimed sender holds the connection, lost nothing, and the reset never passed it. `sent`: it passed there.
   * `open`: no other host proves either.
   */
  readonly verdict: 'forged' | 'sent' | 'open';
  /** Between which hosts it was made, from the receiver's side; null where nothing bounds it. */
  readonly between: readonly [receiver: string, sender: string] | null;
  readonly sentence: string;
  readonly next: string;
}

export interface FleetJoins {
  readonly joins: readonly FleetJoin[];
  /** Resets of the scope; at most the newest ones of them are held against the others. */
  readonly total: number;
  readonly counts: { readonly forged: number; readonly sent: number; readonly open: number };
  readonly coverage: FleetCoverage;
}
