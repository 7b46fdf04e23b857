/** Anything that holds on to something until it is told to let go. */
export interface Disposable {
  dispose(): void;
}

export function toDisposable(dispose: () => void): Disposable {
  return { dispose };
}

/** Owns disposables from the moment they are made; lets go in reverse order, once. */
export class DisposableStack implements Disposable {
  #held: Disposable[] = [];

  use<T extends Disposable>(held: T): T {
    this.#held.push(held);
    return held;
  }

  defer(dispose: () => void): void {
    this.#held.push({ dispose });
  }

  dispose(): void {
    const held = this.#held;
    this.#held = [];
    for (let i = held.length - 1; i >= 0; i--) held[i]?.dispose();
  }
}
