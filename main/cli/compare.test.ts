/** `resetscope compare`, and `analyze` of captures that hold the same connections, on both ends of conversations made here. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import type { ConversationPacket } from '../../test/support/conversation.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../test/support/conversation.ts';
import { runCli } from '../../test/support/run-cli.ts';
import type { ComparisonJson } from './schema.ts';
import {
  ANALYSIS_SCHEMA,
  COMPARISON_SCHEMA,
  JOINED_FLOWS_SCHEMA,
  JOINED_RESET_SCHEMA,
  PAIR_SCHEMA,
  PLACE_SCHEMA,
} from './schema.ts';

type Place = 'client' | 'server';

const ROUTERS = 4;
const ROUND_TRIP = 0.02;
const ONE_WAY_NS = 10_000_000n;

/** What one end captures of a connection; `clockNs` is what the server's clock shows more. */
function seenBy(place: Place, port: number, clockNs = 0n): Conversation {
  const away = { hops: ROUTERS, delay: ROUND_TRIP };
  const here = { hops: 0, delay: 0 };
  return new Conversation({
    client: { ...(place === 'client' ? here : away), port, timestamps: false, initialSeq: port * 7919 },
    server: { ...(place === 'client' ? away : here), timestamps: false, initialSeq: port * 104_729 },
    startNs: place === 'client' ? DEFAULT_START_NS : DEFAULT_START_NS + ONE_WAY_NS + clockNs,
  });
}

/** The server hangs up. */
function genuine(place: Place, port: number, clockNs = 0n): Conversation {
  return seenBy(place, port, clockNs).handshake().exchange(100, 5000).clientSends(60).rst({ from: 'server' });
}

/** A device hangs up on the client in the server's name; the server goes on, and the client refuses what comes. */
function forged(place: Place, port: number, clockNs = 0n): Conversation {
  const talk = seenBy(place, port, clockNs).handshake().exchange(100, 5000).clientSends(60);
  if (place === 'client') talk.rst({ from: 'server', ttl: 250, ipId: 0x7a31, after: 0.005 });
  return talk
    .serverAcks({ after: place === 'client' ? 0.035 : 0.02 })
    .serverSends(400)
    .rst({ from: 'client', style: 'reply' });
}

function both(place: Place, clockNs = 0n): ConversationPacket[] {
  return interleave(genuine(place, 40_001, clockNs), forged(place, 40_002, clockNs));
}

