import { describe, expect, it } from 'vitest';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FlowHints, HintDirection } from '../../../shared/model/hints.ts';
import { ascii } from '../../../test/support/tls-messages.ts';
import { LimitCounter } from '../limits.ts';
import { HintCollector } from './hints.ts';
import { isShort, requestBody, responseBody } from './http-body.ts';

const FLOW = 3 as FlowRecord;

/** Payloads of one flow with their numbers, which cross the end of the circle. */
class Talk {
  readonly collector = new HintCollector(new LimitCounter());
  readonly next: [number, number] = [0xffff_ff80 | 0, 5000];
  #packet = 0;

  say(direction: HintDirection, text: string, captured = text.length): this {
    const bytes = ascii(text);
    const seq = this.next[direction];
    this.collector.sniff(
      FLOW,
      direction,
      this.#packet++ as PacketNumber,
      bytes,
      0,
      captured,
      text.length,
      seq,
    );
    this.next[direction] = (seq + text.length) | 0;
    return this;
  }

  get hints(): FlowHints {
    return this.collector.hints(FLOW)!;
  }

  request(): ReturnType<typeof requestBody> {
    return requestBody(this.hints.http, this.next[0]);
  }

  response(): ReturnType<typeof responseBody> {
    return responseBody(this.hints.httpStatus, this.hints.http, this.next[1]);
  }
}

const POST = 'POST /up HTTP/1.1\r\nHost: files.example\r\n';

describe('the body of an HTTP message', () => {
  it('is counted from the end of its header, over the end of the circle of numbers', () => {
    const talk = new Talk().say(0, `${POST}Content-Length: 1000\r\n\r\n`).say(0, 'x'.repeat(400));
    expect(talk.request()).toEqual({ announced: 1000, came: 400 });
    expect(isShort(talk.request())).toBe(true);
    talk.say(0, 'x'.repeat(600));
    expect(isShort(talk.request())).toBe(false);
  });

  it('is found where the header takes several segments', () => {
    const talk = new Talk()
      .say(0, POST)
      .say(0, 'Cookie: a\r\nContent-Length: 50\r\n')
      .say(0, 'Expect: 100-continue\r\n\r\n12345');
    expect(talk.request()).toEqual({ announced: 50, came: 5 });
  });

  it('is unknown where the header is cut by the snap length or its rest is missing', () => {
    const header = `${POST}Content-Length: 50\r\n\r\n`;
    expect(new Talk().say(0, header, 40).request()).toBeNull();
    const lost = new Talk().say(0, POST);
    lost.next[0] = (lost.next[0] + 100) | 0;
    expect(lost.say(0, 'Content-Length: 50\r\n\r\n').request()).toBeNull();
  });

  it('is not short where its end cannot be known: chunks', () => {
    const talk = new Talk().say(0, `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
    expect(talk.request()).toEqual({ announced: null, came: 10 });
    expect(isShort(talk.request())).toBe(false);
    expect(talk.say(0, '0\r\n\r\n').request()).toEqual({ announced: 15, came: 15 });
  });

  it('ends with the last chunk in the segment of the header', () => {
    const talk = new Talk().say(
      1,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    );
    expect(talk.response()).toEqual({ announced: 11, came: 11 });
  });

  it('is counted in responses as well, but for those that have none', () => {
    const talk = new Talk()
      .say(0, 'GET / HTTP/1.1\r\n\r\n')
      .say(1, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc');
    expect(talk.response()).toEqual({ announced: 10, came: 3 });
    const head = new Talk()
      .say(0, 'HEAD / HTTP/1.1\r\n\r\n')
      .say(1, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n');
    expect(head.response()).toBeNull();
    const none = new Talk().say(1, 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n');
    expect(none.response()).toBeNull();
  });

  it('is no longer counted beyond half the circle', () => {
    const talk = new Talk().say(0, `${POST}Content-Length: 3000000000\r\n\r\n`);
    expect(talk.request()).toBeNull();
  });
});

describe('the end of HTTP/2 in clear', () => {
  const frame = (type: number, stream: number, payload: string): string =>
    `${bytes(payload.length, 3)}${bytes(type, 1)}\0${bytes(stream, 4)}${payload}`;
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

  it('is read from GOAWAY, with the last stream that was taken', () => {
    const goAway = frame(7, 0, `${bytes(5, 4)}${bytes(11, 4)}too_many_pings`);
    const talk = new Talk()
      .say(0, preface + frame(4, 0, '') + frame(1, 7, 'h'))
      .say(1, frame(4, 0, '') + goAway);
    expect(talk.hints.http2).toEqual({
      goAway: { lastStream: 5, code: 'ENHANCE_YOUR_CALM', text: 'too_many_pings', direction: 1, packet: 1 },
      streamReset: null,
      newestStream: 7,
    });
  });

  it('is read from RST_STREAM, and not from the inside of a frame', () => {
    const talk = new Talk().say(0, preface).say(0, frame(3, 9, bytes(8, 4)));
    expect(talk.hints.http2?.streamReset).toMatchObject({ stream: 9, code: 'CANCEL', direction: 0 });
    talk.say(1, `\0\0\x04\x03\0\x80\0\0\x01${bytes(2, 4)}`);
    expect(talk.hints.http2?.streamReset).toMatchObject({ stream: 9 });
  });

  function bytes(value: number, count: number): string {
    let text = '';
    for (let i = count - 1; i >= 0; i--) text += String.fromCharCode((value >>> (8 * i)) & 0xff);
    return text;
  }
});
