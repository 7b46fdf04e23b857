import { describe, expect, it } from 'vitest';
import type { DirectionBytes, Range } from './http-messages.ts';
import { findMessages, gapBehind } from './http-messages.ts';

const direction = (text: string, gaps: readonly Range[] = [], isWhole = true): DirectionBytes => ({
  bytes: new TextEncoder().encode(text),
  gaps,
  isWhole,
});
const requests = (text: string, gaps?: readonly Range[]) => findMessages(direction(text, gaps));
const responses = (text: string, methods: readonly string[] = ['GET'], isWhole = true) =>
  findMessages(direction(text, [], isWhole), methods);

describe('requests', () => {
  it('follow each other behind their bodies', () => {
    const { messages, trouble } = requests(
      'POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    expect(messages.map(({ startLine, complete }) => [startLine, complete])).toEqual([
      ['POST /a HTTP/1.1', true],
      ['GET /b HTTP/1.1', true],
    ]);
    expect(messages[1].fields).toEqual([['Host', 'x']]);
    expect(trouble).toBe('');
  });

  it('that are cut off say so', () => {
    expect(requests('POST /a HTTP/1.1\r\nContent-Length: 30\r\n\r\nabc').messages[0]).toMatchObject({
      announced: 30,
      complete: false,
    });
    expect(requests('GET /a HTTP/1.1\r\nHost: x\r\nAcc').messages[0].complete).toBe(false);
  });

  it('are found again behind what is no message, and behind a gap', () => {
    const lost = requests('junk\r\nmore junk\r\nGET /a HTTP/1.1\r\n\r\n');
    expect(lost.messages.map(({ offset }) => offset)).toEqual([17]);
    expect(lost.trouble).toContain('byte 0');
    const text = `GET /a HTTP/1.1\r\nHo\0\0\0\0GET /b HTTP/1.1\r\n\r\n`;
    const gap = { from: 19, to: 23 };
    expect(requests(text, [gap]).messages.map(({ startLine }) => startLine)).toEqual(['GET /a HTTP/1.1']);
    expect(requests(text.slice(19), [{ from: 0, to: 4 }]).messages[0].startLine).toBe('GET /b HTTP/1.1');
  });

  it('join a field that goes on in the next line', () => {
    expect(requests('GET / HTTP/1.1\r\nA: b\r\n  c\r\n\r\n').messages[0].fields).toEqual([['A', 'b c']]);
  });
});

describe('responses', () => {
  it('end as their header, their request and the connection say', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
    const next = 'HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall of it';
    const { messages } = responses(head + next, ['HEAD', 'GET', 'GET']);
    expect(messages.map(({ status, end, content }) => [status, content.length, end])).toEqual([
      [200, 0, head.length],
      [204, 0, head.length + 19],
      [200, 1, head.length + next.length],
    ]);
    expect(responses('HTTP/1.1 200 OK\r\n\r\nsome', ['GET'], false).messages[0].complete).toBe(false);
  });

  it('come in chunks', () => {
    const { messages } = responses(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
    );
    expect(messages[0]).toMatchObject({ chunks: 2, complete: true, announced: null });
    expect(messages[0].content.map(({ from, to }) => to - from)).toEqual([3, 10]);
    const cut = responses('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc');
    expect(cut.messages[0]).toMatchObject({ complete: false, chunks: 1 });
  });

  it('do not count as the answer while they are interim', () => {
    const { messages } = responses(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
      ['HEAD'],
    );
    expect(messages.map(({ status, complete }) => [status, complete])).toEqual([
      [100, true],
      [200, true],
    ]);
  });

  it('end where another protocol takes over', () => {
    const { messages, trouble } = responses('HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05hello');
    expect(messages).toHaveLength(1);
    expect(trouble).toContain('switched over');
  });
});

it('goes forward whatever the bytes are', () => {
  let state = 1;
  const alphabet = 'GET HTTP/1.1 \r\n\r\n:0f;200chunked';
  for (let round = 0; round < 300; round++) {
    let text = '';
    for (let i = 0; i < 300; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      text += alphabet[(state >>> 8) % alphabet.length];
    }
    for (const { offset, end } of [...requests(text).messages, ...responses(text).messages]) {
      expect(end).toBeGreaterThan(offset);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  }
});

it('finds the gap behind a place', () => {
  const gaps = [
    { from: 2, to: 4 },
    { from: 8, to: 9 },
  ];
  expect([0, 3, 4, 8, 9].map((at) => gapBehind(gaps, at)?.from)).toEqual([2, 2, 8, 8, undefined]);
});
