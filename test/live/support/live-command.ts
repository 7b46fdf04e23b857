/** `resetscope live --json` as people run it: the built program, in a network namespace. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ResetJson } from '../../../main/cli/schema.ts';
import type { SpoolStatus } from '../../../main/host/fleet/spool.ts';
import type { JoinedPair } from '../../../shared/model/join.ts';
import type { CaughtCase, LiveStatus, SecondStatus } from '../../../shared/model/live.ts';
import { DIST } from './setup.ts';
import { until } from '../../support/patience.ts';

/** A line of type `status`. */
type StatusLine = Pick<
  LiveStatus,
  'phase' | 'source' | 'packets' | 'losses' | 'filesGone' | 'folder' | 'error' | 'witness'
> & {
  readonly resets: number;
  readonly files: number;
  readonly second?: SecondStatus;
  readonly spool?: SpoolStatus;
};

/** What both places show together. */
interface JoinedLine {
  readonly files: readonly { readonly path: string; readonly packets: number }[];
  readonly places: readonly {
    readonly file: number;
    readonly name: string;
    readonly order: number | null;
    readonly joined: boolean;
  }[];
  readonly pairs: readonly Pick<JoinedPair, 'files' | 'class' | 'matched' | 'onlyFirst' | 'onlySecond'>[];
  readonly resets: readonly ResetJson[];
}

interface Start {
  readonly env?: NodeJS.ProcessEnv;
  /** Put in front of the program, such as setpriv. */
  readonly prefix?: readonly string[];
}

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class LiveCommand {
  readonly child: ChildProcess;
  readonly statuses: StatusLine[] = [];
  readonly resets: ResetJson[] = [];
  readonly cases: CaughtCase[] = [];
  readonly joined: JoinedLine[] = [];
  /** How connections ended, told at the end. */
  readonly endings: Readonly<Record<string, number>>[] = [];
  readonly failures: { readonly kind: string }[] = [];
  readonly ended: Promise<CommandEnd>;
  stderr = '';
  #isEnded = false;

  constructor(namespace: string, args: readonly string[], { env = {}, prefix = [] }: Start = {}) {
    // ip, setpriv and Node are one process: each becomes the next.
    const program = [process.execPath, join(DIST, 'cli/index.js'), 'live', '--json', ...args];
    this.child = spawn('ip', ['netns', 'exec', namespace, ...prefix, ...program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let rest = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(JSON.parse(line) as { readonly type: string });
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        this.#isEnded = true;
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The last status that was told. */
  get status(): StatusLine {
    const status = this.statuses.at(-1);
    if (status === undefined) throw new Error(`no status was told; it said: ${this.stderr}`);
    return status;
  }

  /** Packets come from now on. */
  async captures(): Promise<this> {
    await this.until(() => this.stderr.includes('capturing: '), 'capturing');
    return this;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    await until(() => {
      if (!holds() && this.#isEnded) throw new Error(`${what}: it ended before: ${this.stderr}`);
      return holds();
    }, what);
  }

  /** Asks it to end as Ctrl-C does. */
  async interrupt(): Promise<CommandEnd> {
    this.child.kill('SIGINT');
    return this.ended;
  }

  #take(line: { readonly type: string }): void {
    if (line.type === 'status') this.statuses.push(line as unknown as StatusLine);
    else if (line.type === 'reset') this.resets.push(line as unknown as ResetJson);
    else if (line.type === 'joined') this.joined.push(line as unknown as JoinedLine);
    else if (line.type === 'case') this.cases.push(line as unknown as CaughtCase);
    else if (line.type === 'endings') this.endings.push(line as unknown as Readonly<Record<string, number>>);
    else if (line.type === 'failure') this.failures.push(line as unknown as { readonly kind: string });
    else throw new Error(`a line of type ${line.type}`);
  }
}
