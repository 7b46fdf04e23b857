/** The loopback server as people start it: a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { childrenOf } from './children.ts';
import { DIST } from './places.ts';

export interface ServerOptions {
  readonly files?: readonly string[];
  /** More arguments, such as `--follow`. */
  readonly args?: readonly string[];
  /** Files that were opened before. */
  readonly recent?: readonly string[];
  /** Another copy of the built programs. */
  readonly dist?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user and group; only root can ask for that. */
  readonly user?: number;
}

/** Where captures go in a test: with the settings, so that they go with them. */
export function captureFolder(settings: string): string {
  return join(settings, 'captures');
}

/** A folder with the settings of a first start, or of one that knows files. */
export function settingsFolder(recent: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-settings-'));
  if (recent.length > 0) {
    const files = recent.map((path) => ({ path, openedMs: Date.now(), sizeBytes: statSync(path).size }));
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ recent: files, window: null }));
  }
  return folder;
}

export class ServerProcess {
  /** What it wrote to stderr: its log. */
  log = '';
  readonly #child: ChildProcess;
  readonly #settings: string;
  readonly #printed: () => string;
  readonly #exited: Promise<void>;

  private constructor(child: ChildProcess, printed: () => string, settings: string, exited: Promise<void>) {
    this.#child = child;
    this.#printed = printed;
    this.#settings = settings;
    this.#exited = exited;
  }

  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const { files = [], args = [], recent = [], dist = DIST, env = {}, user } = options;
    const settings = settingsFolder(recent);
    if (user !== undefined) chownSync(settings, user, user);
    const child = spawn(process.execPath, [join(dist, 'server/index.js'), ...args, '--', ...files], {
      cwd: user === undefined ? undefined : settings,
      env: {
        ...process.env,
        RESETSCOPE_CONFIG_DIR: settings,
        RESETSCOPE_CASE_DIR: `${settings}/cases`,
        RESETSCOPE_CAPTURE_DIR: captureFolder(settings),
        ...env,
      },
      uid: user,
      gid: user,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('\n')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
    });
    return new ServerProcess(child, () => said, settings, exited);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The address that was printed last; it lets in one browser, once. */
  get url(): string {
    return this.urls.at(-1) ?? '';
  }

  /** All addresses that were printed. */
  get urls(): string[] {
    return this.#printed()
      .split('\n')
      .filter((line) => line.startsWith('http'));
  }

  /** Comes in by the address as the page does; the token. */
  async letIn(): Promise<string> {
    const code = new URLSearchParams(new URL(this.url).hash.slice(1)).get('code') ?? '';
    const headers = { origin: `http://127.0.0.1:${this.port}`, 'x-resetscope-code': code };
    const answer = await fetch(`http://127.0.0.1:${this.port}/session`, { method: 'POST', headers });
    return v.parse(v.object({ token: v.string() }), await answer.json()).token;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The process that parses packets. */
  async enginePid(): Promise<number> {
    const engine = (await childrenOf(this.#child.pid ?? 0)).find(({ command }) =>
      command.includes('engine-process'),
    );
    if (engine === undefined) throw new Error('there is no engine process');
    return engine.pid;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#exited;
    clearTimeout(deadline);
    rmSync(this.#settings, { recursive: true, force: true });
    if (this.#child.signalCode !== null) throw new Error(`the server did not end: ${this.#child.signalCode}`);
  }
}
