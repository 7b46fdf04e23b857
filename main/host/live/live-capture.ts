/**
 * One live capture, from its options to its last file: starts the recorder, keeps its status, and hands what is written
 * to the analysis through a RingTail. It knows nothing of resets.
 *
 * Invariant: phases go idle → starting → capturing → stopping → stopped | failed, never back.
 */
import { join } from 'node:path';
import { Emitter } from '../../../shared/base/event.ts';
import { errorText } from '../../../shared/format/error.ts';
import type {
  CaptureSourceKind,
  LiveError,
  LiveErrorCode,
  LiveLosses,
  LiveOptions,
  LivePhase,
  LiveStatus,
} from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';
import { ALL_TIME, copyWindow } from '../../capture/live/ring/copy-window.ts';
import { diagnose } from '../../capture/live/doctor/doctor.ts';
import { collectFacts } from '../../capture/live/doctor/doctor-facts.ts';
import { checkFilter } from '../../capture/live/doctor/filter-check.ts';
import { findPrograms } from '../../capture/live/doctor/find-programs.ts';
import { freeSpaceOf } from '../../capture/live/ring/free-space.ts';
import {
  bestSource,
  isHelperUsable,
  isRefused,
  probeSources,
  withUsableWitness,
} from '../../capture/live/doctor/probe.ts';
import type {
  RecorderCounts,
  RecorderFailure,
  RecorderMessage,
} from '../../capture/live/recorder/recorder-messages.ts';
import { RingTail } from '../../capture/live/ring/ring-tail.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import type { RunProgram } from '../../capture/live/doctor/run-program.ts';
import type { CapturePrograms, Launch } from '../../capture/live/sources/source.ts';
import { commandText } from '../../capture/live/sources/source.ts';
import { sourceOf } from '../../capture/live/sources/index.ts';
import type { RunningRecorder } from '../../capture/live/recorder/start-recorder.ts';
import { startRecorder } from '../../capture/live/recorder/start-recorder.ts';
import { monotonicMs } from '../monotonic.ts';
import type { LiveParts } from './live-parts.ts';
import { makeNewFolder } from './make-folder.ts';

/** Changes of the status are told at most this often; a change of phase at once. */
const TELL_MS = 250;
/** Rates are taken over this time. */
const RATE_MS = 2000;
/** Files that a status lists: the newest ones. */
const MAX_LISTED_FILES = 1000;

/** Errors for which the doctor has something to say. */
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

