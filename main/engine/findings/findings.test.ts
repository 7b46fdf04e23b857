import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import type { ConversationOptions } from '../../../test/support/conversation.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../../test/support/conversation.ts';
import type { Findings } from '../../../shared/model/finding.ts';

function findingsOf(talks: readonly Conversation[], limit = 100): Findings {
  const session = analyzePackets(interleave(...talks));
  return session.findings(allOf(session.resets.count), limit);
}

function allOf(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, id) => id);
}

/** Connection number `i`, begun `i` minutes after the first. */
function number(i: number, options: ConversationOptions = {}): Conversation {
  return new Conversation({
    ...options,
    client: { ...options.client, port: 40_000 + i },
    server: { hops: 6, delay: 0.02, address: '10.0.0.9', port: 443, ...options.server },
    startNs: DEFAULT_START_NS + BigInt(i) * 60_000_000_000n,
  });
}

/** A device five hops nearer forgets after 350 s and answers the next packet; the server's TTL would be 58. */
const forgotten = (i: number): Conversation =>
  number(i)
    .handshake()
    .exchange(100, 100)
    .exchange(100, 100)
    .wait(350)
    .clientSends(10)
    .rst({ from: 'server', style: 'reply', ttl: 254 })
    // The device kept the client's ten bytes: the server knows nothing of them.
    .segment('server', { flags: 'PA', payload: 5, ack: 1_000_201, after: 0.3 });

/** Connects, one each `seconds`: 'a' is accepted, 'r' refused. */
function connects(letters: string, seconds: number): Conversation[] {
  return [...letters].map((letter, i) => {
    const made = new Conversation({
      client: { port: 41_000 + i },
      server: { hops: 3, delay: 0.01, address: '10.0.0.9', port: 443 },
    }).wait(i * seconds);
    return letter === 'r' ? made.refused() : made.handshake().exchange(50, 50).closes('server').clientAcks();
  });
}

describe('what happened as one event', () => {
  const sentenceOf = (talks: readonly Conversation[]): string | undefined =>
    findingsOf(talks).list.find(({ cause }) => cause === 'connection-refused')?.sentence;

  it('has begin and end, where a service was down', () => {
    expect(sentenceOf(connects('aaaaarrrraaaaa', 1))).toMatch(
      /^4 resets, .* to 10\.0\.0\.9:443, while it was down, between 22:13:24\.\d UTC and 22:13:29\.\d UTC; why/,
    );
  });

  it('is not told of two outages, which have two', () => {
    const sentence = sentenceOf(connects('aaaaarrrraaaaarrrraaaaa', 1));
    expect(sentence).toMatch(/^8 resets/);
    expect(sentence).not.toContain('while it was down');
  });

  it('has its rounds, where it is a loop', () => {
    const talk = number(0).handshake().rst({ from: 'server' });
    for (let i = 0; i < 12; i++) {
      talk
        .segment('client', { ack: talk.server.next, after: 0.05 })
        .rst({ from: 'server', style: 'reply', after: 0.001 });
    }
    const loop = findingsOf([talk]).list.find(({ cause }) => cause === 'reset-loop');
    expect(loop?.sentence).toMatch(/, one loop, 1[23] rounds in [\d.]+ ms; why: likely loop/);
  });

  it('is as sure as its parts', () => {
    const [finding] = findingsOf([
      number(0)
        .handshake()
        .exchange(10, 10)
        .closes('server')
        .clientSends(9)
        .rst({ from: 'server', style: 'reply' }),
    ]).list;
    expect(finding.sentence).toContain('why: likely data after close (95 %)');
  });
});

