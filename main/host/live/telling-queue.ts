/**
 * Tells of resets once what comes after them has been seen: the best evidence about a reset follows it, so that its
 * first verdict is not worth telling.
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { Session } from '../../engine/session.ts';

/** Longer than the time after which verdicts are made again (judging.ts), so that each was made again after its reset. */
const TELL_AFTER_MS = 2000;
/** Resets that were first seen within this time are told of together. */
const TOGETHER_MS = 50;

/** Resets by their ids. */
export interface ResetRange {
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
}

export class TellingQueue {
  readonly #session: Pick<Session, 'resets' | 'verdicts'>;
  /** Resets below `upTo` were first seen at `atMs`, oldest first; times grow by TOGETHER_MS at least. */
  readonly #seen: { upTo: number; readonly atMs: Milliseconds }[] = [];
  #told = 0;

  constructor(session: Pick<Session, 'resets' | 'verdicts'>) {
    this.#session = session;
  }

  /** The resets that are due and were not told of yet. @param nowMs monotonicMs() */
  take(nowMs: Milliseconds): ResetRange {
    const { count } = this.#session.resets;
    const newest = this.#seen.at(-1);
    if (count > (newest?.upTo ?? this.#told)) {
      if (newest !== undefined && nowMs - newest.atMs < TOGETHER_MS) newest.upTo = count;
      else this.#seen.push({ upTo: count, atMs: nowMs });
    }
    let to = this.#told;
    while (this.#seen.length > 0 && nowMs - this.#seen[0].atMs >= TELL_AFTER_MS) {
      to = (this.#seen.shift() as { upTo: number }).upTo;
    }
    return this.#tell(Math.min(to, this.#session.verdicts.count));
  }

  /** All resets that are left, once no more packets come. */
  takeAll(): ResetRange {
    this.#seen.length = 0;
    return this.#tell(this.#session.verdicts.count);
  }

  #tell(to: number): ResetRange {
    const from = this.#told;
    this.#told = Math.max(from, to);
    return { from, to: this.#told };
  }
}
