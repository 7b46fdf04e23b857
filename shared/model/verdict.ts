/**
 * The vocabulary of a verdict. Three questions are always kept apart: who emitted the reset (`origin`),
 * why (`cause`), and did it matter (`matters`, `obeyed`, `unacknowledgedBytes`).
 *
 * The engine keeps words of a list by their index (main/engine/store/verdict-columns.ts).
 */
import type { CauseCode } from './cause.ts';

export const SIDES = ['client', 'server'] as const;
export type Side = (typeof SIDES)[number];

/** `endpoint`: the host whose address the reset carries, or what legitimately answers for it there. */
export const ORIGIN_KINDS = ['endpoint', 'middlebox', 'unknown'] as const;
export type OriginKind = (typeof ORIGIN_KINDS)[number];

/** Whose side of the connection a reset was made on; `path` is a device in between, `none` not known. */
export const ORIGIN_SIDES = [...SIDES, 'path', 'none'] as const;
export type OriginSide = (typeof ORIGIN_SIDES)[number];

/**
 * `active`: abort of a live socket, RST+ACK at SND.NXT. `reply`: answer to an offending segment, bare RST at
 * that segment's ACK number. `syn-reply`: RST+ACK with sequence 0 that answers a segment without ACK.
 * `irregular`: none of them.
 */
export const RESET_FAMILIES = ['active', 'reply', 'syn-reply', 'irregular'] as const;
export type ResetFamily = (typeof RESET_FAMILIES)[number];

/** What a receiver that follows RFC 5961 §3.2 does with it, as far as the capture shows its state. */
export const OBEYED = ['yes', 'challenged', 'ignored', 'unknown'] as const;
export type Obeyed = (typeof OBEYED)[number];

export const EVIDENCE_FAMILIES = [
  'header', // TTL, IP-ID, options, window, TOS, MAC habit of the emitter
  'sequence', // where its numbers lie
  'aftermath', // what the claimed sender does afterwards
  'timing', // against the round trip
  'local', // capture direction and link-layer address
  'code', // text or codes a device put into it
  'kernel', // what the capturing machine's kernel says of it
  'vantage', // what captures at other points of the path hold of it
  'why', // what speaks for the cause and says nothing of who made it
] as const;
export type EvidenceFamily = (typeof EVIDENCE_FAMILIES)[number];

/**
 * What a program at one end sees of the reset. `refused`: the connection never came to be. `reset`: the connection that it uses is
 * gone. `own`: that end made the reset itself. `unaware`: it did not make it, and nobody told it. `closed`: it had closed its socket
 * already. `ignored`: its system does not act on it. `not-yet`: no program had the connection yet. `unknown`: the capture does not show.
 */
export const PROGRAM_SEES = [
  'refused',
  'reset',
  'own',
  'unaware',
  'closed',
  'ignored',
  'not-yet',
  'unknown',
] as const;
export type ProgramSees = (typeof PROGRAM_SEES)[number];

/** Whom evidence speaks for; `neither` for what shows why and not who. */
export const FAVOURS = ['endpoint', 'middlebox', 'neither'] as const;
export type Favour = (typeof FAVOURS)[number];

export interface Evidence {
  /** kebab-case, stable: see main/engine/reset/evidence for the list. */
  readonly code: string;
  readonly family: EvidenceFamily;
  readonly favours: Favour;
  /** log10 of the likelihood ratio P(seen | middlebox) / P(seen | endpoint), sign dropped: ≥ 0. */
  readonly weight: number;
  /** Packets it rests on: numbers in the analysis, from 0. */
  readonly packets: readonly number[];
  readonly text: string;
}

/** The packets that a piece of evidence rests on as their files number them. */
export interface EvidenceFrames {
  readonly frames: readonly number[];
  /** The file of each. */
  readonly files: readonly number[];
}

export interface Origin {
  readonly kind: OriginKind;
  /** Routers between the capture point and the emitter, by its TTL; null where that says nothing. */
  readonly hops: number | null;
  /** Whose side of the connection it sits on, `path` for a device in between. */
  readonly side: Side | 'path' | null;
  /** For people: "the server 10.0.0.2", "a device one hop in front of the server". */
  readonly label: string;
  /** Probability that `kind` is right. */
  readonly confidence: number;
}

export interface Cause {
  readonly code: CauseCode;
  readonly confidence: number;
  /** What the packets cannot tell apart from it, most likely first. */
  readonly alternatives: readonly CauseCode[];
}

/** What made the reset, as far as its packets tell; what answers for a host in its stead is told apart from the host. */
export const MAKERS = [
  'host',
  'other-host', // another one that has the host's address
  'front-end', // a load balancer or proxy that answers with the host's address
  'forwarder', // the capturing machine, which forwards for the host
  'device',
  'open', // host or device
] as const;
export type Maker = (typeof MAKERS)[number];

/** Hop counts as seen from the capture point; null where unknown. Feeds the path strip. */
export interface PathModel {
  readonly clientHops: number | null;
  readonly serverHops: number | null;
  readonly resetHops: number | null;
  /** Where the capture was made, as far as it shows. */
  readonly capturePoint: 'client' | 'server' | 'between' | 'unknown';
  /**
   * Where on the strip the reset was made: 0 the client, 1 the server, in between a device;
   * null where it cannot be placed.
   */
  readonly place: number | null;
  /** The stretch of the strip in which it was made as far as is known, around `place` where there is one; ends are alike for a host. */
  readonly reach: readonly [from: number, to: number];
  /** What the place stands on: distances by TTL, a share of the round trip, or nothing. */
  readonly placedBy: 'host' | 'ttl' | 'time' | 'nothing';
  readonly maker: Maker;
  /** Capture points along the path from the client, where several captures hold the connection; else empty. */
  readonly vantages: readonly PathVantage[];
}

/** A capture point of several. */
export interface PathVantage {
  /** First of its files. */
  readonly file: number;
  /** Where on the strip: 0 the client, 1 the server. */
  readonly at: number;
  /** Whether the reset was seen there; `unclear` where its absence says nothing. */
  readonly sees: 'seen' | 'absent' | 'unclear';
}

export interface Verdict {
  readonly claimed: Side;
  readonly family: ResetFamily;
  readonly origin: Origin;
  readonly cause: Cause;
  readonly obeyed: Obeyed;
  /** Whether it ended work that was not finished; false for noise after a close, scans, probes. */
  readonly matters: boolean;
  /** Bytes each side had sent and not seen acknowledged when the reset came; null where not known. */
  readonly unacknowledgedBytes: { readonly client: number | null; readonly server: number | null };
  /** Seconds between the last other packet of the flow and the reset; null for the first packet. */
  readonly idleSeconds: number | null;
  /** The silence that a timer could have measured: before the reset, or before the packet that it answers; null where none was seen. */
  readonly silenceSeconds: number | null;
  readonly evidence: readonly Evidence[];
  /** What weakens the verdict: one-sided capture, duplicates, cut packets, missing start … For people. */
  readonly limitations: readonly string[];
  readonly path: PathModel;
  /** What the program at each end sees of it. */
  readonly sees: { readonly client: ProgramSees; readonly server: ProgramSees };
  /** One or two sentences: who, where, why. */
  readonly summary: string;
  /** What happened with this connection in the order of time, with its numbers: facts alone. */
  readonly story: string;
  /** What to do, or what to capture. */
  readonly next: string;
}
