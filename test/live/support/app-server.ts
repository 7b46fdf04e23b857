/** The loopback server in a network namespace, and the end of its RPC that a page has. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { RESET_ROWS } from '../../../shared/columns/rows.ts';
import type { MethodName, MethodResult, Params } from '../../../shared/contract/methods.ts';
import type { Progress } from '../../../shared/model/capture.ts';
import type { LiveOptions, LiveStatus } from '../../../shared/model/live.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { createClient } from '../../../shared/rpc/client.ts';
import type { Client } from '../../../shared/rpc/service.ts';
import type { WebSocketLike } from '../../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../../shared/rpc/web-socket-channel.ts';
import { defaultOptions } from '../../../main/host/live/live-defaults.ts';
import { childrenOf } from '../../e2e/support/children.ts';
import { CABLE, DIST } from './setup.ts';
import { until } from '../../support/patience.ts';

/** A namespace's loopback is not ours: a process in there hands the bytes on. */
const RELAY = `const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);`;
/** Comes in by an address, as the page does. */
const EXCHANGE = `const { origin, hash } = new URL(process.argv[1]);
const headers = { origin, 'x-resetscope-code': new URLSearchParams(hash.slice(1)).get('code') };
fetch(origin + '/session', { method: 'POST', headers })
  .then((answer) => answer.json())
  .then(({ token }) => process.stdout.write(token));`;

export interface AppPlaces {
  readonly namespace: string;
  /** Where captures are kept. */
  readonly captures: string;
  /** For its settings. */
  readonly folder: string;
  /** More of its command line, and of its environment. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export class AppServer {
  readonly child: ChildProcess;
  readonly #relay: ChildProcess;
  readonly #client: Client;
  readonly progress: Progress[] = [];
  readonly statuses: LiveStatus[] = [];

  private constructor(child: ChildProcess, relay: ChildProcess, client: Client) {
    this.child = child;
    this.#relay = relay;
    this.#client = client;
    client.on('progress', (progress) => this.progress.push(progress));
    client.on('live', (status) => this.statuses.push(status));
  }

  static async start({
    namespace,
    captures,
    folder,
    args: more = [],
    env = {},
  }: AppPlaces): Promise<AppServer> {
    const settings = join(folder, 'settings');
    mkdirSync(settings, { recursive: true });
    const args = ['netns', 'exec', namespace, process.execPath];
    const child = spawn('ip', [...args, join(DIST, 'server/index.js'), ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...env,
        RESETSCOPE_CONFIG_DIR: settings,
        RESETSCOPE_CASE_DIR: `${settings}/cases`,
        RESETSCOPE_CAPTURE_DIR: captures,
      },
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const address = await new Promise<URL>((resolve, reject) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [line, rest] = said.split('\n', 2);
        if (rest !== undefined) resolve(new URL(line));
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
    });
    const relay = spawn('ip', [...args, '-e', RELAY, address.port], { stdio: ['pipe', 'pipe', 'inherit'] });
    const stream = Duplex.from({ readable: relay.stdout, writable: relay.stdin });
    stream.on('error', () => undefined);
    const { stdout: token } = await promisify(execFile)('ip', [...args, '-e', EXCHANGE, address.href]);
    const socket = new WebSocket(`ws://${address.host}/rpc`, ['resetscope', `token.${token}`], {
      origin: address.origin,
      createConnection: () => stream,
    });
    const client = createClient(webSocketChannel(socket as unknown as WebSocketLike));
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return new AppServer(child, relay, client);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  call<M extends MethodName>(method: M, params: Params<M>): Promise<MethodResult<M>> {
    return this.#client.call(method, params);
  }

  /** Starts a capture on the cable; everything in files of the default size unless said otherwise. */
  async capture(change: Partial<LiveOptions> = {}): Promise<void> {
    await this.call('live.start', { options: { ...defaultOptions(CABLE), keepFreeBytes: 0, ...change } });
  }

  status(): Promise<LiveStatus> {
    return this.call('live.status', {});
  }

  /** In the order of time. */
  async resets(): Promise<readonly ResetRow[]> {
    const query = { sort: 'time', direction: 'ascending', filter: '', from: 0, count: 1000 } as const;
    return RESET_ROWS.decode((await this.call('resets.rows', query)).rows);
  }

  async untilStatus(holds: (status: LiveStatus) => boolean, what: string): Promise<LiveStatus> {
    let status = await this.status();
    await until(
      async () => {
        status = await this.status();
        return holds(status);
      },
      `${what} (${JSON.stringify({ ...status, files: status.files.length })})`,
    );
    return status;
  }

  async untilResets(count: number): Promise<void> {
    await until(async () => (await this.resets()).length >= count, `${count} resets`);
  }

  /** The process that parses packets. */
  enginePid(): Promise<number> {
    return this.#childPid('engine-process');
  }

  /** The process under which the programs run that capture. */
  capturerPid(): Promise<number> {
    return this.#childPid('capture-process');
  }

  async #childPid(program: string): Promise<number> {
    let found: number | undefined;
    await until(async () => {
      const children = await childrenOf(this.pid);
      found = children.find(({ command }) => command.includes(program))?.pid;
      return found !== undefined;
    }, `a process of ${program}`);
    return found as number;
  }

  /** Politely; a test that killed it already may call it too. */
  async stop(): Promise<void> {
    this.#client.dispose();
    this.#relay.kill('SIGKILL');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await exited;
  }
}
