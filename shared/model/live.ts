/**
 * Live capture, in the words of its users: interfaces, what can capture here, what is being written where, and what was
 * lost on the way. How packets are captured is the business of main/capture/live.
 */
import type { OriginKind } from './verdict.ts';
import type { CauseCode } from './cause.ts';

/**
 * Programs that can hand us packets. `helper`: our own resetscope-capd; `cap`: the npm package, in a process of its own;
 * `ssh`: tcpdump on another machine.
 */
export const CAPTURE_SOURCES = ['helper', 'tcpdump', 'dumpcap', 'cap', 'ssh'] as const;
export type CaptureSourceKind = (typeof CAPTURE_SOURCES)[number];

export interface CaptureInterface {
  readonly name: string;
  readonly description: string | null;
  readonly addresses: readonly string[];
  readonly up: boolean;
  readonly loopback: boolean;
  readonly wireless: boolean;
  /** Names of link types that it can capture with, the default first; null where that needs rights we lack. */
  readonly linkTypes: readonly string[] | null;
}

/** Totals of one interface since it exists, as its system counts them. */
export interface InterfaceCounters {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
  /** Packets the interface itself dropped. */
  readonly dropped: number;
}

/** All interfaces at one moment. Two of them make rates. */
export interface CountersReading {
  /** Milliseconds of a clock that never steps. */
  readonly atMs: number;
  /** Empty where the system has no counters that need no rights. */
  readonly interfaces: readonly InterfaceCounters[];
}

/** What a probe found out about one way of capturing. */
export interface CaptureSourceStatus {
  readonly kind: CaptureSourceKind;
  readonly usable: boolean;
  /** Version of the program, as it says itself. */
  readonly version: string | null;
  /** Where the program is, or its name. */
  readonly program: string | null;
  /** Why it cannot be used; null when it can. */
  readonly why: string | null;
  /** What captures made with it lack, for people; empty for the best. */
  readonly lacks: readonly string[];
}

/** One cause of trouble with its cure. */
export interface CaptureProblem {
  /** kebab-case, stable: 'no-capability', 'helper-missing', 'container', … */
  readonly code: string;
  readonly title: string;
  readonly text: string;
  /** One line to paste into a shell; null where no command helps. */
  readonly command: string | null;
  /**
   * 'blocks': capturing is not possible before it is solved. 'limits': possible, with less. 'danger': others may do what only
   * this user should.
   */
  readonly weight: 'blocks' | 'limits' | 'danger';
}

/** What the permission doctor says: no problem that blocks, or what to do. */
export interface CaptureDiagnosis {
  readonly canCapture: boolean;
  readonly sources: readonly CaptureSourceStatus[];
  readonly problems: readonly CaptureProblem[];
}

/** Everything the page needs before a capture starts. */
export interface CaptureOffer {
  readonly interfaces: readonly CaptureInterface[];
  readonly diagnosis: CaptureDiagnosis;
  /** Folder into which captures go unless told otherwise, and what is free there. */
  readonly folder: string;
  readonly freeBytes: number | null;
  /** Filters used before, newest first. */
  readonly filterHistory: readonly string[];
  /** Options of the last capture, or defaults. */
  readonly lastOptions: LiveOptions;
}

/** Files that the capture is kept in: when all are full the oldest goes. */
export interface RingOptions {
  /** Largest file, bytes. */
  readonly fileBytes: number;
  /** Longest time covered by one file, seconds; null for no such limit. */
  readonly fileSeconds: number | null;
  /** Files kept. */
  readonly files: number;
}

/** Which resets are worth a case of their own. */
export interface CatchRule {
  /** Empty for any. */
  readonly origins: readonly OriginKind[];
  /** Empty for any. */
  readonly causes: readonly CauseCode[];
  /** Quick filter (shared/filter) over resets, such as `server:10.0.0.9`; empty for all. */
  readonly filter: string;
  /** Only resets that ended unfinished work. */
  readonly onlyThatMatter: boolean;
  /** Seconds kept before and after the reset. */
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
}

/**
 * Where the same traffic is captured as well: another machine over ssh, or another interface of this one. It is recorded only;
 * when capturing has ended, the files of both places are opened as one case.
 */
export interface SecondPlace {
  readonly source: LiveOptions['source'];
  readonly interface: string;
  readonly host: string | null;
  readonly filter: string;
}

export interface LiveOptions {
  /** 'auto' takes the best usable one. */
  readonly source: CaptureSourceKind | 'auto';
  readonly interface: string;
  /** For source `ssh`: [user@]host as ssh takes it; null otherwise. */
  readonly host: string | null;
  /** Capture filter, pcap-filter(7); empty for everything. */
  readonly filter: string;
  /** Bytes kept of each packet. */
  readonly snapLength: number;
  readonly promiscuous: boolean;
  /** Size of the kernel's buffer, bytes. */
  readonly bufferBytes: number;
  /** null for the default folder. */
  readonly folder: string | null;
  readonly ring: RingOptions;
  /** The capture ends before less than this is free on the disk, bytes. */
  readonly keepFreeBytes: number;
  /** Ask the kernel which resets this host really sent. */
  readonly witness: boolean;
  readonly catch: CatchRule | null;
  /** Has files of its own, within the same limits; what is not said of it is as at the first place. */
  readonly second: SecondPlace | null;
}

