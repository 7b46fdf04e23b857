/**
 * Answers kept until the analysis changes: who scrolls or comes back asks the same again. While packets come in, an answer is good for
 * a little longer, in proportion to the work that it took, so that asking ten times a second costs a bounded share of the time.
 */
import type { Breathe } from '../engine/answers/ordering.ts';
import type { Session } from '../engine/session.ts';
import { monotonicMs } from './monotonic.ts';
import { SlicedWork } from './sliced-work.ts';

/** While packets come in, an answer is made again only after this many times the work that it took, */
const FRESH_FACTOR = 8;
/** but not later than this. */
const MAX_FRESH_MS = 1000;

interface Kept<T> {
  readonly revision: number;
  readonly answer: Promise<T>;
  freshUntil: number;
}

export class KeptAnswers<T> {
  readonly #session: Pick<Session, 'revision'>;
  readonly #most: number;
  readonly #kept = new Map<string, Kept<T>>();

  /** @param most answers kept: the few that a person switches between */
  constructor(session: Pick<Session, 'revision'>, most: number) {
    this.#session = session;
    this.#most = most;
  }

  get(key: string, signal: AbortSignal, make: (breathe: Breathe) => Promise<T>): Promise<T> {
    const { revision } = this.#session;
    const asked = monotonicMs();
    const known = this.#kept.get(key);
    if (known !== undefined && (known.revision === revision || asked < known.freshUntil)) return known.answer;
    const work = new SlicedWork(signal);
    const answer = make(work.breathe);
    const kept: Kept<T> = { revision, answer, freshUntil: asked };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    answer.then(
      () => {
        kept.freshUntil = monotonicMs() + Math.min(MAX_FRESH_MS, FRESH_FACTOR * work.spentMs());
      },
      // One that failed or was cancelled must not be served again.
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key);
      },
    );
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return answer;
  }

  /** The analysis ended: what was kept for being fresh enough is no longer. */
  clear(): void {
    this.#kept.clear();
  }
}
