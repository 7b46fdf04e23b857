import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap, writeSimplePcapng } from '../../test/support/capture-writer.ts';
import {
  Conversation,
  type ConversationOptions,
  type ConversationPacket,
} from '../../test/support/conversation.ts';
import { clientHello, record, serverHello } from '../../test/support/tls-messages.ts';
import { continues, expandRotatedSet, planTimelines } from './file-set.ts';
import { peekFile } from './peek.ts';
import { rotatedSetOf } from './rotated-name.ts';

const START = 1_700_000_000;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function seconds(at: number): bigint {
  return BigInt(START + at) * 1_000_000_000n;
}

interface CaptureOptions {
  readonly linkType?: number;
  readonly packets?: number;
  readonly pcapng?: boolean;
  readonly gzip?: boolean;
}

/** Writes a capture with packets from second `from` to second `to`. */
function capture(name: string, from: number, to: number, options: CaptureOptions = {}): string {
  const { linkType = 1, packets: count = 11, pcapng = false, gzip = false } = options;
  const packets = Array.from({ length: count }, (_, i) => ({
    timeNs: seconds(from) + ((seconds(to) - seconds(from)) * BigInt(i)) / BigInt(count - 1),
    data: Uint8Array.from({ length: 400 }, (_, j) => (i * 7 + j) & 0xff),
  }));
  const bytes = pcapng ? writeSimplePcapng(packets, { linkType }) : writePcap({ packets, linkType });
  const path = join(dir, name);
  writeFileSync(path, gzip ? gzipSync(bytes) : bytes);
  return path;
}

async function plan(...paths: string[]): Promise<string[][]> {
  const { timelines } = await planTimelines(paths);
  return timelines.map((timeline) => timeline.map((path) => basename(path)));
}

describe('names of rotated captures', () => {
  const sets: [name: string, set: string | undefined][] = [
    ['a_00001_20260131235959.pcapng', 'a*.pcapng'],
    ['a_00123_20260131235959.pcapng.gz', 'a*.pcapng'],
    ['a_20260131235959_00001.pcapng', 'a*.pcapng'],
    ['client_00001.pcap', 'client*.pcap'],
    ['dump.pcap', 'dump.pcap*'],
    ['dump.pcap1', 'dump.pcap*'],
    ['dump.pcap07', 'dump.pcap*'],
    ['edge-20260131-235959.pcap', 'edge-*.pcap'],
    ['edge-20260131235959.pcap3', 'edge-*.pcap'],
    ['edge_2026-01-31_23:59:59.pcap.zst', 'edge_*.pcap'],
    ['eth0.1700000000.pcap', 'eth0.*.pcap'],
    ['host1', undefined],
    ['notes.txt', undefined],
  ];
  it.each(sets)('%s', (name, set) => {
    expect(rotatedSetOf(join('dir', name))).toBe(set === undefined ? undefined : join('dir', set));
  });
});

describe('peeking', () => {
  for (const pcapng of [false, true]) {
    it(`finds first and last times of a large ${pcapng ? 'pcapng' : 'pcap'} file by its ends`, async () => {
      const path = capture('large', 0, 1000, { packets: 10_001, pcapng });
      const peek = await peekFile(path);
      expect(peek.sizeBytes).toBeGreaterThan(4_000_000);
      expect(peek).toMatchObject({ firstNs: seconds(0), lastNs: seconds(1000), linkTypes: [1] });
    });
  }

  it('knows only the begin of compressed files', async () => {
    const peek = await peekFile(capture('c.pcap.gz', 0, 10, { gzip: true }));
    expect(peek).toMatchObject({ firstNs: seconds(0), lastNs: undefined });
  });
});

