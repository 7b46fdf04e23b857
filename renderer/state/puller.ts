/**
 * Pulls what the engine has again and again while packets come in: one pull at a time, the next one after a rest. A pull is never given
 * up for a newer one: where answers take longer than packets stay away, none would ever arrive.
 */
import type { Disposable } from '../../shared/base/disposable.ts';

export class Puller implements Disposable {
  readonly #restMs: number;
  readonly #pull: () => Promise<void>;
  #busy = false;
  #again = false;
  #isDisposed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  /**
   * @param restMs from the begin of one pull to that of the next, at least
   * @param pull must not reject
   */
  constructor(restMs: number, pull: () => Promise<void>) {
    this.#restMs = restMs;
    this.#pull = pull;
  }

  /** Calls during a pull become one more pull after it. */
  wanted(): void {
    if (this.#isDisposed) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const wait = this.#last + this.#restMs - performance.now();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#run();
      },
      Math.max(0, wait),
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    this.#again = false;
    this.#last = performance.now();
    await this.#pull();
    this.#busy = false;
    if (this.#again) this.wanted();
  }
}
