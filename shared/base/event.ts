/** A source of events. Listeners are called in the order in which they came; each gets its own disposable. */
import type { Disposable } from './disposable.ts';
import { toDisposable } from './disposable.ts';

export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  on(listener: (event: T) => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
