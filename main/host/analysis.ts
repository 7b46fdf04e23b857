/**
 * Drives one analysis: reads the files in order, feeds the session, reports progress, judges at the end.
 * Used as it is by the command line, and by the engine process for the app.
 */
import type { Milliseconds } from '../../shared/base/units.ts';
import { plural } from '../../shared/format/count.ts';
import { monotonicMs } from './monotonic.ts';
import type { CaptureFileError, ChunkSource } from '../capture/capture-file.ts';
import { isCaptureFileError, openCaptureFile } from '../capture/capture-file.ts';
import { planTimelines } from '../capture/file-set.ts';
import { followFile } from '../capture/follow-file.ts';
import type { RingTail } from '../capture/live/ring/ring-tail.ts';
import type { RetentionOptions } from '../engine/retention/retention-options.ts';
import { Session } from '../engine/session.ts';
import { SpillLost } from '../engine/spill-space.ts';
import { spillOfProcess } from './spill-file.ts';
import type { CapturePhase, Progress } from '../../shared/model/capture.ts';

/** Progress at most this often: more than a person sees costs messages for nothing. */
const PROGRESS_MS = 100;
/** At first, while a person waits for the first rows, progress comes after this share of the time that has passed. */
const EARLY_SHARE = 0.2;
/** Judging is done in slices so that queries and cancelling get through. */
const JUDGE_SLICE_MS = 20 as Milliseconds;
/** Whoever ends a capture, or stops reading a file, waits so long for the verdicts that are still to be made; */
const LAST_JUDGING_MS = 250;
/** but so many are made however long it takes. */
const LEAST_LAST_VERDICTS = 1000;

export interface AnalysisOptions {
  /** Wait for more at the end of the (last) file. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** Whether captures of the same traffic are joined; they are unless it is false. */
  readonly join?: boolean;
  /** Each path is a capture of its own unless its name says that it is part of a rotated set; else times decide as well. */
  readonly comparing?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** A file that could not be opened or read at all. */
export interface UnreadableFile {
  readonly path: string;
  readonly message: string;
}

export class Analysis {
  readonly session: Session;
  readonly unreadable: UnreadableFile[] = [];
  readonly #sources: ChunkSource[] = [];
  #phase: CapturePhase = 'empty';
  #error: string | null = null;
  #bytesRead = 0;
  #bytesTotal = 0;
  #lastProgress = 0;
  readonly #startedMs = monotonicMs();

  /** @param retention bounds an endless capture */
  constructor(retention?: RetentionOptions) {
    this.session = new Session(retention, { memory: { spill: spillOfProcess() } });
  }

  get progress(): Progress {
    return {
      phase: this.#phase,
      revision: this.session.revision,
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      packets: this.session.packets.count,
      flows: this.session.flows.count,
      resets: this.session.resets.total,
      waiting: this.session.waiting,
      unjudged: this.session.resets.unjudged,
      ...(this.#phase === 'joining' ? { joined: this.session.joinDone } : {}),
      error: this.#error,
    };
  }

  /** The source of file number `file`, for reading packets again. */
  source(file: number): ChunkSource | undefined {
    return this.#sources[file];
  }

  /** Reads all files and judges all resets. Never rejects for what the files hold or lack. */
  async run(paths: readonly string[], options: AnalysisOptions): Promise<void> {
    const signal = options.signal ?? new AbortController().signal;
    this.#phase = 'reading';
    const plan = await planTimelines(paths, options.comparing === true);
    for (const failed of plan.unreadable) this.unreadable.push(failed);
    const files = plan.timelines.flat();
    this.#bytesTotal = plan.sizeBytes;
    this.#report(options, true);

    if (options.join !== false && plan.timelines.length > 1) this.session.expectJoin();
    for (const timeline of plan.timelines) {
      for (const [index, path] of timeline.entries()) {
        if (signal.aborted) break;
        const follow = options.follow === true && path === files[files.length - 1];
        await this.#readFile(path, index > 0, follow, signal, options);
      }
    }
    try {
      if (options.join !== false && plan.timelines.length > 1) await this.#join(signal, options);
      await this.#judgeAll(signal, false);
    } catch (error) {
      this.#warnOfLost(error);
      this.#giveUpVerdicts();
    }

    if (this.unreadable.length === paths.length) {
      this.#phase = 'failed';
      this.#error = this.unreadable.map((file) => file.message).join('\n') || 'nothing to open';
    } else {
      this.#phase = signal.aborted ? 'cancelled' : 'done';
    }
    this.session.revision++;
    this.#report(options, true);
  }

  /**
   * Reads what a recorder writes until its end, all files as one timeline. The signal ends it early.
   * @param onLost told of each file that was gone before it was read
   */
  async runLive(tail: RingTail, options: AnalysisOptions, onLost: (packets: number) => void): Promise<void> {
    const signal = options.signal ?? new AbortController().signal;
    const { session } = this;
    this.#phase = 'following';
    this.#report(options, true);
    let isFirst = true;
    try {
      await tail.follow(
        {
          begin: ({ path }, source) => {
            this.#sources.push(source);
            session.startFile(path, 'none', !isFirst);
            isFirst = false;
          },
          chunk: (bytes) => {
            session.feed(bytes);
            this.#bytesRead += bytes.length;
            this.#bytesTotal = this.#bytesRead + tail.lagBytes;
            this.#report(options, false);
          },
          end: () => {
            session.endFile(true);
          },
          lost: ({ path, packets }) => {
            onLost(packets);
            session.warn({
              code: 'read-error',
              message: `${path}: the ring let go of this file with ${plural(packets, 'packet')} not analysed yet`,
              offset: undefined,
              packet: undefined,
              lossy: true,
            });
          },
        },
        signal,
      );
    } catch (error) {
      if (!isCaptureFileError(error)) throw error;
      this.#warnOf(error);
      this.#error = error.message;
    }
    await this.#judgeAll(signal, true);
    this.#phase = this.#error === null ? 'done' : 'failed';
    session.revision++;
    this.#report(options, true);
  }

  async #readFile(
    path: string,
    continues: boolean,
    follow: boolean,
    signal: AbortSignal,
    options: AnalysisOptions,
  ): Promise<void> {
    let source: ChunkSource;
    try {
      source = follow ? await followFile(path) : await openCaptureFile(path);
    } catch (error) {
      if (!isCaptureFileError(error)) throw error;
      this.unreadable.push({ path, message: error.message });
      return;
    }
    this.#sources.push(source);
    this.session.startFile(path, source.compression, continues);
    const bytesBefore = this.#bytesRead;
    if (follow) this.#phase = 'following';
    let complete = true;
    try {
      await source.read((chunk, onDisk) => {
        this.session.feed(chunk);
        this.#bytesRead = bytesBefore + onDisk;
        this.#report(options, false);
      }, signal);
    } catch (error) {
      complete = false;
      if (isCaptureFileError(error)) this.#warnOf(error);
      else if (!signal.aborted) this.#warnOfLost(error);
    }
    this.session.endFile(complete && !signal.aborted);
    const summary = this.session.newestFile;
    if (summary.format.startsWith('unknown') && !signal.aborted) {
      const why = summary.warnings[0]?.message ?? 'not a capture file';
      this.unreadable.push({ path, message: `${path}: ${why}` });
    }
  }