describe('resets of one device', () => {
  const { list, total, noise } = findingsOf(Array.from({ length: 12 }, (_, i) => forgotten(i)));
  const [finding] = list;

  it('are one finding', () => {
    expect([list.length, total, noise]).toEqual([1, 1, { findings: 0, resets: 0 }]);
    expect(finding).toMatchObject({
      kind: 'middlebox',
      side: 'path',
      claimed: 'server',
      hops: 1,
      cause: 'stateful-device-lost-flow',
      server: '10.0.0.9:443',
      count: 12,
      matters: 12,
      clients: 1,
      noise: false,
    });
  });

  it('show the timer: the silence before the packet that they answer', () => {
    expect(finding.idle).toMatchObject({ constant: true });
    expect(finding.idle?.medianSeconds).toBeCloseTo(350, 0);
    expect(finding.idle?.matchesKnownTimeout).toContain('AWS');
  });

  it('come at a rate', () => {
    expect(finding.perHour).toBeCloseTo(60, 5);
    expect(finding.lastNs - finding.firstNs).toBe(11 * 60e9);
  });

  it('are told in one sentence', () => {
    expect(finding.sentence).toMatch(
      /^12 resets in the server's name, .*likely made by a device five hops in front of the server, on connections of one client to 10\.0\.0\.9:443, each after 350 s of silence \(a usual timer of AWS .*\); why: probably stateful device does not know the connection \(75 %\)\.$/,
    );
    expect(finding.next).toMatch(/^The connection lay silent for 350 s .*TCP_KEEPIDLE/);
  });
});

it('keeps servers, causes and origins apart', () => {
  const { list } = findingsOf([
    forgotten(0),
    number(1, { server: { port: 444 } }).refused(),
    number(2).handshake().clientSends(100).serverAcks().rst({ from: 'server' }),
    number(3).handshake().clientSends(100).serverAcks().rst({ from: 'server' }),
  ]);
  const told = list.map(({ kind, cause, server, count }) => `${count} ${kind} ${cause} ${server}`);
  expect(new Set(told)).toEqual(
    new Set([
      '2 endpoint closed-with-unread-data 10.0.0.9:443',
      '1 middlebox stateful-device-lost-flow 10.0.0.9:443',
      '1 endpoint connection-refused 10.0.0.9:444',
    ]),
  );
  expect(told[0]).toContain('unread');
});

it('puts noise last, and counts it', () => {
  const polite = (i: number): Conversation =>
    number(i).handshake().exchange(10, 10).closes('client').rst({ from: 'client' });
  const { list, noise } = findingsOf([
    ...[0, 1, 2, 3].map(polite),
    number(4).handshake().clientSends(100).serverAcks().rst({ from: 'server' }),
  ]);
  expect(list.map((finding) => finding.noise)).toEqual([false, true]);
  expect(noise).toEqual({ findings: 1, resets: 4 });
});

it('counts clients, and does not name one for all', () => {
  const talks = [1, 2, 3].map((host) =>
    number(host, { client: { address: `10.1.0.${host}` } })
      .handshake()
      .clientSends('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      .serverSends(1448)
      .segment('server', { payload: 1448 })
      .clientAcks()
      .rst({ from: 'client' }),
  );
  const [finding] = findingsOf(talks).list;
  expect(finding).toMatchObject({ clients: 3, count: 3, claimed: 'client', label: 'the clients' });
  expect(finding.sentence).toContain('sent by the clients themselves, on connections of 3 clients');
});

it('names the server only where its connections agree', () => {
  const named = (i: number, host: string): Conversation =>
    number(i)
      .handshake()
      .clientSends(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      .serverAcks()
      .rst({ from: 'server' });
  expect(findingsOf([named(0, 'a.example'), named(1, 'a.example')]).list[0].serverName).toBe('a.example');
  expect(findingsOf([named(0, 'a.example'), named(1, 'b.example')]).list[0].serverName).toBe('');
});

it('names the best examples, five at most', () => {
  const session = analyzePackets(interleave(...Array.from({ length: 9 }, (_, i) => forgotten(i))));
  const [finding] = session.findings(allOf(session.resets.count), 10).list;
  expect(finding.examples).toHaveLength(5);
  const sure = finding.examples.map((id) => session.resetRow(id).confidence);
  expect(sure).toEqual(sure.toSorted((a, b) => b - a));
});

it('lists no more than asked, and says how many there are', () => {
  const talks = Array.from({ length: 8 }, (_, i) => number(i, { server: { port: 1000 + i } }).refused());
  const { list, total } = findingsOf(talks, 3);
  expect([list.length, total]).toEqual([3, 8]);
});

it('says nothing of nothing', () => {
  expect(findingsOf([number(0).handshake()])).toEqual({
    list: [],
    total: 0,
    noise: { findings: 0, resets: 0 },
  });
});
