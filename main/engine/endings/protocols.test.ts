/** Replies of protocols: what each takes for whole, and captures that show only part of it. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import type { ConversationOptions, ConversationPacket } from '../../../test/support/conversation.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import {
  alert,
  ascii,
  clientHello,
  concat,
  record,
  serverHello,
} from '../../../test/support/tls-messages.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';

const FAR: ConversationOptions = { client: { hops: 0 }, server: { hops: 7, delay: 0.02 } };
const GET = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
const OK = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

function talkTo(port = 80): Conversation {
  return new Conversation({ ...FAR, server: { ...FAR.server, port } }).handshake();
}

function failuresOf(...talks: readonly { readonly packets: readonly ConversationPacket[] }[]): FailureRow[] {
  return analyzePackets(interleave(...talks)).failures.rows(0, 100);
}

/** Each packet as a capture with that snap length holds it. */
function cut(talk: Conversation, snap: number): { readonly packets: readonly ConversationPacket[] } {
  return {
    packets: talk.packets.map(({ timeNs, data }) => ({
      timeNs,
      data: data.subarray(0, snap),
      wireLength: data.length,
    })),
  };
}

function asked(request: string | Uint8Array = GET, port = 80): Conversation {
  return talkTo(port).clientSends(request).serverAcks();
}

describe('a whole reply', () => {
  for (const [what, talk] of [
    [
      'of HTTP/1.0 that ends with the connection',
      asked('GET / HTTP/1.0\r\n\r\n').serverSends('HTTP/1.0 200 OK\r\n\r\nhello').clientAcks(),
    ],
    ['to HEAD', asked('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').serverSends(OK(1000)).clientAcks()],
    ['204', asked().serverSends('HTTP/1.1 204 No Content\r\n\r\n').clientAcks()],
    [
      '304 with a length',
      asked().serverSends('HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n').clientAcks(),
    ],
    [
      'after 100 Continue',
      asked('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\nExpect: 100-continue\r\n\r\n')
        .serverSends('HTTP/1.1 100 Continue\r\n\r\n')
        .clientAcks()
        .clientSends(300)
        .serverAcks()
        .serverSends(OK(5))
        .serverSends(5)
        .clientAcks(),
    ],
    [
      'behind others of the connection',
      asked()
        .serverSends(OK(400))
        .serverSends(400)
        .clientAcks()
        .clientSends(GET)
        .serverAcks()
        .serverSends(OK(90))
        .serverSends(90)
        .clientAcks(),
    ],
    [
      'to the newer of two requests at once',
      talkTo()
        .clientSends(GET)
        .clientSends(GET)
        .serverAcks()
        .serverSends(OK(40))
        .serverSends(40)
        .serverSends(OK(30))
        .serverSends(30)
        .clientAcks(),
    ],
    [
      'in chunks',
      asked().serverSends(CHUNKED).serverSends('5\r\nabcde\r\n').serverSends('0\r\n\r\n').clientAcks(),
    ],
  ] as const) {
    it(`${what} is no failure`, () => {
      expect(failuresOf(talk.closes('server'))).toEqual([]);
    });
  }

  it('is not doubted for a FIN that was sent again, or a reset that follows it', () => {
    const talk = asked().serverSends(OK(40)).serverSends(40).clientAcks().serverCloses();
    talk
      .retransmit('server', { after: 0.3 })
      .retransmit('server', { after: 0.6 })
      .clientAcks()
      .clientCloses()
      .serverAcks();
    expect(failuresOf(talk)).toEqual([]);
    const cutOff = asked()
      .serverSends(OK(40))
      .serverSends(40)
      .clientAcks()
      .serverCloses()
      .rst({ from: 'client' });
    expect(failuresOf(cutOff)).toEqual([]);
  });
});

describe('a reply that was cut short', () => {
  it('counts for the newest reply of the connection only', () => {
    const talk = asked().serverSends(OK(400)).serverSends(400).clientAcks().clientSends(GET).serverAcks();
    const [failure] = failuresOf(talk.serverSends(OK(900)).serverSends(90).clientAcks().closes('server'));
    expect(failure).toMatchObject({ kind: 'cut-short', side: 'server' });
    expect(failure.summary).toContain('90 of 900 bytes');
  });

  it('shows by lengths where the capture kept the headers only', () => {
    const whole = asked().serverSends(OK(4000)).serverSends(4000).clientAcks().closes('server');
    const short = asked().serverSends(OK(4000)).serverSends(1000).clientAcks().closes('server');
    expect(failuresOf(cut(whole, 140))).toEqual([]);
    expect(failuresOf(cut(short, 140))).toMatchObject([{ kind: 'cut-short' }]);
  });

  it('is not claimed where neither lengths nor the end of chunks were captured', () => {
    const short = asked().serverSends(OK(4000)).serverSends(1000).clientAcks().closes('server');
    expect(failuresOf(cut(short, 60))).toEqual([]);
    const chunks = asked()
      .serverSends(CHUNKED)
      .serverSends(`3e8\r\n${'x'.repeat(1000)}\r\n`)
      .clientAcks();
    expect(failuresOf(cut(chunks.closes('server'), 140))).toEqual([]);
  });

  it('is not claimed where the capture lost packets, or took them out of order', () => {
    const lost = asked().serverSends(OK(4000));
    lost
      .uncaptured((talk) => talk.serverSends(1000))
      .serverSends(500)
      .clientAcks();
    const talk = lost.closes('server');
    expect(failuresOf({ packets: talk.packets }).filter(({ kind }) => kind === 'cut-short')).toEqual([]);
    const whole = asked().serverSends(OK(3000)).serverSends(3000).clientAcks().closes('server');
    const packets = [...whole.packets];
    [packets[6], packets[7]] = [packets[7], packets[6]];
    expect(failuresOf({ packets })).toEqual([]);
  });
});

