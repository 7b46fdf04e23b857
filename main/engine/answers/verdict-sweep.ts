/**
 * Makes verdicts in slices: of new resets first, then once more of those about which more was read since. Both end where
 * verdicts are final (`SettledResets.to`).
 *
 * Of a file all resets are judged, in their order; files are joined at once or not at all. Of an endless capture those that wait are taken as `WaitingResets` says, and
 * what is judged again begins with the newest, for it may not come to the oldest before there is more news.
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { JoinView } from '../join/join-view.ts';
import type { ResetJudge } from '../reset/judge.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { ResetView } from './reset-view.ts';
import type { SettledResets } from './settled-resets.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import type { WaitingResets } from './waiting-resets.ts';

/** Resets judged between two looks at the clock. */
const JUDGE_SLICE = 32;

export class VerdictSweep {
  readonly #resets: ResetLog;
  readonly #resetView: ResetView;
  readonly #verdicts: VerdictColumns;
  readonly #settled: SettledResets;
  readonly #judge: ResetJudge;
  readonly #waiting: WaitingResets | undefined;
  readonly #join: () => JoinView;
  /** Resets from here to #end are to be judged again. */
  #next = 0;
  #end = 0;
  /** Resets below this are too old for news about them. */
  #recentFrom = 0;
  /** Resets of a file below this are not waited for. */
  #givenUp = 0;

  /** @param waiting of an endless capture only */
  constructor(
    resets: ResetLog,
    resetView: ResetView,
    verdicts: VerdictColumns,
    settled: SettledResets,
    judge: ResetJudge,
    waiting: WaitingResets | undefined,
    join: () => JoinView,
  ) {
    this.#join = join;
    this.#resets = resets;
    this.#resetView = resetView;
    this.#verdicts = verdicts;
    this.#settled = settled;
    this.#judge = judge;
    this.#waiting = waiting;
  }

  /** Resets without a verdict that one is to be made of. */
  get waiting(): number {
    const waiting = this.#waiting;
    if (waiting !== undefined) return waiting.size;
    return Math.max(0, this.#resets.count - Math.max(this.#verdicts.count, this.#givenUp));
  }

  /** Those, and what is still to be judged again. */
  get left(): number {
    return this.waiting + Math.max(0, this.#end - this.#next);
  }

  /** Goes on for about `budget`; true when none is left to judge. */
  judgeFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    const deadline = now() + budget;
    this.#waiting?.enter(this.#settled.to);
    // What was settled since is not judged again, and may be gone.
    this.#next = Math.max(this.#next, this.#settled.to);
    while (this.left > 0) {
      for (let i = 0; i < JUDGE_SLICE && this.left > 0; i++) this.#judgeOne();
      if (now() >= deadline) break;
    }
    return this.left === 0;
  }

  /** Begins anew, in the light of what was read since. @param sinceNs leaves out resets that are older */
  restart(sinceNs?: number): void {
    this.#next = sinceNs === undefined ? this.#settled.to : this.#firstSince(sinceNs);
    this.#end = this.#verdicts.count;
    this.#judge.invalidate();
  }

  /** Those that wait get no verdict, and those that have one keep it. */
  giveUp(): void {
    this.#waiting?.enter(this.#settled.to);
    this.#waiting?.giveUpAll();
    if (this.#waiting === undefined) {
      for (let id = this.#verdicts.count; id < this.#resets.count; id++) this.#resets.giveUp(id);
      this.#givenUp = this.#resets.count;
    }
    this.#end = this.#next;
  }

  #judgeOne(): void {
    const verdicts = this.#verdicts;
    const waiting = this.#waiting;
    if (this.waiting > 0) {
      const id = waiting === undefined ? verdicts.count : waiting.take();
      if (id !== undefined) this.#set(id);
      return;
    }
    const id = waiting === undefined ? this.#next++ : --this.#end;
    if (verdicts.has(id)) this.#set(id);
  }

  /** A reset that several captures hold is judged once, by the record that stands for it, when the first of its records has its turn. */
  #set(id: number): void {
    const join = this.#join();
    if (!join.isJoined) {
      this.#verdicts.set(id, this.#judge.classify(id));
      return;
    }
    const first = join.records(id).reduce((least, record) => Math.min(least, record), id);
    if (first < id) this.#verdicts.copy(id, first);
    else this.#verdicts.set(id, this.#judge.classify(join.primary(id)));
  }

  /** Times given never decrease, so that the search goes on where it ended. */
  #firstSince(sinceNs: number): number {
    this.#recentFrom = Math.max(this.#recentFrom, this.#settled.to);
    while (this.#recentFrom < this.#resets.count && this.#resetView.time(this.#recentFrom) < sinceNs)
      this.#recentFrom++;
    return this.#recentFrom;
  }
}
