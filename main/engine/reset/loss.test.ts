/** Data that nobody acknowledged, loops, and requests that nobody read. */
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../../test/support/capture-fixture.ts';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const talk = (): Conversation =>
  new Conversation({ server: { hops: 6, delay: 0.01 } }).handshake().exchange(100, 100);

function textOf(verdict: Judged | undefined, code: string): string {
  return verdict?.evidence.find((evidence) => evidence.code === code)?.text ?? '';
}

describe('a peer that no longer answers', () => {
  const resent = (times: number, story = talk().serverSends(200)): Conversation => {
    for (let i = 0, gap = 0.3; i < times; i++, gap *= 2) story.retransmit('server', { after: gap });
    return story;
  };

  it.each([
    ['RST+ACK', 'RA'],
    ['a bare RST, as macOS sends', 'R'],
  ])('is given up after retransmissions: %s', (_name, flags) => {
    const verdict = judgeFirst(resent(5).rst({ from: 'server', after: 9.8, flags, window: 0 }));
    expect(verdict.cause.code).toBe('peer-unreachable');
    expect(verdict.matters).toBe(true);
    expect(textOf(verdict, 'resent-unanswered')).toContain('again 5 times');
    expect(verdict.next).toMatch(/5 retransmissions of 200 bytes/);
    expect(verdict.next).not.toMatch(/idle timeout/);
  });

  it('is not where one or two are sent again, or where it answers after all', () => {
    expect(judgeFirst(resent(2).rst({ from: 'server', after: 2 })).cause.code).not.toBe('peer-unreachable');
    const answered = judgeFirst(resent(4).clientAcks().rst({ from: 'server', after: 60 }));
    expect(answered.cause.code).toBe('idle-timeout');
  });

  it('keeps the cause of keep-alive probes, and of windows that were closed tells so', () => {
    const probes = talk();
    for (let i = 0; i < 5; i++) probes.keepAlive('server', { after: 75 });
    expect(judgeFirst(probes.rst({ from: 'server', after: 75 })).cause.code).toBe('keepalive-timeout');
    const closed = talk().clientAcks({ window: 0 });
    for (let i = 0, gap = 5; i < 4; i++, gap *= 2) closed.keepAlive('server', { after: gap });
    const verdict = judgeFirst(closed.rst({ from: 'server', after: 80 }));
    expect(verdict.cause.code).toBe('peer-unreachable');
    expect(textOf(verdict, 'resent-unanswered')).toContain('closed window');
  });

  it('is a path too narrow where only segments of full size are lost', () => {
    const large = (): Conversation => talk().segment('server', { payload: 1400 });
    const story = resent(4, large());
    const verdict = judgeFirst(
      story.clientAcks({ ack: story.server.next - 1400 }).rst({ from: 'server', after: 5 }),
    );
    expect(verdict.cause).toMatchObject({ code: 'path-mtu' });
    expect(verdict.codes).toContain('large-segments-lost');
    const passed = talk()
      .segment('server', { payload: 1400 })
      .clientAcks()
      .segment('server', { payload: 1400 });
    expect(judgeFirst(resent(4, passed).rst({ from: 'server', after: 5 })).cause.code).toBe(
      'peer-unreachable',
    );
  });

  it('is surer of a path too narrow where the other side was heard after several tries', () => {
    const confidence = (heardAfter: number, tries: number): number => {
      const story = resent(heardAfter, talk().segment('server', { payload: 1400 }));
      story.clientAcks({ ack: story.server.next - 1400 });
      const { cause } = judgeFirst(resent(tries - heardAfter, story).rst({ from: 'server', after: 5 }));
      expect(cause.code).toBe('path-mtu');
      return cause.confidence;
    };
    expect(confidence(3, 4)).toBe(confidence(4, 4));
    expect(confidence(0, 4)).toBeLessThan(confidence(3, 4));
  });

  it('is a path too narrow for the side that waits, too', () => {
    const story = resent(4, talk().segment('server', { payload: 1400 }));
    expect(judgeFirst(story.rst({ from: 'client', after: 30 })).cause.code).toBe('path-mtu');
  });
});

