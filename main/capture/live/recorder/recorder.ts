/**
 * Runs a source and records what it captures, which comes to the disk by a Recording:
 *
 *   program ── pipe ──▶ PipedRecording ──▶ files              any program that writes a capture to its standard output
 *   capture helper ── reports ──▶ ReportedRecording           the helper writes the files itself
 *          └── packets ──▶ files
 *
 * It keeps up with any rate the disk takes, because it looks at nothing inside of packets. Where the disk does not, the
 * kernel's buffer overflows, and that is where the loss is counted. Meant for a thread of its own (recorder-worker.ts),
 * so that no analysis can hold it up.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { errorText } from '../../../../shared/format/error.ts';
import { BlockError } from '../blocks/block-walker.ts';
import { GUARD_MS } from '../ring/free-space.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import { PipedRecording } from './piped-recording.ts';
import type { RecorderFailure, RecorderMessage, RecorderOrder } from './recorder-messages.ts';
import type { Recording, RecordingHost } from './recording.ts';
import { fileArguments, ReportedRecording } from './reported-recording.ts';
import { OwnerPoll } from './owner-poll.ts';
import { sourceOf } from '../sources/index.ts';
import { tethered } from '../sources/tether.ts';

/** Counters are told this often. */
const COUNTS_MS = 250;
/** Times from the request to end until a program that goes on is sent a signal. */
export interface EndDeadlines {
  readonly terminateMs: number;
  readonly killMs: number;
}
const END_DEADLINES: EndDeadlines = { terminateMs: 3000, killMs: 6000 };
/** A program that says nothing for so long will never start; ssh may have to resolve and connect. */
const START_DEADLINE_MS = 30_000;
/** The first descriptor behind the standard streams. */
const FOLDER_DESCRIPTOR = 3;

export class Recorder {
  readonly #order: RecorderOrder;
  readonly #tell: (message: RecorderMessage) => void;
  readonly #endDeadlines: EndDeadlines;
  /** The recording where packets pass through us; undefined where the program writes the files itself. */
  readonly #piped: PipedRecording | undefined;
  readonly #recording: Recording;
  readonly #owners: OwnerPoll | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #child: ChildProcess | undefined;
  #stderr = '';
  #isStarted = false;
  #isStopping = false;
  /** What the program sends cannot be understood any more. */
  #isGarbled = false;
  #failure: RecorderFailure | undefined;

