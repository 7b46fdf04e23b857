/**
 * Makes verdicts in slices: of new resets first, then once more of those about which more was read since. Both end where
 * verdicts are final (`SettledResets.to`).
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { ResetJudge } from '../reset/judge.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { ResetView } from './reset-view.ts';
import type { SettledResets } from './settled-resets.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';

/** Resets judged between two looks at the clock. */
const JUDGE_SLICE = 32;

export class VerdictSweep {
  readonly #resets: ResetLog;
  readonly #resetView: ResetView;
  readonly #verdicts: VerdictColumns;
  readonly #settled: SettledResets;
  readonly #judge: ResetJudge;
  /** Resets from here to #end are to be judged again. */
  #next = 0;
  #end = 0;
  /** Resets below this are too old for news about them. */
  #recentFrom = 0;

  constructor(
    resets: ResetLog,
    resetView: ResetView,
    verdicts: VerdictColumns,
    settled: SettledResets,
    judge: ResetJudge,
  ) {
    this.#resets = resets;
    this.#resetView = resetView;
    this.#verdicts = verdicts;
    this.#settled = settled;
    this.#judge = judge;
  }

  /** Goes on for about `budget`; true when none is left to judge. */
  judgeFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    const deadline = now() + budget;
    const resets = this.#resets;
    const verdicts = this.#verdicts;
    // What was settled since is not judged again, and may be gone.
    this.#next = Math.max(this.#next, this.#settled.to);
    while (verdicts.count < resets.count || this.#next < this.#end) {
      const isNew = verdicts.count < resets.count;
      const from = isNew ? verdicts.count : this.#next;
      const end = Math.min(isNew ? resets.count : this.#end, from + JUDGE_SLICE);
      for (let id = from; id < end; id++) verdicts.set(id, this.#judge.classify(id));
      if (!isNew) this.#next = end;
      if (now() >= deadline) break;
    }
    return verdicts.count === resets.count && this.#next >= this.#end;
  }

  /** Begins anew, in the light of what was read since. @param sinceNs leaves out resets that are older */
  restart(sinceNs?: number): void {
    this.#next = sinceNs === undefined ? this.#settled.to : this.#firstSince(sinceNs);
    this.#end = this.#verdicts.count;
    this.#judge.invalidate();
  }

  /** Times given never decrease, so that the search goes on where it ended. */
  #firstSince(sinceNs: number): number {
    this.#recentFrom = Math.max(this.#recentFrom, this.#settled.to);
    while (this.#recentFrom < this.#resets.count && this.#resetView.time(this.#recentFrom) < sinceNs)
      this.#recentFrom++;
    return this.#recentFrom;
  }
}
