/** Each kind of failure, and beside it what looks nearly the same and is no failure. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import type { ConversationOptions, ConversationPacket } from '../../../test/support/conversation.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { alert, clientHello, record, serverHello } from '../../../test/support/tls-messages.ts';
import type { FlowId } from '../../../shared/base/units.ts';
import type { Ending, FailureRow } from '../../../shared/model/failure.ts';
import type { Session } from '../session.ts';

const FAR: ConversationOptions = { client: { hops: 0 }, server: { hops: 7, delay: 0.02 } };
const V6: ConversationOptions = {
  client: { address: '2001:db8::1', hops: 0 },
  server: { address: '2001:db8:1::80', hops: 7, delay: 0.02 },
};
const SERVER_HERE: ConversationOptions = { client: { hops: 6 }, server: { hops: 0 } };
const GET = 'GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n';
const STARTED_NS = 1_700_000_000_000_000_000n;

function talkTo(port = 80, options: ConversationOptions = FAR, clientPort = 40_000): Conversation {
  return new Conversation({
    ...options,
    client: { ...options.client, port: clientPort },
    server: { ...options.server, port },
  });
}

/** Another connection that goes on for `seconds`, so that the capture does. */
function meanwhile(seconds: number, options: ConversationOptions = FAR): Conversation {
  return talkTo(8080, options, 50_000).handshake().exchange(10, 10).wait(seconds).exchange(10, 10).closes();
}