describe('a server that takes connections and never answers', () => {
  const redis = '*1\r\n$4\r\nPING\r\n';
  for (const [protocol, request] of [
    ['http', GET],
    ['redis', redis],
  ] as const) {
    it(`fails when the ${protocol} client gives up`, () => {
      const [failure] = failuresOf(asked(request).wait(30).closes('client'));
      expect(failure).toMatchObject({ kind: 'closed-early', side: 'client', matters: true });
      expect(failure.next).toContain('too slow or stuck');
    });
  }

  it('is nothing that can be said of an unknown protocol', () => {
    expect(
      failuresOf(
        asked(concat(ascii('\u0001\u0002own')))
          .wait(30)
          .closes('client'),
      ),
    ).toEqual([]);
  });

  it('is none for a log stream that is closed after a while, however little it sent', () => {
    const talk = talkTo(514);
    for (let i = 0; i < 3; i++) talk.clientSends(234, { after: 4 }).serverAcks();
    expect(failuresOf(talk.wait(30).closes('server'))).toEqual([]);
  });
});

describe('a server that speaks first', () => {
  it('fails where it says nothing until the client gives up, or closes without a word', () => {
    const [silent] = failuresOf(talkTo(3306).wait(10).closes('client'));
    expect(silent).toMatchObject({ kind: 'closed-early', side: 'client', matters: true });
    expect(silent.next).toContain('skip_name_resolve');
    const [closed] = failuresOf(talkTo(22).closes('server'));
    expect(closed).toMatchObject({ kind: 'closed-early', side: 'server' });
    expect(closed.next).toContain('MaxStartups');
  });

  it('has not failed a health check, nor on a port of another protocol, nor where it spoke', () => {
    expect(failuresOf(talkTo(22).closes('client'))).toEqual([]);
    expect(failuresOf(talkTo(8080).wait(10).closes('client'))).toEqual([]);
    const greeted = talkTo(25).serverSends('220 hi\r\n').clientAcks().wait(10).closes('client');
    expect(failuresOf(greeted)).toEqual([]);
    const unseen = talkTo(25);
    unseen.uncaptured((talk) => talk.serverSends('220 hi\r\n')).clientAcks();
    expect(failuresOf(unseen.wait(10).closes('client'))).toEqual([]);
  });
});

describe('a request that its client does not end', () => {
  const POST = 'POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n';

  it('is no failure of the server that waited for the rest', () => {
    const [body] = failuresOf(asked(POST).clientSends(2000).serverAcks().wait(60).closes('server'));
    expect(body).toMatchObject({ kind: 'closed-early', side: 'client', matters: true });
    expect(body.summary).toContain('2,000 of 9,000 bytes of its body');
    const [header] = failuresOf(asked('GET / HTTP/1.1\r\nHost: a\r\n').wait(20).closes('server'));
    expect(header).toMatchObject({ kind: 'closed-early', side: 'client' });
    expect(header.next).toContain('client_header_timeout');
  });

  it('is none where the client itself closes in the middle of it', () => {
    const talk = asked(POST).clientSends(2000).serverAcks().wait(5).closes('client');
    expect(failuresOf(talk)).toEqual([]);
  });

  it('is one of the server where the request is whole, or was not captured as a whole', () => {
    const whole = asked(POST).clientSends(9000).serverAcks().wait(60).closes('server');
    expect(failuresOf(whole)).toMatchObject([{ kind: 'closed-early', side: 'server' }]);
    const header = talkTo()
      .clientSends(GET.replace('Host', 'X-Long: a long header field\r\nHost'))
      .serverAcks();
    expect(failuresOf(cut(header.wait(20).closes('server'), 110))).toMatchObject([{ side: 'server' }]);
  });

  describe('is one of the server where the header section came in pieces', () => {
    const pieces = ['GET /a HTTP/1.1\r\nHost: a\r\n', 'X-A: 1\r\n', 'X-B: 2\r\n\r\n'] as const;
    const closed = (talk: Conversation): FailureRow[] =>
      failuresOf(talk.serverAcks().wait(20).closes('server'));

    it('after many requests that came so, too', () => {
      const talk = talkTo();
      for (let i = 0; i < 70; i++) {
        for (const piece of pieces) talk.clientSends(piece);
        talk.serverAcks().serverSends('HTTP/1.1 204 No Content\r\n\r\n').clientAcks();
      }
      for (const piece of pieces) talk.clientSends(piece);
      expect(closed(talk)).toMatchObject([{ kind: 'closed-early', side: 'server' }]);
    });

    it('and the first of them was sent again', () => {
      const talk = talkTo();
      const { next } = talk.client;
      for (const piece of pieces) talk.clientSends(piece);
      talk.segment('client', { payload: pieces[0], seq: next, after: 0.3 });
      expect(closed(talk)).toMatchObject([{ kind: 'closed-early', side: 'server' }]);
    });

    it('in another order than they were sent', () => {
      const talk = talkTo();
      const first = talk.client.next;
      const second = first + pieces[0].length;
      const third = second + pieces[1].length;
      talk.clientSends(pieces[0]);
      talk.segment('client', { payload: pieces[2], seq: third });
      talk.segment('client', { payload: pieces[1], seq: second });
      talk.serverAcks({ ack: third + pieces[2].length });
      expect(closed(talk)).toMatchObject([{ kind: 'closed-early', side: 'server' }]);
    });
  });
});

