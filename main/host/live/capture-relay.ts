/**
 * Passes on to an engine what is told of a capture. While the engine is busy what waits for it is brought up to date instead of
 * becoming more, and goes all at once when the engine has taken what came before.
 *
 * Invariant: of those that say how far a file is written, and of the counts, at most one waits for each file; so what waits
 * is bounded by the files that were begun and removed meanwhile.
 */
import type { CaptureTold } from './capture-contract.ts';
import { MAX_TOLD } from './capture-contract.ts';

export class CaptureRelay {
  readonly #send: (told: readonly CaptureTold[]) => Promise<unknown>;
  #waiting: CaptureTold[] = [];
  /** Settles when nothing waits any more. */
  #sending: Promise<void> | undefined;

  /** @param send answers when the engine has taken it; rejects where there is none any more */
  constructor(send: (told: readonly CaptureTold[]) => Promise<unknown>) {
    this.#send = send;
  }

  push(told: CaptureTold): void {
    const older = this.#waiting.findLastIndex((one) => saysTheSame(one, told));
    if (older >= 0) this.#waiting[older] = told;
    else this.#waiting.push(told);
    this.#sending ??= this.#sendAll();
  }

  /** Settles when the engine has taken all that was told by now. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        await this.#send(this.#waiting.splice(0, MAX_TOLD));
      } catch {
        // The engine is gone, of which its exit tells; another one has a relay of its own.
        this.#waiting = [];
      }
    }
    this.#sending = undefined;
  }
}

/** Whether the later one makes the earlier one needless. */
function saysTheSame(earlier: CaptureTold, later: CaptureTold): boolean {
  if (earlier.capture !== later.capture || earlier.place !== later.place) return false;
  const [a, b] = [earlier.message, later.message];
  if (a.kind === 'written' && b.kind === 'written') return a.file.number === b.file.number;
  return a.kind === 'counts' && b.kind === 'counts';
}
