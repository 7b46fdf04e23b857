import { describe, expect, it } from 'vitest';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const SECOND_NS = 1_000_000_000n;
const START_NS = 1_700_000_000_000_000_000n;

/** A finished connection with a server eight hops away, `ttlAsSent` being what the server's program set. */
function quiet(at: number, ttlAsSent = 64): Conversation {
  const server = { hops: 8, delay: 0.02, ttl: ttlAsSent };
  return new Conversation({
    client: { port: 41_000 + at },
    server,
    startNs: START_NS + BigInt(at) * SECOND_NS,
  })
    .handshake()
    .exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 300)
    .closes();
}

/** The refusal of a SYN with the TTL of a router that is one hop before the server. */
function refused(at: number): Conversation {
  return new Conversation({
    client: { port: 41_000 + at },
    server: { hops: 8, delay: 0.02, port: 81 },
    startNs: START_NS + BigInt(at) * SECOND_NS,
  })
    .syn()
    .rst({ from: 'server', style: 'reply', ttl: 57 });
}

const many = (count: number): Conversation[] => Array.from({ length: count }, (_, i) => quiet(i));

describe('the TTLs an address is used to', () => {
  it.each([
    ['one TTL in three flows', many(3), 'one-hop-nearer-elsewhere'],
    ['one TTL in two flows', many(2), 'one-hop-nearer-thin-base'],
    ['another TTL in one of 31', [...many(30), quiet(30, 32)], 'one-hop-nearer-elsewhere'],
    ['another TTL in one of eleven', [...many(10), quiet(10, 32)], 'one-hop-nearer-thin-base'],
    [
      'another TTL in every fourth',
      [...many(24), ...Array.from({ length: 8 }, (_, i) => quiet(24 + i, 32))],
      'one-hop-nearer-thin-base',
    ],
  ])('%s', (_, others, code) => {
    const [verdict] = judge(...others, refused(100));
    expect(verdict.codes).toContain(code);
    expect(verdict.origin.kind).toBe(code === 'one-hop-nearer-elsewhere' ? 'middlebox' : 'unknown');
  });
});

describe('data right after an abort', () => {
  const asked = (): Conversation =>
    new Conversation({ server: { hops: 8, delay: 0.02 } })
      .handshake()
      .exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 300)
      .clientSends('more');

  it('beyond its number was sent later, however soon it comes', () => {
    const forged = { from: 'server', ipId: 0, options: {}, window: 0, after: 0.001 } as const;
    const verdict = judgeFirst(asked().rst(forged).serverSends(500, { after: 0.004 }));
    expect(verdict.codes).toContain('sender-goes-on');
    expect(verdict.origin.kind).toBe('middlebox');
  });

  it('which its number counts already was only overtaken', () => {
    const talk = asked();
    const { next } = talk.server;
    const verdict = judgeFirst(
      talk.rst({ from: 'server', seq: next + 500, after: 0.001 }).serverSends(500, { after: 0.004 }),
    );
    expect(verdict.codes).not.toContain('sender-goes-on');
    expect(verdict.origin.kind).not.toBe('middlebox');
  });

  it('and acknowledgements that it carries itself are no news either', () => {
    const talk = asked();
    const { next } = talk.server;
    const verdict = judgeFirst(
      talk
        .rst({ from: 'server', seq: next + 500, after: 0.001 })
        .serverAcks({ after: 0.012 })
        .serverSends(500, { after: 0.001 }),
    );
    expect(verdict.codes).not.toContain('sender-acknowledges');
    expect(verdict.origin.kind).not.toBe('middlebox');
  });
});

describe('an acknowledgement right after an answer that a reset gives', () => {
  /** The server answers what still comes; its abort was held back on the way. Afterwards it acknowledges the request. */
  const answered = (behind: number): Conversation => {
    const talk = new Conversation({ server: { hops: 2, delay: 0.02 } })
      .handshake()
      .clientSends('GET / HTTP/1.1\r\n\r\n')
      .serverSends(1400);
    const { next } = talk.server;
    return talk
      .clientAcks()
      .rst({ from: 'server', style: 'reply', after: 0.014 })
      .segment('server', { flags: 'A', seq: next - behind, after: 0.0023 })
      .rst({ from: 'server', after: 0.0002 });
  };

  it('is an older one where its number is, and shows that the path reorders', () => {
    const [answer] = judge(answered(1400));
    expect(answer.codes).not.toContain('sender-still-acks');
    expect(answer.codes).not.toContain('answer-then-abort-alike');
    expect(answer.origin.kind).not.toBe('middlebox');
  });

  it('is of a live connection where it has the next number', () => {
    const [answer] = judge(answered(0));
    expect(answer.codes).toEqual(expect.arrayContaining(['sender-still-acks', 'answer-then-abort-alike']));
    expect(answer.origin.kind).toBe('middlebox');
  });
});

describe('a burst of resets with several TTLs', () => {
  /** Begun late: nothing but the client's requests shows before the burst. */
  const burst = (): Conversation => {
    const talk = new Conversation({ server: { hops: 8, delay: 0.02 } });
    talk.uncaptured((t) => t.handshake());
    talk.clientSends('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const seq = talk.server.next + 4380;
    talk.rst({ from: 'server', seq, ttl: 50, ipId: 1, options: {}, window: 0, after: 0.001 });
    talk.rst({ from: 'server', seq, ttl: 52, ipId: 2, options: {}, window: 0, after: 0.001 });
    return talk.rst({ from: 'server', style: 'reply', after: 0.02 });
  };

  it('says nothing of an answer that may be the host its own', () => {
    const answer = judge(burst()).at(-1);
    expect(answer?.codes).not.toContain('ttl-varies');
    expect(answer?.origin.kind).not.toBe('middlebox');
  });

  it('speaks against those that answer nothing', () => {
    expect(judge(burst())[0].codes).toContain('ttl-varies');
  });
});