let dir = '';
let client = '';
let server = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-compare-'));
  client = write('client.pcap', both('client'));
  server = write('server.pcap', both('server'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, packets: readonly ConversationPacket[]): string {
  const path = join(dir, name);
  writeFileSync(path, writePcap({ packets, nanos: true }));
  return path;
}

async function compared(...args: string[]): Promise<ComparisonJson> {
  const run = await runCli(['compare', ...args, '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return v.parse(COMPARISON_SCHEMA, JSON.parse(run.stdout));
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

describe('compare', () => {
  it('tells places and pairs, and each reset once with where it was seen', async () => {
    const { places, pairs, resets } = await compared(client, server);
    expect(places).toMatchObject([
      { file: 0, files: [0], order: 0, offsetNs: 0, joined: true },
      { file: 1, files: [1], order: 1, joined: true },
    ]);
    expect(pairs).toMatchObject([{ files: [0, 1], class: 'same', connections: 2 }]);
    expect(pairs[0].flows.map(({ onlyFirst, onlySecond }) => [onlyFirst, onlySecond])).toEqual(
      expect.arrayContaining([
        [0, 0],
        [1, 0],
      ]),
    );
    expect(pairs[0].matched).toBe(pairs[0].flows.reduce((sum, { matched }) => sum + matched, 0));
    const ways = resets.map(({ claimed, seenAt, absentAt, born }) => ({
      claimed,
      seen: seenAt.map(({ file }) => file),
      absent: absentAt.map(({ file }) => file),
      born,
    }));
    expect(ways).toHaveLength(3);
    expect(ways).toEqual(
      expect.arrayContaining([
        { claimed: 'server', seen: [1, 0], absent: [], born: null },
        { claimed: 'server', seen: [0], absent: [1], born: { between: [1, 0] } },
        { claimed: 'client', seen: [0, 1], absent: [], born: null },
      ]),
    );
  });

  it('names frames of both files', async () => {
    const { resets, files } = await compared(client, server);
    for (const { file, frame, seenAt } of resets) {
      expect(seenAt).toContainEqual(expect.objectContaining({ file, frame }));
      for (const seen of seenAt) expect(seen.frame).toBeLessThanOrEqual(files[seen.file].packets);
    }
    const twice = resets.find(({ claimed, seenAt }) => claimed === 'server' && seenAt.length === 2);
    const packets = (['server', 'client'] as const).map((place) => both(place));
    const frames = packets.map((all, i) => [all, twice?.seenAt[i].frame] as const);
    // Flags of TCP behind Ethernet and IPv4 without options.
    for (const [all, frame] of frames) expect(all[(frame ?? 0) - 1].data[14 + 20 + 13] & 4).toBe(4);
  });

  it('holds the clock offset within its error', async () => {
    const late = write('late.pcap', both('server', 2_500_000_000n));
    const { places } = await compared(client, late);
    const other = places.find(({ offsetNs }) => offsetNs !== 0);
    expect(places.filter(({ offsetNs }) => offsetNs === 0)).toHaveLength(1);
    const sign = other?.file === 1 ? 1 : -1;
    const error = Math.abs((other?.offsetNs ?? 0) - sign * 2.5e9);
    expect(error).toBeLessThanOrEqual(other?.offsetErrorNs ?? -1);
  });

  it('takes captures whose clocks are far apart for two places', async () => {
    const late = write('minute-late.pcap', both('server', 60_000_000_000n));
    const { places, pairs } = await compared(client, late);
    expect(places.map(({ files }) => files)).toEqual([[0], [1]]);
    expect(pairs).toHaveLength(1);
  });

  it('takes parts of a rotated capture for one place', async () => {
    const half = both('client').length / 2;
    const first = write('near.pcap', both('client').slice(0, half));
    const second = write('near.pcap1', both('client').slice(half));
    const { places } = await compared(first, second, server);
    expect(places.map(({ files }) => files.length).sort()).toEqual([1, 2]);
  });

  it('writes the same objects one a line', async () => {
    const whole = await compared(client, server);
    const run = await runCli(['compare', client, server, '--ndjson']);
    const objects = lines(run.stdout).map((line) => JSON.parse(line) as { type: string });
    const of = (wanted: string): unknown[] => objects.filter(({ type }) => type === wanted);
    expect(of('place').map((one) => v.parse(PLACE_SCHEMA, one))).toEqual(whole.places);
    expect(of('pair').map((one) => v.parse(PAIR_SCHEMA, one))).toEqual(
      whole.pairs.map((pair) => v.parse(PAIR_SCHEMA, pair)),
    );
    expect(of('joinedFlows').map((one) => v.parse(JOINED_FLOWS_SCHEMA, one))).toEqual(
      whole.pairs.flatMap(({ flows }) => flows),
    );
    expect(of('reset').map((one) => v.parse(JOINED_RESET_SCHEMA, one))).toEqual(whole.resets);
  });

  it('tells people the path first, then the resets, then findings', async () => {
    const { exitCode, stdout, stderr } = await runCli(['compare', client, server, '--all']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const at = (text: string): number => {
      expect(stdout).toContain(text);
      return stdout.indexOf(text);
    };
    const order = [
      at('Path, from the client'),
      at('2 connections, the same packets'),
      at('seen at'),
      at('Next: '),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const table = lines(stdout).filter((line) => / (?:yes|no)$/u.test(line));
    expect(table).toHaveLength(3);
    expect(table.filter((line) => line.includes(', not '))).toHaveLength(1);
    expect(stdout).not.toContain('\u001b');
  });

  it('tells the way of each reset when asked for more', async () => {
    const { stdout } = await runCli(['compare', client, server, '--all', '--verbose']);
    const words = stdout.replace(/\s+/gu, ' ');
    expect(words).toMatch(/Seen at \S+ \(frame \d+, TTL 64\) and \S+ \(frame \d+, TTL 60, [\d.]+ ms later/u);
    expect(words).toMatch(/Not seen at \S+, which lies before that on its way/u);
  });

  it('fits the terminal', async () => {
    const terminal = { columns: 80, stdoutIsTerminal: true };
    const { stdout } = await runCli(['compare', client, server, '--no-color'], terminal);
    const told = lines(stdout).filter((line) => !line.startsWith('file '));
    expect(told.filter((line) => line.length > 80)).toEqual([]);
    expect((await runCli(['compare', client, server], terminal)).stdout).toContain('\u001b[');
  });

  it('keeps to the filter and the number of resets that is asked for', async () => {
    const { resets, pairs } = await compared(client, server, '--filter', 'tcp.port == 40002');
    expect(new Set(resets.map(({ flow }) => flow.client))).toEqual(new Set(['10.0.0.1:40002']));
    expect(pairs[0].connections).toBe(2);
    expect((await compared(client, server, '--limit', '1')).resets).toHaveLength(1);
  });
});

describe('resets of a burst', () => {
  it('each say where they were seen', async () => {
    const flood = (place: Place): ConversationPacket[] => {
      const talk = seenBy(place, 40_003).handshake().clientSends(60);
      for (let i = 0; i < 100; i++) talk.rst({ from: 'server', after: 0.001 });
      return talk.packets;
    };
    const { resets } = await compared(write('a.pcap', flood('client')), write('b.pcap', flood('server')));
    expect(resets).toHaveLength(100);
    expect(resets.filter(({ burstOf }) => burstOf !== undefined).length).toBeGreaterThan(0);
    const seen = resets.map(({ seenAt }) => seenAt.map(({ file, frame }) => `${file}:${frame}`));
    expect(seen).toEqual(resets.map(({ frame }) => [`1:${frame}`, `0:${frame}`]));
  });
});

describe('analyze of captures of the same connections', () => {
  it('joins them, and says so', async () => {
    const run = await runCli(['analyze', client, server, '--json']);
    const { resets, pairs, places } = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(resets.map((one) => v.parse(JOINED_RESET_SCHEMA, one))).toHaveLength(3);
    expect(pairs).toMatchObject([{ files: [0, 1], connections: 2 }]);
    expect(pairs?.[0]).not.toHaveProperty('flows');
    expect(places).toHaveLength(2);
    const table = (await runCli(['analyze', client, server, '--all'])).stdout.replace(/\s+/gu, ' ');
    expect(table).toContain('hold the same 2 connections');
    expect(table).toContain('--no-join keeps them apart');
    expect(table).not.toContain('Path, from the client');
  });

  it('keeps them apart when asked to, as files that share nothing', async () => {
    const run = await runCli(['analyze', client, server, '--json', '--no-join']);
    const { resets, ...rest } = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(resets).toHaveLength(5);
    expect(rest.places).toBeUndefined();
    expect(rest.pairs).toBeUndefined();
    for (const reset of resets) expect(Object.keys(reset)).not.toEqual(expect.arrayContaining(['seenAt']));
    const table = (await runCli(['analyze', client, server, '--no-join'])).stdout;
    expect(table).not.toMatch(/joined|seen at/u);
  });

  it('adds nothing to the JSON of a single capture', async () => {
    const run = await runCli(['analyze', client, '--json']);
    const { resets, ...rest } = JSON.parse(run.stdout) as { resets: object[] };
    expect(Object.keys(rest)).toEqual([
      ...['schema', 'files', 'flows', 'findings', 'moreFindings'],
      ...['endings', 'failures', 'moreFailures', 'icmpErrors'],
    ]);
    expect(resets).toHaveLength(3);
    for (const reset of resets) {
      for (const key of ['seenAt', 'absentAt', 'born', 'proven', 'sameActAs'])
        expect(reset).not.toHaveProperty(key);
    }
  });

  it('has its columns in CSV', async () => {
    const rows = (await runCli(['analyze', client, server, '--csv'])).stdout.trimEnd().split('\r\n');
    expect(rows[0].endsWith(',seen_at,absent_at,born_between,proven')).toBe(true);
    expect(rows).toHaveLength(4);
    const found = rows.slice(1).map((row) => row.split(',').slice(-4));
    expect(found.filter(([seen]) => seen.includes(client) && seen.includes(server))).toHaveLength(2);
    expect(found.find(([, absent]) => absent === server)?.[2]).toBe(`${server}; ${client}`);
    const alone = (await runCli(['analyze', client, '--csv'])).stdout.trimEnd().split('\r\n');
    expect(alone[1].endsWith(',,,,')).toBe(true);
  });
});

describe('what cannot be compared', () => {
  it('one capture', async () => {
    const run = await runCli(['compare', client]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain('two captures or more');
  });

  it('the same capture twice, under whatever name', async () => {
    const link = join(dir, 'link.pcap');
    symlinkSync(client, link);
    for (const other of [client, join(dir, '.', 'client.pcap'), link]) {
      const run = await runCli(['compare', client, other]);
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toMatch(/given twice|same file/u);
    }
  });

  it('parts of one capture', async () => {
    const first = write('only.pcap', both('client').slice(0, 10));
    const second = write('only.pcap1', both('client').slice(10));
    const run = await runCli(['compare', first, second]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('parts of one capture');
  });

  it('a file that is none, or is not there: the other one is told', async () => {
    const text = join(dir, 'text.pcap');
    writeFileSync(text, '{"not": "a capture"}');
    for (const other of [text, join(dir, 'missing.pcap')]) {
      const run = await runCli(['compare', client, other]);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain(other);
      expect(run.stdout).toContain('Only client.pcap could be read: there is nothing to compare it with.');
      const json = await runCli(['compare', client, other, '--json']);
      const { places, pairs, resets } = v.parse(COMPARISON_SCHEMA, JSON.parse(json.stdout));
      expect(json.exitCode).toBe(1);
      expect(places.map(({ file }) => file)).toEqual([0]);
      expect(pairs).toEqual([]);
      expect(resets).toHaveLength(3);
    }
  });

  it('captures that have nothing in common: each is told, and what to check', async () => {
    const other = write('other.pcap', genuine('server', 50_001).packets);
    const { pairs, places, resets } = await compared(client, other);
    expect(pairs).toEqual([]);
    expect(places).toMatchObject([
      { file: 0, order: null, offsetErrorNs: null, joined: false },
      { file: 1, order: null, offsetErrorNs: null, joined: false },
    ]);
    expect(
      resets.map(({ seenAt, absentAt, born, proven }) => [seenAt.length, absentAt, born, proven]),
    ).toEqual(resets.map(() => [1, [], null, false]));
    const { exitCode, stdout } = await runCli(['compare', client, other]);
    expect(exitCode).toBe(0);
    const words = stdout.replace(/\s+/gu, ' ');
    expect(words).toContain('client.pcap and other.pcap share no connection');
    for (const check of ['same time', 'capture filter', 'snap length', 'encrypted tunnel'])
      expect(words).toContain(check);
    expect(words).not.toContain('was made at the same time');
  });

  it('says where captures were made at different times', async () => {
    const later = write('later.pcap', genuine('server', 50_001, 3_600_000_000_000n).packets);
    const words = (await runCli(['compare', client, later])).stdout.replace(/\s+/gu, ' ');
    expect(words).toMatch(
      /no other capture was made at the same time: client\.pcap from 2023-11-14 22:13:20 to .* and later\.pcap from 2023-11-14 23:13:20 to /u,
    );
  });

  it('one of three that has nothing to do with the others', async () => {
    const other = write('third.pcap', genuine('server', 50_002).packets);
    const { places, pairs } = await compared(client, server, other);
    expect(places.map(({ joined }) => joined)).toEqual([true, true, false]);
    expect(pairs).toHaveLength(1);
    const { stdout } = await runCli(['compare', client, server, other]);
    expect(stdout).toContain('third.pcap shares no connection with the others');
  });
});

it('compares nine captures', async () => {
  const files = Array.from({ length: 9 }, (_, i) => {
    const talk = new Conversation({
      client: { hops: i, delay: i * 0.002, timestamps: false, initialSeq: 40_000 * 7919 },
      server: { hops: 8 - i, delay: (8 - i) * 0.002, timestamps: false, initialSeq: 40_000 * 104_729 },
      startNs: DEFAULT_START_NS + BigInt(i) * 1_000_000n,
    });
    return write(`point-${i}.pcap`, talk.handshake().exchange(100, 100).rst({ from: 'server' }).packets);
  });
  const { places, pairs, resets } = await compared(...files);
  expect(places.map(({ file }) => file)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(pairs).toHaveLength(36);
  expect(resets).toHaveLength(1);
  expect(resets[0].seenAt.map(({ file }) => file)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  // Neighbours tell of all others.
  const { stdout } = await runCli(['compare', ...files]);
  expect(stdout.match(/connection, the same packets/gu)).toHaveLength(8);
});

it('tells what was read when it is interrupted while it joins', async () => {
  let interrupt: ((signal: 'SIGINT') => void) | undefined;
  let told = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      told += chunk.toString();
      if (chunk.toString().includes('joining')) interrupt?.('SIGINT');
      done();
    },
  });
  const run = await runCli(['compare', client, server, '--json'], {
    stderr,
    stderrIsTerminal: true,
    onInterrupt(listener) {
      interrupt = listener;
      return () => undefined;
    },
  });
  expect(run.exitCode).toBe(130);
  expect(told).toContain('interrupted before captures were joined');
  const { files, resets, pairs } = v.parse(COMPARISON_SCHEMA, JSON.parse(run.stdout));
  expect(files.map(({ packets }) => packets)).toEqual([both('client').length, both('server').length]);
  expect(pairs).toEqual([]);
  expect(resets).toHaveLength(5);
});
