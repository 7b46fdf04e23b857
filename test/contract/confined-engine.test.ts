/** The built engine process, as the loopback server starts it, is confined in every thread before and while it reads. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forkEngine } from '../../main/host/fork-engine.ts';
import { EngineSupervisor } from '../../main/host/supervisor.ts';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { eventually } from '../support/patience.ts';

const root = new URL('../..', import.meta.url);
const signal = new AbortController().signal;
const { ensureConfinementBuilt } = (await import(new URL('scripts/build-native.mjs', root).href)) as {
  ensureConfinementBuilt(): { built: boolean };
};
const isBuilt = ensureConfinementBuilt().built;

let folder = '';
let supervisor: EngineSupervisor;
let pid = 0;
let lines: { level: number; msg: string }[] = [];
const keep = (line: string): void => void lines.push(JSON.parse(line) as { level: number; msg: string });
const log: Logger = pino({ level: 'info' }, { write: keep });
beforeAll(async () => {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-confined-'));
  lines = [];
});
afterEach(async () => {
  await supervisor.dispose();
  rmSync(folder, { recursive: true });
});

/** A descriptor that whoever started the host had open, far above those that Node itself keeps from its children. */
const INHERITED = 200;

/** @param program what is run in the place of Node */
function start(program = process.execPath): void {
  const launch = forkEngine(new URL('dist/host/engine-process.js', root).pathname, program);
  supervisor = new EngineSupervisor({
    launch: (engineArguments) => {
      const started = launch(engineArguments);
      pid = started.pid ?? 0;
      return started;
    },
    host: {
      notify: () => Promise.resolve(null),
      keepCase: () => Promise.reject(new Error('nothing is captured')),
    },
    log,
  });
}

/** Large enough for the second thread that reads. */
async function read(): Promise<void> {
  const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
  const packets = Array.from({ length: 40_000 }, () => talk.packets).flat();
  writeFileSync(join(folder, 'large.pcap'), writePcap({ packets, nanos: true }));
  await supervisor.service['control.open'](
    { capture: 1, paths: [join(folder, 'large.pcap')], follow: false, replace: false },
    signal,
  );
  await eventually(async () => {
    expect((await supervisor.service['capture.progress']({}, signal)).phase).toBe('done');
  });
}

const status = (thread: string): string => readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');

describe.skipIf(!isBuilt)('the engine process', () => {
  it('says that it is confined, and is, in the threads that read too', async () => {
    const program = join(folder, 'node');
    writeFileSync(
      program,
      `#!/bin/bash\nexec ${INHERITED}>'${join(folder, 'open')}'\nexec '${process.execPath}' "$@"\n`,
    );
    chmodSync(program, 0o755);
    start(program);
    expect(await supervisor.confinement()).toMatchObject({ isConfined: true });
    await read();
    const held = readdirSync(`/proc/${pid}/task`).map(
      (thread) =>
        /^Seccomp:\s*(\d)$/mu.exec(status(thread))?.[1] +
        (/^NoNewPrivs:\s*(\d)$/mu.exec(status(thread))?.[1] ?? ''),
    );
    expect(new Set(held)).toEqual(new Set(['21']));
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size\s+0\s+0/mu);
    // No socket but the one to its host.
    const sockets = readdirSync(`/proc/${pid}/fd`).filter((fd) =>
      readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:'),
    );
    expect(sockets.length).toBeLessThanOrEqual(2);
    expect(readdirSync(`/proc/${pid}/fd`)).not.toContain(String(INHERITED));
    expect(lines).toEqual([
      expect.objectContaining({ msg: expect.stringContaining('captures is confined: no network') as string }),
    ]);
  });

  it('is not where the user says so, and the log says that', async () => {
    process.env['RESETSCOPE_CONFINE'] = 'off';
    start();
    delete process.env['RESETSCOPE_CONFINE'];
    expect(await supervisor.confinement()).toEqual({
      isConfined: false,
      why: 'RESETSCOPE_CONFINE=off was set',
    });
    await read();
    expect(status(String(pid))).toMatch(/^Seccomp:\s*0$/mu);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'The process that reads captures is not confined: RESETSCOPE_CONFINE=off was set.',
      }),
    ]);
  });
});
