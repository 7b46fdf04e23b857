import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { Emitter } from '../../../shared/base/event.ts';
import { memoryChannelPair } from '../../../shared/rpc/memory-channel.ts';
import { openPeer } from '../../../shared/rpc/peer.ts';
import { serveOn } from '../../../shared/rpc/serve.ts';
import { eventually } from '../../../test/support/patience.ts';
import type { HostedProcess } from '../hosted-process.ts';
import type { CaptureEvents, CaptureMethods, CaptureService, CaptureTold } from './capture-contract.ts';
import { CAPTURE_SCHEMAS } from './capture-contract.ts';
import { CaptureSupervisor } from './capture-supervisor.ts';
import { defaultOptions } from './live-defaults.ts';

const signal = new AbortController().signal;
const options = defaultOptions('eth0');

/** A capture process that lives in this one. */
class ProcessDouble implements HostedProcess {
  readonly pid = 1;
  readonly killed: boolean[] = [];
  readonly calls: string[] = [];
  readonly told = new Emitter<CaptureTold>();
  readonly channel: HostedProcess['channel'];
  readonly #exits: ((reason: string) => void)[] = [];

  constructor() {
    const [host, capturer] = memoryChannelPair();
    this.channel = host;
    const note =
      <R>(name: string, answer: R) =>
      (): Promise<R> => {
        this.calls.push(name);
        return Promise.resolve(answer);
      };
    const service: CaptureService = {
      outlook: () => Promise.reject(new Error('nothing to be seen')),
      counters: note('counters', { atMs: 1, interfaces: [] }),
      checkFilter: note('checkFilter', { ok: true, message: null }),
      command: note('command', ''),
      start: note('start', null),
      stop: note('stop', null),
      save: note('save', '/saved'),
      keepCase: note('keepCase', { path: '/case', packets: 1, missing: 0, isCut: false, second: null }),
    };
    serveOn<CaptureMethods, CaptureEvents>(openPeer(capturer), CAPTURE_SCHEMAS, service, { told: this.told });
  }
  onStderr(): void {
    // It says nothing.
  }
  onExit(listener: (reason: string) => void): void {
    this.#exits.push(listener);
  }
  kill(hard: boolean): void {
    this.killed.push(hard);
    this.die('signal SIGTERM');
  }
  die(reason: string): void {
    for (const listener of this.#exits) listener(reason);
  }
}

function supervise(): { supervisor: CaptureSupervisor; processes: ProcessDouble[]; told: CaptureTold[] } {
  const processes: ProcessDouble[] = [];
  const told: CaptureTold[] = [];
  const supervisor = new CaptureSupervisor({
    launch: () => {
      processes.push(new ProcessDouble());
      return processes[processes.length - 1];
    },
    captureFolder: '/captures',
    log: pino({ level: 'silent' }),
  });
  supervisor.told.on((one) => told.push(one));
  return { supervisor, processes, told };
}

it('starts a process when something is asked that needs one', async () => {
  const { supervisor, processes } = supervise();
  expect(await supervisor.service.stop({}, signal)).toBeNull();
  expect(processes).toEqual([]);
  expect(await supervisor.service.counters({}, signal)).toEqual({ atMs: 1, interfaces: [] });
  await supervisor.service.stop({}, signal);
  expect(processes.map(({ calls }) => calls)).toEqual([['counters', 'stop']]);
});

it('says that a capture has failed whose process died, and where its files are', async () => {
  const { supervisor, processes, told } = supervise();
  await supervisor.service.start({ capture: 1, options }, signal);
  const [first] = processes;
  first.told.emit({ capture: 1, message: { kind: 'placed', folder: '/captures/one', freeBytes: null } });
  await eventually(() => expect(told).toHaveLength(1));
  first.die('signal SIGSEGV');
  expect(told.at(-1)).toEqual({
    capture: 1,
    message: {
      kind: 'ended',
      error: {
        code: 'source-died',
        message:
          'The process that captures ended unexpectedly (signal SIGSEGV). All that was written is in /captures/one.',
        problem: null,
      },
    },
  });
  await supervisor.service.start({ capture: 2, options }, signal);
  expect(processes).toHaveLength(2);
});

it('says nothing of a capture that had ended', async () => {
  const { supervisor, processes, told } = supervise();
  await supervisor.service.start({ capture: 1, options }, signal);
  processes[0].told.emit({ capture: 1, message: { kind: 'ended', error: null } });
  await eventually(() => expect(told).toHaveLength(1));
  processes[0].die('signal SIGSEGV');
  expect(told).toHaveLength(1);
});

it('takes the end of the second place for no end of the capture', async () => {
  const { supervisor, processes, told } = supervise();
  await supervisor.service.start({ capture: 1, options }, signal);
  const end = { capture: 1, place: 'second', message: { kind: 'ended', error: null } } as const;
  processes[0].told.emit(end);
  await eventually(() => expect(told).toEqual([end]));
  processes[0].die('signal SIGSEGV');
  expect(told.at(-1)).toMatchObject({
    capture: 1,
    message: { kind: 'ended', error: { code: 'source-died' } },
  });
  expect(told).toHaveLength(2);
});

it('passes on nothing that makes no sense', async () => {
  const { supervisor, processes, told } = supervise();
  await supervisor.service.counters({}, signal);
  const file = { number: 1, path: '/a', bytes: 1, packets: 1, firstNs: 0, lastNs: 0 };
  const odd: readonly unknown[] = [
    null,
    { capture: 'x', message: { kind: 'started' } },
    { capture: 1, message: { kind: 'open', path: '/etc/shadow' } },
    { capture: 1, message: { kind: 'written', file: { ...file, bytes: -1 } } },
    { capture: 1, message: { kind: 'written', file: { ...file, path: 'x'.repeat(100_000) } } },
  ];
  for (const one of odd) processes[0].told.emit(one as CaptureTold);
  processes[0].told.emit({ capture: 1, message: { kind: 'written', file } });
  await eventually(() => expect(told).toEqual([{ capture: 1, message: { kind: 'written', file } }]));
});

it('ends the capture before the process', async () => {
  const { supervisor, processes } = supervise();
  await supervisor.service.start({ capture: 1, options }, signal);
  await supervisor.dispose();
  expect(processes[0].calls).toEqual(['start', 'stop']);
  expect(processes[0].killed).toEqual([false]);
  // A page that asks at the last moment starts none.
  await expect(supervisor.service.counters({}, signal)).rejects.toThrow(/is ending/u);
  expect(processes).toHaveLength(1);
});

it('kills a process that does not end', async () => {
  vi.useFakeTimers();
  const { supervisor, processes } = supervise();
  await supervisor.service.start({ capture: 1, options }, signal);
  const [one] = processes;
  one.channel.send = () => undefined;
  const disposed = supervisor.dispose();
  await vi.runAllTimersAsync();
  await disposed;
  expect(one.killed).toContain(true);
  vi.useRealTimers();
});
