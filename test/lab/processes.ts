/** Everything the lab starts is on record here, and ends with it: by its own process id, never by name. */
import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

export class CommandError extends Error {}

/** Runs a command to its end and returns what it printed; a failure says what was run and what it said. */
export async function run(command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execFileAsync(command, args, { maxBuffer: 64 << 20 });
    return stdout;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? '';
    throw new CommandError(`${command} ${args.join(' ')}: ${said.trim() || (error as Error).message}`, {
      cause: error,
    });
  }
}

/** As `run`, with text on standard input. */
export async function runWithInput(input: string, command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new CommandError(`${command} ${args.join(' ')}: ${said.trim()}\n${input}`);
  return out;
}

export class ProcessGroup {
  readonly #running = new Set<ChildProcess>();

  start(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    this.#running.add(child);
    child.on('close', () => this.#running.delete(child));
    child.on('error', () => this.#running.delete(child));
    return child;
  }

  /** Ends one process politely, then for certain. */
  async end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM', patienceMs = 3000): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.end(child)));
  }
}

/** Resolves with the first line of the process's output that `accepts`. */
export function lineFrom(
  child: ChildProcess,
  accepts: (line: string) => boolean,
  what: string,
  timeoutMs = 10_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let rest = '';
    let all = '';
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new CommandError(`${what}: ${reason}; it said: ${all.trim() || 'nothing'}`));
    };
    const timer = setTimeout(() => fail(`not ready after ${timeoutMs} ms`), timeoutMs);
    const read = (chunk: Buffer): void => {
      all += String(chunk);
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      const line = lines.find(accepts);
      if (line === undefined) return;
      clearTimeout(timer);
      child.stdout?.off('data', read);
      child.stderr?.off('data', read);
      resolve(line);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', (code) => fail(`ended with ${code}`));
    child.once('error', (error) => fail(error.message));
  });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
