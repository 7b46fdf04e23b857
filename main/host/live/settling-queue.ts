/**
 * Tells of resets once what comes after them has been seen: the best evidence about a reset follows it, so that its
 * first verdict is not worth telling.
 */
import type { Session } from '../../engine/session.ts';

/** Longer than verdicts take to be made again (judging.ts), so that each was, after its reset. */
const SETTLE_MS = 2000;
/** Resets that were first seen within this time are settled together. */
const TOGETHER_MS = 50;

export class SettlingQueue {
  readonly #session: Pick<Session, 'resets' | 'verdicts'>;
  /** Resets below `upTo` were first seen at `atMs`, oldest first; times grow by TOGETHER_MS at least. */
  readonly #seen: { upTo: number; readonly atMs: number }[] = [];
  #told = 0;

  constructor(session: Pick<Session, 'resets' | 'verdicts'>) {
    this.#session = session;
  }

  /** Resets not told of yet that have settled, as a range of ids. */
  take(nowMs: number): { readonly from: number; readonly to: number } {
    const { count } = this.#session.resets;
    const newest = this.#seen.at(-1);
    if (count > (newest?.upTo ?? this.#told)) {
      if (newest !== undefined && nowMs - newest.atMs < TOGETHER_MS) newest.upTo = count;
      else this.#seen.push({ upTo: count, atMs: nowMs });
    }
    let to = this.#told;
    while (this.#seen.length > 0 && nowMs - this.#seen[0].atMs >= SETTLE_MS) {
      to = (this.#seen.shift() as { upTo: number }).upTo;
    }
    return this.#tell(Math.min(to, this.#session.verdicts.count));
  }

  /** Nothing comes any more: all that are left. */
  takeAll(): { readonly from: number; readonly to: number } {
    this.#seen.length = 0;
    return this.#tell(this.#session.verdicts.count);
  }

  #tell(to: number): { readonly from: number; readonly to: number } {
    const from = this.#told;
    this.#told = Math.max(from, to);
    return { from, to: this.#told };
  }
}
