/** What somebody is told to do when something was closed, lost or left unread before the reset. */
import { describe, expect, it } from 'vitest';
import { judgeFirst } from '../../../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../../../test/support/conversation.ts';

const GET = 'GET /orders?page=2 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: x\r\n\r\n';
const AT = '2023-11-14 22:13:20 UTC';
const ends = { server: { address: '192.0.2.80', port: 8443, hops: 4, delay: 0.01 } } as const;
const talk = (): Conversation => new Conversation(ends).handshake();

describe('a close with unread data', () => {
  it('is looked for in the log of the port, at its time, with the request that had no answer', () => {
    const { cause, next } = judgeFirst(
      talk().clientSends(GET).serverAcks().rst({ from: 'server', after: 0.3 }),
    );
    expect(cause.code).toBe('closed-with-unread-data');
    expect(next).toContain(`Look in the log of the program on port 8443 at ${AT}: the server 192.0.2.80`);
    expect(next).toMatch(/after GET \/orders\?page=2 of shop\.example, without an answer, with data unread/);
  });

  it('is hedged as far as its cause is', () => {
    const { cause, next } = judgeFirst(talk().clientSends(100).serverAcks().rst({ from: 'server' }));
    expect(next.includes('seems to have closed')).toBe(cause.confidence < 0.8);
  });
});

describe('the next request that crosses an idle close', () => {
  const race = (): Conversation =>
    talk()
      .exchange(100, 100)
      .wait(5)
      .closes('server')
      .clientSends(200)
      .rst({ from: 'server', style: 'reply' });

  it('begins with what to do, and ends with what was seen', () => {
    const { next } = judgeFirst(race());
    expect(next).toMatch(/^Let the client side .* drop idle connections before 5 s/);
    expect(next).toContain('192.0.2.80:8443 closes after 5 s idle');
    expect(next.length).toBeLessThan(620);
  });
});

describe('a host that does not know the connection', () => {
  it('is looked at for what took it, before that moment', () => {
    const forgotten = talk().exchange(10, 10).clientSends(50, { after: 1 });
    const { cause, next } = judgeFirst(forgotten.rst({ from: 'server', style: 'reply' }));
    expect(cause.code).toBe('stale-connection');
    expect(next).toMatch(
      /^Look behind 192\.0\.2\.80:8443 for a restart, a fail-over .* before 2023-11-14 22:13:21 UTC/,
    );
  });

  it('is asked on its own side, where it is the client', () => {
    const { cause, next } = judgeFirst(
      talk().exchange(10, 10).serverSends(50, { after: 1 }).rst({ from: 'client', style: 'reply' }),
    );
    expect(cause.code).toBe('stale-connection');
    expect(next).toMatch(/^Look on the client 10\.0\.0\.1 .* when 192\.0\.2\.80:8443 sent to it/);
  });
});
