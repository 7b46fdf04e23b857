/** What became of the attempt that a reset belongs to, and whether the reset mattered. */
import { describe, expect, it } from 'vitest';
import { judge, judgeFirst } from '../../../../test/support/capture-fixture.ts';
import type { Judged } from '../../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import type { ConversationOptions, PeerOptions } from '../../../../test/support/conversation.ts';

const SERVER = { hops: 4, delay: 0.01 } as const;
const V6 = { client: { address: '2001:db8::1' }, server: { ...SERVER, address: '2001:db8:1::80' } } as const;
const open = (client: PeerOptions = {}): Conversation => new Conversation({ client, server: SERVER });
const mattering = (verdicts: readonly Judged[]): boolean[] => verdicts.map(({ matters }) => matters);

/** A SYN that is refused, and sent again so often, each time refused. */
function refusedAgain(talk: Conversation, times: number, every = 0.5): Conversation {
  talk.refused();
  for (let i = 0; i < times; i++)
    talk.retransmit('client', { after: every }).rst({ from: 'server', style: 'reply' });
  return talk;
}

/** Packets long after, so that the capture does not end too soon. */
const later = (): Conversation =>
  new Conversation({ client: { port: 55_555 }, server: { address: '198.51.100.7' } }).wait(90).handshake();

describe('the outcome of an attempt', () => {
  it.each([
    ['IPv4', open()],
    ['IPv6', new Conversation(V6)],
  ])('a refusal after which the same SYN works only delays (%s)', (_, talk) => {
    refusedAgain(talk, 1).retransmit('client', { after: 0.5 }).synAck().clientAcks().exchange(10, 10);
    const verdicts = judge(talk, later());
    expect(mattering(verdicts)).toEqual([false, false]);
    expect(verdicts[0].codes).toContain('attempt-succeeded-later');
    expect(verdicts[0].next).toMatch(/^Nothing to do for this client: the same attempt succeeded 1 s after/);
  });

  it('follows the same port to a SYN with another number', () => {
    const again = open({ initialSeq: 77_000_000 }).wait(0.6).handshake().exchange(10, 10);
    expect(mattering(judge(open().refused(), again, later()))).toEqual([false]);
    const muchLater = open({ initialSeq: 77_000_000 }).wait(20).handshake().exchange(10, 10);
    expect(mattering(judge(open().refused(), muchLater, later()))).toEqual([true]);
  });

  it('lets the last refusal of three matter where none succeeds, in the capture’s last packet, too', () => {
    const verdicts = judge(refusedAgain(open(), 2), later());
    expect(mattering(verdicts)).toEqual([false, false, true]);
    expect(verdicts[2].evidence.find(({ code }) => code === 'attempt-failed')?.text).toContain('three tries');
    expect(mattering(judge(refusedAgain(open(), 2)))).toEqual([false, false, true]);
  });

  it('takes tries from other ports for attempts of their own', () => {
    const tries = [0, 1, 2].map((n) =>
      open({ port: 41_000 + n })
        .wait(n)
        .refused(),
    );
    expect(mattering(judge(...tries, later()))).toEqual([true, true, true]);
  });
});

describe('the other address of a pair', () => {
  const refused6 = (): Conversation => new Conversation(V6).refused();
  const reached = (
    options: { after?: number; port?: number; mac?: string; address?: string } = {},
  ): Conversation =>
    new Conversation({
      client: { port: 40_001, mac: options.mac },
      server: { ...SERVER, port: options.port ?? 80, address: options.address },
    })
      .wait(options.after ?? 0.02)
      .handshake()
      .exchange(10, 10);

  it('forgives the refusal of one address family when the other one is reached', () => {
    const [verdict] = judge(refused6(), reached(), later());
    expect(verdict.matters).toBe(false);
    expect(verdict.codes).toContain('attempt-succeeded-elsewhere');
    expect(verdict.next).toContain('192.0.2.80:80');
  });

  it.each([
    ['another port', reached({ port: 443 })],
    ['another time', reached({ after: 8 })],
    ['another machine', reached({ mac: '02:00:00:00:00:77' })],
  ])('but not for %s', (_, other) => {
    expect(judge(refused6(), other, later())[0].matters).toBe(true);
  });

  it('nor for the other member of a cluster', () => {
    expect(judge(open().refused(), reached({ address: '192.0.2.81' }), later())[0].matters).toBe(true);
  });
});

