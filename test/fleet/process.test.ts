/** The process that reads a fleet: answers cross to it and back, it can be given up and killed, and leaves nothing behind. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { FleetClient } from '../../main/host/fleet/fleet-client.ts';
import type { FleetArguments } from '../../main/host/fleet/fleet-launch.ts';
import { forkFleet } from '../../main/host/fork-engine.ts';
import type { HostedProcess } from '../../main/host/hosted-process.ts';
import { writeFolder } from './support/write-folder.ts';

const { signal } = new AbortController();
const built = new URL('../../dist/', import.meta.url);
const TIME = 1_750_000_000_123_456_789n;

let home = '';
let folder = '';
const started: { readonly process: HostedProcess; readonly about: FleetArguments }[] = [];
const client = new FleetClient((about) => {
  const process = forkFleet(fileURLToPath(new URL('host/fleet-process.js', built)))(about);
  started.push({ process, about });
  return process;
});
beforeAll(async () => {
  const build = (await import(new URL('../../scripts/build.mjs', import.meta.url).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
  home = mkdtempSync(join(tmpdir(), 'resetscope-process-'));
  folder = join(home, 'fleet');
  mkdirSync(folder);
  await writeFolder(folder, {
    captures: [{ capture: '1', segment: 0, host: 'web', site: 'berlin', time: TIME, last_time: TIME }],
    flows: [{ capture: '1', segment: 0, flow: 0, time: TIME, match_key: '-9223372036854775808' }],
  });
});
afterEach(() => client.close());
afterAll(() => rmSync(home, { recursive: true, force: true }));

const newest = (): (typeof started)[number] => started[started.length - 1];
/** A question that nobody waits for to its end. */
const ENDLESS = 'SELECT count(*) FROM range(100000000000) a, range(1000) b';

it('answers with nanoseconds and keys as they are', async () => {
  const summary = await client.open(folder, signal);
  expect(summary).toMatchObject({ store: 'folder', hosts: ['web'], sites: ['berlin'], flows: 1 });
  const { rows } = await client.sql('SELECT time, match_key, 1, NULL FROM flows', 10, signal);
  expect(rows).toEqual([[TIME, '-9223372036854775808', 1, null]]);
});

it('tells failures with their codes', async () => {
  await expect(client.open(join(home, 'nothing'), signal)).rejects.toMatchObject({
    name: 'FleetError',
    code: 'not-a-fleet',
  });
  await client.open(folder, signal);
  await expect(client.sql("FROM '/etc/passwd'", 1, signal)).rejects.toMatchObject({ code: 'bad-query' });
  await expect(client.joinOne({ capture: '1', segment: 0, reset: 5 }, signal)).rejects.toMatchObject({
    code: 'bad-query',
  });
});

it('gives up a question, and answers the next one in the same process', async () => {
  await client.open(folder, signal);
  const { pid } = newest().process;
  const abort = new AbortController();
  const asked = client.sql(ENDLESS, 1, abort.signal);
  setImmediate(() => abort.abort(new Error('given up')));
  await expect(asked).rejects.toThrow('given up');
  expect((await client.sql('SELECT 1', 1, signal)).rows).toEqual([[1]]);
  expect(newest().process.pid).toBe(pid);
});

it('says that it died, and is started again with the next question', async () => {
  await client.open(folder, signal);
  const { process, about } = newest();
  const asked = client.sql(ENDLESS, 1, signal);
  setImmediate(() => process.kill(true));
  await expect(asked).rejects.toThrow(/ended unexpectedly \(signal SIGKILL\)/u);
  expect(existsSync(about.temporary)).toBe(false);
  expect((await client.coverage({}, signal)).hosts).toHaveLength(1);
  expect(newest().process.pid).not.toBe(process.pid);
});

it('leaves nothing behind', async () => {
  await client.open(folder, signal);
  const { about } = newest();
  expect(existsSync(about.temporary)).toBe(true);
  await client.close();
  expect(existsSync(about.temporary)).toBe(false);
});

it.skipIf(!existsSync(new URL('native/resetscope-confine.node', built)))(
  'is confined where it reads a folder',
  async () => {
    await client.open(folder, signal);
    const status = readFileSync(`/proc/${newest().process.pid}/status`, 'utf8');
    // A filter of system calls, in every thread: DuckDB’s own came later.
    expect(status).toMatch(/^Seccomp:\s+2$/mu);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/mu);
  },
);

it('compacts as a program of its own, confined, and leaves nothing but the tables', () => {
  const program = fileURLToPath(new URL('cli/index.js', built));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'fleet', 'compact', folder], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('1 unit compacted');
  expect(readdirSync(folder).sort()).toEqual(['captures', 'flows']);
});
