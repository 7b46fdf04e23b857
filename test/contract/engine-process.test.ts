/** The built engine process, started as the loopback server starts it, with a real capture. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/patience.ts';
import { RESET_ROWS } from '../../shared/columns/rows.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { forkEngine } from '../../main/host/fork-engine.ts';
import { EngineSupervisor } from '../../main/host/supervisor.ts';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';

const root = new URL('../..', import.meta.url);
const signal = new AbortController().signal;
let directory = '';
let capture = '';
let supervisor: EngineSupervisor;
let pids: (number | undefined)[] = [];

beforeAll(async () => {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
  directory = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
  capture = join(directory, 'one.pcap');
  const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
  writeFileSync(capture, writePcap({ packets: talk.packets, nanos: true }));

  const launch = forkEngine(new URL('dist/host/engine-process.js', root).pathname);
  supervisor = new EngineSupervisor({
    launch: (engineArguments) => {
      const started = launch(engineArguments);
      pids = [...pids, started.pid];
      return started;
    },
    host: {
      notify: () => Promise.resolve(null),
      keepCase: () => Promise.reject(new Error('nothing is captured')),
    },
    log: pino({ level: 'silent' }),
  });
});

afterAll(async () => {
  await supervisor.dispose();
  rmSync(directory, { recursive: true });
  const last = pids.at(-1);
  expect(() => kill(last ?? 0, 0)).toThrow(/ESRCH/);
});

async function openAndWait(path: string): Promise<Progress> {
  const seen: Progress[] = [];
  const registration = supervisor.events.progress.on((progress) => seen.push(progress));
  await supervisor.service['control.open'](
    { capture: 1, paths: [path], follow: false, replace: false },
    signal,
  );
  await eventually(() => {
    expect(['done', 'failed']).toContain(seen.at(-1)?.phase);
  });
  registration.dispose();
  return seen.at(-1) as Progress;
}

it('reads a capture and answers rows', async () => {
  expect(await openAndWait(capture)).toMatchObject({ phase: 'done', packets: 6, flows: 1, resets: 1 });
  const query = { sort: 'importance', direction: 'descending', filter: '', from: 0, count: 10 } as const;
  const { total, rows } = await supervisor.service['resets.rows'](query, signal);
  expect(total).toBe(1);
  expect(RESET_ROWS.decode(rows)).toMatchObject([{ frame: 6, claimed: 'server' }]);
});

it('refuses what the contract does not have', async () => {
  const call = supervisor.service['resets.detail']({ id: -1 }, signal);
  await expect(call).rejects.toMatchObject({ code: 'bad-request' });
  await expect(supervisor.service['resets.detail']({ id: 99 }, signal)).rejects.toMatchObject({
    code: 'not-found',
  });
});

it('says of a file that it cannot be read', async () => {
  const missing = join(directory, 'missing.pcap');
  expect(await openAndWait(missing)).toMatchObject({
    phase: 'failed',
    error: expect.stringContaining('missing.pcap') as string,
  });
});

it('is there again after it was killed, and reads the capture again', async () => {
  await openAndWait(capture);
  const died = new Promise<string>((resolve) => supervisor.died.on(resolve));
  kill(pids.at(-1) ?? 0, 'SIGKILL');
  expect(await died).toContain('SIGKILL');
  expect(await supervisor.service['capture.progress']({}, signal)).toMatchObject({
    phase: 'failed',
    error: expect.stringContaining('SIGKILL') as string,
  });
  expect(await openAndWait(capture)).toMatchObject({ phase: 'done', resets: 1 });
  expect(pids).toHaveLength(2);
});
