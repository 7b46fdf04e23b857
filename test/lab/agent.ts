/** Drives the socket programs of one namespace (programs/agent.py). */
import type { ChildProcess } from 'node:child_process';
import { lineFrom } from './processes.ts';

export type Step = readonly [name: string, ...args: (string | number)[]];

interface AgentEvent {
  readonly id: number;
  readonly event: 'mark' | 'error' | 'end' | 'broken' | 'ready';
  readonly mark?: string;
  readonly value?: number;
  readonly step?: string;
  readonly errno?: number;
  readonly text?: string;
}

/** One program at work. */
export class Program {
  readonly id: number;
  readonly errors: AgentEvent[] = [];
  readonly done: Promise<void>;
  readonly #send: (message: object) => void;
  readonly #marks = new Map<string, number>();
  readonly #waiting: { mark: string; resolve: (value: number) => void; reject: (error: Error) => void }[] =
    [];
  #finish: () => void = () => undefined;
  #ended = false;

  constructor(id: number, send: (message: object) => void) {
    this.id = id;
    this.#send = send;
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  /** Waits until the program passes its step ["mark", name]; the value is that of ["port"]. */
  mark(name: string, timeoutMs = 25_000): Promise<number> {
    const value = this.#marks.get(name);
    if (value !== undefined) return Promise.resolve(value);
    if (this.#ended) return Promise.reject(new Error(`the program ended before '${name}'`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`'${name}' not reached in time`)), timeoutMs);
      const settle = <T>(then: (value: T) => void) => {
        return (result: T): void => {
          clearTimeout(timer);
          then(result);
        };
      };
      this.#waiting.push({ mark: name, resolve: settle(resolve), reject: settle(reject) });
    });
  }

  go(mark: string): void {
    this.#send({ go: this.id, mark });
  }

  /** As kill -9. */
  kill(): void {
    this.#send({ kill: this.id });
  }

  take(event: AgentEvent): void {
    if (event.event === 'mark' && event.mark !== undefined) {
      this.#marks.set(event.mark, event.value ?? 0);
      for (const waiter of this.#waiting.splice(0))
        if (waiter.mark === event.mark) waiter.resolve(event.value ?? 0);
        else this.#waiting.push(waiter);
    } else if (event.event === 'error' || event.event === 'broken') {
      this.errors.push(event);
    } else if (event.event === 'end') {
      this.#ended = true;
      for (const waiter of this.#waiting.splice(0))
        waiter.reject(new Error(`the program ended before '${waiter.mark}': ${JSON.stringify(this.errors)}`));
      this.#finish();
    }
  }
}

export class Agent {
  readonly #process: ChildProcess;
  readonly #programs = new Map<number, Program>();
  #next = 1;

  private constructor(process: ChildProcess) {
    this.#process = process;
    let rest = '';
    process.stdout?.on('data', (chunk) => {
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as AgentEvent;
        this.#programs.get(event.id)?.take(event);
      }
    });
  }

  static async over(process: ChildProcess): Promise<Agent> {
    await lineFrom(process, (line) => line.includes('"ready"'), 'the agent');
    return new Agent(process);
  }

  run(steps: readonly Step[]): Program {
    const id = this.#next++;
    const program = new Program(id, (message) => this.#send(message));
    this.#programs.set(id, program);
    this.#send({ run: id, steps });
    return program;
  }

  #send(message: object): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
