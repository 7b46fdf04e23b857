import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/patience.ts';
import { writeSimplePcapng } from '../../../test/support/capture-writer.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { partsWith, writeHelper } from '../../../test/support/fake-programs.ts';
import { EVERYTHING_ALLOWED, WholeApp } from '../../../test/support/whole-app.ts';
import { record } from '../../../test/support/recording-sink.ts';
import type { LiveOptions, LiveStatus } from '../../../shared/model/live.ts';
import type { Service } from '../../../shared/rpc/service.ts';
import { RESET_ROWS } from '../../../shared/columns/rows.ts';
import { defaultOptions } from './live-defaults.ts';

const signal = new AbortController().signal;
const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
const OPTIONS: LiveOptions = { ...defaultOptions('eth7'), keepFreeBytes: 0 };

let folder = '';
let app: WholeApp;
let service: Service;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-live-'));
  writeFileSync(join(folder, 'source.pcapng'), writeSimplePcapng(talk.packets, { name: 'eth7' }));
  const parts = partsWith(writeHelper(join(folder, 'bin'), talk.packets), join(folder, 'captures'));
  app = new WholeApp(parts, { ...EVERYTHING_ALLOWED, mayWrite: () => 'no' });
  service = app.service;
});
afterEach(async () => {
  await app.dispose();
  rmSync(folder, { recursive: true });
});

const start = (more: Partial<LiveOptions> = {}): Promise<null> =>
  service['live.start']({ options: { ...OPTIONS, ...more } }, signal);
const status = (): Promise<LiveStatus> => service['live.status']({}, signal);
const phase = async (): Promise<string> => (await service['capture.progress']({}, signal)).phase;
const allRead = (): Promise<void> =>
  eventually(async () => {
    expect((await service['capture.progress']({}, signal)).packets).toBe(talk.packets.length);
  });

describe('a live capture', () => {
  it('is opened while it runs, judged soon, and stays open when it has ended', async () => {
    const told: LiveStatus[] = [];
    app.events.live.on((one) => told.push(one));
    await start();
    expect(await status()).toMatchObject({
      phase: 'capturing',
      source: 'helper',
      error: null,
      command: expect.stringContaining('resetscope-capd capture --interface eth7') as string,
    });
    await allRead();
    expect(await phase()).toBe('following');
    await eventually(async () => {
      const query = { sort: 'frame', direction: 'ascending', filter: '', from: 0, count: 10 } as const;
      const { rows, total } = await service['resets.rows'](query, signal);
      expect(total).toBe(1);
      expect(RESET_ROWS.decode(rows)[0].kind).toBe('endpoint');
    });
    await service['live.stop']({}, signal);
    await eventually(async () => expect(await phase()).toBe('done'));
    const ended = await status();
    expect(ended).toMatchObject({ phase: 'stopped', error: null, packets: talk.packets.length, lagBytes: 0 });
    expect(ended.files).toHaveLength(1);
    expect(statSync(dirname(ended.files[0].path)).mode & 0o777).toBe(0o700);
    expect(told.map((one) => one.phase)).toEqual(
      expect.arrayContaining(['starting', 'capturing', 'stopping', 'stopped']),
    );
    const revisions = told.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(app.remembered).toEqual([OPTIONS]);
  });

  it('looks into packets again, and says so when the ring let go of them', async () => {
    await start();
    await allRead();
    const read = (): Promise<unknown> =>
      service['flows.stream']({ flow: 0, side: 'client', place: 0, packet: null, bytes: 100 }, signal);
    expect(await read()).toMatchObject({ pieces: [{ kind: 'data' }, { kind: 'reset' }] });
    rmSync((await status()).files[0].path);
    await expect(read()).rejects.toThrow(/the ring let go of this file/u);
  });

  it('catches a reset with what was around it, and tells of it', async () => {
    await start({
      catch: {
        origins: [],
        causes: [],
        filter: 'server:192.0.2.1',
        onlyThatMatter: false,
        beforeSeconds: 9,
        afterSeconds: 0,
      },
    });
    await expect(service['live.catch']({ rule: null }, signal)).resolves.toBeNull();
    const rule = {
      origins: ['endpoint' as const],
      causes: [],
      filter: '',
      onlyThatMatter: false,
      beforeSeconds: 3600,
      afterSeconds: 0,
    };
    await service['live.catch']({ rule }, signal);
    expect((await status()).options?.catch).toEqual(rule);
    const caught = await eventually(async () => {
      const [one] = (await status()).cases;
      if (one === undefined || one.path === null) throw new Error('nothing caught yet');
      return one;
    });
    expect(caught).toMatchObject({
      resets: 1,
      packets: talk.packets.length,
      error: null,
      origin: 'endpoint',
    });
    expect(dirname(caught.path ?? '')).toBe(join((await status()).folder ?? '', 'cases'));
    expect(record(readFileSync(caught.path ?? '')).packets).toHaveLength(talk.packets.length);
    await eventually(() =>
      expect(app.notices).toEqual([
        { title: expect.stringContaining('Reset caught') as string, text: caught.summary },
      ]),
    );
  });

  it('goes on while something else is looked at, and ends when it is closed', async () => {
    await start();
    await service['capture.open']({ paths: [join(folder, 'source.pcapng')], follow: false }, signal);
    expect((await status()).phase).toBe('capturing');
    await eventually(async () => expect(await phase()).toBe('done'));
    const live = (await service['capture.list']({}, signal)).find(({ isLive }) => isLive);
    expect(live?.isShown).toBe(false);
    await service['capture.close']({ capture: live?.capture }, signal);
    expect((await status()).phase).toBe('stopped');
    expect(await phase()).toBe('done');
  });

  it('follows another one, in a folder of its own', async () => {
    await start();
    const first = (await status()).folder;
    // The second capture starts within the same second, most likely.
    await start();
    expect((await status()).folder).not.toBe(first);
    expect(readdirSync(join(folder, 'captures'))).toHaveLength(2);
    await allRead();
    expect((await status()).phase).toBe('capturing');
  });
});

