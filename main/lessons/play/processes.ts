/** What a play starts: each is on record here and ends with the play, by its own process id. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Nobody waits longer for a line of a program: it is not coming. */
const PATIENCE_MS = 30_000;
/** A program that was asked to end has so long. */
const END_MS = 3000;
/** What a program of a lesson may say; they say a few lines. */
const MOST_CHARACTERS = 1 << 20;

const execFileAsync = promisify(execFile);

/** A play did not go as it is written. */
export class PlayError extends Error {
  override readonly name = 'PlayError';
}

/** Runs a command to its end; a failure says what was run and what it said. @throws PlayError */
export async function runCommand(command: readonly string[], input = ''): Promise<string> {
  const [file, ...rest] = command;
  const running = execFileAsync(file, rest, { maxBuffer: MOST_CHARACTERS });
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new PlayError(`${command.join(' ')}: ${stderr.trim() || message}`, { cause: error });
  }
}

/** A program that runs, and what it has said. */
export class Running {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;
  #said = '';
  /** Lines before this were waited for already. */
  #read = 0;
  #hasEnded = false;
  readonly #waiting = new Set<() => void>();

  constructor(name: string, command: readonly string[], env?: NodeJS.ProcessEnv) {
    this.#name = name;
    const [file, ...rest] = command;
    this.#child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: env ?? process.env });
    const take = (chunk: Buffer): void => {
      if (this.#said.length < MOST_CHARACTERS) this.#said += chunk.toString('utf8');
      this.#wake();
    };
    this.#child.stdout?.on('data', take);
    this.#child.stderr?.on('data', take);
    this.#child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        take(Buffer.from(`${error.message}\n`));
        this.#finish();
        resolve(null);
      });
      this.#child.once('close', (code) => {
        this.#finish();
        resolve(code);
      });
    });
  }

  get said(): string {
    return this.#said;
  }

  /** Its next line that has this in it; those before are skipped. @throws PlayError when it ends without it */
  async line(holds: string | RegExp): Promise<string> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.#nextLine(holds);
      if (found !== undefined) return found;
      if (this.#hasEnded) throw this.#error(`ended without saying ${String(holds)}`);
      if (deadline.aborted) throw this.#error(`did not say ${String(holds)}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          deadline.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        deadline.addEventListener('abort', wake);
      });
    }
  }

  /** Presses Enter. */
  enter(): void {
    this.#child.stdin?.write('\n');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As `kill -9`: it has no time to say anything. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#hasEnded) return this.ended;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  #nextLine(holds: string | RegExp): string | undefined {
    for (;;) {
      const end = this.#said.indexOf('\n', this.#read);
      if (end < 0) return undefined;
      const line = this.#said.slice(this.#read, end);
      this.#read = end + 1;
      if (typeof holds === 'string' ? line.includes(holds) : holds.test(line)) return line;
    }
  }

  #error(what: string): PlayError {
    return new PlayError(`${this.#name} ${what}; it said: ${this.#said.trim() || 'nothing'}`);
  }

  #finish(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** Waits for a state that nobody tells of. @throws PlayError */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  while (!(await holds())) {
    if (deadline.aborted) throw new PlayError(`waited in vain for ${what}`);
    const timer = new AbortController();
    setTimeout(() => {
      timer.abort();
    }, 20);
    await once(timer.signal, 'abort');
  }
}
