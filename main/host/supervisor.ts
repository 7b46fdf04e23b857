/**
 * Keeps an engine process running: starts it, starts it again when it dies, tells why, and ends it for good. To its
 * host it is an engine like any other.
 *
 * Invariant: at most one process is alive; calls go to it, and calls that it took to its grave fail.
 */
import { Emitter } from '../../shared/base/event.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import { METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import type { Events, MethodName, Methods } from '../../shared/contract/methods.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import type { ClientOf } from '../../shared/rpc/client.ts';
import { clientOn } from '../../shared/rpc/client.ts';
import type { Peer } from '../../shared/rpc/peer.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { EngineEnd } from './engine-end.ts';
import type { EngineArguments, HostService } from './host-contract.ts';
import { HOST_SCHEMAS, REQUEST_OPEN } from './host-contract.ts';
import { killedLive } from './live/killed-live.ts';
import type { Logger } from './log.ts';
import { StderrTail } from './stderr-tail.ts';

/** A process that was started, by whatever starts processes here. */
export interface EngineProcess {
  readonly pid: number | undefined;
  readonly channel: ByteChannel;
  onStderr(listener: (text: string) => void): void;
  /** Called once, with the reason for people: "exit code 70", "signal SIGSEGV". */
  onExit(listener: (reason: string) => void): void;
  /** Politely; `hard` cannot be refused. */
  kill(hard: boolean): void;
}
export type LaunchEngine = (engineArguments: EngineArguments) => EngineProcess;

export interface SupervisorOptions {
  readonly launch: LaunchEngine;
  readonly capabilities: EngineArguments['capabilities'];
  readonly captureFolder: string;
  readonly host: HostService;
  readonly log: Logger;
}

/** A process that dies this often within the time below will not be cured by starting it again. */
const MAX_RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;
/** A process that was asked to end and did not is killed after this time. */
export const KILL_DEADLINE_MS = 2_000;

interface Running {
  readonly process: EngineProcess;
  readonly peer: Peer;
  readonly client: ClientOf<Methods, Events>;
  readonly exited: Promise<void>;
}

export class EngineSupervisor implements EngineEnd {
  readonly service: Service;
  readonly events = {
    progress: new Emitter<Events['progress']>(),
    'open-request': new Emitter<Events['open-request']>(),
    live: new Emitter<Events['live']>(),
  };
  /** The process died on its own; another one may already run. The message is for people. */
  readonly died = new Emitter<string>();
  readonly #options: SupervisorOptions;
  readonly #restarts: number[] = [];
  #running: Running | undefined;
  #lastFailure: string | null = null;
  /** What was last told of live capture. */
  #live: LiveStatus = NO_LIVE;
  /** The capture that a process took along, until another one is told of. */
  #killed: LiveStatus | null = null;
  #disposed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const call = (method: MethodName) => (params: never, signal: AbortSignal) =>
      this.#client().call(method, params, { signal });
    this.service = Object.fromEntries(
      (Object.keys(METHOD_SCHEMAS) as MethodName[]).map((method) => [method, call(method)]),
    ) as unknown as Service;
    this.#start(null);
  }

  /** The process that runs now, for handing ports to it. */
  get process(): EngineProcess | undefined {
    return this.#running?.process;
  }

  /** Has the engine ask its interfaces to open these. */
  requestOpen(paths: readonly string[]): void {
    this.#running?.peer.notify(REQUEST_OPEN, { paths });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const running = this.#running;
    if (running === undefined) return;
    running.peer.dispose();
    running.process.kill(false);
    const deadline = setTimeout(() => {
      running.process.kill(true);
    }, KILL_DEADLINE_MS);
    await running.exited;
    clearTimeout(deadline);
  }

  #client(): ClientOf<Methods, Events> {
    if (this.#running === undefined)
      throw new RpcError('failed', this.#lastFailure ?? 'the engine is not running');
    return this.#running.client;
  }

  #start(failure: string | null): void {
    const { launch, capabilities, captureFolder, host, log } = this.#options;
    const process = launch({ capabilities, captureFolder, failure, killedLive: this.#killed });
    const stderr = new StderrTail();
    const peer = openPeer(process.channel);
    const client = clientOn<Methods, Events>(peer);
    serveOn(peer, HOST_SCHEMAS, host, {});
    client.on('progress', (progress) => {
      this.events.progress.emit(progress);
    });
    client.on('live', (status) => {
      this.#live = status;
      this.#killed = null;
      this.events.live.emit(status);
    });
    client.on('open-request', (request) => {
      this.events['open-request'].emit(request);
    });
    process.onStderr((text) => {
      stderr.add(text);
      log.debug({ engine: process.pid, text }, 'engine stderr');
    });
    const exited = new Promise<void>((resolve) => {
      process.onExit((reason) => {
        peer.dispose();
        resolve();
        this.#onExit(process, reason, stderr.text);
      });
    });
    this.#running = { process, peer, client, exited };
    log.debug({ engine: process.pid }, 'engine started');
  }

  #onExit(process: EngineProcess, reason: string, stderr: string): void {
    this.#running = undefined;
    if (this.#disposed) return;
    const failure = `The process that reads captures ended unexpectedly (${reason}). Nothing else was lost; open the capture again.`;
    this.#lastFailure = failure;
    const killed = killedLive(this.#live, reason, Date.now());
    if (killed !== undefined) {
      this.#live = killed;
      this.#killed = killed;
    }
    this.#options.log.error({ engine: process.pid, reason, stderr }, 'engine died');
    const now = Date.now();
    while (this.#restarts.length > 0 && now - this.#restarts[0] > RESTARTS_WITHIN_MS) this.#restarts.shift();
    if (this.#restarts.length < MAX_RESTARTS) {
      this.#restarts.push(now);
      this.#start(failure);
    } else {
      this.#lastFailure = `The process that reads captures keeps ending (${reason}); it was not started again.`;
    }
    if (killed !== undefined) this.events.live.emit(killed);
    this.#tellFailure(this.#lastFailure);
    this.died.emit(this.#lastFailure);
  }

  #tellFailure(error: string): void {
    this.events.progress.emit({ ...EMPTY_PROGRESS, phase: 'failed', error });
  }
}
