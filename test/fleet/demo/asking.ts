/** Questions to a fleet through the command line, as somebody asks them: shown with their answers, and held against what must be so. */
import { execFile } from 'node:child_process';

export const EXIT_OK = 0;
/** Something that should be in the answer is not. */
export const EXIT_MISSING = 2;

export interface Join {
  readonly reset: {
    readonly capture: string;
    readonly segment: number;
    readonly reset: number;
    readonly host: string;
    readonly claimed: string;
  };
  readonly verdict: 'forged' | 'sent' | 'open';
  readonly between: readonly string[] | null;
  readonly sentence: string;
  readonly next: string;
}

export interface Coverage {
  readonly sentence: string;
  readonly hosts: readonly { readonly host: string }[];
  readonly missing: readonly { readonly kind: string; readonly name: string }[];
  readonly shards: { readonly answered: number; readonly total: number };
}

export interface Joins {
  readonly joins: readonly Join[];
  readonly counts: Readonly<Record<Join['verdict'], number>>;
  readonly coverage: Coverage;
}

export interface Findings {
  readonly findings: readonly unknown[];
  readonly coverage: Coverage;
}

export class Asking {
  readonly #program: string;
  readonly #show: ((text: string) => void) | null;

  /** @param program of resetscope @param show where a demonstration prints what it asks and what is answered; null where nobody looks */
  constructor(program: string, show: ((text: string) => void) | null) {
    this.#program = program;
    this.#show = show;
  }

  /** Asks, shows the answer, and takes no other exit code than this. */
  async ask(exitCode: number, ...args: readonly string[]): Promise<string> {
    this.#show?.(`\n$ resetscope ${args.join(' ')}\n`);
    const { code, stdout, stderr } = await this.#run(args);
    this.#show?.(stdout + stderr);
    if (code !== 0) this.#show?.(`(exit code ${code})`);
    must(code === exitCode, `“resetscope ${args.join(' ')}” ended with ${code}, not ${exitCode}: ${stderr}`);
    return stdout;
  }

  /** Asks what is only for people to look at. */
  async show(exitCode: number, ...args: readonly string[]): Promise<void> {
    if (this.#show !== null) await this.ask(exitCode, ...args);
  }

  /** The same as a program asks it, without showing it. */
  async json<T>(exitCode: number, ...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.#run([...args, '--json']);
    must(code === exitCode, `“resetscope ${args.join(' ')}” ended with ${code}, not ${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  #run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        [this.#program, ...args],
        { maxBuffer: 64 << 20 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : error.code;
          if (typeof code === 'number') resolve({ code, stdout, stderr });
          else reject(new Error(`resetscope ${args.join(' ')} could not run`, { cause: error }));
        },
      );
    });
  }
}

/** What had to be so is not. */
export class Unproven extends Error {}

export function must(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Unproven(otherwise);
}

export function nameOf({ reset: { capture, segment, reset } }: Join): string {
  return `${capture}/${segment}/${reset}`;
}
