/**
 * Tells how far the files of a capture are written less often than the recorder does: each message wakes the host and the
 * engine. After a pause it is told at once, so that a lone reset waits for nothing.
 *
 * Invariant: messages keep their order; of those that say how far a file is written the last one is told before any other.
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { CaptureTold } from './capture-contract.ts';

/** Half of the time between two looks of the page, so that nobody sees the difference. */
const LEAST_PAUSE_MS = 50;

export class ToldThrottle {
  readonly #tell: (told: CaptureTold) => void;
  readonly #now: () => Milliseconds;
  #held: CaptureTold | undefined;
  #timer: NodeJS.Timeout | undefined;
  #toldMs = -Infinity;

  constructor(tell: (told: CaptureTold) => void, now: () => Milliseconds) {
    this.#tell = tell;
    this.#now = now;
  }

  push(told: CaptureTold): void {
    if (told.message.kind !== 'written') {
      this.#flush();
      this.#tell(told);
      return;
    }
    this.#held = told;
    const waitMs = this.#toldMs + LEAST_PAUSE_MS - this.#now();
    if (waitMs <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), waitMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#toldMs = this.#now();
    this.#tell(held);
  }
}
