/** One open capture: its engine process, and the questions that it is asked. */
import type { EngineMethod, MethodResult, Params } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Looked } from '../../shared/model/looked.ts';
import type { CaptureSummary, Progress } from '../../shared/model/capture.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import type { Logger } from '../host/log.ts';
import type { LaunchEngine } from '../host/supervisor.ts';
import { EngineSupervisor } from '../host/supervisor.ts';
import { MCP_LIMITS } from './limits.ts';

/** The engine knows one capture, so that any number will do. */
const ENGINES_CAPTURE = 1;
/** A filter that reads bytes tells nothing when it has got on: it is asked again after this time. */
const ASK_AGAIN_MS = 200;

export interface OpenCaptureOptions {
  readonly id: string;
  readonly paths: readonly string[];
  readonly launch: LaunchEngine;
  readonly log: Logger;
  /** Told once, when the engine has ended by itself. */
  readonly onDeath: (capture: OpenCapture, why: string) => void;
}

export class OpenCapture {
  readonly id: string;
  readonly paths: readonly string[];
  readonly #supervisor: EngineSupervisor;
  #progress: Progress = EMPTY_PROGRESS;
  #asking = 0;
  #usedMs = Date.now();
  #summary: { readonly revision: number; readonly summary: CaptureSummary } | undefined;
  /** Waits of those who want to know how far it is. */
  readonly #wakers = new Set<() => void>();
  #end: string | undefined;

  constructor({ id, paths, launch, log, onDeath }: OpenCaptureOptions) {
    this.id = id;
    this.paths = paths;
    this.#supervisor = new EngineSupervisor({
      launch,
      // There is nobody whom it could show something, and nothing is captured.
      host: {
        notify: () => Promise.resolve(null),
        keepCase: () => Promise.reject(new RpcError('failed', 'nothing is captured here')),
      },
      log,
    });
    this.#supervisor.events.progress.on((progress) => {
      this.#progress = progress;
      this.#wake();
    });
    this.#supervisor.died.on(() => {
      if (this.#end !== undefined) return;
      const why = `The process that read ${id} ended unexpectedly, and ${id} was closed. Nothing else was lost: open the file again. A file that ends it each time is damaged in a way that should be reported.`;
      this.#end = why;
      this.#wake();
      onDeath(this, why);
    });
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Since when nobody asked; undefined while somebody does. */
  get idleSinceMs(): number | undefined {
    return this.#asking > 0 ? undefined : this.#usedMs;
  }

  confinement(): Promise<Confinement | null> {
    return this.#supervisor.confinement();
  }

  /** Starts reading; `ready` waits for its end. */
  async start(join: boolean, signal: AbortSignal): Promise<void> {
    const { paths } = this;
    await this.#during(() =>
      this.#supervisor.service['control.open'](
        { capture: ENGINES_CAPTURE, paths: [...paths], follow: false, replace: true, join },
        signal,
      ),
    );
  }

  /** Asks the engine. @throws RpcError as the method does, or because the engine is gone */
  ask<M extends EngineMethod>(method: M, params: Params<M>, signal: AbortSignal): Promise<MethodResult<M>> {
    const calls = this.#supervisor.reads as unknown as Record<
      M,
      (params: Params<M>, signal: AbortSignal) => Promise<MethodResult<M>>
    >;
    return this.#during(() => calls[method](params, signal));
  }

  /** The same for lists whose filter may have to read bytes: asks until all was looked at, or patience ends. */
  async askWhole<M extends EngineMethod>(
    method: M,
    params: Params<M>,
    signal: AbortSignal,
  ): Promise<MethodResult<M>> {
    const until = Date.now() + MCP_LIMITS.patienceMs;
    for (;;) {
      const answer = await this.ask(method, params, signal);
      const { looked } = answer as { looked?: Looked };
      if (looked === undefined || Date.now() >= until) return answer;
      await this.#changed(ASK_AGAIN_MS, signal);
    }
  }

  /** The summary as of now: it is asked for with every answer that has times in it. */
  async summary(signal: AbortSignal): Promise<CaptureSummary> {
    const { revision } = this.#progress;
    if (this.#summary?.revision === revision) return this.#summary.summary;
    const summary = await this.ask('capture.summary', {}, signal);
    this.#summary = { revision, summary };
    return summary;
  }

  /**
   * Waits until all is read and judged, or patience ends.
   * @param told how far it is, whenever that changes
   * @throws RpcError 'unreadable' where nothing could be read
   */
  async ready(signal: AbortSignal, told: (progress: Progress) => void): Promise<Progress> {
    const until = Date.now() + MCP_LIMITS.patienceMs;
    for (;;) {
      this.#check();
      const progress = this.#progress;
      told(progress);
      if (progress.phase === 'failed')
        throw new RpcError('unreadable', progress.error ?? 'the capture could not be read');
      if (isRead(progress)) return progress;
      const left = until - Date.now();
      if (left <= 0) return progress;
      await this.#during(() => this.#changed(left, signal));
    }
  }

  dispose(): Promise<void> {
    this.#end ??= `${this.id} was closed.`;
    this.#wake();
    return this.#supervisor.dispose();
  }

  #check(): void {
    if (this.#end !== undefined) throw new RpcError('failed', this.#end);
  }

  async #during<T>(work: () => Promise<T>): Promise<T> {
    this.#check();
    this.#asking++;
    try {
      return await work();
    } catch (error) {
      // Calls that the engine took along say only that the other end has closed.
      this.#check();
      throw error;
    } finally {
      this.#asking--;
      this.#usedMs = Date.now();
    }
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }

  /** Settles at the next word of the engine, after that time at the latest. @throws RpcError 'cancelled' */
  #changed(mostMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(end);
        signal.removeEventListener('abort', end);
        if (signal.aborted) reject(new RpcError('cancelled', 'cancelled'));
        else resolve();
      };
      const timer = setTimeout(end, mostMs);
      this.#wakers.add(end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}

/** Whether all was read, and every reset that can be judged was. */
export function isRead({ phase, waiting }: Progress): boolean {
  return (phase === 'done' || phase === 'cancelled') && waiting === 0;
}
