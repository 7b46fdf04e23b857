/** Findings: resets of one origin, cause and server are one thing that happened, however often. */
import type { CauseCode } from './cause.ts';
import type { OriginKind, Side } from './verdict.ts';

/**
 * The silence before the resets of a finding: before the reset itself, or before the packet that it answers. A timer
 * shows as the same silence again and again.
 */
export interface IdlePattern {
  readonly medianSeconds: number;
  /** Difference between the longest and the shortest silence; from ten resets on without the tenth at either end. */
  readonly spreadSeconds: number;
  /** At least three resets, all (from ten on: four fifths) after the same silence. */
  readonly constant: boolean;
  /** Products whose timeout it is, where the silence is constant (or there are too few to tell); else null. */
  readonly matchesKnownTimeout: string | null;
}

export interface Finding {
  readonly kind: OriginKind;
  readonly side: Side | 'path' | 'none';
  /** The side whose address the resets carry. */
  readonly claimed: Side | 'both';
  /** Hops from the capture point; null where unknown, or where the resets differ by more than one. */
  readonly hops: number | null;
  readonly cause: CauseCode;
  /** For people: who sent them. */
  readonly label: string;
  /** Address and port of the server. */
  readonly server: string;
  /** Empty where unknown or where the connections name several. */
  readonly serverName: string;
  readonly count: number;
  /** How many of them ended work that was not finished. */
  readonly matters: number;
  /** Distinct addresses of clients. */
  readonly clients: number;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Rate between the first and the last; null for less than a minute. */
  readonly perHour: number | null;
  readonly idle: IdlePattern | null;
  /** Probability that `kind` is right, mean over the resets. */
  readonly meanConfidence: number;
  /** Resets to look at, the best evidence first. */
  readonly examples: readonly number[];
  /** One plain sentence: how many, who, where, when, why. */
  readonly sentence: string;
  readonly next: string;
  /** None of its resets matters. */
  readonly noise: boolean;
}

export interface Findings {
  /** What matters first, then the largest; noise last. Bounded. */
  readonly list: readonly Finding[];
  /** Findings in all, those beyond the list included. */
  readonly total: number;
  /** How many of all findings are noise, and how many resets are in those. */
  readonly noise: { readonly findings: number; readonly resets: number };
}