/** Losses, each counted where it happened; null where that place does not tell. */
export interface LiveLosses {
  /** Packets that came while the kernel's buffer was full. */
  readonly kernel: number | null;
  /** Packets that the interface itself dropped. */
  readonly interface: number | null;
  /** Packets that came while our queue between capture and disk was full, or that the disk refused. */
  readonly queue: number;
  /** Packets that were written, but gone from the ring before the analysis came to them. */
  readonly analysis: number;
}

export interface RingFile {
  readonly path: string;
  readonly bytes: number;
  readonly packets: number;
}

/** A case: a caught reset, kept with the packets around it. */
export interface CaughtCase {
  readonly id: number;
  /** The file; null while the seconds after the reset are still awaited, and where `error` says that none could be made. */
  readonly path: string | null;
  /** ISO 8601 UTC. */
  readonly time: string;
  /** The reset's verdict in one sentence. */
  readonly summary: string;
  readonly client: string;
  readonly server: string;
  readonly origin: OriginKind;
  readonly cause: CauseCode;
  readonly confidence: number;
  /** Resets in it that match the rule: a burst makes one case. */
  readonly resets: number;
  readonly packets: number;
  /** Why it could not be kept whole; null when it is. */
  readonly error: string | null;
  /** The same seconds at the second place; null where there is none, or where nothing of it could be kept. */
  readonly secondPath: string | null;
}

export const LIVE_PHASES = ['idle', 'starting', 'capturing', 'stopping', 'stopped', 'failed'] as const;
export type LivePhase = (typeof LIVE_PHASES)[number];

/** Why a capture ended or did not start. */
export const LIVE_ERRORS = [
  'no-permission',
  'no-such-interface',
  'interface-gone',
  'bad-filter',
  'libpcap-missing',
  'source-missing',
  'source-died',
  'disk-full',
  'disk-error',
  'remote',
  'bad-options',
] as const;
export type LiveErrorCode = (typeof LIVE_ERRORS)[number];

export interface LiveError {
  readonly code: LiveErrorCode;
  readonly message: string;
  /** What the doctor says to it; null where it has nothing to say. */
  readonly problem: CaptureProblem | null;
}

/** Whether the kernel tells of the resets it sends and takes. */
export interface WitnessStatus {
  readonly state: 'off' | 'waiting' | 'on' | 'unavailable';
  readonly why: string | null;
  readonly events: number;
  /** Events the kernel had to throw away: from then on silence proves nothing. */
  readonly lost: number;
}

export interface LiveStatus {
  readonly phase: LivePhase;
  /** Grows with every change. */
  readonly revision: number;
  /** null when nothing was started yet. */
  readonly options: LiveOptions | null;
  readonly source: CaptureSourceKind | null;
  /** The command that runs, as it could be typed; shown before and while it runs. */
  readonly command: string | null;
  /** Milliseconds since 1970. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly losses: LiveLosses;
  /** Files of the ring, the newest last. */
  readonly files: readonly RingFile[];
  /** Files that the ring let go of. */
  readonly filesGone: number;
  readonly folder: string | null;
  readonly freeBytes: number | null;
  /** How far the analysis is behind the disk, bytes. */
  readonly lagBytes: number;
  readonly witness: WitnessStatus;
  readonly cases: readonly CaughtCase[];
  readonly error: LiveError | null;
  /** How the second place fares; null where there is none. */
  readonly second: SecondStatus | null;
}

/** What is told of a place that is recorded only. */
export type SecondStatus = Pick<
  LiveStatus,
  | 'phase'
  | 'source'
  | 'command'
  | 'packets'
  | 'bytes'
  | 'packetsPerSecond'
  | 'bytesPerSecond'
  | 'losses'
  | 'filesGone'
  | 'folder'
  | 'error'
>;

export interface FilterCheck {
  readonly ok: boolean;
  /** The compiler's words; null when it is fine. */
  readonly message: string | null;
}

export const NO_LIVE: LiveStatus = {
  phase: 'idle',
  revision: 0,
  options: null,
  source: null,
  command: null,
  startedMs: null,
  endedMs: null,
  packets: 0,
  bytes: 0,
  packetsPerSecond: 0,
  bytesPerSecond: 0,
  losses: { kernel: null, interface: null, queue: 0, analysis: 0 },
  files: [],
  filesGone: 0,
  folder: null,
  freeBytes: null,
  lagBytes: 0,
  witness: { state: 'off', why: null, events: 0, lost: 0 },
  cases: [],
  error: null,
  second: null,
};
