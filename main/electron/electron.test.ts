/** The desktop's own parts over small doubles; security.test.ts holds the policies. */
import { EventEmitter } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { acquirePorts } from '../../shared/rpc/acquire-port.ts';
import type { PortEvent, PortWindow } from '../../shared/rpc/acquire-port.ts';
import { GrantedPaths } from '../host/granted-paths.ts';
import { filesOfArguments, linkOfArguments } from './arguments.ts';
import type { FileIpc } from './dropped-files.ts';
import { takeDroppedFiles } from './dropped-files.ts';
import { UtilityEngines } from './engine-process.ts';
import type { UtilityLike } from './engine-process.ts';
import type { MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from './menu.ts';
import { brokerPorts } from './ports.ts';
import type { PortBroker } from './ports.ts';
import { answerPage } from './protocol.ts';
import type { SenderFrame } from './security.ts';
import { initialBounds } from './window-state.ts';

const NONCE = '0b7c2f5e-7f52-4bd7-a0f2-7b7a4d3c2b1a';
const OUR_PAGE = { origin: 'app://rst', parent: null };

describe('handing over a port', () => {
  type Frame = NonNullable<Parameters<Parameters<PortBroker<string>['ipc']['on']>[1]>[0]['senderFrame']>;
  function broker(runs: boolean): {
    ask(frame: Omit<Frame, 'postMessage'> | null, nonce: unknown): void;
    posted: ReturnType<typeof vi.fn>;
    given: string[];
    served: string[];
    refused: ReturnType<typeof vi.fn>;
  } {
    const posted = vi.fn();
    const refused = vi.fn();
    const given: string[] = [];
    const served: string[] = [];
    let channels = 0;
    let ask: Parameters<PortBroker<string>['ipc']['on']>[1] | undefined;
    brokerPorts<string>({
      ipc: { on: (_channel, listener) => (ask = listener) },
      makeChannel: () => ({ port1: `far end ${++channels}`, port2: `page end ${channels}` }),
      giveToEngine: (port) => {
        given.push(port);
        return runs;
      },
      serveHost: (port) => {
        served.push(port);
      },
      refused,
    });
    return {
      ask(frame, nonce) {
        ask?.({ senderFrame: frame === null ? null : { ...frame, postMessage: posted } }, nonce);
      },
      posted,
      given,
      served,
      refused,
    };
  }

  it('connects the page with the engine and with the host', () => {
    const { ask, posted, given, served } = broker(true);
    ask(OUR_PAGE, NONCE);
    expect([given, served]).toEqual([['far end 1'], ['far end 2']]);
    expect(posted).toHaveBeenCalledExactlyOnceWith('resetscope:port', NONCE, ['page end 1', 'page end 2']);
  });

  it('answers without a port when no engine runs', () => {
    const { ask, posted } = broker(false);
    ask(OUR_PAGE, NONCE);
    expect(posted).toHaveBeenCalledExactlyOnceWith('resetscope:port', NONCE, []);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example', parent: null }, NONCE],
    ['a subframe', { origin: 'app://rst', parent: {} }, NONCE],
    ['a frame that is gone', null, NONCE],
    ['no nonce', OUR_PAGE, undefined],
    ['a nonce that can be guessed', OUR_PAGE, '1'],
    ['a nonce that is none', OUR_PAGE, { toString: (): string => NONCE }],
  ])('refuses %s', (_what, frame, nonce) => {
    const { ask, posted, given, served, refused } = broker(true);
    ask(frame, nonce);
    expect(posted).not.toHaveBeenCalled();
    expect([given, served]).toEqual([[], []]);
    expect(refused).toHaveBeenCalledOnce();
  });
});

describe('acquiring a port in the page', () => {
  function page(): PortWindow<string> & { post(event: Partial<PortEvent<string>>): void } {
    const listeners = new Set<(event: PortEvent<string>) => void>();
    const window = {
      addEventListener: (_type: 'message', listener: (event: PortEvent<string>) => void) => {
        listeners.add(listener);
      },
      removeEventListener: (_type: 'message', listener: (event: PortEvent<string>) => void) => {
        listeners.delete(listener);
      },
      post(event: Partial<PortEvent<string>>) {
        for (const listener of [...listeners]) {
          listener({ data: NONCE, source: window, ports: ['engine port', 'host port'], ...event });
        }
      },
    };
    return window;
  }

  it('takes the port that comes with its nonce from its own window', async () => {
    const window = page();
    const request = vi.fn();
    const acquired = acquirePorts(window, NONCE, request);
    expect(request).toHaveBeenCalledExactlyOnceWith(NONCE);
    window.post({ data: 'another nonce', ports: ['foreign', 'too'] });
    window.post({ source: {}, ports: ['foreign', 'too'] });
    window.post({});
    expect(await acquired).toEqual({ engine: 'engine port', host: 'host port' });
  });

  it('fails when there is no engine', async () => {
    const window = page();
    const acquired = acquirePorts(window, NONCE, () => undefined);
    window.post({ ports: [] });
    await expect(acquired).rejects.toThrow(/not running/);
  });
});

describe('a dropped file', () => {
  const own = fileURLToPath(import.meta.url);
  function taking(): {
    take: (frame: SenderFrame | null, path: unknown) => Promise<boolean>;
    granted: GrantedPaths;
  } {
    const granted = new GrantedPaths();
    let listener: Parameters<FileIpc['handle']>[1] = () => Promise.resolve(false);
    takeDroppedFiles({ handle: (_channel, given) => (listener = given) }, granted, () => undefined);
    return { take: (senderFrame, path) => listener({ senderFrame }, path), granted };
  }

  it('may be opened', async () => {
    const { take, granted } = taking();
    expect(await take(OUR_PAGE, own)).toBe(true);
    expect(granted.has(own)).toBe(true);
    expect(granted.has(`${own}x`)).toBe(false);
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example', parent: null }, own],
    ['of a subframe', { origin: 'app://rst', parent: {} }, own],
    ['of a frame that is gone', null, own],
    ['that is a folder', OUR_PAGE, dirname(own)],
    ['that is a device', OUR_PAGE, '/dev/null'],
    ['that is not there', OUR_PAGE, `${own}.nothing`],
    ['with a path that begins anywhere', OUR_PAGE, 'package.json'],
    ['with a path without end', OUR_PAGE, `/${'x'.repeat(5000)}`],
    ['with a path that is none', OUR_PAGE, { toString: (): string => own }],
  ])('%s may not', async (_what, frame, path) => {
    const { take, granted } = taking();
    expect(await take(frame, path)).toBe(false);
    expect(granted.has(String(path))).toBe(false);
  });
});

describe('app://rst', () => {
  const bytes = new TextEncoder().encode('<!doctype html>');
  const files = new Map([['/', { bytes, type: 'text/html', immutable: false }]]);

  it('serves the page with its policy', async () => {
    const response = answerPage(files, { method: 'GET', url: 'app://rst/?x#y' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['GET', 'app://rst/nothing', 404],
    ['GET', 'app://rst/../../etc/passwd', 404],
    ['GET', 'app://rst/%2e%2e/package.json', 404],
    ['POST', 'app://rst/', 405],
    ['GET', 'app://evil/', 403],
    ['GET', 'file:///etc/passwd', 403],
  ])('refuses %s %s', (method, url, status) => {
    expect(answerPage(files, { method, url }).status).toBe(status);
  });
});

describe('the engine as a utility process', () => {
  class Utility extends EventEmitter implements UtilityLike<string> {
    readonly pid = undefined;
    readonly stderr = null;
    readonly posted: unknown[][] = [];
    killed = 0;
    postMessage(...message: unknown[]): void {
      this.posted.push(message);
    }
    kill(): boolean {
      this.killed++;
      return true;
    }
  }
  const engineArguments = { failure: null, killedLive: null };

  it('carries frames, ports, and the reason of its end', () => {
    const utility = new Utility();
    const engines = new UtilityEngines<string>((argument) => {
      expect(JSON.parse(argument)).toEqual(engineArguments);
      return utility;
    });
    expect(engines.give('early')).toBe(false);
    const { channel, onExit, kill } = engines.launch(engineArguments);
    const received = vi.fn();
    const closed = vi.fn();
    const exited = vi.fn();
    channel.onMessage(received);
    channel.onClose(closed);
    onExit(exited);
    channel.send(Uint8Array.of(1));
    expect(engines.give('port')).toBe(true);
    expect(utility.posted).toEqual([[Uint8Array.of(1)], [null, ['port']]]);
    utility.emit('message', Uint8Array.of(2));
    expect(received).toHaveBeenCalledExactlyOnceWith(Uint8Array.of(2));
    kill(false);
    expect(utility.killed).toBe(1);
    utility.emit('exit', 70);
    expect(exited).toHaveBeenCalledExactlyOnceWith('exit code 70');
    expect(closed).toHaveBeenCalledOnce();
    expect(engines.give('late')).toBe(false);
  });
});

it.each([
  [['app', 'a.pcap', '--flag', '/b.pcap'], true, ['/work dir/a.pcap', '/b.pcap']],
  [['electron', '.', 'a.pcap'], false, ['/work dir/a.pcap']],
  [['app', '--', '-odd.pcap'], true, ['/work dir/-odd.pcap']],
  [['app', 'file:///a%20b.pcap'], true, ['/a b.pcap']],
  [['app', 'resetscope://open?path=/x.pcap', '/b.pcap'], true, ['/b.pcap']],
  [['app'], true, []],
])('finds the files in %j', (argv, isPackaged, files) => {
  expect(filesOfArguments(argv, '/work dir', isPackaged)).toEqual(files);
});

it.each([
  [['app', '--flag', 'resetscope://open?path=/x.pcap#/reset/5'], { paths: ['/x.pcap'], place: '/reset/5' }],
  [['app', '--', 'resetscope://open?path=/x.pcap'], undefined],
  [['app', 'resetscope://elsewhere'], undefined],
  [['app', '/a.pcap'], undefined],
])('finds the link in %j', (argv, link) => {
  expect(linkOfArguments(argv)).toEqual(link);
});

describe('the bounds of the window', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };
  const state = { x: 100, y: 50, width: 1000, height: 700, maximized: false };
  it('are those of last time', () => {
    expect(initialBounds(state, [display])).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
    const second = { ...display, x: -1920 };
    expect(initialBounds({ ...state, x: -1000 }, [display, second])).toMatchObject({ x: -1000 });
  });
  it('lose a position that no display shows', () => {
    for (const place of [{ x: 3000 }, { x: -990 }, { y: -10 }, { y: 1070 }]) {
      expect(initialBounds({ ...state, ...place }, [display])).toEqual({ width: 1000, height: 700 });
    }
  });
  it('are never too small', () => {
    expect(initialBounds({ ...state, width: 1, height: 1 }, [display])).toMatchObject({
      width: 720,
      height: 480,
    });
  });
});

it('ships no developer tools', () => {
  const open = vi.fn();
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(JSON.stringify(menuTemplate(platform, true, { open }))).not.toMatch(/toggleDevTools|reload/);
    expect(JSON.stringify(menuTemplate(platform, false, { open }))).toMatch(/toggleDevTools/);
  }
});

it('offers updates only where there is a place to look for them', () => {
  const open = vi.fn();
  const updates = { atStart: false, checkNow: vi.fn(() => Promise.resolve()) };
  expect(JSON.stringify(menuTemplate('linux', true, { open }))).not.toContain('Updates');
  const template = menuTemplate('linux', true, { open, updates });
  const help = template.find(({ role }) => role === 'help')?.submenu as MenuItemConstructorOptions[];
  expect(help.map(({ type, checked }) => ({ type, checked }))).toEqual([
    { type: undefined, checked: undefined },
    { type: 'checkbox', checked: false },
  ]);
});
