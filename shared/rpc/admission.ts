/**
 * Who may begin now, and who waits, in the order in which they came: so many at once, and so many bytes of answers at
 * once, counted before they are made.
 *
 * Invariant: what runs and what is held never exceed the limits together, but for one that alone is larger than all bytes:
 * it runs when nothing else does.
 */
import { RpcError } from '../contract/errors.ts';

export interface AdmissionLimits {
  readonly running: number;
  readonly bytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Does the work when there is room for it. @throws RpcError `cancelled` where the signal was aborted before that */
  async admit<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.size > 0 || !this.#hasRoom(bytes)) await this.#wait(bytes, signal);
    else this.#take(bytes);
    try {
      return await work();
    } finally {
      this.#running--;
      this.release(bytes);
    }
  }

  /** Bytes that exist, whoever made them, and are still in the way of more. */
  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
    this.#next();
  }

  #take(bytes: number): void {
    this.#running++;
    this.#bytes += bytes;
  }

  #hasRoom(bytes: number): boolean {
    if (this.#running >= this.#limits.running) return false;
    return this.#bytes + bytes <= this.#limits.bytes || this.#bytes === 0;
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        begin: () => {
          this.#take(bytes);
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.delete(waiting);
        reject(new RpcError('cancelled', 'cancelled'));
      };
      if (signal.aborted) {
        giveUp();
        return;
      }
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** Whoever begins has its room at once, so that nobody takes it meanwhile. */
  #next(): void {
    for (const first of this.#waiting) {
      if (!this.#hasRoom(first.bytes)) return;
      this.#waiting.delete(first);
      first.begin();
    }
  }
}