export class LiveCapture {
  readonly tail = new RingTail();
  readonly changed = new Emitter<LiveStatus>();
  readonly #parts: LiveParts;
  readonly #options: LiveOptions;
  #status: LiveStatus;
  #recorder: RunningRecorder | undefined;
  #files: RingFileState[] = [];
  #analysisLosses = 0;
  #recent: { readonly atMs: number; readonly packets: number; readonly bytes: number }[] = [];
  #toldMs = -Infinity;
  #tellTimer: NodeJS.Timeout | undefined;
  #started: ((error: LiveError | undefined) => void) | undefined;
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor(options: LiveOptions, parts: LiveParts) {
    this.#options = options;
    this.#parts = parts;
    const { witness } = options;
    this.#status = {
      ...NO_LIVE,
      options,
      witness: { ...NO_LIVE.witness, state: witness ? 'waiting' : 'off' },
    };
    this.#ended = new Promise((resolve) => (this.#end = resolve));
  }

  get status(): LiveStatus {
    return { ...this.#status, lagBytes: Math.max(0, this.tail.lagBytes) };
  }

  /** Files of the ring, oldest first. */
  get files(): readonly RingFileState[] {
    return this.#files;
  }

  get isEnded(): boolean {
    const { phase, endedMs } = this.#status;
    return endedMs !== null || phase === 'failed';
  }

  /** Starts the recorder; answers when packets can come. @throws LiveStartError, whose error the status holds too */
  async start(): Promise<void> {
    this.#setPhase('starting');
    try {
      await this.#start();
    } catch (error) {
      const known = error instanceof LiveStartError ? error.liveError : undefined;
      const failure = await this.#withCure(
        known ?? { code: 'disk-error', message: errorText(error), problem: null },
      );
      this.#fail(failure);
      throw new LiveStartError(failure);
    }
  }

  async #start(): Promise<void> {
    const parts = this.#parts;
    const options = this.#options;
    const programs = await findPrograms(parts.places);
    const launch = await chooseLaunch(options, programs, parts);
    this.#update({ source: launch.kind, command: commandText(launch) });
    if (launch.isLocal) {
      const check = await checkFilter(options.filter, null, programs, parts.run);
      if (!check.ok)
        throw new LiveStartError({ code: 'bad-filter', message: check.message ?? '', problem: null });
    }
    const folder = await this.#makeFolder();
    const asksKernel = options.witness && launch.kind === 'helper';
    if (options.witness && !asksKernel) {
      const why = 'only resetscope-capd can ask the kernel';
      this.#update({ witness: { ...this.#status.witness, state: 'unavailable', why } });
    }
    const base = safeName(options.interface);
    const plan = { folder, base, ring: options.ring, keepFreeBytes: options.keepFreeBytes };
    const socketProgram = launch.isLocal ? programs.ss : null;
    const started = new Promise<LiveError | undefined>((resolve) => (this.#started = resolve));
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
    const folder = await makeNewFolder(join(parent, `${time}Z-${safeName(this.#options.interface)}`));
    const { bytes, failure } = await freeSpaceOf(folder, this.#options.keepFreeBytes);
    this.#update({ folder, freeBytes: bytes });
    if (failure !== undefined)
      throw new LiveStartError({ code: failure.code, message: `${failure.message}.`, problem: null });
    return folder;
  }

  /** Ends capturing; answers when all is on disk. */
  async stop(): Promise<void> {
    if (this.#status.phase === 'capturing' || this.#status.phase === 'starting') {
      this.#setPhase('stopping');
      this.#recorder?.stop();
    }
    if (this.#status.phase === 'stopping') await this.#ended;
  }

  /** The ring let go of packets before they were analysed. */
  noteAnalysisLoss(packets: number): void {
    this.#analysisLosses += packets;
    this.#update({ losses: { ...this.#status.losses, analysis: this.#analysisLosses } });
  }

  /** Cases or the rule that catches them have changed, which the status shows too. */
  noteCases(cases: LiveStatus['cases'], options: LiveOptions): void {
    this.#update({ cases, options });
  }

  /**
   * Writes all files of the ring into one, which is there as a whole or not at all.
   * @param existing `replace` where the user was asked whether to
   * @returns the packets in it, and how many files of the ring were gone already
   */
  async save(
    path: string,
    existing: 'refuse' | 'replace' = 'refuse',
  ): Promise<{ readonly packets: number; readonly missing: number }> {
    return copyWindow(this.#files, ALL_TIME, path, Infinity, existing);
  }

  #take(message: RecorderMessage): void {
    switch (message.kind) {
      case 'started':
        this.#update({ startedMs: Date.now() });
        if (this.#status.phase === 'starting') this.#setPhase('capturing');
        this.#started?.(undefined);
        break;
      case 'opened':
        this.#files = [...this.#files, message.file];
        this.tail.opened(message.file);
        this.#listFiles();
        break;
      case 'written':
        this.#files[this.#files.length - 1] = message.file;
        this.tail.written(message.file);
        break;
      case 'gone':
        this.#files = this.#files.filter(({ number }) => number !== message.file.number);
        this.tail.gone(message.file);
        this.#update({ filesGone: this.#status.filesGone + 1 });
        this.#listFiles();
        break;
      case 'counts':
        this.#takeCounts(message.counts);
        break;
      case 'ended':
        void this.#takeEnd(message.error);
        break;
    }
  }

  async #takeEnd(error: RecorderFailure | null): Promise<void> {
    this.tail.ended();
    this.#listFiles();
    this.#update({ endedMs: Date.now(), packetsPerSecond: 0, bytesPerSecond: 0 });
    if (error === null && this.#started !== undefined && this.#status.startedMs === null) {
      // The capture was stopped before it began.
      this.#setPhase('stopped');
      this.#started({
        code: 'source-died',
        message: 'the capture was stopped before it began',
        problem: null,
      });
    } else if (error === null) {
      this.#setPhase('stopped');
    } else {
      const failure = { ...error, problem: null };
      const isStarting = this.#status.startedMs === null;
      if (isStarting) this.#started?.(failure);
      else this.#fail(await this.#withCure(failure));
    }
    this.#end();
  }

  #takeCounts(counts: RecorderCounts): void {
    const { packets, bytes, kernelDrops, interfaceDrops, queueLosses, freeBytes } = counts;
    const nowMs = monotonicMs();
    this.#recent.push({ atMs: nowMs, packets, bytes });
    while (this.#recent.length > 2 && nowMs - this.#recent[0].atMs > RATE_MS) this.#recent.shift();
    const [first] = this.#recent;
    const seconds = Math.max(0.001, (nowMs - first.atMs) / 1000);
    const losses: LiveLosses = {
      kernel: kernelDrops,
      interface: interfaceDrops,
      queue: queueLosses,
      analysis: this.#analysisLosses,
    };
    // Where the kernel is not asked, the recorder has nothing to say of it.
    const witness = counts.witness.state === 'off' ? this.#status.witness : counts.witness;
    this.#listFiles();
    this.#update({
      packets,
      bytes,
      packetsPerSecond: (packets - first.packets) / seconds,
      bytesPerSecond: (bytes - first.bytes) / seconds,
      losses,
      witness,
      freeBytes: freeBytes ?? this.#status.freeBytes,
    });
  }

  #listFiles(): void {
    const listed = this.#files.slice(-MAX_LISTED_FILES);
    this.#update({ files: listed.map(({ path, bytes, packets }) => ({ path, bytes, packets })) });
  }

  /** Adds what the doctor says to an error. */
  async #withCure(error: LiveError): Promise<LiveError> {
    if (error.problem !== null || !CURABLE.includes(error.code)) return error;
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

  #fail(error: LiveError): void {
    this.#status = { ...this.#status, error };
    this.#setPhase('failed');
    this.tail.ended();
    this.#end();
  }

  #setPhase(phase: LivePhase): void {
    this.#update({ phase });
    this.#tellNow();
  }

  #update(change: Partial<LiveStatus>): void {
    this.#status = { ...this.#status, ...change, revision: this.#status.revision + 1 };
    if (this.#tellTimer !== undefined) return;
    const wait = TELL_MS - (monotonicMs() - this.#toldMs);
    if (wait <= 0) this.#tellNow();
    else this.#tellTimer = setTimeout(() => this.#tellNow(), wait);
  }

  #tellNow(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    this.#toldMs = monotonicMs();
    this.changed.emit(this.status);
  }
}

/** The name of an interface as a part of a file's name. */
function safeName(name: string): string {
  return name.replace(/[^\w.-]+/gu, '_').slice(0, 32) || 'capture';
}
