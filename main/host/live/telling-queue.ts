/**
 * Tells of resets once what comes after them has been seen: the best evidence about a reset follows it, so that its
 * first verdict is not worth telling.
 *
 * A burst is told of when it has ended, or goes on for long, and is closed then: what comes later is told of as another one, so
 * that what was told adds up. What waits to be told is bounded as what waits to be judged is.
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import { LIMITS } from '../../engine/limits.ts';
import type { Session } from '../../engine/session.ts';

/** Longer than the time after which verdicts are made again (judging.ts), so that each was made again after its reset. */
const TELL_AFTER_MS = 2000;
/** Resets that were first seen within this time are told of together. */
const TOGETHER_MS = 50;
/** A burst that goes on is told of after this time. */
const LONGEST_BURST_MS = 10_000;

/** What the queue wants to know of resets, by their ids. */
export type ToldSession = Pick<Session, 'hasReset'> & {
  readonly resets: Pick<
    Session['resets'],
    'count' | 'first' | 'members' | 'close' | 'isGivenUp' | 'isOfMany'
  >;
};

interface DueReset {
  readonly id: number;
  readonly seenMs: Milliseconds;
  /** Resets that it stood for when it was looked at, and since when. */
  members: number;
  changedMs: Milliseconds;
}

export class TellingQueue {
  readonly #session: ToldSession;
  /** Resets below `upTo` were first seen at `atMs`, oldest first; times grow by TOGETHER_MS at least. */
  readonly #seen: { upTo: number; readonly atMs: Milliseconds }[] = [];
  /** Resets below this are due. */
  #dueTo = 0;
  /** Those that are due and not told of, oldest first: of hosts of which few waited, and of floods. */
  #few: DueReset[] = [];
  #many: DueReset[] = [];
  #untold = 0;

  constructor(session: ToldSession) {
    this.#session = session;
  }

  /** Resets that had a verdict, or waited for one, and are not told of: there were too many. */
  get untold(): number {
    return this.#untold;
  }

  /** Notes what came. @param nowMs monotonicMs() */
  look(nowMs: Milliseconds): void {
    const { count } = this.#session.resets;
    const newest = this.#seen.at(-1);
    if (count > (newest?.upTo ?? this.#dueTo)) {
      if (newest !== undefined && nowMs - newest.atMs < TOGETHER_MS) newest.upTo = count;
      else this.#seen.push({ upTo: count, atMs: nowMs });
    }
    while (this.#seen.length > 0 && nowMs - this.#seen[0].atMs >= TELL_AFTER_MS) {
      const { upTo, atMs } = this.#seen.shift() as { upTo: number; atMs: Milliseconds };
      this.#makeDue(upTo, atMs, nowMs);
    }
  }

  /** No more packets come: all that is left is due. */
  end(): void {
    this.#seen.length = 0;
    this.#makeDue(this.#session.resets.count, -Infinity as Milliseconds, -Infinity as Milliseconds);
    for (const one of [...this.#few, ...this.#many]) one.changedMs = -Infinity as Milliseconds;
  }

  /** The next resets to tell of, those of floods last, else oldest first; `most` at most. Each is given once. */
  take(most: number, nowMs: Milliseconds): number[] {
    const told: number[] = [];
    this.#few = this.#takeFrom(this.#few, told, most, nowMs);
    this.#many = this.#takeFrom(this.#many, told, most, nowMs);
    const { resets } = this.#session;
    for (const id of told) if (id >= resets.first) resets.close(id);
    return told;
  }

  /** Nobody waits for the rest. */
  giveUp(): void {
    for (const { id, members } of [...this.#few, ...this.#many]) {
      const isCounted = id >= this.#session.resets.first && this.#session.resets.isGivenUp(id);
      if (!isCounted) this.#untold += members;
    }
    this.#few = [];
    this.#many = [];
  }

  /** @returns what is left of the list */
  #takeFrom(due: DueReset[], told: number[], most: number, nowMs: Milliseconds): DueReset[] {
    if (told.length === most || due.length === 0) return due;
    const left: DueReset[] = [];
    for (const [i, one] of due.entries()) {
      if (told.length === most) return left.concat(due.slice(i));
      if (!this.#isGone(one)) {
        if (this.#isReady(one, nowMs)) told.push(one.id);
        else left.push(one);
      }
    }
    return left;
  }

  #makeDue(upTo: number, seenMs: Milliseconds, nowMs: Milliseconds): void {
    const { resets } = this.#session;
    for (let id = this.#dueTo; id < upTo; id++) {
      const members = id >= resets.first ? resets.members(id) : 1;
      // One that was given up is counted as such.
      if (id >= resets.first && resets.isGivenUp(id)) continue;
      const isOfMany = id >= resets.first && resets.isOfMany(id);
      (isOfMany ? this.#many : this.#few).push({
        id,
        seenMs,
        members,
        // A burst may have grown until now.
        changedMs: members > 1 ? nowMs : seenMs,
      });
    }
    this.#dueTo = Math.max(this.#dueTo, upTo);
    for (const list of [this.#many, this.#few]) {
      const surplus = Math.max(0, this.#few.length + this.#many.length - LIMITS.maxWaitingResets);
      for (const one of list.splice(0, surplus)) if (!this.#isGone(one)) this.#untold += one.members;
    }
  }

  /** Whether it was let go of before it was told of, which is counted, or has no verdict, which is counted elsewhere. */
  #isGone({ id, members }: DueReset): boolean {
    if (this.#session.hasReset(id)) return false;
    const { resets } = this.#session;
    if (id < resets.first) {
      this.#untold += members;
      return true;
    }
    return resets.isGivenUp(id);
  }

  #isReady(one: DueReset, nowMs: Milliseconds): boolean {
    const { resets } = this.#session;
    if (!this.#session.hasReset(one.id)) return false;
    if (one.id < resets.first) return true;
    const members = resets.members(one.id);
    if (members !== one.members) {
      one.members = members;
      if (one.changedMs !== -Infinity) one.changedMs = nowMs;
    }
    return nowMs - one.changedMs >= TELL_AFTER_MS || nowMs - one.seenMs >= LONGEST_BURST_MS;
  }
}
