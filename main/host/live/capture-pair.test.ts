import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { partsWith, writeHelper, writeProgram } from '../../../test/support/fake-programs.ts';
import { eventually } from '../../../test/support/patience.ts';
import { record } from '../../../test/support/recording-sink.ts';
import { EVERYTHING_ALLOWED, WholeApp } from '../../../test/support/whole-app.ts';
import type { LiveOptions, LiveStatus, SecondPlace } from '../../../shared/model/live.ts';
import type { Service } from '../../../shared/rpc/service.ts';
import { defaultOptions } from './live-defaults.ts';

const signal = new AbortController().signal;
const talk = new Conversation().handshake().clientSends('hello').serverAcks();
const atClient = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
const SECOND: SecondPlace = { source: 'ssh', interface: 'eth1', host: 'web', filter: '' };
const OPTIONS: LiveOptions = { ...defaultOptions('eth7'), keepFreeBytes: 0, second: SECOND };

let folder = '';
let app: WholeApp;
let service: Service;

/** An ssh whose other machine saw `talk`; "dies" and "refuses" are hosts that do, "slow" is one that never answers. */
function writeSsh(): void {
  writeFileSync(join(folder, 'there'), writePcap({ packets: talk.packets, nanos: true }));
  writeProgram(
    join(folder, 'bin'),
    'ssh',
    `for last; do before=$host; host=$last; done
case "$before" in
refuses) echo 'ssh: connect to host refuses port 22: Connection refused' >&2; exit 255;;
unable) echo 'tcpdump: eth1: You do not have permission to capture on that device' >&2; exit 1;;
slow) cat >/dev/null; exit 255;;
esac
cat '${folder}/there'
case "$before" in
dies) while [ ! -e '${folder}/die' ]; do sleep 0.02; done; echo 'Connection to dies closed' >&2; exit 255;;
esac
cat >/dev/null`,
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-pair-'));
  const bare = partsWith(writeHelper(join(folder, 'bin'), atClient.packets), join(folder, 'captures'));
  const parts = { ...bare, places: { ...bare.places, path: join(folder, 'bin') } };
  writeSsh();
  app = new WholeApp(parts, EVERYTHING_ALLOWED);
  service = app.service;
});
afterEach(async () => {
  await app.dispose();
  rmSync(folder, { recursive: true });
});

const start = (more: Partial<LiveOptions> = {}): Promise<null> =>
  service['live.start']({ options: { ...OPTIONS, ...more } }, signal);
const at = (host: string): Promise<null> => start({ second: { ...SECOND, host } });
const status = (): Promise<LiveStatus> => service['live.status']({}, signal);
const progress = () => service['capture.progress']({}, signal);
const bothSeen = (): Promise<void> =>
  eventually(async () => {
    expect((await progress()).packets).toBe(atClient.packets.length);
    expect((await status()).second?.packets).toBe(talk.packets.length);
  });
const joined = () =>
  eventually(async () => {
    const report = await service['capture.join']({}, signal);
    if (report === null) throw new Error('nothing was joined yet');
    expect((await progress()).phase).toBe('done');
    return report;
  });
