/** Makes packages out of this checkout, and asks what was installed. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writePcap } from '../../support/capture-writer.ts';
import { Conversation } from '../../support/conversation.ts';
import { until } from '../../support/patience.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with nothing of this test's environment but what is given. */
export function run(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
  cwd = '/',
): Run {
  const [program, ...args] = command;
  const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8', ...env },
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** The same, and it has to end well; answers what it printed. */
export function runWell(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
  cwd = '/',
): string {
  const { status, stdout, stderr } = run(command, env, cwd);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

/** Runs one of the scripts that make packages, into a folder of its own; answers the files that it made. */
export function makePackages(script: string): { readonly folder: string; readonly files: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-packages-'));
  const env = {
    ...(process.env as Record<string, string>),
    RESETSCOPE_RELEASE_DIR: folder,
    RESETSCOPE_DEB_LEVEL: 'none',
  };
  runWell([process.execPath, join(root, 'scripts', script)], env, root);
  return { folder, files: readdirSync(folder).map((name) => join(folder, name)) };
}

/** A capture with one refused connection. */
export function writeRefused(folder: string): string {
  const file = join(folder, 'refused.pcap');
  writeFileSync(file, writePcap({ packets: new Conversation().refused().packets, nanos: true }));
  return file;
}

/** DuckDB is an optional dependency: packages that are made where it is not installed have none. */
export const DUCKDB = fileURLToPath(new URL('../../../node_modules/@duckdb', import.meta.url));
export const hasDuckDb = existsSync(DUCKDB);

/** Brings a capture to a fleet of its own, a folder beside it, by an installed program; answers what the fleet's findings are. */
export function fleetFindings(
  program: readonly [string, ...string[]],
  capture: string,
  env: Readonly<Record<string, string>> = {},
): Run {
  const fleet = mkdtempSync(join(dirname(capture), 'a fleet '));
  // Whoever asks a fleet may be somebody else than who filled it.
  chmodSync(fleet, 0o777);
  runWell([...program, 'analyze', capture, '--parquet', fleet, '--as-host', 'web'], env);
  return run([...program, 'fleet', 'findings', '--json', '--store', fleet], env);
}

/** What {@link fleetFindings} answers of the capture that {@link writeRefused} writes. */
export const REFUSED_FINDINGS: object = {
  schema: 1,
  findings: [{ claimed: 'server', count: 1, hosts: 1 }],
};

/** Waits until the process that reads captures, which is all that a served app starts, is confined, by what Linux says of it. */
export async function untilConfined({ child }: Served): Promise<void> {
  await until(() => {
    const children = runWell(['ps', '-o', 'pid=', '--ppid', String(child.pid)])
      .trim()
      .split(/\s+/u);
    expect(children).toHaveLength(1);
    const [pid] = children;
    if (pid === '') return false;
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('/engine-process.js');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^NoNewPrivs:\s1$/mu.test(status) && /^Seccomp:\s2$/mu.test(status);
  }, 'the process that reads captures is confined');
}

export interface Served {
  readonly child: ChildProcess;
  readonly url: URL;
  /** Asks it to end and answers its exit code. */
  end(): Promise<number | null>;
}

/** Starts a program that serves the app, and waits for its address. */
export async function serve(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await until(() => /^http:\S+\n/mu.test(text) || child.exitCode !== null, `an address in ${text}`);
  const address = /^http:\S+$/mu.exec(text)?.[0];
  if (address === undefined) throw new Error(`no address: ${text}`);
  return {
    child,
    url: new URL(address),
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
