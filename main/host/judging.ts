/** Provisional verdicts while packets still come, in slices that leave time for everything else. */
import type { Milliseconds } from '../../shared/base/units.ts';
import { monotonicMs } from './monotonic.ts';
import type { Analysis } from './analysis.ts';

/** Verdicts made so far are made again after this time. */
const RECONSIDER_MS = 1500;
/** Length of one slice: a small part of the time from one slice to the next; */
const SLICE_MS = 15 as Milliseconds;
/** a larger one where many resets wait and reading does not. */
const LONG_SLICE_MS = 50 as Milliseconds;
const MANY_WAITING = 1000;
const READING_LAGS_BYTES = 1 << 20;
const SLICE_EVERY_MS = 100;

export class MeanwhileJudge {
  readonly #analysis: Analysis;
  #reconsideredMs = monotonicMs();
  #judgedMs = -Infinity;
  /** Revision after the last slice, and whether that slice judged all that there was. */
  #judgedRevision = -1;
  #isJudged = false;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  /** @returns whether there is anything new to tell */
  judge(): boolean {
    const { session, progress } = this.#analysis;
    if (progress.phase !== 'reading' && progress.phase !== 'following') return false;
    const now = monotonicMs();
    if (now - this.#judgedMs < SLICE_EVERY_MS) return false;
    this.#judgedMs = now;
    const isNew = session.revision !== this.#judgedRevision;
    if (isNew && now - this.#reconsideredMs > RECONSIDER_MS) {
      session.reconsider();
      this.#reconsideredMs = now;
      this.#isJudged = false;
    }
    if (!isNew && this.#isJudged) return false;
    const isReadingAhead = progress.bytesTotal - progress.bytesRead < READING_LAGS_BYTES;
    const isPressed = session.waiting >= MANY_WAITING && isReadingAhead;
    this.#isJudged = session.judgeFor(isPressed ? LONG_SLICE_MS : SLICE_MS, monotonicMs);
    session.revision++;
    this.#judgedRevision = session.revision;
    return true;
  }
}
