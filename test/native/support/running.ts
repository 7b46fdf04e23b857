/** A capture that runs in a network namespace. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from '../../support/patience.ts';
import { type Block, readBlocks } from './blocks.ts';
import { SANITIZED, SANITIZER_ENV } from './programs.ts';

interface Start {
  readonly program?: string;
  /** Put in front of the program, such as setpriv. */
  readonly prefix?: readonly string[];
  /** Goes to it as descriptor 3. */
  readonly folder?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export class RunningCapture {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  readonly #chunks: Buffer[] = [];
  #stderr = '';

  constructor(
    namespace: string,
    args: readonly string[],
    { program = SANITIZED, prefix = [], folder }: Start = {},
  ) {
    // ip, setpriv and the helper are one process: each becomes the next.
    const command = ['netns', 'exec', namespace, ...prefix, program, 'capture', ...args];
    const directory = folder === undefined ? undefined : openSync(folder, 'r');
    this.child = spawn('ip', command, {
      stdio: ['pipe', 'pipe', 'pipe', directory],
      env: SANITIZER_ENV,
    }) as ChildProcessWithoutNullStreams;
    if (directory !== undefined) closeSync(directory);
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        resolve({ code, signal, stderr: this.#stderr });
      });
    });
  }

  /** Its first bytes are there, which come only once it captures. */
  async captures(): Promise<this> {
    await this.until(() => this.bytes.length > 0, 'the first bytes');
    return this;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    await until(() => {
      if (holds()) return true;
      if (this.child.exitCode !== null) throw new Error(`${what}: it ended before: ${this.#stderr}`);
      return false;
    }, what);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** All that was written, which must be whole blocks once it ended. */
  blocks(): Block[] {
    return readBlocks(this.bytes);
  }

  /** While it runs: the blocks that have come as a whole. */
  blocksSoFar(): Block[] {
    const { bytes } = this;
    let end = 0;
    while (end + 8 <= bytes.length && end + bytes.readUInt32LE(end + 4) <= bytes.length)
      end += bytes.readUInt32LE(end + 4);
    return readBlocks(bytes.subarray(0, end));
  }

  /** Lets it end by the end of its standard input. */
  async finish(): Promise<Ended> {
    this.child.stdin.end();
    return this.ended;
  }

  /** A line of /proc/PID/status. */
  status(field: string): string | undefined {
    const text = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return new RegExp(`^${field}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(text)?.[1];
  }
}
