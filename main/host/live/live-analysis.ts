/** A live capture and its analysis, which reads, judges and catches until the capture ends. */
import { monotonicMs } from '../monotonic.ts';
import type { CatchRule, CaughtCase, LiveOptions } from '../../../shared/model/live.ts';
import type { Progress } from '../../../shared/model/capture.ts';
import { LIVE_RETENTION } from '../../engine/retention/retention-options.ts';
import { Analysis } from '../analysis.ts';
import { MeanwhileJudge } from '../judging.ts';
import { Catcher } from './catcher.ts';
import type { CaseOrder, KeptCase } from './capture-contract.ts';
import { LiveCapture } from './live-capture.ts';
import { TellingQueue } from './telling-queue.ts';

/** Between two looks at what is left to judge, to tell and to catch. */
const TICK_MS = 100;

export interface LiveHooks {
  onProgress(progress: Progress): void;
  /** A case was written. */
  onCaught(caught: CaughtCase): void;
  /** The resets with ids [from, to) are due to be told of: what came after them was seen. */
  onTold?(from: number, to: number): void;
}

export class LiveAnalysis {
  readonly capture: LiveCapture;
  readonly analysis = new Analysis(LIVE_RETENTION);
  readonly #options: LiveOptions;
  readonly #catcher: Catcher;
  readonly #telling: TellingQueue;
  #hooks: LiveHooks | undefined;

  /**
   * @param keepCase copies a stretch of the ring to a file beside it, for this process may not be one that writes
   * @throws Error for people where the rule is wrong
   */
  constructor(options: LiveOptions, keepCase: (order: Omit<CaseOrder, 'capture'>) => Promise<KeptCase>) {
    const capture = new LiveCapture(options);
    this.#options = options;
    this.capture = capture;
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
    this.#catcher.setRule(options.catch);
  }

  /** @throws Error for people where the rule is wrong */
  setRule(rule: CatchRule | null): void {
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
      const told = this.#telling.take(monotonicMs());
      if (told.to > told.from) hooks.onTold?.(told.from, told.to);
      this.#catcher.look(told, monotonicMs());
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
    const rest = this.#telling.takeAll();
    if (rest.to > rest.from) hooks.onTold?.(rest.from, rest.to);
    this.#catcher.look(rest, monotonicMs());
    await this.#catcher.finish();
  }

  #tellCases(): void {
    const { cases, rule } = this.#catcher;
    this.capture.noteCases(cases, { ...this.#options, catch: rule });
  }
}
