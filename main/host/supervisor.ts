/**
 * Keeps an engine process running: starts it, starts it again when it dies, tells why, and ends it for good. To its
 * host it is an engine like any other.
 *
 * Invariant: at most one process is alive; calls go to it, and calls that it took to its grave fail.
 */
import * as v from 'valibot';
import { Emitter } from '../../shared/base/event.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import { ENGINE_METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import type { EngineMethod, Events } from '../../shared/contract/methods.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import { confinementText } from '../../shared/texts/confinement.ts';
import type { ClientOf } from '../../shared/rpc/client.ts';
import { clientOn } from '../../shared/rpc/client.ts';
import type { Peer } from '../../shared/rpc/peer.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import type { Service } from '../../shared/rpc/service.ts';
import { liveStatus, openCaptures, progress } from './engine-events.ts';
import type {
  EngineArguments,
  EngineEvents,
  EngineEventSources,
  EngineMethods,
  EngineSide,
  HostService,
} from './host-contract.ts';
import { ASKED_OF_HOST_SCHEMAS, CONFINED, confinement, ENGINE_SCHEMAS } from './host-contract.ts';
import type { HostedProcess } from './hosted-process.ts';
import type { CaptureTold } from './live/capture-contract.ts';
import { CaptureRelay } from './live/capture-relay.ts';
import { killedLive } from './live/killed-live.ts';
import type { Logger } from './log.ts';
import { StderrTail } from './stderr-tail.ts';

export type LaunchEngine = (engineArguments: EngineArguments) => HostedProcess;

export interface SupervisorOptions {
  readonly launch: LaunchEngine;
  readonly host: HostService;
  readonly log: Logger;
}

/** A process that dies this often within the time below will not be cured by starting it again. */
const MAX_RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;
/** A process that was asked to end and did not is killed after this time. */
export const KILL_DEADLINE_MS = 2_000;

interface Running {
  readonly process: HostedProcess;
  readonly peer: Peer;
  readonly client: ClientOf<EngineMethods, EngineEvents>;
  readonly relay: CaptureRelay;
  /** Settles when it has said whether it is confined, or has ended. */
  readonly greeted: Promise<void>;
  readonly exited: Promise<void>;
}

export class EngineSupervisor {
  /** All of the engine; `reads` is what pages may have of it. */
  readonly service: EngineSide;
  readonly reads: Pick<Service, EngineMethod>;
  readonly events = {
    progress: new Emitter<Events['progress']>(),
    live: new Emitter<Events['live']>(),
    captures: new Emitter<Events['captures']>(),
  } satisfies EngineEventSources;
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
  #confinement: Confinement | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const calls = (methods: object): unknown =>
      Object.fromEntries(
        Object.keys(methods).map((method) => [
          method,
          (params: never, signal: AbortSignal) =>
            this.#client().call(method as keyof EngineMethods, params, { signal }),
        ]),
      );
    this.service = calls(ENGINE_SCHEMAS) as EngineSide;
    this.reads = calls(ENGINE_METHOD_SCHEMAS) as Pick<Service, EngineMethod>;
    this.#start(null);
  }

  /** Whether the engine is confined; waits until it has said so, which is its first word. Null where none ever did. */
  async confinement(): Promise<Confinement | null> {
    await this.#running?.greeted;
    return this.#confinement;
  }

  /** Passes on to the engine what the capture process tells. */
  tellCapture(told: CaptureTold): void {
    this.#running?.relay.push(told);
  }

  /** Settles when the engine has taken all that was told of captures by now. */
  async captureTold(): Promise<void> {
    await this.#running?.relay.drained();
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

  #client(): ClientOf<EngineMethods, EngineEvents> {
    if (this.#running === undefined)
      throw new RpcError('failed', this.#lastFailure ?? 'the engine is not running');
    return this.#running.client;
  }

  #start(failure: string | null): void {
    const { launch, host, log } = this.#options;
    const process = launch({ failure, killedLive: this.#killed });
    const stderr = new StderrTail();
    const peer = openPeer(process.channel);
    const client = clientOn<EngineMethods, EngineEvents>(peer);
    serveOn(peer, ASKED_OF_HOST_SCHEMAS, host, {});
    const greeted = this.#listen(peer);
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
    const relay = new CaptureRelay((told) => client.call('control.capture', { told }));
    this.#running = { process, peer, client, relay, greeted, exited };
    log.debug({ engine: process.pid }, 'engine started');
  }

  /**
   * Takes what an engine tells, which foreign bytes may have made it tell, as far as the schemas go.
   * @returns settles once it has said whether it is confined, or is gone
   */
  #listen(peer: Peer): Promise<void> {
    let greet: () => void = () => undefined;
    const greeted = new Promise<void>((resolve) => (greet = resolve));
    peer.onClose(greet);
    let isToldOfConfinement = false;
    let isWarned = false;
    const take = <T>(schema: v.GenericSchema<unknown, T>, payload: unknown, use: (told: T) => void): void => {
      const parsed = v.safeParse(schema, payload, { abortEarly: true });
      if (parsed.success) use(parsed.output);
      else if (!isWarned) {
        // Once: it could go on for ever.
        isWarned = true;
        this.#options.log.warn(
          { issue: parsed.issues[0].message },
          'the engine told something that makes no sense',
        );
      }
    };
    peer.onNotification((event, payload) => {
      if (event === 'progress') {
        take(progress, payload, (told) => {
          this.events.progress.emit(told);
        });
      } else if (event === 'captures') {
        take(openCaptures, payload, (told) => {
          this.events.captures.emit(told);
        });
      } else if (event === 'live') {
        take(liveStatus, payload, (told) => {
          this.#live = told;
          this.#killed = null;
          this.events.live.emit(told);
        });
      } else if (event === CONFINED && !isToldOfConfinement) {
        // Before it has read anything; never later.
        isToldOfConfinement = true;
        const told = v.safeParse(confinement, payload);
        const nothing = { isConfined: false, why: 'what it said of that makes no sense' };
        this.#takeConfinement(told.success ? told.output : nothing);
        greet();
      }
    });
    return greeted;
  }

  #takeConfinement(told: Confinement): void {
    this.#confinement = told;
    const { log } = this.#options;
    const isWhole = told.isConfined && told.why === null;
    log[isWhole ? 'info' : 'warn'](confinementText(told));
  }

  #onExit(process: HostedProcess, reason: string, stderr: string): void {
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
    this.events.captures.emit([]);
    this.#tellFailure(this.#lastFailure);
    this.died.emit(this.#lastFailure);
  }

  #tellFailure(error: string): void {
    this.events.progress.emit({ ...EMPTY_PROGRESS, phase: 'failed', error });
  }
}
