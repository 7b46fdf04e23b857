/** Real resets on the loopback interface, made by a process of their own. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** What the end that was reset saw. */
export interface MadeReset {
  /** Of the system: ECONNRESET, ECONNREFUSED. */
  readonly code: string;
  /** Since 1970. */
  readonly atMs: number;
}

export class ResetMaker {
  /** Where it listens. */
  readonly port: number;
  /** Where nobody listens. */
  readonly closedPort: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (made: MadeReset) => void>();
  #asked = 0;

  private constructor(child: ChildProcess, port: number, closedPort: number) {
    this.#child = child;
    this.port = port;
    this.closedPort = closedPort;
    this.pid = child.pid ?? 0;
    child.on('message', (made: MadeReset & { readonly id: number }) => {
      this.#waiting.get(made.id)?.(made);
      this.#waiting.delete(made.id);
    });
  }

  static async start(): Promise<ResetMaker> {
    const child = fork(new URL('reset-maker.mjs', import.meta.url), { execArgv: [] });
    const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
    return new ResetMaker(child, port, await freePort());
  }

  /** Packets of these connections and no others. */
  get filter(): string {
    return `tcp port ${this.port} or tcp port ${this.closedPort}`;
  }

  /** The server closes while a request lies there that it did not read. */
  unread(): Promise<MadeReset> {
    return this.#ask('unread');
  }

  /** Nobody listens. */
  refused(): Promise<MadeReset> {
    return this.#ask('refused');
  }

  async many(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.unread()));
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  #ask(kind: 'unread' | 'refused'): Promise<MadeReset> {
    const id = this.#asked++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, kind, port: this.closedPort });
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
