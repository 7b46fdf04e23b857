/** Ends that HTTP/2 announces in clear, replies that are cut short, and clients that abort without ACK. */
import { describe, expect, it } from 'vitest';
import { judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const NO_ERROR = 0;
const ENHANCE_YOUR_CALM = 11;

const ends = { server: { address: '192.0.2.80', port: 50051, hops: 4, delay: 0.01 } } as const;
const talk = (): Conversation => new Conversation(ends).handshake();

/** A frame of HTTP/2 (RFC 9113 §4.1). */
function frame(type: number, flags: number, stream: number, payload: readonly number[]): number[] {
  return [0, payload.length >> 8, payload.length & 0xff, type, flags, 0, 0, 0, stream, ...payload];
}

const preface = new Uint8Array([
  ...new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  ...frame(4, 0, 0, []),
]);
const settings = new Uint8Array(frame(4, 0, 0, []));
const headers = (stream: number): Uint8Array => new Uint8Array(frame(1, 4, stream, [0x82, 0x84]));
const data = new Uint8Array(frame(0, 0, 1, [1, 2, 3, 4]));

function goAway(code: number, lastStream: number, text: string): Uint8Array {
  const said = [...new TextEncoder().encode(text)];
  return new Uint8Array(frame(7, 0, 0, [0, 0, 0, lastStream, 0, 0, 0, code, ...said]));
}

const opened = (): Conversation =>
  talk().clientSends(preface).serverSends(settings).clientSends(headers(1)).serverSends(data).clientAcks();

describe('GOAWAY before a reset', () => {
  it('that tells of the age names the limit, and streams that ran are lost', () => {
    const made = opened()
      .wait(100)
      .serverSends(goAway(NO_ERROR, 1, 'max_age'))
      .clientAcks()
      .wait(5);
    const verdict = judgeFirst(made.serverSends(data).clientAcks().rst({ from: 'server', after: 1.2 }));
    expect(verdict.cause.code).toBe('connection-age-limit');
    expect(verdict.matters).toBe(true);
    expect(verdict.next).toMatch(/MAX_CONNECTION_AGE_GRACE on 192\.0\.2\.80:50051.*max_age.* 6\.2 s later/);
  });

  it('harms nobody where all streams had ended long before', () => {
    const made = opened()
      .serverSends(goAway(NO_ERROR, 1, 'max_age'))
      .clientAcks();
    const verdict = judgeFirst(made.rst({ from: 'server', after: 30 }));
    expect(verdict.cause.code).toBe('connection-age-limit');
    expect(verdict.matters).toBe(false);
    expect(verdict.next).not.toContain('still running');
  });

  it('that complains of pings is an error with its cure', () => {
    const made = opened()
      .serverSends(goAway(ENHANCE_YOUR_CALM, 1, 'too_many_pings'))
      .clientAcks();
    const verdict = judgeFirst(made.rst({ from: 'server', after: 0.001 }));
    expect(verdict.cause.code).toBe('application-error');
    expect(verdict.next).toMatch(/GOAWAY ENHANCE_YOUR_CALM “too_many_pings”.*keepalive_time/);
  });

  it('matters where newer streams were not taken', () => {
    const made = opened()
      .clientSends(headers(3))
      .serverSends(goAway(NO_ERROR, 1, ''))
      .clientAcks();
    expect(judgeFirst(made.rst({ from: 'server', after: 9 })).matters).toBe(true);
  });

  it('without a word of the age names no limit', () => {
    const made = opened()
      .serverSends(goAway(NO_ERROR, 1, ''))
      .clientAcks();
    expect(judgeFirst(made.rst({ from: 'server', after: 0.01 })).cause.code).not.toBe('connection-age-limit');
  });
});

describe('a reply shorter than announced', () => {
  const GET = 'GET /file HTTP/1.1\r\nHost: shop.example\r\n\r\n';
  const reply = 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n';

  it('matters, and tells how much of it came', () => {
    const made = talk().clientSends(GET).serverSends(reply).serverSends(1400).clientAcks();
    const verdict = judgeFirst(made.rst({ from: 'server', after: 0.1 }));
    expect(verdict.matters).toBe(true);
    expect(verdict.codes).toContain('reply-cut-short');
    expect(verdict.next).toContain('1.4 kB of 5 kB');
  });

  it('is none where all of it came', () => {
    const made = talk().clientSends(GET).serverSends(reply).serverSends(5000).clientAcks();
    const verdict = judgeFirst(made.rst({ from: 'server', after: 0.1 }));
    expect(verdict.matters).toBe(false);
    expect(verdict.codes).not.toContain('reply-cut-short');
  });

  it('is none where the request was HEAD', () => {
    const made = talk().clientSends(GET.replace('GET', 'HEAD')).serverSends(reply).clientAcks();
    expect(judgeFirst(made.rst({ from: 'server', after: 0.1 })).codes).not.toContain('reply-cut-short');
  });
});
