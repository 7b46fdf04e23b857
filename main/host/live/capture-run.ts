/**
 * One capture where it is made, from its options to its last file: chooses a source, starts the recorder, and writes what
 * is kept of it. It tells of all that in messages, out of which LiveCapture makes a status; it looks into no packets.
 *
 * Invariant: `ended` is told once, at last, whatever went wrong.
 */
import { isAbsolute, join } from 'node:path';
import { Turns } from '../../../shared/base/turns.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { CaptureSourceKind, LiveError, LiveErrorCode, LiveOptions } from '../../../shared/model/live.ts';
import { diagnose } from '../../capture/live/doctor/doctor.ts';
import { collectFacts } from '../../capture/live/doctor/doctor-facts.ts';
import { remoteCure } from '../../capture/live/doctor/remote-cure.ts';
import { checkFilter } from '../../capture/live/doctor/filter-check.ts';
import { findPrograms } from '../../capture/live/doctor/find-programs.ts';
import {
  bestSource,
  isHelperUsable,
  isRefused,
  probeSources,
  withUsableWitness,
} from '../../capture/live/doctor/probe.ts';
import type { RunProgram } from '../../capture/live/doctor/run-program.ts';
import { LIVE_CAPTURE_LIMITS } from '../../capture/live/live-limits.ts';
import type { RecorderFailure, RecorderMessage } from '../../capture/live/recorder/recorder-messages.ts';
import type { RunningRecorder } from '../../capture/live/recorder/start-recorder.ts';
import { startRecorder } from '../../capture/live/recorder/start-recorder.ts';
import { WriteError } from '../../capture/whole-file.ts';
import { ALL_TIME, copyWindow } from '../../capture/live/ring/copy-window.ts';
import { freeSpaceOf } from '../../capture/live/ring/free-space.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import { sourceOf } from '../../capture/live/sources/index.ts';
import type { CapturePrograms, Launch } from '../../capture/live/sources/source.ts';
import { commandText } from '../../capture/live/sources/source.ts';
import type { CaptureMessage, CaseOrder, Existing, KeptCase } from './capture-contract.ts';
import { writeCase } from './case-file.ts';
import type { LiveParts } from './live-parts.ts';
import { makeNewFolder } from './make-folder.ts';

/** Errors of this machine for which the doctor has something to say. */
const CURABLE: readonly LiveErrorCode[] = ['no-permission', 'source-missing', 'libpcap-missing'];

/** A capture that did not start; the message is for people. */
export class LiveStartError extends Error {
  override readonly name = 'LiveStartError';
  readonly liveError: LiveError;

  constructor(liveError: LiveError) {
    super(liveError.message);
    this.liveError = liveError;
  }
}

/** What a capture with these options would run. @throws LiveStartError */
export async function planLaunch(options: LiveOptions, parts: LiveParts): Promise<Launch> {
  const programs = await findPrograms(parts.places);
  return chooseLaunch(options, programs, parts);
}

async function chooseLaunch(
  options: LiveOptions,
  programs: CapturePrograms,
  parts: LiveParts,
): Promise<Launch> {
  const kind = options.source === 'auto' ? await chooseSource(programs, parts.run) : options.source;
  if (kind === 'ssh' && options.host === null) {
    throw new LiveStartError({ code: 'bad-options', message: 'ssh needs a host.', problem: null });
  }
  const asked =
    options.witness && kind === 'helper' ? await withUsableWitness(programs, parts.run) : programs;
  const launch = sourceOf(kind).launch(options, asked);
  if (launch === undefined) {
    const message = `There is no ${kind === 'helper' ? 'resetscope-capd' : kind} here.`;
    throw new LiveStartError({ code: 'source-missing', message, problem: null });
  }
  return launch;
}

/** @throws LiveStartError */
async function chooseSource(programs: CapturePrograms, run: RunProgram): Promise<CaptureSourceKind> {
  if (await isHelperUsable(programs, run)) return 'helper';
  const { sources } = await probeSources(programs, run);
  const best = bestSource(sources);
  if (best !== undefined) return best;
  const denied = isRefused(sources);
  const message = denied
    ? 'Nothing here has the right to capture packets.'
    : 'There is no program here that can capture packets.';
  throw new LiveStartError({ code: denied ? 'no-permission' : 'source-missing', message, problem: null });
}

