/** Work of a command that whoever waits may end. */
import type { CliIo } from './io.ts';
import type { Interruption } from './read-files.ts';

export interface Interruptible {
  readonly abort: AbortController;
  /** The signal that ended the work, if one did. */
  readonly by: Interruption | undefined;
  /** Leaves further signals to the process, as without us. */
  readonly ignore: () => void;
}

/** The first signal ends the work; the next one ends the process at once. */
export function interruptible(io: Pick<CliIo, 'onInterrupt'>): Interruptible {
  const abort = new AbortController();
  let by: Interruption | undefined;
  const ignore = io.onInterrupt((signal) => {
    by = signal;
    abort.abort();
    ignore();
  });
  return {
    abort,
    get by() {
      return by;
    },
    ignore,
  };
}