describe('TLS', () => {
  const hello = record(22, clientHello({ serverName: 'shop.example' }));
  for (const [who, code, name] of [
    ['server', 70, 'protocol_version'],
    ['server', 112, 'unrecognized_name'],
    ['client', 48, 'unknown_ca'],
    ['client', 45, 'certificate_expired'],
  ] as const) {
    it(`fails by ${name} of the ${who}`, () => {
      const talk = asked(hello, 443);
      if (who === 'server') talk.serverSends(alert(2, code)).clientAcks().closes('server');
      else
        talk
          .serverSends(record(22, serverHello({ version: 0x0303 })))
          .clientAcks()
          .clientSends(alert(2, code))
          .serverAcks()
          .closes('client');
      const [failure] = failuresOf(talk);
      expect(failure).toMatchObject({ kind: 'handshake-failed', side: who });
      expect(failure.summary).toContain(name);
    });
  }

  it('fails by an encrypted alert of the client in TLS 1.3', () => {
    const talk = asked(hello, 443)
      .serverSends(record(22, serverHello({ version: 0x0304 })))
      .serverSends(2000)
      .clientAcks();
    talk.clientSends(concat(record(20, Uint8Array.of(1)), record(23, new Uint8Array(19)))).serverAcks();
    expect(failuresOf(talk.closes('client'))).toMatchObject([{ kind: 'handshake-failed', side: 'client' }]);
  });
});

describe('captures of one direction', () => {
  const keep = (
    talk: Conversation,
    from: 'client' | 'server',
  ): { readonly packets: readonly ConversationPacket[] } => ({
    packets: talk.packets.filter(({ data }) => (data[29] === 1) === (from === 'client')),
  });

  for (const from of ['client', 'server'] as const) {
    it(`claim nothing of connections that were well (${from})`, () => {
      const talk = asked().serverSends(OK(400)).serverSends(400).clientAcks().closes('server');
      expect(keep(talk, from).packets.length).toBeGreaterThan(3);
      expect(failuresOf(keep(talk, from))).toEqual([]);
    });
  }

  it('claim nothing that began before them or goes on after them', () => {
    const talk = asked().serverSends(OK(4000)).serverSends(2000).clientAcks();
    expect(failuresOf(talk)).toEqual([]);
    expect(failuresOf({ packets: talk.closes('server').packets.slice(4) })).toEqual([]);
  });
});

describe('a refusal', () => {
  it('stays with the resets', () => {
    const talk = new Conversation(FAR).refused();
    expect(failuresOf(talk)).toEqual([]);
  });
});

describe('each packet twice', () => {
  it('changes nothing of what failed and what did not', () => {
    const twice = (talk: Conversation): { readonly packets: readonly ConversationPacket[] } => ({
      packets: talk.packets.flatMap((one) => [one, { ...one, timeNs: one.timeNs + 2000n }]),
    });
    expect(
      failuresOf(twice(asked().serverSends(OK(40)).serverSends(40).clientAcks().closes('server'))),
    ).toEqual([]);
    const silent = asked().serverSends(OK(40)).serverSends(40).clientAcks().clientSends(GET);
    for (let i = 0; i < 6; i++) silent.retransmit('client', { after: 0.3 * 2 ** i });
    expect(failuresOf(twice(silent))).toMatchObject([{ kind: 'went-silent', tries: 7 }]);
  });
});