describe('timelines', () => {
  it('chains files that follow one another, whatever the order given', async () => {
    const a = capture('a', 0, 100);
    const b = capture('b', 101, 200);
    const c = capture('c', 700, 800);
    expect(await plan(c, a, b)).toEqual([['a', 'b', 'c']]);
  });

  it('does not chain across a long pause, an overlap, or other link types', async () => {
    const a = capture('a', 0, 100);
    expect(await plan(a, capture('later', 701, 800))).toEqual([['a'], ['later']]);
    expect(await plan(a, capture('within', 50, 150))).toEqual([['a'], ['within']]);
    expect(await plan(a, capture('other', 101, 150, { linkType: 113 }))).toEqual([['a'], ['other']]);
  });

  it('stand in the order in which the captures were named, whichever began first', async () => {
    const server = capture('server.pcap', 0, 100);
    const parts = [capture('client.pcap1', 60, 99), capture('client.pcap0', 20, 60)];
    expect(await plan(...parts, server)).toEqual([['client.pcap0', 'client.pcap1'], ['server.pcap']]);
    expect(await plan(server, ...parts)).toEqual([['server.pcap'], ['client.pcap0', 'client.pcap1']]);
  });

  it('keeps two captures apart that were rotated at the same time', async () => {
    const names = ['client', 'server'].flatMap((host, shift) =>
      [0, 1, 2].map((i) => capture(`${host}.pcap${i}`, i * 100 + shift, i * 100 + 99 + shift)),
    );
    expect(await plan(...names)).toEqual([
      ['client.pcap0', 'client.pcap1', 'client.pcap2'],
      ['server.pcap0', 'server.pcap1', 'server.pcap2'],
    ]);
  });

  it.each([
    '_0000#.pcap',
    '_0000#_20260131235959.pcapng',
    '_20260131235959_0000#.pcapng',
    '.2026013123595#.pcap',
  ])('keeps two sets of %s apart', async (ending) => {
    const names = ['client', 'server'].map((host, shift) =>
      [1, 2, 3].map((i) =>
        capture(`${host}${ending.replace('#', `${i}`)}`, i * 100 + shift, i * 100 + 99 + shift),
      ),
    );
    expect(await plan(...names.flat())).toEqual(names.map((set) => set.map((path) => basename(path))));
  });

  it('chains a rotated set over an idle hour, and compressed ones by their names', async () => {
    expect(await plan(capture('x.pcap', 0, 10), capture('x.pcap1', 3600, 3700))).toEqual([
      ['x.pcap', 'x.pcap1'],
    ]);
    const zipped = [
      capture('y.pcap.gz', 0, 10, { gzip: true }),
      capture('y.pcap1.gz', 11, 20, { gzip: true }),
    ];
    expect(await plan(...zipped, capture('z.gz', 21, 30, { gzip: true }))).toEqual([
      ['y.pcap.gz', 'y.pcap1.gz'],
      ['z.gz'],
    ]);
  });

  it('orders a ring by time, not by name', async () => {
    const files = [capture('r.pcap0', 200, 300), capture('r.pcap1', 0, 100), capture('r.pcap2', 100, 200)];
    expect(await plan(...files)).toEqual([['r.pcap1', 'r.pcap2', 'r.pcap0']]);
  });

  it('reads a file given twice once, and reports what it cannot open', async () => {
    const a = capture('a', 0, 1);
    const empty = join(dir, 'empty');
    writeFileSync(empty, '');
    const missing = join(dir, 'missing');
    const result = await planTimelines([a, missing, empty, join(dir, '.', 'a')]);
    expect(result.timelines).toEqual([[a], [empty]]);
    expect(result.unreadable).toEqual([{ path: missing, message: `${missing}: there is no such file` }]);
    expect(result.sizeBytes).toBe((await peekFile(a)).sizeBytes);
  });

  it('needs names where the end of the previous file is unknown', () => {
    const file = { firstNs: seconds(0), lastNs: undefined, linkTypes: [1] };
    const next = { firstNs: seconds(1), lastNs: undefined, linkTypes: [1] };
    expect(continues({ ...file, path: 'a.pcap' }, { ...next, path: 'a.pcap1' })).toBe(true);
    expect(continues({ ...file, path: 'a.pcap' }, { ...next, path: 'b.pcap' })).toBe(false);
    expect(continues({ ...next, path: 'a.pcap1' }, { ...file, path: 'a.pcap' })).toBe(false);
  });
});

