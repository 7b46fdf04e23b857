/**
 * The captures that are open, each with an engine process of its own: whatever its bytes do to one, the others and the server go on.
 *
 * Invariant: at most MCP_LIMITS.openCaptures are open, those that are being opened among them.
 */
import { RpcError } from '../../shared/contract/errors.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Logger } from '../host/log.ts';
import type { LaunchEngine } from '../host/supervisor.ts';
import { MCP_LIMITS } from './limits.ts';
import { OpenCapture } from './open-capture.ts';

/** What is remembered of captures that are gone, so that whoever asks for one learns why. */
const REMEMBERED = 32;

export interface CaptureBookOptions {
  readonly launch: LaunchEngine;
  readonly log: Logger;
  /** What differs from MCP_LIMITS in a test. */
  readonly idleMs?: number;
}

export class CaptureBook {
  readonly #options: CaptureBookOptions;
  readonly #open = new Map<string, OpenCapture>();
  /** Why a capture is not open any more, by its id; the oldest go. */
  readonly #gone = new Map<string, string>();
  readonly #idleMs: number;
  readonly #ticking: NodeJS.Timeout;
  #opened = 0;

  constructor(options: CaptureBookOptions) {
    this.#options = options;
    this.#idleMs = options.idleMs ?? MCP_LIMITS.idleMs;
    this.#ticking = setInterval(() => {
      this.#closeIdle();
    }, this.#idleMs / 4);
    this.#ticking.unref();
  }

  list(): readonly OpenCapture[] {
    return [...this.#open.values()];
  }

  /**
   * Opens files and waits until they are read, or patience ends. A call that is cancelled leaves nothing open.
   * @param paths real ones of files that may be opened
   */
  async open(
    paths: readonly string[],
    join: boolean,
    signal: AbortSignal,
    told: (progress: Progress) => void,
  ): Promise<OpenCapture> {
    if (this.#open.size >= MCP_LIMITS.openCaptures)
      throw new RpcError(
        'bad-request',
        `${this.#open.size} captures are open, which is as many as can be: close one of ${[...this.#open.keys()].join(', ')} first`,
      );
    const id = `c${++this.#opened}`;
    const { launch, log } = this.#options;
    const capture = new OpenCapture({
      id,
      paths,
      launch,
      log,
      onDeath: (dead, why) => {
        this.#take(dead, why);
      },
    });
    this.#open.set(id, capture);
    try {
      await capture.start(join, signal);
      await capture.ready(signal, told);
      return capture;
    } catch (error) {
      this.#take(capture, `${id} was not opened.`);
      throw error;
    }
  }

  /** @param id may be left out where one is open. @throws RpcError with what to do */
  get(id: string | undefined): OpenCapture {
    const all = this.list();
    if (id === undefined) {
      if (all.length === 1) return all[0];
      throw new RpcError(
        'bad-request',
        all.length === 0
          ? 'no capture is open: “open” opens one, “captures” lists the files that there are'
          : `${all.length} captures are open: say which one is meant by capture: ${all.map((one) => `"${one.id}"`).join(' or ')}`,
      );
    }
    const capture = this.#open.get(id);
    if (capture !== undefined) return capture;
    throw new RpcError(
      'not-found',
      this.#gone.get(id) ??
        `no capture “${sanitiseText(id, 40)}” is open; “open” tells the id of what it opened`,
    );
  }

  close(id: string | undefined): OpenCapture {
    const capture = this.get(id);
    this.#take(capture, `${capture.id} was closed; open its file again.`);
    return capture;
  }

  async dispose(): Promise<void> {
    clearInterval(this.#ticking);
    await Promise.all(this.list().map((capture) => capture.dispose()));
    this.#open.clear();
  }

  #closeIdle(): void {
    const now = Date.now();
    for (const capture of this.list()) {
      const { idleSinceMs } = capture;
      if (idleSinceMs !== undefined && now - idleSinceMs >= this.#idleMs)
        this.#take(
          capture,
          `${capture.id} was closed, since nobody asked of it for a while; open its file again.`,
        );
    }
  }

  #take(capture: OpenCapture, why: string): void {
    if (!this.#open.delete(capture.id)) return;
    this.#gone.set(capture.id, why);
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= REMEMBERED) break;
      this.#gone.delete(oldest);
    }
    capture.dispose().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'an engine did not end');
    });
  }
}