describe('a capture that fails', () => {
  it.each<[Partial<LiveOptions>, string, RegExp]>([
    [{ interface: 'nope' }, 'no-such-interface', /there is no nope/u],
    [{ interface: 'secret' }, 'no-permission', /no right to capture/u],
    [{ interface: 'garbage' }, 'source-died', /no pcapng/u],
    [{ filter: 'bad' }, 'bad-filter', /syntax error/u],
    [{ source: 'tcpdump' }, 'source-missing', /no tcpdump here/u],
    [{ source: 'ssh' }, 'bad-options', /needs a host/u],
    [{ keepFreeBytes: 1024 ** 5 }, 'disk-full', /bytes left/u],
    [{ folder: '/proc/nowhere' }, 'disk-error', /nowhere/u],
  ])('to start with %j', async (more, code, message) => {
    await expect(start(more)).rejects.toThrow(message);
    expect(await status()).toMatchObject({ phase: 'failed', error: { code } });
    expect(app.remembered).toEqual([]);
    // Another start may succeed.
    await start();
    expect((await status()).phase).toBe('capturing');
  });

  it('later keeps what was captured', async () => {
    await start({ interface: 'gone' });
    await eventually(async () => expect(await phase()).toBe('done'));
    await eventually(async () => {
      expect(await status()).toMatchObject({
        phase: 'failed',
        error: { code: 'interface-gone', message: 'eth7 went away' },
      });
    });
    expect((await service['capture.summary']({}, signal)).packets).toBe(talk.packets.length);
  });

  it('leaves what is open alone', async () => {
    await service['capture.open']({ paths: [join(folder, 'source.pcapng')], follow: false }, signal);
    await eventually(async () => expect(await phase()).toBe('done'));
    await expect(start({ interface: 'nope' })).rejects.toThrow();
    expect((await service['capture.summary']({}, signal)).packets).toBe(talk.packets.length);
  });
});

describe('saving', () => {
  it('puts the ring into one file', async () => {
    await expect(service['live.save']({ path: join(folder, 'captures', 'x') }, signal)).rejects.toThrow(
      /nothing was captured/u,
    );
    await start();
    await allRead();
    const inside = join(folder, 'captures', 'all.pcapng');
    expect(await service['live.save']({ path: inside }, signal)).toBe(inside);
    expect(record(readFileSync(inside)).packets).toHaveLength(talk.packets.length);
    const [ring] = (await status()).files;
    await expect(service['live.save']({ path: ring.path }, signal)).rejects.toThrow(/exists already/u);
    const order = { path: ring.path, existing: 'replace' } as const;
    await expect(app.capturer.service.save(order, signal)).rejects.toThrow(/of the ring itself/u);
    expect(existsSync(ring.path)).toBe(true);
  });
});

it('offers what there is', async () => {
  const offer = await service['live.offer']({}, signal);
  expect(offer.interfaces.map(({ name }) => name)).toEqual(['eth7']);
  expect(offer.diagnosis.canCapture).toBe(true);
  expect(offer).toMatchObject({ folder: join(folder, 'captures'), filterHistory: ['port 80'] });
  expect(offer.lastOptions.interface).toBe('eth7');
  expect(
    await service['live.checkFilter']({ source: 'auto', interface: 'eth7', filter: 'bad' }, signal),
  ).toEqual({
    ok: false,
    message: 'syntax error',
  });
  expect(await service['live.command']({ options: OPTIONS }, signal)).toMatch(/capture --interface eth7/u);
  await expect(service['live.catch']({ rule: null }, signal)).rejects.toMatchObject({ code: 'not-found' });
});
