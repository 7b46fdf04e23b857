/** What is known of the capture as a whole. */
import type { CauseCode } from './cause.ts';
import type { Findings } from './finding.ts';
import type { FlowHints } from './hints.ts';
import type { IcmpErrors } from './icmp-error.ts';
import type { ResetJourney } from './join.ts';
import type { Evidence, EvidenceFrames, Verdict } from './verdict.ts';
import type { PacketRow, ResetRow, FlowRow } from './rows.ts';
import type { ReadWarning } from './warning.ts';
import type { KernelWitness, SocketOwner } from './witness.ts';

export interface FileSummary {
  readonly path: string;
  /** 'pcap', 'pcapng', 'pcapng (gzip)' … */
  readonly format: string;
  readonly linkTypes: readonly string[];
  readonly packets: number;
  /** Bytes of the (decompressed) file that were read. */
  readonly bytes: number;
  /** ISO 8601 UTC with nanoseconds; null for a file without packets. */
  readonly first: string | null;
  readonly last: string | null;
  readonly warnings: readonly ReadWarning[];
  /** Warnings beyond those kept one by one. */
  readonly moreWarnings: number;
}

/**
 * `empty`: nothing is open. `reading`: files are read. `joining`: captures of the same traffic are put together. `following`: what is written is read as it comes. `done`: all was
 * read. `cancelled`: the user stopped reading. `failed`: nothing could be opened, or it could not be read on.
 */
export const CAPTURE_PHASES = [
  'empty',
  'reading',
  'joining',
  'following',
  'done',
  'cancelled',
  'failed',
] as const;
export type CapturePhase = (typeof CAPTURE_PHASES)[number];

/** How far an analysis is. It is pushed at most ten times a second; the page then asks for what changed. */
export interface Progress {
  /** Number of the capture that it is of; none where no host has given one. */
  readonly capture?: number;
  readonly phase: CapturePhase;
  /** Grows with every change of what queries answer. */
  readonly revision: number;
  /** On-disk bytes read so far, and of all files; both over the whole set. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly packets: number;
  readonly flows: number;
  readonly resets: number;
  /** Resets that wait for their verdict, and those that were given up: too many came to judge them all. */
  readonly waiting: number;
  readonly unjudged: number;
  /** Share of joining that is done, in phase `joining`. */
  readonly joined?: number;
  /** For people, in phase `failed`. */
  readonly error: string | null;
}

/** The progress while nothing is open. */
export const EMPTY_PROGRESS: Progress = {
  phase: 'empty',
  revision: 0,
  bytesRead: 0,
  bytesTotal: 0,
  packets: 0,
  flows: 0,
  resets: 0,
  waiting: 0,
  unjudged: 0,
  error: null,
};

/** What an endless capture let go of to stay within its memory. */
export interface LetGo {
  readonly packets: number;
  readonly flows: number;
  /** Resets without row and account; their findings go on counting them. */
  readonly resets: number;
  /** Findings of noise that had to make room for others. */
  readonly findings: number;
  readonly files: number;
}

export interface CaptureSummary {
  readonly files: readonly FileSummary[];
  /** Nanoseconds since 1970 of the analysis' time zero, decimal; null without packets. */
  readonly epochNs: string | null;
  readonly firstNs: number;
  readonly lastNs: number;
  readonly packets: number;
  readonly tcpPackets: number;
  readonly flows: number;
  readonly tcpFlows: number;
  readonly resets: number;
  readonly resetsThatMatter: number;
  /** Packets the capturing machine says it lost; null where the file does not say. */
  readonly dropped: number | null;
  readonly indexBytesPerPacket: number;
  /** null while nothing was let go. */
  readonly letGo: LetGo | null;
}

export interface Overview {
  /** Resets over time: equal buckets of a round width, from firstNs until lastNs is in one. */
  readonly bucketNs: number;
  readonly buckets: {
    readonly endpoint: readonly number[];
    readonly middlebox: readonly number[];
    readonly unknown: readonly number[];
  };
  readonly byOrigin: { readonly endpoint: number; readonly middlebox: number; readonly unknown: number };
  readonly byCause: readonly {
    readonly cause: CauseCode;
    readonly count: number;
    readonly matters: number;
  }[];
  readonly findings: Findings;
  /** ICMP errors of the whole capture, whatever the filter of resets. */
  readonly icmpErrors: IcmpErrors;
}

/** Resets of one flow that came after many others, are alike, and are judged by the first of them. */
export interface Burst {
  readonly count: number;
  /** The newest one: its number in the file, from 1, and its time. */
  readonly lastFrame: number;
  readonly lastNs: number;
}

/** All that is known of one reset, but for the packets around it. */
export interface ResetAccount {
  readonly row: ResetRow;
  readonly flow: FlowRow;
  readonly verdict: Verdict;
  /** What a device or stack wrote into the reset's payload, text or decoded reason; null where there is none. */
  readonly payloadText: string | null;
  /** The burst that it is the first reset of; null where it stands for itself alone. */
  readonly burst: Burst | null;
  /** Encapsulation around the flow, outermost addresses, for people; null where there is none. */
  readonly tunnel: string | null;
  readonly evidence: readonly (Evidence & EvidenceFrames)[];
  /** What the capturing machine's kernel said of it; null where it was not asked or is not concerned. */
  readonly witness: KernelWitness | null;
  /** Processes at the ends of the flow, where an end is a socket of the capturing machine. */
  readonly owners: { readonly client: SocketOwner | null; readonly server: SocketOwner | null };
  /** At which capture points it was seen; null where its connection was captured at one only. */
  readonly journey: ResetJourney | null;
}

export interface ResetDetail extends ResetAccount {
  readonly hints: FlowHints | null;
  /** The packets around the reset and all that evidence refers to, in capture order. */
  readonly packets: readonly PacketRow[];
}