describe('a refusal that the client cannot take', () => {
  it.each([
    ['acknowledges the SYN itself', (talk: Conversation) => ({ ack: talk.client.initialSeq })],
    ['carries no ACK', () => ({ flags: 'R', seq: 0, ack: 0 })],
  ])('that %s leaves the connect hanging', (_, wrong) => {
    const talk = open();
    talk.syn().rst({ from: 'server', style: 'reply', ...wrong(talk) });
    for (const after of [1, 2, 4, 8])
      talk.retransmit('client', { after }).rst({ from: 'server', style: 'reply', ...wrong(talk) });
    const verdicts = judge(talk, later());
    expect(mattering(verdicts)).toEqual([false, false, false, false, true]);
    expect(verdicts.every(({ codes }) => codes.includes('refusal-ignored'))).toBe(true);
    expect(verdicts[4].next).toMatch(/ETIMEDOUT/);
  });

  it('is none where the SYN was acknowledged', () => {
    expect(judge(refusedAgain(open(), 2), later())[0].codes).not.toContain('refusal-ignored');
  });
});

describe('a port that was used before', () => {
  /** A connection that was closed, then SYNs whose answers are of the old connection, every so many seconds. */
  function reused(seconds: readonly number[]): Conversation {
    const talk = open().handshake().exchange(10, 10).closes('server').wait(14);
    const old = talk.client.next;
    const oldServer = talk.server.next;
    for (const after of seconds) {
      talk.segment('client', { flags: 'S', seq: old + 50_000, window: 64_240, after });
      talk.segment('server', { seq: oldServer, ack: old, after: 0.001 });
      talk.segment('client', { flags: 'R', seq: old, ack: 0, window: 0, options: {}, after: 0.0001 });
    }
    return talk;
  }

  it('is harmless once the SYN-ACK follows', () => {
    const talk = reused([0]);
    talk.segment('client', { flags: 'S', seq: talk.client.next - 1, window: 64_240, after: 1 });
    talk.synAck({ seq: 77, ack: talk.client.next }).clientAcks({ ack: 78 });
    const verdict = judgeFirst(talk, later());
    expect(verdict.cause.code).toBe('time-wait');
    expect(verdict.matters).toBe(false);
    expect(verdict.next).toMatch(/^Nothing to do/);
  });

  it('matters where no SYN succeeds', () => {
    const verdicts = judge(reused([0, 1, 2, 4]), later());
    expect(verdicts.map(({ cause }) => cause.code)).toEqual(Array(4).fill('time-wait'));
    expect(mattering(verdicts)).toEqual([false, false, false, true]);
    expect(verdicts[3].next).toMatch(
      /^Let whoever gives out the port .*TIME_WAIT.* None of the four tries in 7 s succeeded/,
    );
  });

  it('is left open where the capture ends', () => {
    const verdict = judgeFirst(reused([0]));
    expect(verdict.matters).toBe(false);
    expect(verdict.next).not.toMatch(/^Nothing to do/);
  });
});

describe('many ports', () => {
  const tries = (ports: readonly number[], every: number): Conversation[] =>
    ports.map((port, n) =>
      new Conversation({ client: { port: 42_000 + n }, server: { ...SERVER, port } })
        .wait(n * every)
        .refused(),
    );

  it('of one application over minutes are no scan', () => {
    const services = Array.from({ length: 14 }, (_, n) => 8000 + 7 * n);
    expect(mattering(judge(...tries(services, 11)))).toEqual(services.map(() => true));
  });

  it('of a scanner within a second are one', () => {
    const wellKnown = [21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445];
    expect(mattering(judge(...tries(wellKnown, 0.05)))).toEqual(wellKnown.map(() => false));
    const inSequence = Array.from({ length: 12 }, (_, n) => 5000 + n);
    expect(mattering(judge(...tries(inSequence, 0.05)))).toEqual(inSequence.map(() => false));
  });
});

