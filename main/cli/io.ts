/** What the command line touches of the world, so that tests can stand in for a terminal. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Confinement } from '../../shared/model/confinement.ts';
import { confinementHere, confineProcess } from '../host/confine.ts';
import type { LiveParts } from '../host/live/live-parts.ts';

/** Starts the loopback host with these arguments and answers its exit code; the program goes on for as long as the host does. */
export type ServeApp = (argv: readonly string[]) => Promise<number>;

export interface CliIo {
  readonly stdout: Writable;
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
  /** Serves the app to a browser. */
  readonly serve: ServeApp;
  /** Calls back on SIGINT and SIGTERM; gives a function that stops listening. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

/** @param dist the folder of the build */
export function processIo(dist: URL, live: () => Promise<LiveParts>, serve: ServeApp): CliIo {
  // Whoever reads may go at any moment (`2>&1 | head`). Output tells of it where it matters; help and warnings do not.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    // The doctor says whether it can be done here.
    confine: (writable) => void confineProcess(dist, writable),
    confinement: () => confinementHere(dist),
    stdout: process.stdout,
    stderr: process.stderr,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    env: process.env,
    live,
    serve,
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

/** Enough text for one write call; far less than a report of a large capture. */
const BUFFER_CHARACTERS = 1 << 16;

/** Nobody reads on (`| head`): stop writing, quietly. */
export class OutputClosed extends Error {}

/** Writes text to a stream in large pieces, never faster than it is taken. */
export class Output {
  readonly #stream: Writable;
  #pending = '';
  #failure: NodeJS.ErrnoException | undefined;
  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#failure = error;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#onError);
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
      this.#stream.write(text, (error) => (error ? reject(failureOf(error)) : resolve()));
    });
    this.#check();
  }

  /** Writes what is left; a stream made for this output is closed too. */
  async end(closeStream: boolean): Promise<void> {
    await this.flush();
    if (!closeStream) return;
    this.#stream.end();
    await once(this.#stream, 'finish');
  }

  #check(): void {
    if (this.#failure !== undefined) throw failureOf(this.#failure);
  }
}

function failureOf(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new OutputClosed() : error;
}