  constructor(
    order: RecorderOrder,
    tell: (message: RecorderMessage) => void,
    endDeadlines: EndDeadlines = END_DEADLINES,
  ) {
    this.#order = order;
    this.#tell = tell;
    this.#endDeadlines = endDeadlines;
    const host: RecordingHost = {
      tell,
      fail: (failure) => {
        this.#fail(failure);
      },
      owners: () => this.#owners?.blocks() ?? new Uint8Array(),
    };
    if (order.launch.writesFiles) {
      this.#recording = new ReportedRecording(order, host, (blocks) => {
        this.#send(blocks);
      });
    } else {
      this.#piped = new PipedRecording(order, host, {
        pause: () => this.#child?.stdout?.pause(),
        resume: () => this.#child?.stdout?.resume(),
      });
      this.#recording = this.#piped;
    }
    if (order.socketProgram !== null) {
      this.#owners = new OwnerPoll(
        order.socketProgram,
        () => this.#piped?.bigEndian ?? false,
        (blocks) => {
          this.#recording.append(blocks);
        },
      );
    }
  }

  /** Starts the program. Never throws: how it goes is told by messages. */
  start(): void {
    const { launch } = this.#order;
    let child: ChildProcess;
    try {
      child = this.#spawn();
    } catch (error) {
      this.#notStarted(error);
      return;
    }
    this.#child = child;
    // Its input is closed to end the program, which may be gone by then. However a pipe breaks, 'close' tells the end.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => undefined);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-LIVE_CAPTURE_LIMITS.maxErrorText);
      if (launch.countsAtSignal) this.#piped?.takeErrorText(text);
    });
    const stdout = child.stdout as Readable;
    stdout.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) this.#notStarted(error);
    });
    child.on('close', (exitCode, signal) => {
      void this.#ended(exitCode, signal);
    });
    this.#every(COUNTS_MS, () => {
      this.#tell({ kind: 'counts', counts: this.#recording.counts });
    });
    this.#every(GUARD_MS, () => {
      void this.#recording.guard();
      if (launch.countsAtSignal && this.#isStarted && !this.#isStopping) child.kill('SIGUSR1');
    });
    this.#timers.push(
      setTimeout(() => {
        if (this.#isStarted) return;
        this.#fail({
          code: 'source-died',
          message: `${launch.program} sent nothing for ${START_DEADLINE_MS / 1000} s`,
        });
      }, START_DEADLINE_MS),
    );
  }

  #spawn(): ChildProcess {
    const { launch, plan } = this.#order;
    const { program, args } = tethered(launch);
    if (!launch.writesFiles) return spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    // A folder rather than its path: the helper may have rights that we do not, and follows no path.
    const folder = openSync(plan.folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      return spawn(program, [...args, ...fileArguments(plan, FOLDER_DESCRIPTOR)], {
        stdio: ['pipe', 'pipe', 'pipe', folder],
      });
    } finally {
      closeSync(folder);
    }
  }

  /** Writes to the program's standard input. */
  #send(blocks: Uint8Array): void {
    const stdin = this.#child?.stdin;
    if (this.#isStopping || !stdin?.writable) return;
    // The helper waits for its disk. All owners come again with the next file.
    if (stdin.writableLength > LIVE_CAPTURE_LIMITS.maxQueuedBytes) return;
    stdin.write(blocks);
  }

  /** Asks the program to end; `ended` is told when all is on disk. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined) return;
    const { endBy } = this.#order.launch;
    // The end of its input would end a tethered program with less grace.
    if (endBy === 'stdin') child.stdin?.end();
    else child.kill(endBy);
    const { terminateMs, killMs } = this.#endDeadlines;
    this.#timers.push(setTimeout(() => child.kill('SIGTERM'), terminateMs));
    this.#timers.push(setTimeout(() => child.kill('SIGKILL'), killMs));
  }

  #take(chunk: Buffer): void {
    if (this.#isGarbled) return;
    try {
      this.#recording.take(chunk);
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      this.#isGarbled = true;
      this.#fail({ code: 'source-died', message: `${this.#order.launch.program}: ${error.message}` });
      return;
    }
    if (this.#isStarted || !this.#recording.hasBegun) return;
    this.#isStarted = true;
    this.#tell({ kind: 'started' });
    this.#owners?.start();
  }

  #fail(failure: RecorderFailure): void {
    this.#failure ??= failure;
    // What still comes is only counted; it must not keep the program from ending.
    this.#child?.stdout?.resume();
    this.stop();
  }

  #notStarted(error: unknown): void {
    const { program } = this.#order.launch;
    const code = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'no-permission' : 'source-missing';
    this.#failure ??= { code, message: `${program} could not be started (${errorText(error)})` };
    void this.#ended(null, null);
  }

  async #ended(exitCode: number | null, signal: string | null): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#owners?.stop();
    if (this.#failure === undefined && !this.#isStopping) {
      const { launch } = this.#order;
      const end = { exitCode, signal, stderr: this.#stderr };
      const host = launch.kind === 'ssh' ? launch.args[launch.args.length - 2] : null;
      this.#failure = sourceOf(launch.kind).explain(end, { interface: launch.interface, host });
    }
    if (this.#order.launch.format === 'pcap') this.#piped?.takeErrorText(this.#stderr);
    await this.#recording.close();
    this.#tell({ kind: 'counts', counts: this.#recording.counts });
    this.#tell({ kind: 'ended', error: this.#failure ?? null });
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }
}
