/**
 * Asks the way to an address, because the user pressed run. The program and all of its arguments but the address and the port are
 * chosen here; both were checked to be just that, and no shell is between.
 *
 * Invariants: one program at a time; what it says is bounded, and so is its time.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { RpcError } from '../../shared/contract/errors.ts';
import type { TraceOffer, TraceQuestion, TraceText } from '../../shared/model/trace.ts';
import { findInstalled, type ProgramPlaces } from '../capture/live/doctor/find-programs.ts';
import { shellWord } from '../capture/live/sources/source.ts';
import { scrubbedEnv } from './scrubbed-env.ts';

const MOST_TEXT = 64 * 1024;
const LONGEST_MS = 180_000;
/** Farther than this nobody is. */
const MOST_HOPS = '30';

interface TraceCommand {
  readonly program: string;
  readonly args: readonly string[];
}

interface TraceRun {
  text: string;
  ended: string | null;
  isWhole: boolean;
  child: ChildProcess | null;
  /** Wakes those who wait for more. */
  waiting: (() => void)[];
}

export interface TracerOptions {
  readonly path?: string | undefined;
  readonly moreFolders?: readonly string[];
  readonly platform?: NodeJS.Platform;
  /** TCP probes need a raw socket. */
  readonly isRoot?: boolean;
}

export class Tracer {
  readonly #places: ProgramPlaces;
  readonly #platform: NodeJS.Platform;
  readonly #isRoot: boolean;
  #run: TraceRun = { text: '', ended: 'nothing was run yet', isWhole: false, child: null, waiting: [] };

  constructor({
    path = process.env['PATH'],
    moreFolders,
    platform = process.platform,
    isRoot = process.geteuid?.() === 0,
  }: TracerOptions = {}) {
    const places = { path, helpers: [], capChild: null, node: process.execPath };
    this.#places = moreFolders === undefined ? places : { ...places, moreFolders };
    this.#platform = platform;
    this.#isRoot = isRoot;
  }

  async offer(question: TraceQuestion): Promise<TraceOffer> {
    const command = commandFor(question, this.#platform, this.#isRoot);
    const installed = await findInstalled(this.#places, command.program);
    return {
      command: [command.program, ...command.args].map(shellWord).join(' '),
      refusal:
        installed === null
          ? `${command.program} is not installed here; run the command where it is, and paste what it says.`
          : null,
    };
  }

  async start(question: TraceQuestion): Promise<void> {
    if (this.#run.child !== null) throw new RpcError('failed', 'another trace is running; stop it first');
    const { program, args } = commandFor(question, this.#platform, this.#isRoot);
    const installed = await findInstalled(this.#places, program);
    if (installed === null) throw new RpcError('failed', `${program} is not installed here`);
    // Somebody else may have been quicker while the program was looked for.
    if (this.#run.child !== null) throw new RpcError('failed', 'another trace is running; stop it first');
    const env = { ...scrubbedEnv(process.env), LC_ALL: 'C' };
    const child = spawn(installed, [...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      windowsHide: true,
    });
    const run: TraceRun = { text: '', ended: null, isWhole: false, child, waiting: [] };
    this.#run = run;
    const take = (chunk: string): void => {
      run.text = (run.text + chunk).slice(0, MOST_TEXT);
      if (run.text.length === MOST_TEXT) child.kill('SIGTERM');
      wake(run);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    const end = (how: string, isWhole: boolean): void => {
      if (run.child === null) return;
      run.child = null;
      run.ended = how;
      run.isWhole = isWhole;
      wake(run);
    };
    child.on('error', (error) => {
      end(`${program} could not be started: ${error.message}`, false);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) end('It was stopped.', false);
      else end(code === 0 ? 'It has ended.' : `${program} ended with exit code ${code ?? '?'}.`, code === 0);
    });
  }

  async read(from: number, signal: AbortSignal): Promise<TraceText> {
    const run = this.#run;
    if (run.text.length <= from && run.ended === null) {
      await new Promise<void>((resolve) => {
        run.waiting.push(resolve);
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    }
    return { text: run.text.slice(from), ended: run.ended, isWhole: run.isWhole };
  }

  stop(): void {
    this.#run.child?.kill('SIGTERM');
  }
}

function wake(run: TraceRun): void {
  for (const resume of run.waiting.splice(0)) resume();
}

/** TCP to the very port, where this user may: firewalls let it through where they drop pings. */
function commandFor(
  { target, port }: TraceQuestion,
  platform: NodeJS.Platform,
  isRoot: boolean,
): TraceCommand {
  const isV6 = target.includes(':');
  if (platform === 'win32') return { program: 'tracert', args: ['-d', '-h', MOST_HOPS, target] };
  if (platform === 'darwin') {
    const probe = isRoot && !isV6 ? ['-P', 'TCP', '-p', String(port)] : [];
    return {
      program: isV6 ? 'traceroute6' : 'traceroute',
      args: ['-n', '-w', '2', '-m', MOST_HOPS, ...probe, target],
    };
  }
  const probe = isRoot ? ['-T', '-p', String(port)] : [];
  return {
    program: 'traceroute',
    args: [isV6 ? '-6' : '-4', '-n', ...probe, '-w', '2', '-m', MOST_HOPS, target],
  };
}
