/** What pages get through a host, and what they do not; the two hosts differ only in how the user is asked. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveOptions } from '../../shared/model/live.ts';
import { desktopAccess, type Question } from '../electron/access.ts';
import { serverAccess } from '../server/access.ts';
import type { Access } from './access.ts';
import { Broker } from './broker.ts';
import { Confirmations } from './confirmations.ts';
import { GrantedPaths } from './granted-paths.ts';
import { CaseBook } from './notes/case-book.ts';
import { NameBook } from './names.ts';
import { FleetPlaces } from './fleet/fleet-places.ts';
import { defaultOptions } from './live/live-defaults.ts';
import { LessonFiles } from '../lessons/lesson-files.ts';
import { SamplePlaces } from './samples.ts';
import type { SettingsStore } from './settings.ts';
import { openSettings } from './settings.ts';

const never = new AbortController().signal;
const log = pino({ level: 'silent' });
let folder = '';
let captures = '';
let samples = '';
let settings: SettingsStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-broker-'));
  captures = join(folder, 'captures');
  mkdirSync(captures);
  samples = join(folder, 'samples');
  mkdirSync(samples);
  settings = openSettings(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Asked {
  readonly service: Broker['service'];
  /** What reached the engine and the capture process, in order. */
  readonly calls: (readonly [string, unknown])[];
}

/** @param whenStarting called when the capture process is asked to start */
function brokerWith(
  access: Access,
  recent: readonly string[] = [],
  whenStarting: () => void = () => undefined,
  printPdf?: (html: string, signal: AbortSignal) => Promise<Uint8Array>,
): Asked {
  const calls: (readonly [string, unknown])[] = [];
  const note =
    <R>(name: string, answer: R) =>
    (params: unknown): Promise<R> => {
      calls.push([name, params]);
      return Promise.resolve(answer);
    };
  const { service } = new Broker({
    engine: {
      'control.open': note('open', null),
      'control.show': note('show', null),
      'control.cancel': note('cancel', null),
      'control.close': note('close', null),
      'control.awaitLive': note('awaitLive', null),
      'control.capture': note('capture', null),
      'control.openLive': note('openLive', null),
      'control.noted': note('noted', { why: 'nothing', files: [], comments: [], moreComments: 0 }),
      'control.anchors': note('anchors', []),
      'control.notePlaces': note('notePlaces', []),
    },
    capturer: {
      outlook: () => Promise.reject(new Error('nobody asks for it here')),
      counters: note('counters', { atMs: 0, interfaces: [] }),
      checkFilter: note('checkFilter', { ok: true, message: null }),
      command: note('command', ''),
      start: (params) => {
        whenStarting();
        return note('start', null)(params);
      },
      stop: note('stop', null),
      save: note('save', 'saved'),
      keepCase: () => Promise.reject(new Error('no page keeps cases')),
    },
    capabilities: { host: 'server', pickFiles: false, upload: true, version: '1' },
    access,
    captureFolder: captures,
    wireshark: (path, frame) => note('wireshark', { command: '', why: null })({ path, frame }),
    samples: new SamplePlaces([samples]),
    lessons: new LessonFiles([new URL('../lessons', import.meta.url).pathname]),
    recent: {
      list: () => recent.map((path) => ({ path, openedMs: 1, sizeBytes: 2 })),
      has: (path) => recent.includes(path),
      forget: () => undefined,
    },
    opened: (paths) => calls.push(['opened', paths]),
    names: new NameBook(settings, log),
    cases: new CaseBook(join(folder, 'cases')),
    tracer: {
      offer: note('trace.offer', { command: 'traceroute', refusal: null }),
      start: note('trace.start', undefined),
      read: note('trace.read', { text: '', ended: null, isWhole: false }),
      stop: () => calls.push(['trace.stop', {}]),
    },
    memories: {
      recall: () => ({ filters: [], lastOptions: null }),
      remember: (options) => calls.push(['remember', options]),
    },
    fleet: {
      places: new FleetPlaces(settings, log, { shown: [], known: undefined }),
      start: () => {
        throw new Error('nobody looks at a fleet here');
      },
    },
    pickFiles: () => Promise.resolve([]),
    pickSavePath: () => Promise.resolve(null),
    printPdf,
  });
  return { service, calls };
}

