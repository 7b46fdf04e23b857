/** What the command line touches of the world, so that tests can stand in for a terminal. */
import { once } from 'node:events';
import { type Stats, fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Writable } from 'node:stream';
import type { Confinement } from '../../shared/model/confinement.ts';
import { confinementHere, confineProcess } from '../host/confine.ts';
import type { FleetService } from '../fleet/fleet-service.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import type { LiveParts } from '../host/live/live-parts.ts';
import { duckDbPlaces } from '../host/fleet/duckdb-places.ts';
import { DescriptorSink } from './descriptor-sink.ts';
import type { TextSink } from './text-sink.ts';

/** Starts the loopback host with these arguments and answers its exit code; the program goes on for as long as the host does. */
export type ServeApp = (argv: readonly string[]) => Promise<number>;

export interface CliIo {
  readonly stdout: Writable;
  /** Standard output for who writes at the end, and has time until it is read; stdout where it is absent. */
  readonly report?: TextSink;
  readonly stderr: Writable;
  /** Columns of the terminal behind stdout; undefined where there is none. */
  readonly columns: number | undefined;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Confines this process for good, but for writing in these folders; absent where the process is not ours alone. */
  readonly confine?: (writable: readonly string[]) => void;
  /** What `confine` can do here. */
  readonly confinement?: () => Confinement;
  /** What live capture needs, loaded when a command asks for it. */
  readonly live: () => Promise<LiveParts>;
  /** The lessons that came with the program. */
  readonly lessons: () => Promise<LessonFiles>;
  /** What reads a fleet, in a process of its own, which ends when it is closed. */
  readonly fleet: () => Promise<FleetService>;
  /** Folders that may have DuckDB among their packages. */
  readonly duckDbPlaces: readonly string[];
  /** What starts this command line again, as another process. */
  readonly program: readonly string[];
  /** Asks who sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
  /** Serves the app to a browser. */
  readonly serve: ServeApp;
  /** Calls back on SIGINT and SIGTERM; gives a function that stops listening. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

/** @param dist the folder of the build */
export function processIo(
  dist: URL,
  live: () => Promise<LiveParts>,
  serve: ServeApp,
  lessons: () => Promise<LessonFiles>,
  fleet: () => Promise<FleetService>,
): CliIo {
  const stdout = new Standard(1, () => process.stdout);
  const stderr = new Standard(2, () => process.stderr);
  return {
    // The doctor says whether it can be done here.
    confine: (writable) => void confineProcess(dist, writable),
    confinement: () => confinementHere(dist),
    get stdout() {
      return stdout.stream;
    },
    get stderr() {
      return stderr.stream;
    },
    get report() {
      return stdout.sink;
    },
    // A terminal whose size was never set says that it has 0 columns.
    columns: stdout.isTerminal && process.stdout.columns > 0 ? process.stdout.columns : undefined,
    stdoutIsTerminal: stdout.isTerminal,
    stderrIsTerminal: stderr.isTerminal,
    env: process.env,
    live,
    serve,
    lessons,
    fleet,
    duckDbPlaces: duckDbPlaces(dist),
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    ...(isPlain(0) ? {} : { ask: async (question) => (await import('./ask.ts')).ask(question) }),
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

/** A standard descriptor and its stream. Loading streams takes Node as long as reading a small capture, so it is asked for when it is used. */
class Standard {
  readonly isTerminal: boolean;
  readonly #descriptor: number;
  readonly #isPlain: boolean;
  readonly #open: () => NodeJS.WriteStream;
  #stream: NodeJS.WriteStream | undefined;

  constructor(descriptor: number, open: () => NodeJS.WriteStream) {
    this.#descriptor = descriptor;
    this.#open = open;
    this.#isPlain = isPlain(descriptor);
    this.isTerminal = !this.#isPlain && this.stream.isTTY;
  }

  get stream(): NodeJS.WriteStream {
    if (this.#stream === undefined) {
      this.#stream = this.#open();
      // Whoever reads may go at any moment (`2>&1 | head`). Output tells of it where it matters; help and warnings do not.
      this.#stream.on('error', () => undefined);
    }
    return this.#stream;
  }

  get sink(): TextSink {
    return this.#isPlain ? new DescriptorSink(this.#descriptor, () => this.stream) : this.stream;
  }
}

/** Whether it is a file, a pipe or nothing, to which bytes are just written. Other systems than Unix have other ideas of descriptors. */
function isPlain(descriptor: number): boolean {
  if (process.platform === 'win32') return false;
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || stats.isFIFO() || isNothing(stats);
  } catch {
    return false;
  }
}

function isNothing(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev;
}

/** Enough text for one write call; far less than a report of a large capture. */
const BUFFER_CHARACTERS = 1 << 16;

/** Nobody reads on (`| head`): stop writing, quietly. */
export class OutputClosed extends Error {}

/** Writes text in large pieces, never faster than it is taken. */
export class Output {
  readonly #sink: TextSink;
  #pending = '';
  #failure: NodeJS.ErrnoException | undefined;
  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#failure = error;
  };

  constructor(sink: TextSink) {
    this.#sink = sink;
    sink.on('error', this.#onError);
  }

  /** @throws OutputClosed when the reader is gone; the stream's error on any other trouble */
  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= BUFFER_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    this.#check();
    if (text === '') return;
    await new Promise<void>((resolve, reject) => {
      this.#sink.write(text, (error) => (error ? reject(failureOf(error)) : resolve()));
    });
    this.#check();
  }

  /** Writes what is left. @param stream to be closed as well: what the text went to, if it was made for that */
  async end(stream?: Writable): Promise<void> {
    await this.flush();
    if (stream === undefined) return;
    stream.end();
    await once(stream, 'finish');
  }

  #check(): void {
    if (this.#failure !== undefined) throw failureOf(this.#failure);
  }
}

function failureOf(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new OutputClosed() : error;
}
