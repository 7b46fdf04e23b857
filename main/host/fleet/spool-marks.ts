/**
 * Moments of a running capture, by which a segment of it ends: not now, but at a moment that lies so long back that nothing about what
 * was captured before it changes any more. So what a segment covers is told whole.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { LiveLosses } from '../../../shared/model/live.ts';

/** Losses are told so much later than they happen, at most: the programs that count are asked once a second. */
const LOSSES_LATE_MS = 5000;

export interface SpoolMark {
  /** monotonicMs() */
  readonly atMs: number;
  /** What the capturing machine's clock said, nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Time of the newest packet that was analysed by then, nanoseconds since 1970; undefined before the first. */
  readonly seenNs: bigint | undefined;
  /** Packets analysed by then have smaller numbers. */
  readonly packet: PacketNumber;
  readonly losses: LiveLosses;
}

export class SpoolMarks {
  readonly #settleMs: number;
  /** Oldest first; the first of them is the newest one that is settled, where any is. */
  readonly #marks: SpoolMark[] = [];

  /** @param settleMs after which nothing about a moment changes any more */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  note(mark: SpoolMark): void {
    this.#marks.push(mark);
    while (this.#marks.length > 1 && this.#isSettled(this.#marks[1], mark.atMs)) this.#marks.shift();
  }

  /** The newest moment that is settled, with what had been lost until then; undefined where there is none yet. */
  settled(nowMs: number): { readonly mark: SpoolMark; readonly losses: LiveLosses } | undefined {
    const [mark] = this.#marks;
    if (mark === undefined || !this.#isSettled(mark, nowMs)) return undefined;
    const later = this.#marks.find(({ atMs }) => atMs >= mark.atMs + LOSSES_LATE_MS);
    return { mark, losses: (later ?? this.#marks[this.#marks.length - 1]).losses };
  }

  #isSettled({ atMs }: SpoolMark, nowMs: number): boolean {
    return nowMs - atMs >= this.#settleMs;
  }
}

/** What was lost from one moment to another; null where nobody had counted by the second. */
export function lostBetween(before: LiveLosses, after: LiveLosses): LiveLosses {
  const known = (from: number | null, to: number | null): number | null =>
    to === null ? null : Math.max(0, to - (from ?? 0));
  return {
    kernel: known(before.kernel, after.kernel),
    interface: known(before.interface, after.interface),
    queue: Math.max(0, after.queue - before.queue),
    analysis: Math.max(0, after.analysis - before.analysis),
  };
}
