/** A live capture and its analysis, which reads, judges and catches until the capture ends. */
import { monotonicMs } from '../monotonic.ts';
import type { CaughtCase, LiveOptions, LiveStatus, SecondStatus } from '../../../shared/model/live.ts';
import type { Progress } from '../../../shared/model/capture.ts';
import { LIVE_RETENTION } from '../../engine/retention/retention-options.ts';
import { Analysis } from '../analysis.ts';
import { MeanwhileJudge } from '../judging.ts';
import type { ReadRule } from './catch-rule.ts';
import { Catcher } from './catcher.ts';
import type { CaptureMessage, CaseOrder, KeptCase, Place } from './capture-contract.ts';
import { LiveCapture } from './live-capture.ts';
import { TellingQueue } from './telling-queue.ts';

/** Between two looks at what is left to judge, to tell and to catch. */
const TICK_MS = 100;

/** Telling of resets takes so long at most of each time between two looks, and so long when the capture has ended; */
const TELL_MS = 20;
const LAST_TELL_MS = 150;
/** but so many are told of then however long it takes. */
const LEAST_TOLD_AT_END = 1000;
const TOLD_TOGETHER = 64;

export interface LiveHooks {
  onProgress(progress: Progress): void;
  /** A case was written. */
  onCaught(caught: CaughtCase): void;
  /** The resets with these ids are due to be told of: what came after them was seen. */
  onTold?(ids: readonly number[]): void;
  /** Whether whoever is told keeps up: what is due waits until then. */
  isReady?(): boolean;
}

export class LiveAnalysis {
  readonly capture: LiveCapture;
  /** The second place, of which nothing is analysed while it is captured; undefined where there is none. */
  readonly second: LiveCapture | undefined;
  readonly analysis = new Analysis(LIVE_RETENTION);
  readonly #options: LiveOptions;
  readonly #catcher: Catcher;
  readonly #telling: TellingQueue;
  #hooks: LiveHooks | undefined;
  #untold = 0;

  /**
   * @param rule the options' rule, read
   * @param keepCase copies a stretch of the ring to a file beside it, for this process may not be one that writes
   */
  constructor(
    options: LiveOptions,
    rule: ReadRule | null,
    keepCase: (order: Omit<CaseOrder, 'capture'>) => Promise<KeptCase>,
  ) {
    const capture = new LiveCapture(options);
    this.#options = options;
    this.capture = capture;
    this.second = options.second === null ? undefined : new LiveCapture({ ...options, witness: false });
    if (this.second !== undefined) {
      this.second.tail.leave();
      this.second.changed.on((status) => {
        capture.noteSecond(secondStatus(status));
      });
      capture.noteSecond(secondStatus(this.second.status));
    }
    this.#telling = new TellingQueue(this.analysis.session);
    this.#catcher = new Catcher(
      {
        session: this.analysis.session,
        files: () => capture.files,
        get filesGone() {
          return capture.status.filesGone;
        },
        get endedMs() {
          return capture.status.endedMs;
        },
        keepCase,
      },
      (caught) => {
        this.#tellCases();
        if (caught !== undefined) this.#hooks?.onCaught(caught);
      },
    );
    this.#catcher.setRule(rule);
  }

  /** Takes what is told of the capture. @param place absent for the first, and where there is one only */
  take(message: CaptureMessage, place?: Place): void {
    if (place === 'second') {
      this.second?.take(message);
      return;
    }
    // Its own end comes before, but where what captures died.
    if (message.kind === 'ended') {
      const hasBegun = this.second?.status.startedMs !== null;
      this.second?.take({ kind: 'ended', error: hasBegun ? message.error : null });
    }
    this.capture.take(message);
  }

  /** The files of both places, where both have some; undefined otherwise. */
  get filesOfBoth(): readonly string[] | undefined {
    const both = [this.capture.files, this.second?.files ?? []];
    if (both.some((files) => files.length === 0)) return undefined;
    return both.flat().map(({ path }) => path);
  }

  setRule(rule: ReadRule | null): void {
    this.#catcher.setRule(rule);
    this.#tellCases();
  }

  /** Reads until the capture has ended and all is judged; early by the signal, which does not end the capture. */
  async run(hooks: LiveHooks, signal: AbortSignal): Promise<void> {
    this.#hooks = hooks;
    const { analysis, capture } = this;
    const judge = new MeanwhileJudge(analysis);
    const step = (): boolean => {
      const isNew = judge.judge();
      this.#telling.look(monotonicMs());
      this.#tell(hooks, TELL_MS, 1);
      return isNew;
    };
    const ticking = setInterval(() => {
      if (step()) hooks.onProgress(analysis.progress);
    }, TICK_MS);
    try {
      await analysis.runLive(
        capture.tail,
        {
          signal,
          onProgress: (progress) => {
            step();
            hooks.onProgress(progress);
          },
        },
        (packets) => {
          capture.noteAnalysisLoss(packets);
        },
      );
    } finally {
      clearInterval(ticking);
    }
    this.#telling.end();
    this.#tell(hooks, LAST_TELL_MS, LEAST_TOLD_AT_END);
    this.#telling.giveUp();
    await this.#catcher.finish();
  }

  /** Which resets are in which cases. */
  get caught(): Pick<Catcher, 'caseOf' | 'resetOf'> {
    return this.#catcher;
  }

  /** Resets that had a verdict and are not told of: there were too many, or whoever is told was too slow. */
  get untold(): number {
    return this.#telling.untold + this.#untold;
  }

  /** Whoever is told could not tell of so many: only their rows were kept. */
  noteUntold(resets: number): void {
    this.#untold += resets;
  }

  /** Tells for about so long what is due, but of so many at least. */
  #tell(hooks: LiveHooks, forMs: number, least: number): void {
    const startedMs = monotonicMs();
    for (let count = 0; ;) {
      const nowMs = monotonicMs();
      const isSlow = nowMs - startedMs >= forMs && count >= least;
      const told = isSlow || hooks.isReady?.() === false ? [] : this.#telling.take(TOLD_TOGETHER, nowMs);
      if (told.length > 0) hooks.onTold?.(told);
      this.#catcher.look(told, nowMs);
      if (told.length === 0) return;
      count += told.length;
    }
  }

  #tellCases(): void {
    const { cases, rule } = this.#catcher;
    this.capture.noteCases(cases, { ...this.#options, catch: rule });
  }
}

function secondStatus(status: LiveStatus): SecondStatus {
  const { phase, source, command, packets, bytes, packetsPerSecond, bytesPerSecond, losses } = status;
  const { filesGone, folder, error } = status;
  return {
    ...{ phase, source, command, packets, bytes, packetsPerSecond, bytesPerSecond, losses },
    ...{ filesGone, folder, error },
  };
}
