/** Asking the way to an address now: the command, and what the program said. */

export interface TraceQuestion {
  /** An address, never a name. */
  readonly target: string;
  readonly port: number;
}

export interface TraceOffer {
  /** As it could be typed into a shell; what would be run, or what to run by hand where nothing is installed. */
  readonly command: string;
  /** null where this host can and may run it; else why not, for people. */
  readonly refusal: string | null;
}

export interface TraceText {
  readonly text: string;
  /** null while it runs; then how it ended, for people. */
  readonly ended: string | null;
  /** It ended by itself and said all. */
  readonly isWhole: boolean;
}
