/** A small program that does what one side of a connection did, up to its reset. */
import type { Side } from './verdict.ts';

export const SCRIPT_LANGUAGES = ['node', 'python'] as const;
export type ScriptLanguage = (typeof SCRIPT_LANGUAGES)[number];

export interface Reproduction {
  /** Whose part it plays. */
  readonly side: Side;
  readonly language: ScriptLanguage;
  /** The program; null where no program that uses sockets can do it. */
  readonly script: string | null;
  /** A name for its file. */
  readonly fileName: string;
  /** Why there is no program, and what can be done in its stead; empty where there is one. */
  readonly why: string;
  /** What it does otherwise than what was captured; empty where nothing that a program could notice. */
  readonly differs: readonly string[];
  /** What the other end sees, by language: errors as its log has them. */
  readonly otherSees: readonly string[];
}