interface Desktop extends Asked {
  readonly mayOpen: GrantedPaths;
  readonly mayReplace: GrantedPaths;
  readonly questions: Question[];
}
const noFleets = { named: [], wasOpened: () => false };
function desktop(answer: boolean): Desktop {
  const mayOpen = new GrantedPaths();
  const mayReplace = new GrantedPaths();
  const questions: Question[] = [];
  const ask = (question: Question): Promise<boolean> => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  const confirmed = new Confirmations(settings, log);
  const asked = brokerWith(desktopAccess({ mayOpen, mayReplace, confirmed, fleets: noFleets, ask }));
  return { ...asked, mayOpen, mayReplace, questions };
}
function server(
  more: Partial<Parameters<typeof serverAccess>[0]> = {},
  recent: readonly string[] = [],
): Asked {
  const options = {
    paths: ['/data/a.pcap'],
    isUpload: () => false,
    allowPaths: false,
    sshHosts: [],
    fleets: [],
    ...more,
  };
  return brokerWith(serverAccess(options), recent);
}
const open = ({ service }: Asked, ...paths: string[]): Promise<null> =>
  service['capture.open']({ paths, follow: false }, never);
const start = ({ service }: Asked, more: Partial<LiveOptions> = {}): Promise<null> =>
  service['live.start']({ options: { ...defaultOptions('eth0'), ...more } }, never);
const save = ({ service }: Asked, path: string): Promise<string> => service['live.save']({ path }, never);
const names = ({ calls }: Asked): string[] => calls.map(([name]) => name);

