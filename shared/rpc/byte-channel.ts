/**
 * The transport of the RPC: whole messages of bytes, in order, in both directions. Everything that carries one
 * (MessagePort, WebSocket, a pair in memory, a child process) becomes a ByteChannel by an adapter.
 */
import type { Disposable } from '../base/disposable.ts';
import { toDisposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';

/** Larger frames are refused at both ends: nothing we send comes near it. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export interface ByteChannel {
  /**
   * Sends one message; without effect once closed.
   * @param onGone called once this process does not hold the bytes any more: they went out, or never will
   */
  send(bytes: Uint8Array, onGone?: () => void): void;
  /** What came before the first listener is kept for it. */
  onMessage(listener: (bytes: Uint8Array) => void): Disposable;
  /** Called once, also when the channel was closed before. */
  onClose(listener: () => void): Disposable;
  close(): void;
}

/** The receiving half that adapters share: keeps early messages, closes once. */
export class Inbox {
  readonly #messages = new Emitter<Uint8Array>();
  readonly #closed = new Emitter<void>();
  #early: Uint8Array[] | undefined = [];
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#early !== undefined) this.#early.push(bytes);
    else this.#messages.emit(bytes);
  }

  /** The channel is gone, whoever closed it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closed.emit();
  }

  onMessage(listener: (bytes: Uint8Array) => void): Disposable {
    const registration = this.#messages.on(listener);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const bytes of early) listener(bytes);
    return registration;
  }

  onClose(listener: () => void): Disposable {
    if (!this.#isClosed) return this.#closed.on(listener);
    let wanted = true;
    void Promise.resolve().then(() => {
      if (wanted) listener();
    });
    return toDisposable(() => {
      wanted = false;
    });
  }
}
