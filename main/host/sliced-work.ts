/** Work in slices, by the clock: others get their turn in between. */
import { RpcError } from '../../shared/contract/errors.ts';
import type { Breathe } from '../engine/answers/ordering.ts';
import { monotonicMs } from './monotonic.ts';

/** A slice of work before other calls get their turn: with the stretch to the next rest less than a person notices. */
const BREATH_MS = 8;

/** Rests between slices of work that somebody may no longer want. */
export function breather(signal: AbortSignal): Breathe {
  return new SlicedWork(signal).breathe;
}

/** What others take in between is not counted. */
export class SlicedWork {
  readonly #signal: AbortSignal;
  #since = monotonicMs();
  #spentBefore = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  spentMs(): number {
    return this.#spentBefore + monotonicMs() - this.#since;
  }

  readonly breathe: Breathe = async () => {
    if (monotonicMs() - this.#since < BREATH_MS) return;
    this.#spentBefore = this.spentMs();
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#signal.aborted) throw new RpcError('cancelled', 'cancelled');
    this.#since = monotonicMs();
  };
}
