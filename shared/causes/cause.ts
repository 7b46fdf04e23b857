/**
 * What a cause of resets is. The files beside this one define one each: what people read about it, and what its nature decides
 * in a verdict. `list.ts` lists them; by which signs a cause is known is told in main/engine/reset/cause.
 */
import type { Setting } from './settings/setting.ts';

/** What a person reads about a cause. */
export interface CauseText {
  /** A few words: "Connection refused". */
  readonly title: string;
  /** What happened, two sentences at most, in plain words. */
  readonly what: string;
  /** What the application saw, and on which side. */
  readonly seen: string;
  /** Whether the error ends the connection or the work. */
  readonly fatal: string;
  /** How it differs from a timeout and from a polite close (FIN). */
  readonly unlike: string;
  /** Whether data may be lost and how much, in words. */
  readonly dataLoss: string;
  /** What to check next on the client's side and the server's side: commands and settings. */
  readonly client: readonly string[];
  readonly server: readonly string[];
  /** How to confirm it. */
  readonly confirm: string;
  /** Settings of systems that people run, which bring it about or cure it. */
  readonly settings?: readonly Setting[];
  /** Whether it is usually harmless noise. */
  readonly harmless: boolean;
}

/** How Linux makes a reset, as far as its own reasons tell (include/net/rstreason.h). */
export type Mechanism =
  | 'no-connection' // a packet met no socket, or a listening one
  | 'unfit-segment' // a packet does not fit the state of its connection
  | 'abort' // a process ended the connection at once
  | 'unread-data' // a process closed a socket with data unread
  | 'late-data' // data came for a socket that a process had closed
  | 'out-of-memory'
  | 'time-wait'
  | 'keep-alive'
  | 'mptcp-interference'; // Multipath TCP saw a middlebox interfere

/** A process ends a connection by any of these; why it does so is what the cause says. */
export const DEED: readonly Mechanism[] = ['abort', 'unread-data', 'late-data'];

export interface CauseDefinition<Code extends string = string> extends CauseText {
  /** kebab-case; part of the JSON contract, so it never changes. */
  readonly code: Code;
  /** It never ends work that was not finished: checks, scans, and handshakes that begin anew. */
  readonly isNoise?: boolean;
  /** Whose reset of this cause leaves work unfinished even where all that the packets show was answered. */
  readonly leavesUnfinished?: 'always' | 'by-server';
  /** Harmless as a rule; where it keeps on, its steps are worth taking all the same. */
  readonly worthAStep?: boolean;
  /** The mechanisms that bring it about: a kernel's reason of another kind contradicts it. */
  readonly mechanisms: readonly Mechanism[];
}

export function defineCause<const Code extends string>(
  definition: CauseDefinition<Code>,
): CauseDefinition<Code> {
  return definition;
}
