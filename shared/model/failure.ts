/**
 * How connections ended, and those that failed without a reset. A connection that began before the capture or goes on after
 * it is `open` or `not-seen`, never failed.
 */
import { ENDINGS, type Ending } from './ending.ts';
import type { FlowHints } from './hints.ts';
import type { Looked } from './looked.ts';
import type { FlowRow, PacketRow } from './rows.ts';
import type { EvidenceFrames, Side } from './verdict.ts';

export { ENDINGS, type Ending };

/** Endings that are failures of their own; those by reset stand among the resets. */
export const FAILURE_KINDS = [
  'no-answer',
  'unreachable',
  'went-silent',
  'half-open',
  'stalled',
  'closed-early',
  'cut-short',
  'handshake-failed',
] as const satisfies readonly Ending[];
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface FailureEvidence {
  /** kebab-case, part of the JSON contract. */
  readonly code: string;
  /** Packets it rests on: numbers in the analysis, from 0. */
  readonly packets: readonly number[];
  readonly text: string;
}

/** A connection (or UDP request) that failed without a reset. */
export interface Failure {
  readonly kind: FailureKind;
  /** Whose doing it was as far as this capture tells; null where it cannot. */
  readonly side: Side | 'path' | null;
  /** How often what got no answer was sent; 1 where nothing was repeated. */
  readonly tries: number;
  /** From the first try, or the last sign of life, to the end of the attempt. */
  readonly seconds: number;
  /** It went on after all: a delay and no end. */
  readonly recovered: boolean;
  readonly matters: boolean;
  /** Probability that kind and side are right. */
  readonly confidence: number;
  readonly evidence: readonly FailureEvidence[];
  /** One sentence: what failed, where, how long. */
  readonly summary: string;
  readonly next: string;
}

/** A failure as lists show it. A connection has one at most, so that the flow's id is the failure's, too. */
export interface FailureRow {
  /** Id of the flow, as in FlowRow. */
  readonly id: number;
  readonly file: number;
  /** The packet where it failed, from 1 in its file: the first SYN, the first data resent, the FIN … */
  readonly frame: number;
  readonly timeNs: number;
  readonly protocol: 'tcp' | 'udp';
  readonly client: string;
  readonly server: string;
  /** Empty where unknown. */
  readonly serverName: string;
  readonly kind: FailureKind;
  readonly side: Failure['side'];
  readonly tries: number;
  readonly seconds: number;
  readonly recovered: boolean;
  readonly matters: boolean;
  readonly confidence: number;
  readonly summary: string;
  readonly next: string;
}

/** All that is known of one failure, but for the packets around it. */
export interface FailureAccount {
  readonly row: FailureRow;
  readonly evidence: readonly (FailureEvidence & EvidenceFrames)[];
}

export interface FailureDetail extends FailureAccount {
  readonly flow: FlowRow | null;
  readonly hints: FlowHints | null;
  /** What happened with this connection until it failed, in the order of time; empty where its packets were let go. */
  readonly story: string;
  /** The packets that evidence refers to and those around them, in capture order; none where they were let go. */
  readonly packets: readonly PacketRow[];
}

/** Failures of one kind, side and server: one thing that happened, however often. */
export interface FailureGroup {
  readonly kind: FailureKind;
  readonly side: Failure['side'];
  readonly recovered: boolean;
  /** Address and port; `several` where one host looked through many. */
  readonly server: string;
  readonly serverName: string;
  readonly count: number;
  /** How many of them matter. */
  readonly matters: number;
  /** Distinct addresses of clients. */
  readonly clients: number;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Mean over its failures. */
  readonly meanConfidence: number;
  /** One plain sentence: how many, who, where, how long. */
  readonly sentence: string;
  readonly next: string;
  /** Ids of failures to look at, the first ones. */
  readonly examples: readonly number[];
}

/** How all connections of the capture ended. */
export interface EndingsReport {
  /** Those that were let go are counted, too. */
  readonly counts: Readonly<Record<Ending, number>>;
  /** Connections counted: the sum of `counts`. */
  readonly connections: number;
  /** Failures without a reset, and those of them that matter. */
  readonly failures: number;
  readonly failuresThatMatter: number;
  /** Of those that matter: they went on after all, so that they ended otherwise. */
  readonly delays: number;
  /** One sentence over all endings, resets included: what stands first on the overview. */
  readonly headline: string;
  /** Nothing failed and no reset mattered: only then may anything be green. */
  readonly allWell: boolean;
  /** What matters first, then the largest. Bounded. */
  readonly groups: readonly FailureGroup[];
  readonly moreGroups: number;
}

/** A window of failures out of a sorted and filtered list. */
export interface FailureWindow {
  readonly revision: number;
  readonly total: number;
  readonly from: number;
  readonly rows: readonly FailureRow[];
  /** How far a filter is that has to read packets' bytes; absent where all was looked at. */
  readonly looked?: Looked;
}

export const NO_ENDINGS: EndingsReport = {
  counts: Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>,
  connections: 0,
  failures: 0,
  failuresThatMatter: 0,
  delays: 0,
  headline: '',
  allWell: true,
  groups: [],
  moreGroups: 0,
};
