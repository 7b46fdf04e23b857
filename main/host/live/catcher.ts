/**
 * Waits for resets that a rule is about, and keeps for each what was around it: a case. A burst makes one case, since
 * all of its resets lie within the seconds of the first.
 */
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { CatchRule, CaughtCase } from '../../../shared/model/live.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { plural } from '../../../shared/format/count.ts';
import { errorText } from '../../../shared/format/error.ts';
import { isoTime } from '../../../shared/format/time.ts';
import { LIVE_CAPTURE_LIMITS } from '../../capture/live/live-limits.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import type { Session } from '../../engine/session.ts';
import type { CaseOrder, KeptCase } from './capture-contract.ts';
import type { ReadRule } from './catch-rule.ts';

const SECOND_NS = 1e9;
/** Cases that a status lists: the newest ones. */
const MAX_CASES = 100;
/** Time that packets may take on their way to the disk, beyond the seconds that are waited for. */
const GRACE_MS = 500;
/** A packet this much later than the end of a case that is only begun was stamped before the clock was set back. */
const CLOCK_STEP_NS = 10 * SECOND_NS;

/** What the catcher wants to know of the capture. */
export interface WatchedCapture {
  readonly session: Session;
  /** Files of the ring, oldest first. */
  files(): readonly RingFileState[];
  readonly filesGone: number;
  /** When the capture ended, milliseconds since 1970; null while more is written. */
  readonly endedMs: number | null;
  /** Copies a stretch of the ring to a file beside it. @throws Error for people */
  keepCase(order: Omit<CaseOrder, 'capture'>): Promise<KeptCase>;
}

/** Resets of which it is remembered which case they are in: the newest ones. */
const MAX_REMEMBERED = 65_536;

/** A case whose last seconds are still to come. */
interface AwaitedCase {
  readonly caught: CaughtCase;
  readonly fromNs: number;
  readonly toNs: number;
  /** When the seconds after the reset are on disk, should no packet show it earlier; as monotonicMs(). */
  readonly dueMs: Milliseconds;
  /** Whether a packet later than `toNs` shows that they are. */
  readonly isShownByPackets: boolean;
}

export class Catcher {
  readonly #capture: WatchedCapture;
  readonly #changed: (caught: CaughtCase | undefined) => void;
  #cases: CaughtCase[] = [];
  #count = 0;
  #waiting: AwaitedCase[] = [];
  /** From when until when, in packet time, resets belong to the newest case. A clock may be set back. */
  #covered = { fromNs: Infinity, toNs: -Infinity };
  /** Numbers of cases by those of resets, oldest first. */
  readonly #caseOf = new Map<number, number>();
  /** By numbers of cases: the reset that each was caught for. */
  readonly #resetOf = new Map<number, number>();
  #rule: ReadRule | null = null;
  #writing: Promise<void> = Promise.resolve();

  /** @param changed told of each case that is done, and of other changes with undefined */
  constructor(capture: WatchedCapture, changed: (caught: CaughtCase | undefined) => void) {
    this.#capture = capture;
    this.#changed = changed;
  }

  /** The last cases, newest last. */
  get cases(): readonly CaughtCase[] {
    return this.#cases;
  }

  get rule(): CatchRule | null {
    return this.#rule?.rule ?? null;
  }

  setRule(rule: ReadRule | null): void {
    this.#rule = rule;
  }

  /** Number of the case that a reset is in; undefined where it is in none, or in one of long ago. */
  caseOf(reset: number): number | undefined {
    return this.#caseOf.get(reset);
  }

  /** The reset that a case was caught for. */
  resetOf(caseId: number): number | undefined {
    return this.#resetOf.get(caseId);
  }