function endingsOf(session: Session): Partial<Record<Ending, number>> {
  const { counts } = session.failures.report();
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function failuresOf(...talks: readonly { readonly packets: readonly ConversationPacket[] }[]): FailureRow[] {
  return analyzePackets(interleave(...talks)).failures.rows(0, 100);
}

/** The one failure there is. */
function failureOf(...talks: readonly { readonly packets: readonly ConversationPacket[] }[]): FailureRow {
  const rows = failuresOf(...talks);
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** A SYN that is repeated after 1 and 2 more seconds. */
function synThrice(port = 443, options = FAR): Conversation {
  return talkTo(port, options).syn().retransmit('client', { after: 1 }).retransmit('client', { after: 2 });
}

/** A request that was acknowledged and not answered yet. */
function asked(request: string | Uint8Array = GET, port = 80): Conversation {
  return talkTo(port).handshake().clientSends(request).serverAcks();
}

function resendsOf(talk: Conversation, from: 'client' | 'server', times: number): Conversation {
  for (let i = 0; i < times; i++) talk.retransmit(from, { after: 0.2 * 2 ** i });
  return talk;
}

describe('a SYN without an answer', () => {
  for (const [family, options] of [
    ['IPv4', FAR],
    ['IPv6', V6],
  ] as const) {
    it(`fails where it was repeated in vain (${family})`, () => {
      const talk = synThrice(443, options);
      const failure = failureOf(talk, meanwhile(8, options));
      expect(failure).toMatchObject({
        kind: 'no-answer',
        tries: 3,
        seconds: 3,
        matters: true,
        recovered: false,
        side: null,
      });
      expect(failure.next).toContain('3 times over 3');
      expect(failure.next).toContain('while the host answers otherwise');
      expect(failure.next).toContain('Capture at the server: does the SYN arrive?');
      expect(failure.next).toContain('tcp port 443');
    });
  }

  it('is only open where the capture ends before anybody could answer or repeat it', () => {
    const session = analyzePackets(talkTo(443).syn().packets);
    expect(endingsOf(session)).toEqual({ open: 1 });
  });

  it('says that answers may take another way where none of that direction is captured', () => {
    const talk = synThrice();
    const failure = failureOf(talk);
    expect(failure.next).toContain('another way');
    expect(failure.confidence).toBeLessThan(0.7);
  });

  it('is not seen where the same client talks on without a word that came back', () => {
    const syn = synThrice();
    const oneWay = talkTo(80, FAR, 41_000).handshake().exchange(100, 100).closes();
    const clientOnly = { packets: oneWay.packets.filter((_, i) => [0, 2, 3, 6, 7].includes(i)) };
    const session = analyzePackets(interleave(syn, clientOnly));
    expect(session.failures.report().failures).toBe(0);
    expect(endingsOf(session)['no-answer']).toBeUndefined();
  });

  it('blames the server no more than this place of capture shows, and names its drops where it was made there', () => {
    const talk = synThrice(443, SERVER_HERE);
    const failure = failureOf(talk, meanwhile(8, SERVER_HERE));
    expect(failure.side).toBe('server');
    expect(failure.next).toContain('made at the server');
    expect(failure.next).not.toContain('Capture at the server');
  });

  it('does not matter where the program connected to the other address at the same moment', () => {
    const dead = synThrice(443, V6);
    const works = new Conversation({ client: {}, server: { port: 443, hops: 5, delay: 0.02 } })
      .wait(0.25)
      .handshake()
      .exchange(100, 200)
      .wait(5)
      .closes();
    const failure = failureOf(dead, works);
    expect(failure).toMatchObject({ kind: 'no-answer', matters: false, recovered: true });
    expect(failure.next).toMatch(/^Nothing to do/u);
  });

  it('is one finding that does not matter where somebody scans', () => {
    const talks = Array.from({ length: 30 }, (_, i) =>
      talkTo(1000 + i, FAR, 42_000 + i)
        .wait(i * 0.01)
        .syn(),
    );
    const session = analyzePackets(interleave(...talks, meanwhile(8)));
    const report = session.failures.report();
    expect(report.counts['no-answer']).toBe(30);
    expect(report).toMatchObject({ failures: 30, failuresThatMatter: 0, allWell: true });
    expect(report.groups).toHaveLength(1);
    expect(report.groups[0]).toMatchObject({ server: 'several', count: 30 });
    expect(report.groups[0].sentence).toContain('scan');
  });

  it('matters where a program tries a few services in vain', () => {
    const talks = Array.from({ length: 5 }, (_, i) =>
      talkTo(1000 + i, FAR, 42_000 + i)
        .syn()
        .retransmit('client', { after: 1 }),
    );
    const report = analyzePackets(interleave(...talks, meanwhile(8))).failures.report();
    expect(report.failuresThatMatter).toBe(5);
    expect(report.headline).toBe('No resets, but 5 of 6 connections failed.');
    expect(report.allWell).toBe(false);
  });

  it('was got over where a later SYN was answered', () => {
    const talk = synThrice(80);
    talk.synAck().clientAcks().exchange(100, 200).closes();
    const session = analyzePackets(talk.packets);
    expect(endingsOf(session)).toEqual({ clean: 1 });
    expect(session.failures.rows(0, 9)).toMatchObject([
      { kind: 'no-answer', recovered: true, matters: false, tries: 3 },
    ]);
  });

  it('is nothing where one SYN was lost and the next answered', () => {
    const talk = talkTo()
      .syn()
      .retransmit('client', { after: 1 })
      .synAck()
      .clientAcks()
      .exchange(9, 9)
      .closes();
    expect(failuresOf(talk)).toEqual([]);
  });

  it('tells of others that reached the same port at the time', () => {
    const talk = synThrice();
    const fine = talkTo(443, FAR, 47_000).wait(1).handshake().exchange(9, 9).wait(8).closes();
    expect(failureOf(talk, fine).next).toContain('single SYNs are dropped');
  });
});

describe('an ICMP error', () => {
  it('ends a handshake, and says who said so', () => {
    const talk = talkTo(443)
      .syn()
      .icmp({ router: '10.9.9.1', about: 'client', type: 3, code: 13 })
      .retransmit('client', { after: 1 })
      .icmp({ router: '10.9.9.1', about: 'client', type: 3, code: 13 });
    const failure = failureOf(talk, meanwhile(5));
    expect(failure).toMatchObject({ kind: 'unreachable', side: 'path', matters: true, tries: 2 });
    expect(failure.summary).toContain('administratively prohibited');
    expect(failure.next).toContain('10.9.9.1');
  });

  it('of the address itself is the doing of the server', () => {
    const talk = talkTo(443).syn().icmp({ router: '192.0.2.80', about: 'client', type: 3, code: 3 });
    expect(failureOf(talk, meanwhile(5))).toMatchObject({ kind: 'unreachable', side: 'server' });
  });

  it('that a later SYN got over is none', () => {
    const talk = talkTo(443)
      .syn()
      .icmp({ router: '10.9.9.1', about: 'client', type: 3, code: 1 })
      .retransmit('client', { after: 1 })
      .synAck()
      .clientAcks()
      .exchange(9, 9)
      .closes();
    expect(failuresOf(talk)).toEqual([]);
  });

  it('cuts off a connection whose data is sent in vain', () => {
    const talk = resendsOf(talkTo().handshake().exchange(100, 100).clientSends(300), 'client', 5);
    talk.icmp({ router: '10.9.9.1', about: 'client', type: 3, code: 1 });
    expect(failureOf(talk, meanwhile(30))).toMatchObject({ kind: 'unreachable', side: 'path' });
  });
});

describe('a handshake that is not completed', () => {
  it('fails where the SYN-ACK is repeated in vain', () => {
    const talk = talkTo().syn().synAck();
    talk
      .retransmit('server', { after: 1 })
      .retransmit('server', { after: 2 })
      .retransmit('server', { after: 4 });
    const failure = failureOf(talk, meanwhile(12));
    expect(failure).toMatchObject({ kind: 'half-open', tries: 4, seconds: 7, side: null });
  });

  it('is the path where the client goes on asking', () => {
    const between: ConversationOptions = { client: { hops: 3 }, server: { hops: 4, delay: 0.02 } };
    const talk = talkTo(80, between).syn().synAck();
    for (const after of [1, 2, 4]) talk.retransmit('client', { after }).retransmit('server', { after: 0.02 });
    const failure = failureOf(talk, meanwhile(12, between));
    expect(failure).toMatchObject({ kind: 'half-open', side: 'path' });
    expect(failure.next).toContain('the SYN-ACK does not arrive');
  });

  /** The SYN-ACK once more, behind the client's ACK. */
  const again = (talk: Conversation, after: number): Conversation =>
    talk.segment('server', { flags: 'SA', seq: 2_000_000_000, after });

  for (const [place, options, side] of [
    ['at the client', FAR, null],
    ['at the server', SERVER_HERE, 'server'],
  ] as const) {
    it(`is a full listen queue or a lost ACK where that was there and data was sent, seen ${place}`, () => {
      const talk = talkTo(80, options).handshake().clientSends(200);
      for (const after of [1, 1.5, 3]) again(talk, after).retransmit('client', { after: 0.5 });
      const failure = failureOf(talk, meanwhile(12, options));
      expect(failure).toMatchObject({ kind: 'half-open', side, recovered: false, matters: true });
      expect(failure.next).toContain('listen backlog');
      if (side === null) expect(failure.next).toContain('Capture at the server to tell them apart');
      else expect(failure.next).not.toContain('Capture at');
    });

    it(`is the same without data of the client, seen ${place}`, () => {
      const talk = talkTo(80, options).handshake();
      for (const after of [1, 2, 4]) again(talk, after).clientAcks();
      expect(failureOf(talk, meanwhile(12, options))).toMatchObject({ kind: 'half-open', side, tries: 4 });
    });
  }

  it('was got over where the server took the connection at last', () => {
    const talk = talkTo().handshake().clientSends(200);
    again(talk, 1).retransmit('client', { after: 0.5 });
    again(talk, 1.5).retransmit('client', { after: 0.5 }).serverAcks().serverSends(200).clientAcks().closes();
    expect(failureOf(talk)).toMatchObject({ kind: 'half-open', recovered: true, side: null });
  });

  it('is none where the server waits for the first byte on purpose, and repeats its SYN-ACK once', () => {
    const talk = again(talkTo().handshake(), 1).clientAcks();
    expect(failuresOf(talk, meanwhile(12))).toEqual([]);
    const copies = again(again(talkTo().handshake(), 0.1).clientAcks(), 0.1).clientAcks();
    expect(failuresOf(copies, meanwhile(12))).toEqual([]);
  });

  it('is only open right after the SYN-ACK', () => {
    expect(endingsOf(analyzePackets(talkTo().syn().synAck().packets))).toEqual({ open: 1 });
  });
});

describe('a connection that went silent', () => {
  for (const from of ['client', 'server'] as const) {
    it(`fails where data of the ${from} is resent in vain`, () => {
      const talk = talkTo().handshake().exchange(100, 100);
      if (from === 'client') talk.clientSends(300);
      else talk.serverSends(300);
      resendsOf(talk, from, 6);
      const failure = failureOf(talk, meanwhile(30));
      expect(failure).toMatchObject({ kind: 'went-silent', tries: 7, matters: true, recovered: false });
      expect(failure.seconds).toBeCloseTo(12.6, 1);
    });
  }

  it('names the direction that is lost where the other side still speaks', () => {
    const talk = talkTo().handshake().exchange(100, 100).clientSends(300);
    for (let i = 0; i < 5; i++) {
      talk.retransmit('client', { after: 0.2 * 2 ** i });
      talk.serverSends(50, { ack: 1_000_101 });
    }
    const failure = failureOf(talk, meanwhile(30));
    expect(failure).toMatchObject({ kind: 'went-silent', side: 'path' });
    expect(failure.summary).toContain('still spoke');
  });

  it.each([
    [2, 'its last packet came 2 s before the first of these'],
    [0, 'its last packet came within a millisecond of the first of these'],
  ])('says when the peer was heard last, %d s before', (after, words) => {
    const talk = talkTo().handshake().exchange(100, 100).serverSends(50, { after: 1 });
    resendsOf(talk.clientSends(300, { after }), 'client', 6);
    const { failures } = analyzePackets(interleave(talk, meanwhile(40)));
    const [{ id }] = failures.rows(0, 1);
    const evidence = failures.detail(id as FlowId)?.evidence.map(({ text }) => text);
    expect(evidence).toContainEqual(expect.stringContaining(words));
  });

  it('suspects a forgotten connection after a long idle time', () => {
    const talk = resendsOf(talkTo().handshake().exchange(100, 100).wait(400).clientSends(300), 'client', 6);
    expect(failureOf(talk, meanwhile(500)).next).toContain('keep-alives');
  });

  it('shows from the other end, too: acknowledged data that is sent again and again', () => {
    const talk = talkTo(80, SERVER_HERE).handshake().exchange(100, 100).clientSends(300).serverAcks();
    for (let i = 0; i < 5; i++) talk.retransmit('client', { after: 0.3 * 2 ** i }).serverAcks();
    const failure = failureOf(talk, meanwhile(30, SERVER_HERE));
    expect(failure).toMatchObject({ kind: 'went-silent', side: 'path' });
    expect(failure.next).toContain('the way from server to client');
  });

  it('is an ordinary loss where one resend was answered', () => {
    const talk = talkTo().handshake().clientSends(100).retransmit('client', { after: 0.3 }).serverAcks();
    talk.serverSends(500).clientAcks().closes();
    expect(failuresOf(talk, meanwhile(30))).toEqual([]);
  });

  it('is open where the capture ends in the middle of it', () => {
    const talk = resendsOf(talkTo().handshake().clientSends(100), 'client', 2);
    expect(failuresOf(talk)).toEqual([]);
  });

  it('is not told of a connection that began before the capture', () => {
    const talk = resendsOf(talkTo().handshake().exchange(100, 100).clientSends(300), 'client', 6);
    const packets = talk.packets.slice(3);
    const session = analyzePackets(interleave({ packets }, meanwhile(30)));
    expect(session.failures.report().failures).toBe(0);
  });

  it('shows by keep-alives, too', () => {
    const talk = talkTo().handshake().exchange(100, 100).wait(60);
    for (let i = 0; i < 5; i++) talk.keepAlive('client', { after: 10 });
    expect(failureOf(talk, meanwhile(200))).toMatchObject({ kind: 'went-silent', tries: 5 });
  });

  it('is none where keep-alives are answered for minutes', () => {
    const talk = talkTo().handshake().exchange(100, 100);
    for (let i = 0; i < 9; i++) talk.keepAlive('client', { after: 30 }).serverAcks();
    expect(endingsOf(analyzePackets(talk.packets))).toEqual({ open: 1 });
  });
});

describe('a connection that stalled', () => {
  const stalledFor = (times: number): Conversation => {
    const talk = asked().serverSends(20_000).clientAcks({ window: 0 });
    for (let i = 0; i < times; i++) {
      talk.segment('server', { payload: 1, after: 2 ** i, seq: talk.server.next });
      talk.clientAcks({ window: 0, ack: 2_000_020_001 });
    }
    return talk;
  };

  it('is the doing of the receiver whose window stays shut', () => {
    const failure = failureOf(stalledFor(5), meanwhile(60));
    expect(failure).toMatchObject({ kind: 'stalled', side: 'client', recovered: false, matters: true });
    expect(failure.next).toContain('did not read');
  });

  it('is a delay where it was opened again', () => {
    const talk = stalledFor(3);
    talk.clientAcks({ after: 1 }).serverSends(100).clientAcks().closes('server');
    const failure = failureOf(talk, meanwhile(60));
    expect(failure).toMatchObject({ kind: 'stalled', recovered: true, side: 'client' });
  });

  it('does not matter where it was opened after some seconds', () => {
    const talk = stalledFor(2);
    talk.clientAcks({ after: 1 }).serverSends(100).clientAcks().closes('server');
    const failure = failureOf(talk, meanwhile(60));
    expect(failure).toMatchObject({ kind: 'stalled', recovered: true, matters: false });
    expect(failure.next).toMatch(/^Nothing to do/u);
  });

  it('is told though the window was shut for longer before, while nobody had anything to send', () => {
    const talk = stalledFor(0).wait(60).clientAcks().clientSends(GET).serverAcks();
    talk.serverSends(20_000).clientAcks({ window: 0 });
    for (let i = 0; i < 5; i++) {
      talk.segment('server', { payload: 1, after: 2 ** i, seq: talk.server.next });
      talk.clientAcks({ window: 0 });
    }
    expect(failureOf(talk, meanwhile(120))).toMatchObject({ kind: 'stalled', recovered: false });
  });

  it('is an ordinary brake where it is short', () => {
    const talk = stalledFor(1).clientAcks({ after: 0.1 }).serverSends(100).clientAcks().closes('server');
    expect(failuresOf(talk, meanwhile(60))).toEqual([]);
  });

  it('is a path-MTU black hole where full segments never arrive and small ones do', () => {
    const talk = asked().serverSends(200).clientAcks();
    talk.clientSends(GET).serverAcks();
    talk.segment('server', { payload: 1448 });
    for (let i = 0; i < 6; i++) talk.retransmit('server', { after: 0.3 * 2 ** i });
    const failure = failureOf(talk, meanwhile(60));
    expect(failure).toMatchObject({ kind: 'stalled', side: 'path', recovered: false });
    expect(failure.next).toContain('clamp');
  });

  it('is one, too, where the first full segment after the handshake never arrives', () => {
    const talk = talkTo().handshake().segment('client', { payload: 1448 });
    for (let i = 0; i < 6; i++) talk.retransmit('client', { after: 0.3 * 2 ** i });
    const failure = failureOf(talk, meanwhile(60));
    expect(failure).toMatchObject({ kind: 'stalled', side: 'path' });
    expect(failure.confidence).toBeLessThan(0.7);
  });

  for (const [family, options, type, code, ping] of [
    ['IPv4', FAR, 3, 4, 'ping -M do'],
    ['IPv6', V6, 2, 0, 'ping -6 -M do'],
  ] as const) {
    it(`is one where the sender takes no notice of the error that says so (${family})`, () => {
      const talk = talkTo(80, options)
        .handshake()
        .clientSends(GET)
        .serverAcks()
        .serverSends(200)
        .clientAcks();
      const router = options === V6 ? '2001:db8:9::1' : '10.9.9.1';
      talk.segment('client', { payload: 1420 }).icmp({ router, about: 'client', type, code });
      for (let i = 0; i < 6; i++) talk.retransmit('client', { after: 0.3 * 2 ** i });
      const failure = failureOf(talk, meanwhile(60, options));
      expect(failure).toMatchObject({ kind: 'stalled', side: 'path' });
      expect(failure.next).toContain('took no notice of the ICMP');
      expect(failure.next).not.toContain('no ICMP “');
      expect(failure.next).toContain(ping);
    });
  }

  it('is no black hole where full segments were acknowledged before', () => {
    const talk = asked().serverSends(1448).clientAcks();
    talk.clientSends(GET).serverAcks();
    talk.segment('server', { payload: 1448 });
    for (let i = 0; i < 6; i++) talk.retransmit('server', { after: 0.3 * 2 ** i });
    expect(failureOf(talk, meanwhile(60))).toMatchObject({ kind: 'went-silent' });
  });

  it('is told as a delay where data came through after many seconds', () => {
    const talk = resendsOf(talkTo().handshake().clientSends(100), 'client', 6).serverAcks();
    talk.serverSends(100).clientAcks().closes();
    expect(failureOf(talk)).toMatchObject({ kind: 'stalled', recovered: true });
    expect(endingsOf(analyzePackets(talk.packets))).toEqual({ clean: 1 });
  });
});

describe('a close before the reply', () => {
  it('of the server is its failure', () => {
    const talk = asked().closes('server');
    const failure = failureOf(talk);
    expect(failure).toMatchObject({ kind: 'closed-early', side: 'server', matters: true });
    expect(failure.summary).toContain('GET /a');
  });

  it('shows after earlier replies, too', () => {
    const talk = asked();
    talk.serverSends('HTTP/1.1 204 No Content\r\n\r\n').clientAcks();
    talk.clientSends(GET).serverAcks().closes('server');
    expect(failureOf(talk)).toMatchObject({ kind: 'closed-early', side: 'server' });
  });

  it('of the client that waited is giving up', () => {
    const talk = asked().wait(30).closes('client');
    const failure = failureOf(talk);
    expect(failure).toMatchObject({ kind: 'closed-early', side: 'client', seconds: 30.02 });
  });

  for (const [what, make] of [
    [
      'an answered request',
      () => talkTo().handshake().exchange(GET, 'HTTP/1.1 204 No\r\n\r\n').closes('server'),
    ],
    ['a bare health check', () => talkTo().handshake().closes('client')],
    [
      'an upload of an own protocol',
      () => talkTo().handshake().clientSends(5000).serverAcks().closes('client'),
    ],
    [
      'a log stream that the server ends',
      () => talkTo().handshake().clientSends(90_000).serverAcks().closes('server'),
    ],
    [
      'a server that talks first',
      () =>
        talkTo()
          .handshake()
          .serverSends('220 hi\r\n')
          .clientAcks()
          .clientSends('QUIT\r\n')
          .serverAcks()
          .closes('server'),
    ],
    [
      'a half-close before the answer',
      () =>
        talkTo()
          .handshake()
          .clientSends(GET)
          .clientCloses()
          .serverAcks()
          .serverSends('HTTP/1.1 204 No\r\n\r\n')
          .clientAcks()
          .serverCloses()
          .clientAcks(),
    ],
    ['a long poll that goes on', () => asked().wait(300).serverSends('HTTP/1.1 204 No\r\n\r\n').clientAcks()],
  ] as const) {
    it(`is not seen in ${what}`, () => {
      expect(failuresOf(make())).toEqual([]);
    });
  }
});

describe('a reply that is cut short', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
  const half = (): Conversation => asked().serverSends(head).serverSends(400).clientAcks();

  it('has less than its Content-Length when the FIN comes', () => {
    const talk = half();
    const failure = failureOf(talk.closes('server'));
    expect(failure).toMatchObject({ kind: 'cut-short', side: 'server' });
    expect(failure.summary).toContain('400 of 1,000 bytes');
  });

  it('is whole with all of it', () => {
    const talk = asked().serverSends(head).serverSends(1000).clientAcks();
    expect(failuresOf(talk.closes('server'))).toEqual([]);
  });

  it('lacks the last chunk', () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const talk = (end: string): Conversation => {
      const made = asked().serverSends(chunked);
      for (let i = 0; i < 9; i++) made.serverSends(`5\r\nab${i}de\r\n`).clientAcks();
      return made.serverSends(`5\r\nabcde\r\n${end}`).clientAcks().closes('server');
    };
    expect(failureOf(talk(''))).toMatchObject({ kind: 'cut-short', side: 'server' });
    expect(failuresOf(talk('0\r\n\r\n'))).toEqual([]);
    expect(failuresOf(talk('0\r\nX-Sum: 1\r\n\r\n'))).toEqual([]);
  });

  it('stops in the middle until the client gives up', () => {
    const talk = half();
    expect(failureOf(talk.wait(20).closes('client'))).toMatchObject({ kind: 'cut-short', side: null });
    const stopped = half();
    expect(failuresOf(stopped.wait(0.1).closes('client'))).toEqual([]);
  });

  it('has no body by its nature', () => {
    const talk = talkTo().handshake().clientSends('HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n').serverAcks();
    expect(failuresOf(talk.serverSends(head).clientAcks().closes('server'))).toEqual([]);
  });
});

