/** The engine behind the loopback server, asked by a second client beside the page. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { MethodName, MethodResult, Params } from '../../../shared/contract/methods.ts';
import { createClient } from '../../../shared/rpc/client.ts';
import type { Client } from '../../../shared/rpc/service.ts';
import { webSocketChannel, type WebSocketLike } from '../../../shared/rpc/web-socket-channel.ts';
import type { ServerProcess } from '../../e2e/support/server-process.ts';

const PING_EVERY_MS = 5;
/** An answer that takes longer waited for the engine. */
export const BLOCK_MS = 20;

export interface Pings {
  readonly longestMs: number;
  /** How many took longer than BLOCK_MS. */
  readonly blocks: number;
}

export class Engine {
  readonly #client: Client;
  readonly #pinging: Client;
  readonly #pid: number;

  private constructor(pid: number, client: Client, pinging: Client) {
    this.#pid = pid;
    this.#client = client;
    this.#pinging = pinging;
  }

  static async connect(server: ServerProcess): Promise<Engine> {
    const token = await server.letIn();
    return new Engine(await server.enginePid(), await connect(server, token), await connect(server, token));
  }

  call<M extends MethodName>(method: M, params: Params<M>): Promise<MethodResult<M>> {
    return this.#client.call(method, params);
  }

  /** Opens a capture in place of what is open, and waits until it is read and judged. */
  async open(path: string): Promise<void> {
    await this.call('capture.open', { paths: [path], follow: false, replace: true });
    await this.settled();
  }

  /** Waits until everything is read, and every reset has its verdict. */
  async settled(): Promise<void> {
    for (let steady = 0, revision = -1; steady < 3; await sleep(50)) {
      const { phase, revision: now } = await this.call('capture.progress', {});
      if (phase === 'failed') throw new Error('the capture could not be read');
      steady = phase === 'done' && now === revision ? steady + 1 : 0;
      revision = now;
    }
  }

  /** How long the engine holds others up while something is done. */
  async pingDuring<T>(work: () => Promise<T>): Promise<Pings & { readonly result: T }> {
    const state = { isOver: false };
    const result = work().finally(() => {
      state.isOver = true;
    });
    // It is awaited below; one that fails meanwhile must not end the bench before server and browser are closed.
    result.catch(() => undefined);
    let longestMs = 0;
    let blocks = 0;
    while (!state.isOver) {
      const asked = performance.now();
      await this.#pinging.call('capture.progress', {});
      const took = performance.now() - asked;
      longestMs = Math.max(longestMs, took);
      if (took > BLOCK_MS) blocks++;
      await sleep(PING_EVERY_MS);
    }
    return { result: await result, longestMs, blocks };
  }

  /** Resident memory of the engine's process, MiB; `peak` is the highest that it ever had. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    const of = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }

  /** CPU time that the engine's main thread has had, milliseconds: on a machine that does other work it tells more than a clock. */
  cpuMs(): number {
    const path = `/proc/${this.#pid}/task/${this.#pid}/schedstat`;
    return Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6;
  }

  close(): void {
    this.#client.dispose();
    this.#pinging.dispose();
  }
}

function connect(server: ServerProcess, token: string): Promise<Client> {
  const origin = `http://127.0.0.1:${server.port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ['resetscope', `token.${token}`], {
    origin,
  });
  const client = createClient(webSocketChannel(socket as WebSocketLike));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('error', reject);
  });
}
