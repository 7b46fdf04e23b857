/**
 * A capture at two places: one capture at each, of which the second is recorded only. Whoever asked for it sees the first, which is
 * told of as if it were alone, with what is told of the second beside it.
 *
 * Invariants: the second starts before the first, so that nothing is captured where it cannot be, and so that the first can leave
 * out the connection over which the second's packets come. It ends before the first's end is told, so that all of it is on disk then.
 */
import { join } from 'node:path';
import { errorText } from '../../../shared/format/error.ts';
import type { LiveOptions, SecondPlace } from '../../../shared/model/live.ts';
import { findPrograms } from '../../capture/live/doctor/find-programs.ts';
import { leavingOut, ownConnections } from '../../capture/live/sources/own-connections.ts';
import type { CaptureMessage, CaseOrder, Existing, KeptCase, Place } from './capture-contract.ts';
import { CaptureRun, LiveStartError } from './capture-run.ts';
import type { LiveParts } from './live-parts.ts';

/** Whoever runs a capture, at one place or at two. */
export type RunningCapture = Pick<CaptureRun, 'start' | 'stop' | 'keepCase'> & {
  /** @param place whose ring is written; the first one's where none is named */
  save(path: string, existing: Existing, place?: Place): Promise<string>;
};

/** @param place absent for the first, and where there is one only */
export type TellOfPlace = (message: CaptureMessage, place?: Place) => void;

export function captureOf(options: LiveOptions, parts: LiveParts, tell: TellOfPlace): RunningCapture {
  const { second } = options;
  return second === null
    ? new CaptureRun(options, parts, tell)
    : new CapturePair(options, second, parts, tell);
}

class CapturePair implements RunningCapture {
  readonly #first: CaptureRun;
  readonly #options: LiveOptions;
  readonly #place: SecondPlace;
  readonly #parts: LiveParts;
  readonly #tell: TellOfPlace;
  #second: CaptureRun | undefined;
  #folder: string | undefined;
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor(options: LiveOptions, place: SecondPlace, parts: LiveParts, tell: TellOfPlace) {
    this.#options = options;
    this.#place = place;
    this.#parts = parts;
    this.#tell = tell;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
    const takeFirst = (message: CaptureMessage): void => {
      if (message.kind === 'ended') void this.#endBoth(message);
      else tell(message);
    };
    this.#first = new CaptureRun(options, parts, takeFirst, {
      beforeRecording: (folder) => this.#startSecond(folder),
    });
  }

  /** @throws LiveStartError, which names the place; then nothing runs at either */
  async start(): Promise<void> {
    try {
      await this.#first.start();
    } catch (error) {
      await this.#ended;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#first.stop(), this.#second?.stop()]);
    await this.#ended;
  }

  save(path: string, existing: Existing, place?: Place): Promise<string> {
    if (place === undefined) return this.#first.save(path, existing);
    if (this.#second === undefined) return Promise.reject(new Error('nothing was captured there'));
    return this.#second.save(path, existing);
  }

  /** The same seconds of both rings, side by side. What the second cannot give takes nothing from the first. */
  async keepCase(order: Omit<CaseOrder, 'capture'>): Promise<KeptCase> {
    const kept = await this.#first.keepCase(order);
    const name = order.name.replace(/\.pcapng$/u, '-second.pcapng');
    const cases = join(this.#folder ?? '', 'cases');
    try {
      const second = await this.#second?.keepCase({ ...order, name }, cases);
      return { ...kept, second: second === undefined ? null : { path: second.path, error: null } };
    } catch (error) {
      return { ...kept, second: { path: null, error: errorText(error) } };
    }
  }

  /** @returns the first place's filter */
  async #startSecond(folder: string): Promise<string> {
    this.#folder = folder;
    const { filter } = this.#options;
    const refusal = refusalOf(this.#options, this.#place);
    if (refusal !== null) throw new LiveStartError({ code: 'bad-options', message: refusal, problem: null });
    // The kernel is asked once, for the first place.
    const options = { ...this.#options, ...this.#place, folder, second: null, witness: false, catch: null };
    const tell = (message: CaptureMessage): void => {
      // Nobody reads the files before the end.
      if (message.kind !== 'written') this.#tell(message, 'second');
    };
    // People know captures by the names of their files.
    const name = options.source === 'ssh' ? options.host?.replace(/^.*@/u, '') : undefined;
    this.#second = new CaptureRun(options, this.#parts, tell, { folderName: 'second', name });
    try {
      await this.#second.start();
    } catch (error) {
      if (!(error instanceof LiveStartError)) throw error;
      const { liveError } = error;
      const message = `The second place could not be captured, so nothing was started: ${liveError.message}`;
      throw new LiveStartError({ ...liveError, message });
    }
    const { host, source } = this.#place;
    if (source !== 'ssh' || host === null) return filter;
    const programs = await findPrograms(this.#parts.places);
    return leavingOut(await ownConnections(host, programs, this.#parts.run), filter);
  }

  async #endBoth(end: CaptureMessage): Promise<void> {
    await this.#second?.stop();
    this.#tell(end);
    this.#end();
  }
}

/** Why these two places cannot be captured together, for people; null where they can. */
function refusalOf(first: LiveOptions, second: SecondPlace): string | null {
  if (first.source === 'ssh' && second.source !== 'ssh')
    return 'Name the place on this machine first, and the machine over ssh second.';
  const isSame = first.host === second.host && first.interface === second.interface;
  return isSame && (first.source === 'ssh') === (second.source === 'ssh')
    ? 'Both places are the same: the second one has to be another interface or another machine.'
    : null;
}