describe('a TLS handshake', () => {
  const hello = record(22, clientHello({ serverName: 'shop.example' }));
  const answer = record(22, serverHello({ version: 0x0304 }));

  it('fails by an alert, of whoever sent it', () => {
    const talk = asked(hello, 443).serverSends(alert(2, 40)).clientAcks();
    const failure = failureOf(talk.closes('server'));
    expect(failure).toMatchObject({ kind: 'handshake-failed', side: 'server' });
    expect(failure.summary).toContain('handshake_failure');
    const other = asked(hello, 443).serverSends(answer).clientAcks();
    other.clientSends(alert(2, 48)).serverAcks().closes('client');
    expect(failureOf(other)).toMatchObject({ kind: 'handshake-failed', side: 'client' });
  });

  it('fails where the server closes on the ClientHello', () => {
    const talk = asked(hello, 443).closes('server');
    expect(failureOf(talk)).toMatchObject({ kind: 'handshake-failed', side: 'server' });
  });

  it('fails where the client closes after the ServerHello', () => {
    const talk = asked(hello, 443).serverSends(answer).clientAcks();
    expect(failureOf(talk.closes('client'))).toMatchObject({ kind: 'handshake-failed', side: 'client' });
  });

  it('fails where nothing ever answers the ClientHello', () => {
    const talk = asked(hello, 443);
    expect(failureOf(talk, meanwhile(30))).toMatchObject({ kind: 'handshake-failed', side: 'server' });
    expect(failuresOf(asked(hello, 443), meanwhile(3))).toEqual([]);
  });

  it('is through where the client sends its Finished', () => {
    const talk = asked(hello, 443).serverSends(answer).serverSends(2000).clientAcks();
    talk
      .clientSends(80)
      .serverAcks()
      .clientSends(record(23, new Uint8Array(200)))
      .serverAcks();
    talk
      .serverSends(record(23, new Uint8Array(900)))
      .clientAcks()
      .clientSends(alert(1, 0))
      .closes('client');
    expect(failuresOf(talk)).toEqual([]);
  });
});