/** How a capture at one of two places differs from one that is alone. */
export interface PartOfPair {
  /** Name of the folder for its files; it is new. Made of time and interface where there is none. */
  readonly folderName?: string;
  /** What its files are named after; the interface where it is not told. */
  readonly name?: string;
  /**
   * Asked when all but the recorder is ready; answers the capture filter that is to be used.
   * @param folder of the capture @throws LiveStartError where nothing is to be captured
   */
  readonly beforeRecording?: (folder: string) => Promise<string>;
}

export class CaptureRun {
  readonly #options: LiveOptions;
  readonly #part: PartOfPair;
  readonly #parts: LiveParts;
  readonly #tell: (message: CaptureMessage) => void;
  #recorder: RunningRecorder | undefined;
  #folder: string | undefined;
  #files: RingFileState[] = [];
  #cases = 0;
  /** Each case is written with a look at the room that those before it left. */
  readonly #caseTurns = new Turns();
  #hasStarted = false;
  #isStopping = false;
  #isEnded = false;
  /** Settles the start: with what went wrong, or with undefined when packets can come. */
  #settleStart: (failure: LiveError | undefined) => void = () => undefined;
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor(
    options: LiveOptions,
    parts: LiveParts,
    tell: (message: CaptureMessage) => void,
    part: PartOfPair = {},
  ) {
    this.#options = options;
    this.#part = part;
    this.#parts = parts;
    this.#tell = tell;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Starts the recorder; answers when packets can come. @throws LiveStartError, whose error `ended` tells too */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      const known = error instanceof LiveStartError ? error.liveError : undefined;
      const failure = await this.#withCure(
        known ?? { code: 'disk-error', message: errorText(error), problem: null },
      );
      this.#finish(this.#isStopping ? null : failure);
      throw new LiveStartError(failure);
    }
  }

  async #start(): Promise<void> {
    const parts = this.#parts;
    const options = this.#options;
    const programs = await findPrograms(parts.places);
    let launch = await chooseLaunch(options, programs, parts);
    const asksKernel = options.witness && launch.kind === 'helper';
    const noWitness = options.witness && !asksKernel ? 'only resetscope-capd can ask the kernel' : null;
    this.#tell({ kind: 'planned', source: launch.kind, command: commandText(launch), noWitness });
    if (launch.isLocal) {
      const check = await checkFilter(options.filter, null, programs, parts.run);
      if (!check.ok)
        throw new LiveStartError({ code: 'bad-filter', message: check.message ?? '', problem: null });
    }
    const folder = await this.#makeFolder();
    if (this.#isStopping) throw new LiveStartError(STOPPED_EARLY);
    const filter = (await this.#part.beforeRecording?.(folder)) ?? options.filter;
    if (this.#isStopping) throw new LiveStartError(STOPPED_EARLY);
    if (filter !== options.filter) {
      launch = await chooseLaunch({ ...options, source: launch.kind, filter }, programs, parts);
      this.#tell({ kind: 'planned', source: launch.kind, command: commandText(launch), noWitness });
    }
    const base = safeName(this.#part.name ?? options.interface);
    const plan = { folder, base, ring: options.ring, keepFreeBytes: options.keepFreeBytes };
    const socketProgram = launch.isLocal ? programs.ss : null;
    const started = new Promise<LiveError | undefined>((resolve) => (this.#settleStart = resolve));
    this.#recorder = startRecorder(
      { launch, plan, socketProgram, witness: asksKernel },
      parts.recorderWorker,
      (message) => {
        this.#take(message);
      },
    );
    const failure = await started;
    if (failure !== undefined) throw new LiveStartError(failure);
  }

  /** Every capture has a folder of its own, so that rings never meet. */
  async #makeFolder(): Promise<string> {
    const parent = this.#options.folder ?? this.#parts.captureFolder;
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const name = this.#part.folderName ?? `${time}Z-${safeName(this.#options.interface)}`;
    const folder = await makeNewFolder(join(parent, name));
    const { bytes, failure } = await freeSpaceOf(folder, this.#options.keepFreeBytes);
    this.#folder = folder;
    this.#tell({ kind: 'placed', folder, freeBytes: bytes });
    if (failure !== undefined)
      throw new LiveStartError({ code: failure.code, message: `${failure.message}.`, problem: null });
    return folder;
  }

  /** Ends capturing; answers when all is on disk. */
  async stop(): Promise<void> {
    if (this.#isEnded) return;
    if (!this.#isStopping) {
      this.#isStopping = true;
      this.#tell({ kind: 'stopping' });
      this.#recorder?.stop();
    }
    await this.#ended;
  }

  /**
   * Writes all files of the ring into one, which is there as a whole or not at all.
   * @param path in the capture's folder unless it is absolute
   * @returns the file's path @throws Error for people
   */
  async save(path: string, existing: Existing): Promise<string> {
    const target = isAbsolute(path) ? path : join(this.#folder ?? this.#parts.captureFolder, path);
    if (this.#files.some((file) => file.path === target))
      throw new Error(`${target} is a file of the ring itself`);
    if (this.#files.length === 0) throw new Error('nothing was captured');
    try {
      await copyWindow(this.#files, ALL_TIME, target, Infinity, existing);
    } catch (error) {
      if (error instanceof WriteError) throw error;
      throw new Error(`${target} could not be written (${errorText(error)})`, { cause: error });
    }
    return target;
  }

  /**
   * Keeps a stretch of the ring, as long as the disk has room.
   * @param cases the folder for it; beside the ring where none is named @throws Error for people
   */
  keepCase(order: Omit<CaseOrder, 'capture'>, cases?: string): Promise<KeptCase> {
    return this.#caseTurns.take(() => this.#keepCase(order, cases));
  }

  async #keepCase(order: Omit<CaseOrder, 'capture'>, cases: string | undefined): Promise<KeptCase> {
    if (this.#folder === undefined) throw new Error('nothing was captured');
    // The asker has its own limit, but it parses foreign bytes: it may ask for anything, for ever.
    if (++this.#cases > LIVE_CAPTURE_LIMITS.maxCases)
      throw new Error('the capture has its last case already');
    const { failure } = await freeSpaceOf(this.#folder, this.#options.keepFreeBytes);
    if (failure !== undefined) throw new Error(failure.message);
    return writeCase(this.#files, cases ?? join(this.#folder, 'cases'), order);
  }

  #take(message: RecorderMessage): void {
    switch (message.kind) {
      case 'ended':
        void this.#takeEnd(message.error);
        return;
      case 'started':
        this.#hasStarted = true;
        break;
      case 'opened':
        this.#files = [...this.#files, message.file];
        break;
      case 'written':
        this.#files[this.#files.length - 1] = message.file;
        break;
      case 'gone':
        this.#files = this.#files.filter(({ number }) => number !== message.file.number);
        break;
      case 'counts':
    }
    this.#tell(message);
    // What is told of the start comes before the answer to whoever started it.
    if (message.kind === 'started') this.#settleStart(undefined);
  }

  async #takeEnd(error: RecorderFailure | null): Promise<void> {
    if (!this.#hasStarted) {
      // The start fails, and tells the end.
      this.#settleStart(error === null ? STOPPED_EARLY : { ...error, problem: null });
      return;
    }
    this.#finish(error === null ? null : await this.#withCure({ ...error, problem: null }));
  }

  #finish(error: LiveError | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#tell({ kind: 'ended', error });
    this.#end();
  }

  /** Adds what the doctor says to an error. */
  async #withCure(error: LiveError): Promise<LiveError> {
    if (error.problem !== null) return error;
    const { source, host } = this.#options;
    if (source === 'ssh' && host !== null) return { ...error, problem: remoteCure(error, host) };
    if (!CURABLE.includes(error.code)) return error;
    const { places, run } = this.#parts;
    try {
      const programs = await findPrograms(places);
      const { sources } = await probeSources(programs, run);
      const { problems } = diagnose(await collectFacts(places, sources, run));
      const problem = problems.find(({ weight }) => weight !== 'danger');
      return { ...error, problem: problem ?? null };
    } catch {
      // The cure is a courtesy; the error stands without it.
      return error;
    }
  }
}

const STOPPED_EARLY: LiveError = {
  code: 'source-died',
  message: 'the capture was stopped before it began',
  problem: null,
};

/** The name of an interface as a part of a file's name. */
function safeName(name: string): string {
  return name.replace(/[^\w.-]+/gu, '_').slice(0, 32) || 'capture';
}
