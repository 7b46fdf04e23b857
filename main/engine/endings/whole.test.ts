/** What is passed over without a walk; for each what nearly is. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { clientHello, record, serverHello } from '../../../test/support/tls-messages.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { FlowOutline } from './outline.ts';
import { isWhole } from './whole.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n';

function ok(length: number): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
}

function talkTo(port = 80): Conversation {
  return new Conversation({ server: { port, hops: 7, delay: 0.02 } }).handshake();
}

function asked(request = GET): Conversation {
  return talkTo().clientSends(request).serverAcks();
}

function isPassedOver({ packets }: Conversation): boolean {
  const session = analyzePackets(packets);
  const flow = 0 as FlowRecord;
  const hints = session.hints(flow);
  if (hints === undefined) throw new Error('nothing was recognised');
  const outline = new FlowOutline();
  outline.bind(session.flows, flow);
  return isWhole(outline, hints, session.packets);
}

describe('a reply that is passed over', () => {
  const whole = (): Conversation => asked().serverSends(ok(3000)).serverSends(3000).clientAcks();

  for (const first of ['client', 'server'] as const)
    it(`came in whole before the ${first} closed`, () => {
      expect(isPassedOver(whole().closes(first))).toBe(true);
    });

  it('ended with its last chunk, or with the connection', () => {
    const ended = asked().serverSends(CHUNKED).serverSends('0\r\n\r\n').clientAcks();
    expect(isPassedOver(ended.closes('server'))).toBe(true);
    const open = asked().serverSends('HTTP/1.0 200 OK\r\n\r\nhello').clientAcks();
    expect(isPassedOver(open.closes('server'))).toBe(true);
  });

  it('answered the newest request', () => {
    expect(isPassedOver(whole().clientSends(GET).serverAcks().closes('server'))).toBe(false);
    const second = whole().clientSends(GET).serverAcks().serverSends(ok(5)).serverSends('hello').clientAcks();
    expect(isPassedOver(second.closes('server'))).toBe(true);
  });

  it('lacks nothing', () => {
    const short = asked().serverSends(ok(3000)).serverSends(2999).clientAcks();
    expect(isPassedOver(short.closes('server'))).toBe(false);
    const inChunks = asked().serverSends(CHUNKED).clientAcks();
    expect(isPassedOver(inChunks.closes('server'))).toBe(false);
    const interim = asked().serverSends('HTTP/1.1 100 Continue\r\n\r\n').clientAcks();
    expect(isPassedOver(interim.closes('server'))).toBe(false);
  });

  it('was not lost, nor so late that the client may have given up before', () => {
    expect(isPassedOver(asked().serverSends(ok(0)).serverCloses())).toBe(false);
    expect(isPassedOver(asked().wait(5).serverSends(ok(0)).clientAcks().closes('server'))).toBe(false);
  });
});

describe('a TLS handshake that is passed over', () => {
  const answered = (): Conversation =>
    talkTo(443)
      .clientSends(record(22, clientHello({ serverName: 'shop.example' })))
      .serverAcks()
      .serverSends(record(22, serverHello({ version: 0x0303 })))
      .clientAcks();

  it('has more of the client, and an answer to that', () => {
    const through = answered().clientSends(74).serverAcks().serverSends(500).clientAcks();
    expect(isPassedOver(through.closes('client'))).toBe(true);
    expect(isPassedOver(answered().clientSends(74).serverAcks().closes('client'))).toBe(true);
  });

  it('has no alert alone, nor what was said only after the close', () => {
    expect(isPassedOver(answered().closes('client'))).toBe(false);
    expect(isPassedOver(answered().clientSends(30).serverAcks().closes('client'))).toBe(false);
    const late = answered().serverCloses().clientSends(74).serverAcks().clientCloses().serverAcks();
    expect(isPassedOver(late)).toBe(false);
  });
});

describe('a connection that is passed over although something was lost', () => {
  const resent = (times: number): Conversation => {
    const talk = asked().wait(0.3).retransmit('client').serverSends(ok(3000)).serverSends(3000).wait(0.1);
    for (let i = 0; i < times; i++) talk.wait(0.4).retransmit('server');
    return talk.clientAcks();
  };

  it('had it sent again, or was captured with a gap', () => {
    expect(isPassedOver(resent(1).closes('server'))).toBe(true);
    const gap = asked()
      .serverSends(ok(3000))
      .uncaptured((talk) => talk.serverSends(1000));
    expect(isPassedOver(gap.serverSends(2000).clientAcks().closes('server'))).toBe(true);
  });

  it('sent nothing three times, nor probes at its end', () => {
    expect(isPassedOver(resent(2).closes('server'))).toBe(false);
    expect(isPassedOver(resent(1).closes('server').wait(1).keepAlive('client'))).toBe(false);
  });

  it('did not end before the reply', () => {
    const closed = asked().wait(0.3).retransmit('client').clientCloses();
    expect(isPassedOver(closed.serverSends(ok(0)).clientAcks().serverCloses().clientAcks())).toBe(false);
  });

  it('had one handshake of TCP alone, and its windows open', () => {
    const again = new Conversation({ server: { port: 80, hops: 7, delay: 0.02 } }).syn().synAck();
    const answered = again
      .wait(1)
      .retransmit('server')
      .clientAcks()
      .clientSends(GET)
      .serverAcks()
      .serverSends(ok(0))
      .clientAcks();
    expect(isPassedOver(answered.closes('server'))).toBe(false);
    const full = asked().wait(0.3).retransmit('client').serverAcks({ window: 0 });
    expect(isPassedOver(full.serverSends(ok(0)).clientAcks().closes('server'))).toBe(false);
  });

  it('had more of the client in TLS than its ClientHello again', () => {
    const answered = (): Conversation =>
      talkTo(443)
        .clientSends(record(22, clientHello({ serverName: 'shop.example' })))
        .wait(0.3)
        .retransmit('client')
        .serverAcks()
        .serverSends(record(22, serverHello({ version: 0x0303 })))
        .clientAcks();
    const through = answered().clientSends(74).serverAcks().serverSends(500).clientAcks();
    expect(isPassedOver(through.closes('client'))).toBe(true);
    expect(isPassedOver(answered().wait(0.3).retransmit('server').clientAcks().closes('client'))).toBe(false);
    expect(isPassedOver(answered().clientSends(30).serverAcks().closes('client'))).toBe(false);
    const late = answered().serverCloses().clientSends(74).serverAcks().clientCloses().serverAcks();
    expect(isPassedOver(late)).toBe(false);
  });
});
