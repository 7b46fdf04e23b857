/** Whether HTTP's own framing (RFC 9112 §6, §8) shows that a reset ended unfinished work, though every byte was acknowledged. */
import { describe, expect, it } from 'vitest';
import { judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const talk = (): Conversation => new Conversation({ server: { hops: 6, delay: 0.01 } }).handshake();
const request = (method = 'GET', fields = ''): string =>
  `${method} /x HTTP/1.1\r\nHost: a.example\r\n${fields}\r\n`;
const reply = (status: string, fields = 'Content-Length: 0\r\n'): string =>
  `HTTP/1.1 ${status}\r\n${fields}\r\n`;
const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const LAST = '0\r\n\r\n';

/** The server says all that, in a segment each; the client acknowledges it, and the server resets. */
function answered(asked: string, said: readonly (string | number)[], after = 0.05): Conversation {
  const story = talk().clientSends(asked);
  for (const one of said) story.serverSends(one);
  return story.clientAcks().rst({ from: 'server', after });
}

const reasonOf = (story: Conversation): string | undefined =>
  judgeFirst(story).evidence.find(({ code }) => code === 'reply-cut-short')?.text;

describe('a reply that the server did not end', () => {
  it.each([
    [
      'chunks without the last one',
      [reply('200 OK', CHUNKED), chunk('some data')],
      /last one had not been sent/,
    ],
    ['a chunk whose data looks like the end', [reply('200 OK', CHUNKED) + chunk('line\r\n0\r\n')], /chunks/],
    [
      'gzip in chunks',
      [reply('200 OK', `Content-Encoding: gzip\r\n${CHUNKED}`), chunk('\x1f\x08 0\r\n\r\n')],
      /chunks/,
    ],
    ['a body without a length', [reply('200 OK', 'Server: x\r\n'), 900], /only a FIN ends it/],
    ['the same of HTTP/1.0', ['HTTP/1.0 200 OK\r\nServer: x\r\n\r\n', 900], /only a FIN ends it/],
    ['fewer bytes than announced', [reply('200 OK', 'Content-Length: 5000\r\n'), 900], /900 of 5,000 bytes/],
    ['an interim reply', [reply('100 Continue', '')], /interim 100/],
  ])('matters: %s', (_name, said, reason) => {
    const story = answered(request(), said);
    const verdict = judgeFirst(story);
    expect(verdict.matters).toBe(true);
    expect(verdict.next).not.toMatch(/^Nothing to do/);
    expect(reasonOf(story)).toMatch(reason);
  });

  it.each([
    ['the last chunk', request(), [reply('200 OK', CHUNKED) + chunk('data'), LAST]],
    [
      'the last chunk in two segments',
      request(),
      [`${reply('200 OK', CHUNKED)}${chunk('data')}0\r\n`, '\r\n'],
    ],
    ['trailers', request(), [reply('200 OK', CHUNKED) + chunk('data'), '0\r\nDigest: x\r\n\r\n']],
    [
      'all chunks and a pipelined reply behind them',
      request(),
      [reply('200 OK', CHUNKED) + chunk('a') + LAST + reply('200 OK')],
    ],
    ['HEAD', request('HEAD'), [reply('200 OK', CHUNKED)]],
    ['HEAD, without a length', request('HEAD'), [reply('200 OK', 'Server: x\r\n')]],
    ['204', request(), [reply('204 No Content', '')]],
    ['304', request(), [reply('304 Not Modified', CHUNKED)]],
    ['a tunnel', request('CONNECT').replace('/x', 'b.example:443'), [reply('200 OK', '')]],
    ['another protocol', request(), [reply('101 Switching Protocols', 'Upgrade: websocket\r\n')]],
    ['a header section whose end did not come', request(), ['HTTP/1.1 200 OK\r\nServer: x\r\n']],
    [
      'a length in a line that the segment’s end cut',
      request(),
      ['HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 2\r\n\r\nok'],
    ],
    ['a length that cannot be read', request(), [reply('200 OK', 'Content-Length: 2, 2\r\n'), 'ok']],
  ])('is none, or cannot be told: %s', (_name, asked, said) => {
    const verdict = judgeFirst(answered(asked, said));
    expect(verdict.matters).toBe(false);
    expect(verdict.codes).not.toContain('reply-cut-short');
  });

  it('is told of the last one of several exchanges', () => {
    const story = talk()
      .exchange(request(), reply('200 OK', CHUNKED) + chunk('first') + LAST)
      .exchange(request(), reply('200 OK', CHUNKED) + chunk('second'));
    expect(judgeFirst(story.rst({ from: 'server', after: 0.1 })).matters).toBe(true);
    const whole = talk()
      .exchange(request(), reply('200 OK', CHUNKED) + chunk('first'))
      .serverSends(LAST)
      .exchange(request(), reply('200 OK'));
    expect(judgeFirst(whole.rst({ from: 'server', after: 0.1 })).matters).toBe(false);
  });

  it('is ended by a FIN where it has no length', () => {
    const story = talk()
      .clientSends(request())
      .serverSends(reply('200 OK', ''))
      .serverSends(900)
      .serverCloses()
      .clientAcks();
    expect(judgeFirst(story.rst({ from: 'server', after: 0.1 })).matters).toBe(false);
  });

  it('is unknown where segments are missing from the capture', () => {
    const story = talk()
      .clientSends(request())
      .serverSends(reply('200 OK', CHUNKED) + chunk('data'))
      .uncaptured((hidden) => hidden.serverSends(LAST))
      .clientAcks()
      .rst({ from: 'server', after: 0.1 });
    expect(judgeFirst(story).codes).not.toContain('reply-cut-short');
  });

  it('keeps a client waiting, or is what it no longer wants', () => {
    const half = (): Conversation =>
      talk()
        .clientSends(request())
        .serverSends(reply('200 OK', 'Content-Length: 5000\r\n'))
        .serverSends(900)
        .clientAcks();
    expect(judgeFirst(half().rst({ from: 'client', after: 10 })).matters).toBe(true);
    expect(judgeFirst(half().rst({ from: 'client', after: 0.1 })).matters).toBe(false);
  });
});

describe('an error in answer to a request', () => {
  const upload = (status: string, announced: number, sent = 3000): Conversation =>
    talk()
      .clientSends(request('POST', `Content-Length: ${announced}\r\n`))
      .clientSends(sent)
      .serverAcks()
      .serverSends(reply(status))
      .clientAcks();
  const reset = (story: Conversation, after = 0.05): boolean =>
    judgeFirst(story.rst({ from: 'server', after })).matters;

  it('leaves an upload undone, whether all of it had come or not', () => {
    expect(reset(upload('413 Content Too Large', 90_000))).toBe(true);
    expect(reset(upload('413 Content Too Large', 3000))).toBe(true);
    expect(reset(upload('403 Forbidden', 3000))).toBe(true);
    expect(reset(upload('507 Insufficient Storage', 3000))).toBe(true);
    expect(reset(upload('413 Content Too Large', 90_000).serverCloses().clientAcks(), 5)).toBe(true);
    expect(reset(upload('200 OK', 3000))).toBe(false);
  });

  it('refuses nothing where it asks for the request once more, or somebody had closed in order', () => {
    expect(reset(upload('401 Unauthorized', 3000))).toBe(false);
    expect(reset(upload('413 Content Too Large', 3000).clientCloses().serverAcks())).toBe(false);
    const failed = talk().exchange(request(), reply('500 Internal Server Error')).serverCloses().clientAcks();
    expect(reset(failed)).toBe(false);
  });

  it('leaves a question undone where the server failed, and answers it where it was wrong', () => {
    const asked = (status: string): boolean => judgeFirst(answered(request(), [reply(status)])).matters;
    expect(asked('500 Internal Server Error')).toBe(true);
    expect(asked('503 Service Unavailable')).toBe(true);
    expect(asked('404 Not Found')).toBe(false);
  });

  it('has nothing to do with a timer that fires later', () => {
    expect(reset(upload('500 Internal Server Error', 3000), 60)).toBe(false);
  });

  it('is the reason where the client gives its upload up', () => {
    const verdict = judgeFirst(upload('413 Content Too Large', 90_000).rst({ from: 'client', after: 0.01 }));
    expect(verdict.matters).toBe(true);
    expect(verdict.next).toMatch(/^The server replied 413 Content Too Large before the body of POST \/x/);
  });

  it('is not known to refuse anything where the request’s header section did not come whole', () => {
    const story = talk()
      .clientSends('POST /x HTTP/1.1\r\nHost: a.example\r\n')
      .serverSends(reply('403 Forbidden'))
      .clientAcks();
    expect(reset(story)).toBe(false);
  });
});

describe('a reset that answers a keep-alive probe', () => {
  const idle = (story: Conversation, by: 'client' | 'server' = 'client'): Conversation =>
    story.keepAlive(by, { after: 60 }).rst({ from: by === 'client' ? 'server' : 'client', style: 'reply' });

  it.each(['client', 'server'] as const)('harms nobody between two requests: probe of the %s', (by) => {
    const verdict = judgeFirst(idle(talk().exchange(request(), reply('200 OK')), by));
    expect(verdict.matters).toBe(false);
  });

  it('is told as found in time, with the cure', () => {
    const { next } = judgeFirst(idle(talk().exchange(request(), reply('200 OK'))));
    expect(next).toMatch(/keep-alives sooner .* before a request was lost\./);
  });

  it('ends what somebody waits for, or may have', () => {
    const open = talk().clientSends(request()).serverAcks();
    const socket = talk().exchange(request(), reply('101 Switching Protocols', 'Upgrade: websocket\r\n'));
    const half = talk().exchange(request(), reply('200 OK', CHUNKED) + chunk('data'));
    for (const story of [open, socket, half, talk().exchange(100, 100)])
      expect(judgeFirst(idle(story)).matters).toBe(true);
  });
});
