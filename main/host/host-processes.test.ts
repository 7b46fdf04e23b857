/** What an engine gets of its host that was taken over by what it parses: no more than any other. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import type { Peer } from '../../shared/rpc/peer.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { eventually } from '../../test/support/patience.ts';
import type { HostedProcess } from './hosted-process.ts';
import { startProcesses } from './host-processes.ts';
import type { CaptureMethods } from './live/capture-contract.ts';
import { CAPTURE_SCHEMAS } from './live/capture-contract.ts';
import { defaultOptions } from './live/live-defaults.ts';

const signal = new AbortController().signal;
const options = defaultOptions('eth0');

/** A process whose end of the channel the test holds. */
class Held implements HostedProcess {
  readonly pid = 1;
  readonly channel: ByteChannel;
  readonly peer: Peer;
  die: (reason: string) => void = () => undefined;

  constructor() {
    const [host, own] = memoryChannelPair();
    this.channel = host;
    this.peer = openPeer(own);
  }
  onStderr(): void {
    // It says nothing.
  }
  onExit(listener: (reason: string) => void): void {
    this.die = listener;
  }
  kill(): void {
    this.die('signal SIGTERM');
  }
}

function start() {
  const engines: Held[] = [];
  const asked: (readonly [string, unknown])[] = [];
  const notices: unknown[] = [];
  const capturer = new Held();
  const note =
    <R>(name: string, answer: R) =>
    (params: unknown): Promise<R> => {
      asked.push([name, params]);
      return Promise.resolve(answer);
    };
  serveOn<CaptureMethods, object>(
    capturer.peer,
    CAPTURE_SCHEMAS,
    {
      outlook: () => Promise.reject(new Error('nothing to be seen')),
      counters: note('counters', { atMs: 1, interfaces: [] }),
      checkFilter: note('checkFilter', { ok: true, message: null }),
      command: note('command', ''),
      start: note('start', null),
      stop: note('stop', null),
      save: note('save', '/saved'),
      keepCase: note('keepCase', { path: '/case', packets: 1, missing: 0, isCut: false, second: null }),
    },
    {},
  );
  const processes = startProcesses({
    launchEngine: () => {
      engines.push(new Held());
      return engines[engines.length - 1];
    },
    launchCapturer: () => capturer,
    captureFolder: '/captures',
    notify: (notice) => notices.push(notice),
    log: pino({ level: 'silent' }),
  });
  return { processes, engines, capturer, asked, notices };
}

it.each([
  ['pickSavePath', { suggestedName: 'x' }],
  ['capture.open', { paths: ['/etc/shadow'], follow: false }],
  ['live.start', { options: { ...options, source: 'ssh', host: 'root@elsewhere' } }],
  ['live.save', { path: '/etc/cron.d/x' }],
  ['start', { capture: 1, options: { ...options, source: 'ssh', host: 'root@elsewhere' } }],
  ['save', { path: '/etc/cron.d/x', existing: 'replace' }],
  ['command', { options }],
  ['opened', { paths: ['/etc/shadow'] }],
  ['rememberLive', { options }],
])('gives an engine no %s', async (method, params) => {
  const { engines, asked } = start();
  await expect(engines[0].peer.request(method, params)).rejects.toMatchObject({ code: 'bad-request' });
  expect(asked).toEqual([]);
});

it.each(['../x.pcapng', '/etc/cron.d/x', 'case-/../../x.pcapng', 'case-a\0.pcapng', 'ring_00001.pcapng'])(
  'keeps no case named %s',
  async (name) => {
    const { engines, asked } = start();
    const order = { capture: 1, name, fromNs: 0, toNs: 1 };
    await expect(engines[0].peer.request('keepCase', order)).rejects.toMatchObject({ code: 'bad-request' });
    expect(asked).toEqual([]);
  },
);

it('keeps a case, and shows notices up to a limit', async () => {
  const { engines, asked, notices } = start();
  const [{ peer }] = engines;
  const order = { capture: 1, name: 'case-1.pcapng', fromNs: 0, toNs: 1 };
  expect(await peer.request('keepCase', order)).toMatchObject({ path: '/case' });
  expect(asked).toEqual([['keepCase', order]]);
  const notice = { title: 'a', text: 'b' };
  let shown = 0;
  const showAll = async (): Promise<void> => {
    for (;;) {
      await peer.request('notify', notice);
      shown++;
    }
  };
  await expect(showAll()).rejects.toThrow(/too many notices/u);
  expect(notices).toHaveLength(shown);
});

it('passes on to the engine what is told of a capture', async () => {
  const { processes, engines, capturer } = start();
  const heard: unknown[] = [];
  engines[0].peer.answer((method, params) => {
    heard.push([method, params]);
    return Promise.resolve(null);
  });
  await processes.capturer.start({ capture: 1, options }, signal);
  const told = { capture: 1, message: { kind: 'started' } };
  capturer.peer.notify('told', told);
  await eventually(() => expect(heard).toEqual([['control.capture', { told: [told] }]]));
});

it('ends the capture when the engine died that read it', async () => {
  const { processes, engines, asked } = start();
  await processes.capturer.start({ capture: 1, options }, signal);
  engines[0].die('signal SIGSEGV');
  await eventually(() => expect(asked.map(([name]) => name)).toEqual(['start', 'stop']));
  expect(engines).toHaveLength(2);
});
