/**
 * How connections ended, and those that failed without a reset. A connection that began before the capture or goes on after
 * it is `open` or `not-seen`, never failed.
 */
import type { Side } from './verdict.ts';

/** How a connection ended. `clean`: both sides closed, or one did and nothing was lost. */
export const ENDINGS = [
  'clean',
  'reset', // by any reset but the refusal of its SYN
  'refused',
  'no-answer', // SYN unanswered
  'unreachable', // an ICMP error ended it; UDP requests too
  'went-silent', // data sent again, unanswered to the end
  'half-open', // SYN-ACK repeated, the handshake's last ACK missing
  'stalled', // zero window, or full segments that never arrive; told as a delay where it recovered
  'closed-early', // FIN before any reply to a request
  'cut-short', // a reply shorter than its announced length
  'handshake-failed', // a TLS alert or FIN inside the TLS handshake
  'open', // goes on when the capture ends
  'not-seen', // the capture does not show its end, or not enough of it
] as const;
export type Ending = (typeof ENDINGS)[number];

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
