/**
 * A host’s end of the process that reads a fleet: starts it with the place that is opened, passes questions on, and starts it again with
 * the next question when it died.
 *
 * Invariant: at most one process is alive, and what it had for temporary files is removed after it.
 */
import { rm } from 'node:fs/promises';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { clientOn, type ClientOf } from '../../../shared/rpc/client.ts';
import { openPeer } from '../../../shared/rpc/peer.ts';
import type { FleetService } from '../../fleet/fleet-service.ts';
import { kindOfPlace } from '../../fleet/place.ts';
import { FleetError } from '../../fleet/store.ts';
import { answerOf, type FleetMethod, type FleetWire } from '../../fleet/wire.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { StderrTail } from '../stderr-tail.ts';
import type { LaunchFleet } from './fleet-launch.ts';

/** One that was asked to end and did not is killed after this time. */
const KILL_DEADLINE_MS = 2_000;
const PREFIX = 'resetscope-fleet-';

interface Running {
  readonly client: ClientOf<FleetWire, object>;
  /** Its channel is closed: it has ended, or does so now. */
  readonly isGone: () => boolean;
  /** Settles when it has ended, with why, and its temporary files are gone. */
  readonly ended: Promise<string>;
  end(): void;
}

export class FleetClient implements FleetService {
  readonly #launch: LaunchFleet;
  #running: Promise<Running> | undefined;
  #place: string | undefined;

  constructor(launch: LaunchFleet) {
    this.#launch = launch;
  }

  async open(place: string, signal: AbortSignal): Promise<FleetSummary> {
    await this.close();
    this.#place = place;
    try {
      return await this.#opened(await this.#start(place), place, signal);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  coverage: FleetService['coverage'] = (scope, signal) => this.#ask('coverage', [scope], signal);
  findings: FleetService['findings'] = (scope, limit, signal) =>
    this.#ask('findings', [scope, limit], signal);
  timeline: FleetService['timeline'] = (scope, stretches, signal) =>
    this.#ask('timeline', [scope, stretches], signal);
  talkers: FleetService['talkers'] = (scope, limit, signal) => this.#ask('talkers', [scope, limit], signal);
  resets: FleetService['resets'] = (scope, limit, signal) => this.#ask('resets', [scope, limit], signal);
  joinOne: FleetService['joinOne'] = (reset, signal) => this.#ask('joinOne', [reset], signal);
  join: FleetService['join'] = (scope, limit, signal) => this.#ask('join', [scope, limit], signal);
  sql: FleetService['sql'] = (statement, limit, signal) => this.#ask('sql', [statement, limit], signal);

  async close(): Promise<void> {
    this.#place = undefined;
    const running = await this.#running?.catch(() => undefined);
    if (running === undefined) return;
    running.end();
    await running.ended;
  }

  async #ask<T>(method: FleetMethod, args: readonly unknown[], signal: AbortSignal): Promise<T> {
    const place = this.#place;
    if (place === undefined) throw new FleetError('failed', 'No fleet is open.');
    let running = await this.#running;
    if (running?.isGone() === true) await running.ended;
    running = await this.#running;
    if (running === undefined) {
      running = await this.#start(place);
      await this.#opened(running, place, signal);
    }
    return this.#call<T>(running, method, args, signal);
  }

  #opened(running: Running, place: string, signal: AbortSignal): Promise<FleetSummary> {
    return this.#call(running, 'open', [place], signal);
  }

  async #call<T>(
    running: Running,
    method: FleetMethod,
    args: readonly unknown[],
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return answerOf(method, await running.client.call('ask', { method, args }, { signal })) as T;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FleetError || !(error instanceof RpcError)) throw error;
      if (!running.isGone()) throw new FleetError('failed', error.message, { cause: error });
      if (this.#place === undefined) throw new FleetError('failed', 'The fleet was closed meanwhile.');
      throw new FleetError(
        'failed',
        `The process that reads the fleet ended unexpectedly (${await running.ended}). It is started again with the next question; ask for less where memory ran out.`,
      );
    }
  }

  #start(place: string): Promise<Running> {
    this.#running = this.#started(place);
    this.#running.catch(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #started(place: string): Promise<Running> {
    const temporary = await makePrivateFolder(PREFIX);
    const child = this.#launch({ store: kindOfPlace(place), temporary });
    const peer = openPeer(child.channel);
    let isGone = false;
    peer.onClose(() => {
      isGone = true;
    });
    const stderr = new StderrTail();
    child.onStderr((text) => {
      stderr.add(text);
    });
    const ended = new Promise<string>((resolve) => {
      child.onExit((reason) => {
        this.#running = undefined;
        peer.dispose();
        const last = stderr.text.trim().split('\n').at(-1) ?? '';
        void rm(temporary, { recursive: true, force: true })
          .catch(() => undefined)
          .then(() => {
            resolve(last === '' ? reason : `${reason}: ${last}`);
          });
      });
    });
    return {
      client: clientOn<FleetWire, object>(peer),
      isGone: () => isGone,
      ended,
      end() {
        peer.dispose();
        child.kill(false);
        const deadline = setTimeout(() => {
          child.kill(true);
        }, KILL_DEADLINE_MS);
        void ended.then(() => {
          clearTimeout(deadline);
        });
      },
    };
  }
}