describe.each([
  ['the browser', () => server()],
  ['the desktop', () => desktop(false)],
])('a page of %s', (_host, host) => {
  it.each(['/etc/shadow', '/data/a.pcap/../b.pcap', 'a.pcap'])('does not open %s', async (path) => {
    const asked = host();
    await expect(open(asked, join(captures, 'mine.pcapng'), path)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(resolve(path)) as string,
    });
    expect(asked.calls).toEqual([]);
  });

  it('opens captures that were made here', async () => {
    const asked = host();
    await open(asked, join(captures, 'x/../one.pcapng'));
    const paths = [join(captures, 'one.pcapng')];
    expect(asked.calls).toEqual([
      ['open', { capture: 1, paths, follow: false, replace: false }],
      ['opened', paths],
    ]);
  });

  it.each(['/etc/cron.d/x', '../x', 'a/../../x'])('writes nothing at %s', async (path) => {
    const asked = host();
    await expect(save(asked, path)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(start(asked, { folder: path })).rejects.toMatchObject({ code: 'bad-request' });
    expect(asked.calls).toEqual([]);
  });

  it('writes new files among the captures', async () => {
    const asked = host();
    expect(await save(asked, 'all.pcapng')).toBe('saved');
    expect(asked.calls).toEqual([['save', { path: join(captures, 'all.pcapng'), existing: 'refuse' }]]);
    writeFileSync(join(captures, 'old.pcapng'), '');
    await expect(save(asked, 'old.pcapng')).rejects.toThrow(/exists already/u);
  });

  it('captures on no other machine', async () => {
    const asked = host();
    const remote = start(asked, { source: 'ssh', host: 'root@db1' });
    await expect(remote).rejects.toThrow(/capturing on root@db1 over ssh was not allowed/u);
    expect(asked.calls).toEqual([]);
  });

  it('captures here, and remembers what has started', async () => {
    const asked = host();
    await start(asked, { folder: 'sub' });
    const options = { ...defaultOptions('eth0'), folder: join(captures, 'sub') };
    expect(asked.calls).toEqual([
      ['stop', {}],
      ['awaitLive', { capture: 1, options }],
      ['start', { capture: 1, options }],
      ['openLive', { capture: 1 }],
      ['remember', options],
    ]);
  });

  it('ends nothing for a rule that cannot be followed', async () => {
    const asked = host();
    const rule = {
      origins: [],
      causes: [],
      filter: 'port:',
      onlyThatMatter: false,
      beforeSeconds: 1,
      afterSeconds: 1,
    };
    await expect(start(asked, { catch: rule })).rejects.toThrow(/in the filter/u);
    expect(asked.calls).toEqual([]);
  });

  it('opens both of two captures that are asked for at once, under numbers of their own', async () => {
    const asked = host();
    await Promise.all(['one.pcapng', 'two.pcapng'].map((name) => open(asked, join(captures, name))));
    expect(asked.calls.filter(([name]) => name === 'open').map(([, order]) => order)).toEqual([
      { capture: 1, paths: [join(captures, 'one.pcapng')], follow: false, replace: false },
      { capture: 2, paths: [join(captures, 'two.pcapng')], follow: false, replace: false },
    ]);
  });

  it('opens captures of lessons by name and point, and of all points together', async () => {
    const asked = host();
    const lessons = await asked.service['host.lessons']({}, never);
    expect(lessons.map(({ name }) => name)).toContain('linger-zero');
    const { lesson, files } = await asked.service['host.lesson']({ name: 'linger-zero' }, never);
    expect(files.map(({ file }) => file)).toContain('server.py');
    await asked.service['host.openLesson']({ name: lesson.name, part: 'after', at: 'server' }, never);
    await asked.service['host.openLesson']({ name: lesson.name, part: 'before', at: null }, never);
    const opened = asked.calls.filter(([what]) => what === 'open').map((call) => JSON.stringify(call));
    expect(opened[0]).toMatch(/server-fixed\.pcapng"\]/u);
    expect(opened[1]).toMatch(/client\.pcapng",".*server\.pcapng"\]/u);
    expect(asked.calls.filter(([what]) => what === 'opened')).toEqual([
      ['opened', []],
      ['opened', []],
    ]);
    expect(() => asked.service['host.lesson']({ name: 'none' }, never)).toThrow(/no lesson/u);
    expect(() =>
      asked.service['host.openLesson']({ name: lesson.name, part: 'before', at: 'moon' }, never),
    ).toThrow(/no such capture/u);
  });

  it('opens samples by their names, which are nobody’s recent files', async () => {
    const asked = host();
    writeFileSync(join(samples, 'refused-port.pcap'), '');
    expect((await asked.service['host.samples']({}, never)).map(({ name }) => name)).toEqual([
      'refused-port',
    ]);
    await asked.service['host.openSample']({ name: 'refused-port' }, never);
    expect(asked.calls).toEqual([
      ['open', { capture: 1, paths: [join(samples, 'refused-port.pcap')], follow: false, replace: false }],
      ['opened', []],
    ]);
    expect(() => asked.service['host.openSample']({ name: 'forged-resets' }, never)).toThrow(/did not come/u);
  });

  it('opens in Wireshark what is open or was captured here, and nothing else', async () => {
    const asked = host();
    const show = (path: string) => asked.service['host.openInWireshark']({ path, frame: 3 }, never);
    expect(() => show('/etc/shadow')).toThrow(/not open/u);
    expect(() => show(join(captures, '../x'))).toThrow(/not open/u);
    await show(join(captures, 'one.pcapng'));
    expect(asked.calls).toEqual([['wireshark', { path: join(captures, 'one.pcapng'), frame: 3 }]]);
  });

  it('ends the capture with what shows it, and with nothing else', async () => {
    const asked = host();
    await start(asked);
    await open(asked, join(captures, 'one.pcapng'));
    asked.calls.length = 0;
    await asked.service['capture.cancel']({}, never);
    await asked.service['capture.close']({}, never);
    expect(names(asked)).toEqual(['cancel', 'close']);
    asked.calls.length = 0;
    // The live one is shown again.
    await asked.service['capture.cancel']({}, never);
    await asked.service['capture.close']({}, never);
    expect(names(asked)).toEqual(['stop', 'cancel', 'stop', 'close']);
  });

  it('ends the capture that is closed though another is shown', async () => {
    const asked = host();
    await start(asked);
    await open(asked, join(captures, 'one.pcapng'));
    asked.calls.length = 0;
    await asked.service['capture.close']({ capture: 1 }, never);
    expect(asked.calls).toEqual([
      ['stop', {}],
      ['close', { capture: 1 }],
    ]);
  });
});

it('goes on starting a capture while a file is opened beside it', async () => {
  const access = serverAccess({
    paths: ['/a.pcap'],
    isUpload: () => false,
    allowPaths: false,
    sshHosts: [],
    fleets: [],
  });
  let opened: Promise<null> | undefined;
  const asked = brokerWith(access, [], () => {
    opened = open(asked, '/a.pcap');
  });
  await start(asked);
  await opened;
  expect(names(asked)).toContain('openLive');
  expect(names(asked)).toContain('open');
  const afterStart = names(asked).slice(names(asked).indexOf('start'));
  expect(afterStart).not.toContain('stop');
});

describe('in the browser the command line says', () => {
  it('which files are opened', async () => {
    const asked = server({ isUpload: (path) => path === '/tmp/up' }, ['/r']);
    await open(asked, '/data/x/../a.pcap', '/tmp/up', '/r');
    expect(asked.calls[0]).toMatchObject([
      'open',
      { paths: ['/data/a.pcap', '/tmp/up', '/r'], follow: false },
    ]);
    await expect(open(asked, '/data/b.pcap')).rejects.toThrow(/start with --allow-paths/u);
  });

  it('that all paths are allowed', async () => {
    const asked = server({ allowPaths: true });
    await open(asked, '/data/b.pcap');
    await start(asked, { folder: '/elsewhere' });
    await save(asked, join(folder, 'new.pcapng'));
    expect(names(asked)).toContain('save');
    // A browser cannot ask whether to replace it.
    writeFileSync(join(folder, 'old.pcapng'), '');
    await expect(save(asked, join(folder, 'old.pcapng'))).rejects.toThrow(/exists already/u);
  });

  it('on which machines to capture', async () => {
    const asked = server({ sshHosts: ['db1'] });
    await start(asked, { source: 'ssh', host: 'db1' });
    expect(names(asked)).toContain('start');
    await expect(start(asked, { source: 'ssh', host: 'db2' })).rejects.toThrow(/start with --allow-ssh db2/u);
    const also = (host: string) => ({
      second: { source: 'ssh', host, interface: 'any', filter: '' } as const,
    });
    await start(asked, also('db1'));
    await expect(start(asked, also('db2'))).rejects.toThrow(/start with --allow-ssh db2/u);
  });
});

describe('on the desktop the user says', () => {
  it('by picking or dropping which files are opened', async () => {
    const asked = desktop(false);
    asked.mayOpen.add('/data/a.pcap');
    await open(asked, '/data/a.pcap');
    await expect(open(asked, '/data/b.pcap')).rejects.toThrow(/was not picked, dropped/u);
  });

  it('in the dialog what a capture replaces', async () => {
    const asked = desktop(false);
    const path = join(folder, 'old.pcapng');
    writeFileSync(path, '');
    asked.mayReplace.add(path);
    await save(asked, path);
    expect(asked.calls).toEqual([['save', { path, existing: 'replace' }]]);
  });

  it('once for each machine that it may be captured on', async () => {
    const first = desktop(true);
    await start(first, { source: 'ssh', host: 'db1' });
    await start(first, { source: 'ssh', host: 'db1' });
    expect(first.questions.map(({ message }) => message)).toEqual(['Capture on db1 over ssh?']);
    // Another run remembers it, and asks about another machine.
    const second = desktop(false);
    await start(second, { source: 'ssh', host: 'db1' });
    await expect(start(second, { source: 'ssh', host: 'db2' })).rejects.toThrow(/answered with no/u);
    expect(second.questions.map(({ message }) => message)).toEqual(['Capture on db2 over ssh?']);
  });

  it('once for each folder that captures may be kept in, which are then opened from there', async () => {
    const asked = desktop(true);
    await start(asked, { folder: '/mnt/big' });
    await start(asked, { folder: '/mnt/big' });
    expect(asked.questions.map(({ message }) => message)).toEqual(['Keep captures in /mnt/big?']);
    await open(asked, '/mnt/big/one/a.pcapng');
    await expect(open(asked, '/mnt/bigger/a.pcapng')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('in one dialog, however often the page asks', async () => {
    const questions: Question[] = [];
    let answer = (_yes: boolean): void => undefined;
    const access = desktopAccess({
      mayOpen: new GrantedPaths(),
      mayReplace: new GrantedPaths(),
      confirmed: new Confirmations(settings, log),
      fleets: noFleets,
      ask: (question) => {
        questions.push(question);
        return new Promise((settle) => (answer = settle));
      },
    });
    const asked = [access.mayCaptureOn('db1'), access.mayCaptureOn('db1')];
    answer(true);
    expect(await Promise.all(asked)).toEqual([true, true]);
    expect(questions).toHaveLength(1);
  });
});

describe('asking the way', () => {
  const question = { target: '198.51.100.7', port: 443 };

  it('runs on the desktop only what its own dialog was answered with yes to', async () => {
    const asked: Question[] = [];
    const answer = { isYes: false };
    const access = desktopAccess({
      mayOpen: new GrantedPaths(),
      mayReplace: new GrantedPaths(),
      confirmed: new Confirmations(settings, log),
      fleets: noFleets,
      ask: (one) => {
        asked.push(one);
        return Promise.resolve(answer.isYes);
      },
    });
    const { service, calls } = brokerWith(access);
    await expect(service['trace.start'](question, never)).rejects.toThrow('was not allowed');
    expect(calls).toEqual([]);
    answer.isYes = true;
    await service['trace.start'](question, never);
    expect(calls).toEqual([['trace.start', question]]);
    expect(asked).toHaveLength(2);
    expect(asked[0].message).toContain('198.51.100.7');
  });
});

describe('printing a report', () => {
  const access = serverAccess({
    paths: [],
    isUpload: () => false,
    allowPaths: false,
    sshHosts: [],
    fleets: [],
  });
  const print = ({ service }: Asked, html: string): Promise<Uint8Array> =>
    service['report.pdf']({ html }, never);

  it('is refused with what to do instead, where the host cannot', () => {
    expect(() => print(brokerWith(access), '<p>')).toThrow(/save the report as HTML and print it/u);
  });

  it('is done one after the other', async () => {
    const began: string[] = [];
    const end: (() => void)[] = [];
    const asked = brokerWith(access, [], undefined, (html) => {
      began.push(html);
      return new Promise((resolve) => end.push(() => void resolve(new TextEncoder().encode(html))));
    });
    const both = [print(asked, 'one'), print(asked, 'two')];
    await vi.waitFor(() => {
      expect(began).toEqual(['one']);
    });
    end[0]();
    expect(new TextDecoder().decode(await both[0])).toBe('one');
    await vi.waitFor(() => {
      expect(began).toEqual(['one', 'two']);
    });
    end[1]();
    expect(new TextDecoder().decode(await both[1])).toBe('two');
  });
});