describe('captures of the same traffic', () => {
  const at = (offset: number, tell: (talk: Conversation) => unknown, options: ConversationOptions = {}) => {
    const talk = new Conversation({ ...options, startNs: seconds(offset) });
    tell(talk);
    return talk.packets;
  };
  const file = (name: string, ...packets: (readonly ConversationPacket[])[]): string => {
    const path = join(dir, name);
    writeFileSync(path, writePcap({ packets: packets.flat() }));
    return path;
  };
  const whole = (talk: Conversation): Conversation =>
    talk.handshake().exchange(100, 2000).wait(5).exchange(200, 300).closes();
  const nat = { client: { address: '198.51.100.1', port: 1024 } };

  it('are apart although the clock of one makes it seem to go on where the other ends', async () => {
    const client = file('client', at(0, whole));
    expect(await plan(client, file('server', at(30, whole)))).toEqual([['client'], ['server']]);
    expect(await plan(client, file('beyond-nat', at(30, whole, nat)))).toEqual([['client'], ['beyond-nat']]);
  });

  it('are found in files of one capture that is rotated', async () => {
    const parts = [0, 1, 2, 3, 4].map((i) =>
      file(`client_0000${i}.pcap`, at(i * 10, whole, { client: { port: 4000 + i } })),
    );
    const server = file(
      'server',
      at(600, (talk) => whole(talk), { client: { port: 4001 } }),
    );
    const found = await plan(...parts, server);
    expect(found.map((one) => one.length)).toEqual([5, 1]);
  });

  it('are told by the begins of connections where all numbers are drawn anew', async () => {
    const begins = (offset: number, by: number) =>
      [0, 1, 2, 3].flatMap((i) => {
        const port = 4000 + i;
        return at(offset + i * i, whole, {
          client: { port, initialSeq: by + i },
          server: { initialSeq: by - i },
        });
      });
    const files = [file('client', begins(0, 1e9)), file('server', begins(60, 2e9))];
    expect(await plan(...files)).toEqual([['client'], ['server']]);
  });

  it('are told by their TLS hellos on the other side of a proxy', async () => {
    const hello = record(22, clientHello({ serverName: 'shop.example' }));
    const answer = record(22, serverHello()).fill(0x77, 11, 43);
    const tls = (talk: Conversation): unknown => talk.handshake().exchange(hello, answer).closes();
    const back = {
      client: { address: '10.9.0.1', initialSeq: 7e8 },
      server: { address: '10.9.0.2', initialSeq: 8e8 },
    };
    expect(await plan(file('front', at(0, tls)), file('back', at(9, tls, back)))).toEqual([
      ['front'],
      ['back'],
    ]);
  });

  it('are not seen in what is sent again after the one file ended', async () => {
    const first = new Conversation({ startNs: seconds(0) }).handshake().exchange(100, 2000).clientSends(700);
    const end = first.packets.length;
    for (const after of [1, 2, 4]) first.retransmit('client', { after });
    first.keepAlive('client', { after: 60 }).serverAcks().keepAlive('client', { after: 60 }).serverAcks();
    const files = [file('a', first.packets.slice(0, end)), file('b', first.packets.slice(end))];
    expect(await plan(...files)).toEqual([['a', 'b']]);
  });
});

describe('the set on disk', () => {
  it('is found by any of its files', async () => {
    const names = ['s.pcap', 's.pcap1', 's.pcap2', 's.pcap10', 'other.pcap', 's.pcapng.txt'];
    for (const name of names) capture(name, 0, 1);
    const found = await expandRotatedSet(join(dir, 's.pcap2'));
    expect(found.map((path) => basename(path))).toEqual(['s.pcap', 's.pcap1', 's.pcap2', 's.pcap10']);
    expect(await expandRotatedSet(join(dir, 's.pcapng.txt'))).toEqual([join(dir, 's.pcapng.txt')]);
  });
});