describe('a loop of resets', () => {
  const loop = (rounds: number, payload = 0): Conversation => {
    const story = talk().rst({ from: 'server' });
    for (let i = 0; i < rounds; i++) {
      story
        .segment('client', { ack: story.server.next, payload, after: 0.05 })
        .rst({ from: 'server', style: 'reply', after: 0.001 });
    }
    return story;
  };

  it('is one, with its rounds, and the first reset keeps its own cause', () => {
    const [first, ...rest] = judge(loop(12));
    expect(first?.cause.code).toBe('aborted');
    expect(rest).toHaveLength(12);
    for (const verdict of rest) {
      expect(verdict.cause.code).toBe('reset-loop');
      expect(verdict.matters).toBe(false);
      expect(textOf(verdict, 'loop-of-resets')).toMatch(/1[23] rounds/);
      expect(verdict.next).toMatch(/^Nothing to do .* The client .*RFC 5961/);
      expect(verdict.next).not.toMatch(/keep-?alive|idle/i);
    }
  });

  it('ends with the reset that takes another number', () => {
    const story = loop(8);
    story
      .clientSends(20, { ack: story.server.next - 34, after: 0.5 })
      .rst({ from: 'server', style: 'reply' });
    const last = judge(story).at(-1);
    expect(last?.cause.code).toBe('reset-loop');
    expect(textOf(last, 'loop-of-resets')).toMatch(/^It ends/);
  });

  it('is none in a few rounds, nor where data is answered', () => {
    for (const verdict of [...judge(loop(2)), ...judge(loop(12, 100))]) {
      expect(verdict.cause.code).not.toBe('reset-loop');
    }
  });
});

describe('a request that was not read', () => {
  const upload = (header: string, reply: string | null, overrides = {}): Conversation => {
    const story = new Conversation({ server: { hops: 6, delay: 0.01 } })
      .handshake()
      .clientSends(`POST /up HTTP/1.1\r\nHost: a.example\r\n${header}\r\n`)
      .clientSends(3000)
      .serverAcks();
    if (reply !== null) story.serverSends(`HTTP/1.1 ${reply}\r\nContent-Length: 0\r\n\r\n`);
    return story.rst({ from: 'server', ...overrides });
  };
  const LENGTH = 'Content-Length: 90000\r\n';

  it.each(['200 OK', '401 Unauthorized', '500 Internal Server Error'])(
    'is that whatever was replied: %s',
    (reply) => {
      const verdict = judgeFirst(upload(LENGTH, reply));
      expect(verdict.cause.code).toBe('closed-with-unread-data');
      expect(verdict.matters).toBe(true);
      expect(textOf(verdict, 'request-unread')).toContain('(3,000 of 90,000 bytes)');
      expect(verdict.next).toMatch(/read the body to its end .* only 3 kB of 90 kB/);
    },
  );

  it('is too large where the server says so', () => {
    expect(judgeFirst(upload(LENGTH, '413 Content Too Large')).cause.code).toBe('request-too-large');
  });

  it('is not where the whole body had come', () => {
    const verdict = judgeFirst(upload('Content-Length: 3000\r\n', '401 Unauthorized'));
    expect(verdict.codes).not.toContain('request-unread');
    expect(verdict.cause.code).toBe('application-error');
  });

  it('is in chunks, where the client was still sending', () => {
    const story = upload('Transfer-Encoding: chunked\r\n', '403 Forbidden').clientSends(900);
    expect(judgeFirst(story).cause.code).toBe('closed-with-unread-data');
  });

  it('leaves the resets that answer the rest to the first one', () => {
    const story = upload(LENGTH, '401 Unauthorized');
    story.clientSends(1400).rst({ from: 'server', style: 'reply' });
    story.clientSends(1400).rst({ from: 'server', style: 'reply' });
    const [, ...rest] = judge(story);
    for (const verdict of rest) {
      expect(verdict.cause.code).toBe('data-after-close');
      expect(verdict.matters).toBe(false);
      expect(verdict.next).toMatch(/^Nothing to do about this one/);
    }
  });
});

describe('data out of order', () => {
  it('is told, and not taken for a number never sent', () => {
    const story = new Conversation({ server: { hops: 6, delay: 0.01 } }).handshake();
    const { next } = story.client;
    story
      .segment('client', { seq: next + 1400, payload: 900 })
      .rst({ from: 'server', style: 'reply', window: 8201, ack: 0 });
    const verdict = judgeFirst(story);
    expect(textOf(verdict, 'earlier-segment-missing')).toContain('1,400 bytes');
  });
});