const captured = (): string[] =>
  existsSync(join(folder, 'captures'))
    ? readdirSync(join(folder, 'captures'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.pcapng'),
      )
    : [];

describe('a capture at two places', () => {
  it('tells of the first while it runs, and opens both as one case when it has ended', async () => {
    await start();
    expect(await status()).toMatchObject({
      phase: 'capturing',
      source: 'helper',
      second: { phase: 'capturing', source: 'ssh', error: null },
    });
    await bothSeen();
    const [live] = await service['capture.list']({}, signal);
    expect(live).toMatchObject({ isLive: true, packets: atClient.packets.length });
    expect(app.remembered).toEqual([OPTIONS]);

    await service['live.stop']({}, signal);
    const report = await joined();
    expect(report.vantages).toHaveLength(2);
    expect(report.pairs).toMatchObject([{ matched: talk.packets.length, onlyFirst: 1, onlySecond: 0 }]);
    expect(await status()).toMatchObject({ phase: 'stopped', error: null, second: { phase: 'stopped' } });
    const summary = await service['capture.summary']({}, signal);
    expect(summary.packets).toBe(atClient.packets.length + talk.packets.length);
    const { folder: kept, second } = await status();
    expect(second?.folder).toBe(join(kept ?? '', 'second'));
    // One tab is instead of the other.
    const open = await service['capture.list']({}, signal);
    expect(open).toMatchObject([{ isLive: true, isShown: true }]);
    expect(open[0].capture).not.toBe(live.capture);
  });

  it('leaves what else is shown where it is', async () => {
    writeFileSync(join(folder, 'other.pcap'), writePcap({ packets: talk.packets }));
    await start();
    await bothSeen();
    await service['capture.open']({ paths: [join(folder, 'other.pcap')], follow: false }, signal);
    await service['live.stop']({}, signal);
    await eventually(async () => {
      const open = await service['capture.list']({}, signal);
      expect(open.map(({ isLive, isShown, phase }) => [isLive, isShown, phase])).toEqual([
        [true, false, 'done'],
        [false, true, 'done'],
      ]);
      expect(open[0].packets).toBe(atClient.packets.length + talk.packets.length);
    });
  });

  it('goes on without the second where that dies, and uses what it has', async () => {
    await at('dies');
    await bothSeen();
    writeFileSync(join(folder, 'die'), '');
    await eventually(async () => {
      expect(await status()).toMatchObject({
        phase: 'capturing',
        error: null,
        second: { phase: 'failed', error: { code: 'remote', message: 'dies: Connection to dies closed' } },
      });
    });
    await service['live.stop']({}, signal);
    expect((await joined()).vantages).toHaveLength(2);
  });

  it('ends at both where the first ends', async () => {
    await start({ interface: 'gone' });
    expect((await joined()).vantages).toHaveLength(2);
    expect(await status()).toMatchObject({
      phase: 'failed',
      error: { code: 'interface-gone' },
      second: { phase: 'stopped', error: null },
    });
  });

  it.each<[Partial<LiveOptions>, string, RegExp]>([
    [{ second: { ...SECOND, host: 'refuses' } }, 'remote', /second place .*refuses: .*Connection refused/u],
    [{ second: { ...SECOND, host: 'unable' } }, 'no-permission', /second place .*unable: .*permission/u],
    [{ second: { ...SECOND, source: 'auto', host: null, interface: 'nope' } }, 'no-such-interface', /nope/u],
    [{ second: { ...SECOND, source: 'auto', host: null, interface: 'eth7' } }, 'bad-options', /same/u],
    [
      { source: 'ssh', host: 'web', second: { ...SECOND, source: 'auto', host: null } },
      'bad-options',
      /first/u,
    ],
    [{ interface: 'nope' }, 'no-such-interface', /^there is no nope/u],
  ])('starts nothing with %j', async (more, code, message) => {
    await expect(start(more)).rejects.toThrow(message);
    const { phase, error, second } = await status();
    if (code === 'no-permission') expect(error?.problem?.title).toBe('tcpdump may not capture on unable');
    expect({ phase, code: error?.code }).toEqual({ phase: 'failed', code });
    expect(second?.phase).toMatch(/stopped|failed/u);
    expect(await service['capture.list']({}, signal)).toEqual([]);
    // Another start may succeed.
    await start();
    expect((await status()).phase).toBe('capturing');
  });

  it('can be stopped while the second place is being started', async () => {
    const starting = at('slow');
    starting.catch(() => undefined);
    await eventually(async () => expect((await status()).second?.command).toContain('ssh'));
    await service['live.stop']({}, signal);
    await expect(starting).rejects.toThrow();
    expect(await status()).toMatchObject({ phase: 'stopped', second: { phase: 'stopped' } });
    expect(captured()).toEqual([]);
  });

  it('keeps the seconds around a caught reset at both places', async () => {
    const rule = { origins: [], causes: [], filter: '', onlyThatMatter: false, beforeSeconds: 3600 };
    await start({ catch: { ...rule, afterSeconds: 0 } });
    const caught = await eventually(async () => {
      const [one] = (await status()).cases;
      if (one === undefined || one.path === null) throw new Error('nothing caught yet');
      return one;
    });
    expect(caught).toMatchObject({ error: null, packets: atClient.packets.length });
    expect(dirname(caught.secondPath ?? '')).toBe(dirname(caught.path ?? ''));
    expect(record(readFileSync(caught.secondPath ?? '')).packets).toHaveLength(talk.packets.length);
  });
});
