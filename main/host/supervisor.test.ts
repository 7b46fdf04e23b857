import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../test/support/patience.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import type { Peer } from '../../shared/rpc/peer.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { engineSideOf, ServiceDouble, untilAborted } from '../../test/contract/service-double.ts';
import { withFailure } from './engine-end.ts';
import type { EngineArguments } from './host-contract.ts';
import { CONFINED, ENGINE_SCHEMAS } from './host-contract.ts';
import type { HostedProcess } from './hosted-process.ts';
import { scrubbedEnv } from './scrubbed-env.ts';
import { StderrTail } from './stderr-tail.ts';
import { EngineSupervisor, KILL_DEADLINE_MS } from './supervisor.ts';

const signal = new AbortController().signal;

/** A process that lives in this one. */
class ProcessDouble implements HostedProcess {
  readonly pid = 1;
  readonly killed: boolean[] = [];
  readonly double: ServiceDouble;
  readonly channel: HostedProcess['channel'];
  readonly peer: Peer;
  readonly #exits: ((reason: string) => void)[] = [];
  readonly #stderr: ((text: string) => void)[] = [];

  constructor(engineArguments: EngineArguments, double: ServiceDouble) {
    const [host, engine] = memoryChannelPair();
    this.channel = host;
    this.double = double;
    const service = withFailure(engineSideOf(double), engineArguments.failure, engineArguments.killedLive);
    this.peer = openPeer(engine);
    serveOn(this.peer, ENGINE_SCHEMAS, service, double.events);
  }
  onStderr(listener: (text: string) => void): void {
    this.#stderr.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.#exits.push(listener);
  }
  kill(hard: boolean): void {
    this.killed.push(hard);
  }
  die(reason: string): void {
    for (const listener of this.#stderr) listener('last words');
    for (const listener of this.#exits) listener(reason);
  }
}

function supervise(override: ConstructorParameters<typeof ServiceDouble>[0] = {}): {
  supervisor: EngineSupervisor;
  processes: ProcessDouble[];
  progress: Progress[];
  logged: string[];
} {
  const processes: ProcessDouble[] = [];
  const progress: Progress[] = [];
  const logged: string[] = [];
  const supervisor = new EngineSupervisor({
    launch: (engineArguments) => {
      processes.push(new ProcessDouble(engineArguments, new ServiceDouble(override)));
      return processes[processes.length - 1];
    },
    host: {
      notify: () => Promise.resolve(null),
      keepCase: () => Promise.reject(new Error('nothing is captured')),
    },
    log: pino({ level: 'error' }, { write: (line: string) => logged.push(line) }),
  });
  supervisor.events.progress.on((event) => progress.push(event));
  return { supervisor, processes, progress, logged };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the supervisor', () => {
  it('passes calls and events on', async () => {
    const { supervisor, processes, progress } = supervise();
    expect(
      await supervisor.service['resets.position'](
        { id: 7, sort: 'frame', direction: 'ascending', filter: '' },
        signal,
      ),
    ).toBe(7);
    const { double } = processes[0];
    const reading = await supervisor.service['capture.progress']({}, signal);
    double.progress.emit(reading);
    await eventually(() => {
      expect(progress).toEqual([reading]);
    });
  });

  it('outlives an engine that tells what makes no sense, and dies', async () => {
    const { supervisor, processes } = supervise();
    const [{ peer }] = processes;
    peer.notify(CONFINED, { isConfined: 'very' });
    for (const odd of ['capturing', { phase: 'capturing', revision: 1, folder: [] }, null])
      peer.notify('live', odd);
    expect(await supervisor.confinement()).toMatchObject({ isConfined: false });
    expect(await supervisor.service['capture.progress']({}, signal)).toBeDefined();
    processes[0].die('signal SIGSEGV');
    expect(processes).toHaveLength(2);
  });

  it('waits for the word of an engine on its confinement, as long as that lives', async () => {
    const { supervisor, processes } = supervise();
    const first = supervisor.confinement();
    processes[0].die('signal SIGSEGV');
    expect(await first).toBeNull();
    const second = supervisor.confinement();
    processes[1].peer.notify(CONFINED, { isConfined: true, why: null });
    expect(await second).toEqual({ isConfined: true, why: null });
  });

  it('starts a dead engine again and tells why, until something is opened', async () => {
    const { supervisor, processes, progress, logged } = supervise({
      'capture.summary': (_params, aborted) => untilAborted(aborted),
    });
    const waiting = supervisor.service['capture.summary']({}, signal);
    waiting.catch(() => undefined);
    await Promise.resolve();
    processes[0].die('signal SIGSEGV');
    await expect(waiting).rejects.toMatchObject({ code: 'failed' });
    expect(processes).toHaveLength(2);
    expect(progress.at(-1)).toMatchObject({
      phase: 'failed',
      error: expect.stringContaining('SIGSEGV') as string,
    });
    expect(logged.join()).toContain('last words');

    const told = await supervisor.service['capture.progress']({}, signal);
    expect(told).toMatchObject({ phase: 'failed', error: expect.stringContaining('SIGSEGV') as string });
    await supervisor.service['control.open'](
      { capture: 1, paths: ['/a'], follow: false, replace: false },
      signal,
    );
    expect(await supervisor.service['capture.progress']({}, signal)).toMatchObject({ phase: 'reading' });
  });

  it('gives up on an engine that keeps dying', async () => {
    const { supervisor, processes, progress } = supervise();
    for (let i = 0; i < 6; i++) processes[i].die('exit code 70');
    expect(processes).toHaveLength(6);
    expect(progress.at(-1)).toMatchObject({
      phase: 'failed',
      error: expect.stringContaining('keeps ending') as string,
    });
    const call = Promise.resolve().then(() => supervisor.service['capture.progress']({}, signal));
    await expect(call).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('keeps ending') as string,
    });
  });

  it('forgives deaths that lie far apart', () => {
    vi.useFakeTimers();
    const { processes } = supervise();
    for (let i = 0; i < 20; i++) {
      processes[i].die('exit code 70');
      vi.advanceTimersByTime(20_000);
    }
    expect(processes).toHaveLength(21);
  });

  it('ends a willing engine politely and an unwilling one by force', async () => {
    vi.useFakeTimers();
    const { supervisor, processes, progress } = supervise();
    const disposed = supervisor.dispose();
    expect(processes[0].killed).toEqual([false]);
    vi.advanceTimersByTime(KILL_DEADLINE_MS);
    expect(processes[0].killed).toEqual([false, true]);
    processes[0].die('signal SIGKILL');
    await disposed;
    // That was no accident.
    expect(processes).toHaveLength(1);
    expect(progress).toEqual([]);
  });
});

it('keeps the last words only', () => {
  const tail = new StderrTail();
  for (let i = 0; i < 10_000; i++) tail.add(`line ${i}\n`);
  expect(tail.text).toHaveLength(8192);
  expect(tail.text).toMatch(/line 9999\n$/);
});

it('passes on a list of variables and nothing else', () => {
  const env = {
    PATH: '/bin',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'C',
    NODE_OPTIONS: '--require evil',
    LD_PRELOAD: 'evil.so',
    ELECTRON_RUN_AS_NODE: '1',
    AWS_SECRET_ACCESS_KEY: 'secret',
    TZ: undefined,
  };
  expect(scrubbedEnv(env)).toEqual({ PATH: '/bin', LANG: 'de_DE.UTF-8', LC_ALL: 'C' });
});