  /** Looks for connections that several captures hold. What was found when somebody cancels is not used. */
  async #join(signal: AbortSignal, options: AnalysisOptions): Promise<void> {
    const { session } = this;
    if (signal.aborted) return;
    this.#phase = 'joining';
    this.#report(options, true);
    session.startJoining();
    while (!signal.aborted) {
      if (session.joinFor(JUDGE_SLICE_MS, monotonicMs)) return;
      this.#report(options, false);
      await new Promise((resolve) => setImmediate(resolve));
    }
    session.stopJoining();
  }

  /** What did not fit memory is gone from the disk: what was made without it stays. @throws all other errors */
  #warnOfLost(error: unknown): void {
    if (!(error instanceof SpillLost)) throw error;
    const { message } = error;
    this.session.warn({ code: 'read-error', message, offset: undefined, packet: undefined, lossy: true });
  }

  #warnOf(error: CaptureFileError): void {
    this.session.warn({
      code: error.code === 'compression' ? 'compression-error' : 'read-error',
      message: error.message,
      offset: undefined,
      packet: undefined,
      lossy: true,
    });
  }

  /**
   * Judges all that was read, after a cancel too: the user then looks at it, but does not wait for it for long.
   * @param isEnded somebody waits for the end
   */
  async #judgeAll(signal: AbortSignal, isEnded: boolean): Promise<void> {
    const { session } = this;
    let askedMs = isEnded ? monotonicMs() : Infinity;
    while (!session.judgeFor(JUDGE_SLICE_MS, monotonicMs)) {
      if (signal.aborted) askedMs = Math.min(askedMs, monotonicMs());
      const isLate = monotonicMs() - askedMs > LAST_JUDGING_MS;
      if (isLate && session.verdictsLeft > LEAST_LAST_VERDICTS) this.#giveUpVerdicts();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #giveUpVerdicts(): void {
    const { session } = this;
    const before = session.resets.unjudged;
    session.giveUpVerdicts();
    const unjudged = session.resets.unjudged - before;
    if (unjudged === 0) return;
    session.warn({
      code: 'limit-reached',
      message: `${plural(unjudged, 'reset has', 'resets have')} no verdict: the analysis was ended before judging was done`,
      offset: undefined,
      packet: undefined,
      lossy: true,
    });
  }

  #report(options: AnalysisOptions, always: boolean): void {
    const now = monotonicMs();
    const pause = Math.min(PROGRESS_MS, EARLY_SHARE * (now - this.#startedMs));
    if (!always && now - this.#lastProgress < pause) return;
    this.#lastProgress = now;
    options.onProgress?.(this.progress);
  }

  async close(): Promise<void> {
    this.session.close();
    await Promise.all(this.#sources.map((source) => source.close()));
  }
}