describe('endings without a failure', () => {
  it('are clean, reset, refused or open', () => {
    const talks = [
      talkTo(80, FAR, 40_001).handshake().exchange(10, 10).closes(),
      talkTo(80, FAR, 40_002).handshake().exchange(10, 10).rst({ from: 'server' }),
      talkTo(81, FAR, 40_003).refused(),
      talkTo(80, FAR, 40_004).handshake().exchange(10, 10),
      talkTo(80, FAR, 40_005).handshake().exchange(10, 10).serverCloses().clientAcks(),
    ];
    const session = analyzePackets(interleave(...talks));
    expect(endingsOf(session)).toEqual({ clean: 2, reset: 1, refused: 1, open: 1 });
    expect(session.failures.report().failures).toBe(0);
    const rows = session.liveFlows();
    expect(session.flowRow(rows[0] as never).ending).not.toBe('none');
  });

  it('are clean for a connection that lost packets and mended it', () => {
    const talk = new Conversation({ ...FAR, startNs: STARTED_NS }).handshake().clientSends(GET);
    talk
      .retransmit('client', { after: 0.2 })
      .serverAcks()
      .serverSends(5000)
      .retransmit('server', { after: 0.2 });
    talk.clientAcks().closes();
    expect(endingsOf(analyzePackets(talk.packets))).toEqual({ clean: 1 });
  });
});
