import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { LIMITS, LimitCounter } from '../limits.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { ascii, clientHello, record } from '../../../test/support/tls-messages.ts';
import { HintCollector } from './hints.ts';

/** `>` sends from the client, `<` from the server. */
function hintsOf(...messages: readonly string[]): FlowHints | undefined {
  const collector = new HintCollector(new LimitCounter());
  messages.forEach((message, packet) => {
    const bytes = ascii(message.slice(1));
    collector.sniff(
      0 as FlowRecord,
      message[0] === '>' ? 0 : 1,
      packet as PacketNumber,
      bytes,
      0,
      bytes.length,
      bytes.length,
    );
  });
  return collector.hints(0 as FlowRecord);
}

describe('HTTP requests', () => {
  it('reads the request line and its header', () => {
    const hints = hintsOf(
      '>POST /upload?x=1 HTTP/1.1\r\nHOST:  Files.Example:8080 \r\nUser-Agent: curl/8.5\r\n' +
        'content-length: 1048576\r\nConnection: keep-alive, Close\r\n\r\nHost: not.this.one\r\n',
    );
    expect(hints).toMatchObject({
      protocol: 'http',
      serverName: 'files.example',
      clientDirection: 0,
      requestsSeen: 1,
      http: {
        method: 'POST',
        target: '/upload?x=1',
        host: 'Files.Example:8080',
        userAgent: 'curl/8.5',
        contentLength: 1_048_576,
        connectionClose: true,
        requestPacket: 0,
        direction: 0,
      },
    });
  });

  it('keeps the newest request and counts them', () => {
    const hints = hintsOf('>GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n', '>GET /b HTTP/1.1\r\n\r\n');
    expect(hints).toMatchObject({
      requestsSeen: 2,
      serverName: 'h.example',
      http: { target: '/b', host: null, requestPacket: 1 },
    });
  });

  it.each([
    ['>GET / HTTP/1.1\r\nHost: 192.0.2.7:80\r\n\r\n'],
    ['>GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n'],
    ['>GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n'],
    ['>CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n'],
    ['>GET / HTTP/1.1\r\nHost:\r\n\r\n'],
  ])('takes no server name from %s', (message) => {
    expect(hintsOf(message)).toMatchObject({ protocol: 'http', serverName: null });
  });

  it('does not name a proxy after what is tunnelled through it', () => {
    const collector = new HintCollector(new LimitCounter());
    const connect = ascii('CONNECT other.example:443 HTTP/1.1\r\n\r\n');
    const hello = record(22, clientHello({ serverName: 'other.example' }));
    collector.sniff(0 as FlowRecord, 0, 0 as PacketNumber, connect, 0, connect.length, connect.length);
    collector.sniff(0 as FlowRecord, 0, 1 as PacketNumber, hello, 0, hello.length, hello.length);
    expect(collector.hints(0 as FlowRecord)).toMatchObject({
      protocol: 'http',
      serverName: null,
      clientHelloPacket: 1,
    });
  });

  it('believes a cut request line when it is long', () => {
    const long = `>GET /${'a'.repeat(1400)}`;
    expect(hintsOf(long)?.http?.target).toHaveLength(LIMITS.maxHintText);
    expect(hintsOf('>GET /short')).toBeUndefined();
  });

  it('does not believe a header field that the packet cut', () => {
    expect(hintsOf('>GET / HTTP/1.1\r\nHost: www.exam')).toMatchObject({ serverName: null });
  });

  it('escapes what would deceive', () => {
    expect(hintsOf('>GET /\x1b[31m\x00 HTTP/1.1\r\n\r\n')?.http?.target).toBe('/\\x1b[31m\\x00');
  });

  it.each([
    '>GETTING /x HTTP/1.1\r\n\r\n',
    '>GET /x SIP/2.0\r\n\r\n',
    '>GET HTTP/1.1\r\n\r\n',
    '>get / HTTP/1.1\r\n\r\n',
    '>OPTIONS rtsp://x RTSP/1.0\r\n\r\n',
    '>HTTP/1.1 abc\r\n\r\n',
    '>GET ',
    '>G',
  ])('does not take %j for HTTP', (message) => {
    expect(hintsOf(message)).toBeUndefined();
  });

  it('recognises HTTP/0.9', () => {
    expect(hintsOf('>GET /old\r\n')).toMatchObject({ protocol: 'http', http: { target: '/old' } });
  });

  it.each(['abc', '-1', '1e9', '99999999999999999999', '', '1 2'])('takes no length from %j', (value) => {
    expect(hintsOf(`>PUT / HTTP/1.1\r\nContent-Length: ${value}\r\n\r\n`)?.http?.contentLength).toBeNull();
  });

  it('stops after a bounded number of fields', () => {
    const fields = 'x: y\r\n'.repeat(500);
    expect(hintsOf(`>GET / HTTP/1.1\r\n${fields}Host: far.example\r\n\r\n`)?.serverName).toBeNull();
  });
});

describe('HTTP responses', () => {
  it('reads the status line and its header', () => {
    const hints = hintsOf(
      '<HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nsorry',
    );
    expect(hints).toMatchObject({
      protocol: 'http',
      clientDirection: 0,
      httpStatus: {
        code: 413,
        reason: 'Content Too Large',
        connectionClose: true,
        contentLength: 5,
        packet: 0,
        direction: 1,
      },
    });
  });

  it.each([
    ['<HTTP/1.0 200\r\n\r\n', 200, ''],
    ['<HTTP/1.1 204 \r\n\r\n', 204, ''],
    ['<HTTP/1.1 500', 500, ''],
    ['<HTTP/1.1 502 Bad', 502, 'Bad'],
    ['<HTTP/1.1 200 OK\n\n', 200, 'OK'],
  ])('reads %j', (message, code, reason) => {
    expect(hintsOf(message)?.httpStatus).toMatchObject({ code, reason });
  });

  it.each([
    '<HTTP/1.1 99 x\r\n',
    '<HTTP/1.1 2000\r\n',
    '<HTTP/2.0 200 OK\r\n',
    '<HTTP/1.x 200 OK\r\n',
    '<HTTP/1.1-200 OK',
  ])('does not take %j for a status line', (message) => {
    expect(hintsOf(message)).toBeUndefined();
  });

  it('sees a plain answer to a ClientHello', () => {
    const collector = new HintCollector(new LimitCounter());
    const hello = record(22, clientHello({ serverName: 'h.example' }));
    const answer = ascii('HTTP/1.1 400 Bad Request\r\n\r\n');
    collector.sniff(0 as FlowRecord, 0, 0 as PacketNumber, hello, 0, hello.length, hello.length);
    collector.sniff(0 as FlowRecord, 1, 1 as PacketNumber, answer, 0, answer.length, answer.length);
    expect(collector.hints(0 as FlowRecord)).toMatchObject({
      protocol: 'tls',
      httpStatus: { code: 400, packet: 1 },
    });
  });

  it('sees an SSH server answer an HTTP client', () => {
    expect(hintsOf('>GET / HTTP/1.1\r\n\r\n', '<SSH-2.0-OpenSSH_9.6\r\n')).toMatchObject({
      protocol: 'http',
      banner: 'SSH-2.0-OpenSSH_9.6',
    });
  });
});
