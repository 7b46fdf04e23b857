/**
 * A host's end of its capture process: starts it when something is asked of it, passes on what it tells, and says that a
 * capture has failed when it died.
 *
 * Invariant: at most one process is alive. What it tells is believed only as far as the schema goes.
 */
import * as v from 'valibot';
import { Emitter } from '../../../shared/base/event.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { ClientOf } from '../../../shared/rpc/client.ts';
import { clientOn } from '../../../shared/rpc/client.ts';
import { openPeer } from '../../../shared/rpc/peer.ts';
import type { HostedProcess } from '../hosted-process.ts';
import type { Logger } from '../log.ts';
import { StderrTail } from '../stderr-tail.ts';
import type {
  CaptureEvents,
  CaptureId,
  CaptureMethods,
  CaptureService,
  CaptureTold,
} from './capture-contract.ts';
import { CAPTURE_SCHEMAS, captureTold } from './capture-contract.ts';

/** @param captureFolder where captures go unless told otherwise */
export type LaunchCapturer = (captureFolder: string) => HostedProcess;

export interface CaptureSupervisorOptions {
  readonly launch: LaunchCapturer;
  readonly captureFolder: string;
  readonly log: Logger;
}

/** Longer than a program that does not end when it is asked to is waited for (recorder.ts). */
export const CAPTURE_END_DEADLINE_MS = 8_000;

interface Running {
  readonly process: HostedProcess;
  readonly client: ClientOf<CaptureMethods, CaptureEvents>;
  readonly exited: Promise<void>;
}

export class CaptureSupervisor {
  readonly service: CaptureService;
  readonly told = new Emitter<CaptureTold>();
  readonly #options: CaptureSupervisorOptions;
  #running: Running | undefined;
  /** The capture that was started last and of whose end nothing was told yet. */
  #open: CaptureId | undefined;
  #folder: string | null = null;
  #isDisposed = false;

  constructor(options: CaptureSupervisorOptions) {
    this.#options = options;
    const call = (method: keyof CaptureMethods) => async (params: never, signal: AbortSignal) =>
      this.#start().client.call(method, params, { signal });
    const calls = Object.fromEntries(
      (Object.keys(CAPTURE_SCHEMAS) as (keyof CaptureMethods)[]).map((method) => [method, call(method)]),
    ) as unknown as CaptureService;
    this.service = {
      ...calls,
      start: (params, signal) => {
        this.#open = params.capture;
        this.#folder = null;
        return calls.start(params, signal);
      },
      // Where there is no process, nothing runs that could be stopped.
      stop: (params, signal) =>
        this.#running === undefined ? Promise.resolve(null) : calls.stop(params, signal),
    };
  }

  /** Ends the capture, so that all of it is on disk, and the process. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const running = this.#running;
    if (running === undefined) return;
    const deadline = setTimeout(() => {
      running.process.kill(true);
    }, CAPTURE_END_DEADLINE_MS);
    await running.client.call('stop', {}).catch(() => undefined);
    running.process.kill(false);
    await running.exited;
    clearTimeout(deadline);
  }

  #start(): Running {
    if (this.#running !== undefined) return this.#running;
    // Pages are connected until the last moment, and may ask for something.
    if (this.#isDisposed) throw new RpcError('failed', 'Resetscope is ending');
    const { launch, captureFolder, log } = this.#options;
    const process = launch(captureFolder);
    const stderr = new StderrTail();
    const peer = openPeer(process.channel);
    const client = clientOn<CaptureMethods, CaptureEvents>(peer);
    client.on('told', (told: unknown) => {
      const parsed = v.safeParse(captureTold, told);
      if (parsed.success) this.#take(parsed.output);
      else
        log.warn(
          { issue: parsed.issues[0].message },
          'the capture process told something that makes no sense',
        );
    });
    process.onStderr((text) => {
      stderr.add(text);
      log.debug({ capturer: process.pid, text }, 'capture process stderr');
    });
    const exited = new Promise<void>((resolve) => {
      process.onExit((reason) => {
        this.#running = undefined;
        // What is open is told of before the calls fail that wait for it.
        this.#tellDeath(reason);
        peer.dispose();
        log.debug({ capturer: process.pid, reason, stderr: stderr.text }, 'capture process ended');
        resolve();
      });
    });
    log.debug({ capturer: process.pid }, 'capture process started');
    return (this.#running = { process, client, exited });
  }

  #take(told: CaptureTold): void {
    if (told.capture === this.#open && told.place === undefined) {
      if (told.message.kind === 'placed') this.#folder = told.message.folder;
      if (told.message.kind === 'ended') this.#open = undefined;
    }
    this.told.emit(told);
  }

  #tellDeath(reason: string): void {
    if (this.#open === undefined) return;
    const kept = this.#folder === null ? '' : ` All that was written is in ${this.#folder}.`;
    const message = `The process that captures ended unexpectedly (${reason}).${kept}`;
    const error = { code: 'source-died' as const, message, problem: null };
    this.#take({ capture: this.#open, message: { kind: 'ended', error } });
  }
}