describe('a client that resets the SYN-ACK', () => {
  /** The same SYN, answered so often with a SYN-ACK of another number, which the client resets. */
  function asking(options: ConversationOptions, seconds: readonly number[]): Conversation {
    const talk = new Conversation(options);
    for (const [n, after] of seconds.entries()) {
      if (n === 0) talk.wait(after).syn();
      else talk.segment('client', { flags: 'S', seq: talk.client.initialSeq, window: 64_240, after });
      const next = talk.client.initialSeq + 1;
      talk.segment('server', { flags: 'SA', seq: 900_000_000 + n * 16_000_000, ack: next, after: 0.01 });
      talk.segment('client', { flags: 'R', seq: next, ack: 0, window: 0, options: {}, after: 0.02 });
    }
    return talk;
  }
  const BETWEEN = { client: { hops: 2 }, server: SERVER } as const;
  const OTHER_SYN = { ...BETWEEN, client: { hops: 2, initialSeq: 88_000_000 } } as const;
  const V6_BETWEEN = { ...V6, client: { ...V6.client, hops: 2 } } as const;

  it.each([
    ['IPv4', BETWEEN, [0, 1, 1, 1]],
    ['IPv6, doubling', V6_BETWEEN, [0, 1, 2, 4]],
  ] as const)('and sends the same SYN again does not know the answer (%s)', (_, options, seconds) => {
    const verdicts = judge(asking(options, seconds), later());
    expect(verdicts.map(({ cause }) => cause.code)).toEqual(Array(4).fill('translation-missing'));
    expect(mattering(verdicts)).toEqual([false, false, false, true]);
    for (const { next, codes } of verdicts) {
      expect(next).toMatch(/^Capture on the client/);
      expect(codes).toContain('answer-not-known');
    }
  });

  it('is told so from its own direction alone, too', () => {
    const talk = new Conversation(BETWEEN).syn();
    for (const after of [1, 2, 4]) {
      const next = talk.client.initialSeq + 1;
      talk.segment('client', { flags: 'R', seq: next, ack: 0, window: 0, options: {}, after: 0.02 });
      talk.segment('client', { flags: 'S', seq: talk.client.initialSeq, window: 64_240, after });
    }
    const verdicts = judge(talk, later());
    expect(verdicts.map(({ cause }) => cause.code)).toEqual(Array(3).fill('translation-missing'));
    expect(mattering(verdicts)).toEqual([false, false, true]);
  });

  it('and takes a later one has lost only time', () => {
    const talk = asking(BETWEEN, [0]);
    talk.segment('client', { flags: 'S', seq: talk.client.initialSeq, window: 64_240, after: 1 });
    talk.synAck({ seq: 77, ack: talk.client.next }).clientAcks({ ack: 78 });
    const verdict = judgeFirst(talk, later());
    expect(verdict.matters).toBe(false);
    expect(verdict.next).toMatch(/^Nothing to do for this client/);
  });

  it.each([
    ['asks with another SYN', [asking(BETWEEN, [0]), asking(OTHER_SYN, [3])]],
    ['had only sent it twice before the answer came', [lateAnswer()]],
  ])('but %s wanted no connection', (_, talks) => {
    const verdicts = judge(...talks, later());
    expect(verdicts).not.toHaveLength(0);
    for (const { cause, codes } of verdicts) {
      expect(cause.code).not.toBe('translation-missing');
      expect(codes).not.toContain('answer-not-known');
    }
  });

  function lateAnswer(): Conversation {
    const talk = new Conversation(BETWEEN).syn();
    talk.segment('client', { flags: 'S', seq: talk.client.initialSeq, window: 64_240, after: 1 });
    talk.synAck({ ack: talk.client.initialSeq + 1, after: 1 });
    const next = talk.client.initialSeq + 1;
    return talk.segment('client', { flags: 'R', seq: next, ack: 0, window: 0, options: {}, after: 0.02 });
  }
});

describe('a connection that no program ever took', () => {
  it('was not served by a full queue, though the client gave up and closed', () => {
    const talk = open().handshake().clientCloses({ after: 0.5 });
    talk.retransmit('client', { after: 0.2 }).rst({ from: 'server', style: 'reply' });
    const verdict = judgeFirst(talk, later());
    expect(verdict.cause.code).toBe('listen-overflow');
    expect(verdict.matters).toBe(true);
  });

  it('was not served by a listener that closed while the client’s FIN was under way', () => {
    const gone = [0, 1, 2, 3].map((n) => {
      const talk = new Conversation({ client: { port: 43_000 + n }, server: SERVER });
      talk.handshake().wait(1);
      const before = talk.client.next;
      return talk.clientCloses().rst({ from: 'server', style: 'abort', ack: before, after: 0.001 });
    });
    const verdicts = judge(...gone, later());
    expect(verdicts).toHaveLength(gone.length);
    for (const { cause, matters } of verdicts) {
      expect(cause.code).toBe('listener-gone');
      expect(matters).toBe(true);
    }
  });
});