  /** Looks at resets that are told of, by their ids, and keeps the cases that are due. @param nowMs monotonicMs() */
  look(told: readonly number[], nowMs: Milliseconds): void {
    const { session } = this.#capture;
    if (this.#rule !== null) {
      for (const id of told) {
        // In a flood of resets some are let go before they are told of.
        if (session.hasReset(id) && this.#rule.matches(session, id))
          this.#catch(session.resetRow(id), this.#rule.rule, nowMs);
      }
    }
    if (this.#waiting.length === 0) return;
    const lastNs = newestNs(this.#capture.files());
    // The capturing machine's clock may be another one than ours: either will do.
    const due = this.#waiting.filter(
      ({ toNs, dueMs, isShownByPackets }) =>
        (isShownByPackets && lastNs > toNs) || nowMs >= dueMs || this.#capture.endedMs !== null,
    );
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    // Cases are written one after the other, for the disk is busy with the capture.
    for (const one of due) this.#writing = this.#writing.then(() => this.#keep(one));
  }

  /** Writes all cases that still wait; answers when they are on disk. */
  async finish(): Promise<void> {
    this.look([], Infinity as Milliseconds);
    await this.#writing;
  }

  #catch(row: ResetRow, rule: CatchRule, nowMs: Milliseconds): void {
    if (row.timeNs >= this.#covered.fromNs && row.timeNs <= this.#covered.toNs) {
      this.#remember(row.id);
      this.#change((newest) => ({ ...newest, resets: newest.resets + row.count }), this.#count);
      return;
    }
    if (this.#count >= LIVE_CAPTURE_LIMITS.maxCases) return;
    const { session } = this.#capture;
    const beforeNs = rule.beforeSeconds * SECOND_NS;
    const afterNs = rule.afterSeconds * SECOND_NS;
    this.#covered = { fromNs: row.timeNs - beforeNs, toNs: row.timeNs + afterNs };
    const epochNs = session.clock.epochNs ?? 0n;
    const resetNs = Number(epochNs) + row.timeNs;
    const id = ++this.#count;
    this.#remember(row.id);
    this.#resetOf.set(id, row.id);
    const caught: CaughtCase = {
      id,
      path: null,
      time: isoTime(epochNs, row.timeNs),
      summary: session.findAccount(row.id)?.verdict.summary ?? '',
      client: row.client,
      server: row.server,
      origin: row.kind,
      cause: row.cause,
      confidence: row.confidence,
      resets: row.count,
      packets: 0,
      secondPath: null,
      error:
        this.#count === LIVE_CAPTURE_LIMITS.maxCases
          ? 'this was the last case: a capture keeps so many'
          : null,
    };
    this.#cases = [...this.#cases, caught].slice(-MAX_CASES);
    this.#waiting.push({
      caught,
      fromNs: resetNs - beforeNs,
      toNs: resetNs + afterNs,
      dueMs: (nowMs + rule.afterSeconds * 1000 + GRACE_MS) as Milliseconds,
      isShownByPackets: newestNs(this.#capture.files()) <= resetNs + afterNs + CLOCK_STEP_NS,
    });
    this.#changed(undefined);
  }

  /** The reset is in the newest case. */
  #remember(reset: number): void {
    this.#caseOf.set(reset, this.#count);
    if (this.#caseOf.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#caseOf.keys();
    this.#caseOf.delete(oldest);
  }

  async #keep({ caught, fromNs, toNs }: AwaitedCase): Promise<void> {
    const { filesGone } = this.#capture;
    const { id } = caught;
    try {
      const files = this.#capture.files();
      const kept = await this.#capture.keepCase({ name: caseName(caught), fromNs, toNs });
      const oldestNs = files.reduce((least, file) => Math.min(least, file.firstNs), Infinity);
      const lost: string[] = [];
      if (filesGone > 0 && oldestNs > fromNs) lost.push('the ring no longer had the beginning');
      if (kept.missing > 0)
        lost.push(`${plural(kept.missing, 'file of the ring was', 'files of the ring were')} gone`);
      if (kept.second?.path === null)
        lost.push(`nothing of the second place could be kept (${kept.second.error ?? 'it has ended'})`);
      if (kept.isCut) lost.push('it was cut at the largest size of a case');
      const endedNs = (this.#capture.endedMs ?? Infinity) * 1e6;
      // Packets may be stamped by another clock than ours: then the newest one tells whether the seconds are there.
      if (endedNs < toNs && newestNs(files) < toNs)
        lost.push('the capture ended before the seconds after it');
      const secondPath = kept.second?.path ?? null;
      const error = [caught.error, ...lost].filter((one) => one !== null).join('; ') || null;
      this.#change((one) => ({ ...one, path: kept.path, packets: kept.packets, error, secondPath }), id);
    } catch (error) {
      this.#change((one) => ({ ...one, error: `nothing could be kept: ${errorText(error)}` }), id);
    }
    this.#changed(this.#cases.find((one) => one.id === id));
  }

  #change(change: (caught: CaughtCase) => CaughtCase, id: number): void {
    this.#cases = this.#cases.map((one) => (one.id === id ? change(one) : one));
  }
}

function newestNs(files: readonly RingFileState[]): number {
  return files.reduce((most, file) => Math.max(most, file.lastNs), -Infinity);
}

/** case-20260102T030405.678Z-10.0.0.2_443.pcapng, with the number of the case where times repeat */
function caseName({ id, time, server }: CaughtCase): string {
  const compact = time.replace(/[-:]/gu, '').replace(/(\.\d{3})\d*/u, '$1');
  const safe = server.replace(/[^A-Za-z0-9.]+/gu, '_').replace(/^_+/u, '');
  return `case-${compact}-${String(id).padStart(4, '0')}-${safe}.pcapng`;
}
