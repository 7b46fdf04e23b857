import { describe, expect, it } from 'vitest';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

/** Client at the capture point, server eight hops away with a 20 ms round trip. */
const far = { server: { hops: 8, delay: 0.02 } } as const;

function established(): Conversation {
  return new Conversation(far).handshake().exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 3000);
}

describe('who made a reset', () => {
  it('believes an abort that continues its sender in everything', () => {
    const verdict = judgeFirst(established().clientSends('more').rst({ from: 'server' }));
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.origin.side).toBe('server');
    expect(verdict.origin.confidence).toBeGreaterThan(0.99);
    expect(verdict.codes).toEqual(
      expect.arrayContaining(['same-ttl', 'ip-id-continues', 'timestamp-continues']),
    );
  });

  it('finds a router one hop before the server by distance and by what it answers', () => {
    const talk = established().clientSends('more').rst({ from: 'server', style: 'reply', ttl: 57 });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.origin.label).toBe('a device one hop in front of the server');
    expect(verdict.path.place).toBeCloseTo(8 / 9, 5);
    expect(verdict.path.capturePoint).toBe('client');
  });

  it('finds a device several hops nearer by distance alone', () => {
    const verdict = judgeFirst(
      established().wait(2).rst({ from: 'server', ttl: 62, ipId: 0, options: {}, window: 0 }),
    );
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.origin.hops).toBe(2);
    expect(verdict.codes).toContain('hops-differ');
  });

  it('finds an injector with copied TTL when the real server goes on', () => {
    const talk = established()
      .clientSends('GET /forbidden HTTP/1.1\r\nHost: a\r\n\r\n')
      .rst({ from: 'server', ipId: 0, options: {}, window: 0, after: 0.001 })
      .serverAcks({ after: 0.02 })
      .serverSends(2000);
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.cause.code).toBe('injected');
    expect(verdict.codes).toEqual(expect.arrayContaining(['same-ttl', 'sender-goes-on']));
  });

  it('finds guessed sequence numbers in a burst', () => {
    const talk = established().clientSends('bad word');
    const next = talk.server.next;
    for (const step of [0, 1460, 4380]) {
      talk.rst({ from: 'server', seq: next + step, ttl: 50 + step / 1460, ipId: 7 * step, options: {} });
    }
    const verdicts = judge(talk);
    expect(verdicts.map((verdict) => verdict.origin.kind)).toEqual(['middlebox', 'middlebox', 'middlebox']);
    expect(verdicts[1].codes).toContain('seq-guessed');
    expect(verdicts[1].path.resetHops).toBeNull();
  });

  it('finds a refusal that the real SYN-ACK follows', () => {
    const talk = new Conversation(far).syn().rst({ from: 'server', style: 'reply', after: 0.002, ttl: 60 });
    talk.synAck({ after: 0.02 }).clientAcks().exchange(100, 500);
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.codes).toContain('handshake-goes-on');
  });

  it('takes a NetScaler that made the handshake for the end of the connection, and names it', () => {
    const talk = new Conversation({ server: { hops: 12, synWindow: 8190, timestamps: false } }).syn();
    talk.synAck({ ttl: 251 }).clientAcks().exchange(100, 900).exchange(100, 900).wait(180.5);
    talk.rst({ from: 'server', ttl: 251, window: 9300, ipId: 77 });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.codes).toContain('front-end-code');
    expect(verdict.cause.code).toBe('idle-timeout');
    expect(verdict.origin.label).toMatch(
      /^the load balancer .* answers for the server .*, a Citrix NetScaler/,
    );
  });

  it('takes a NetScaler that did not for a device on the way', () => {
    const talk = new Conversation({ server: { hops: 12, synWindow: 8190, timestamps: false } }).handshake();
    talk.exchange(100, 900).exchange(100, 900).wait(180.5);
    talk.rst({ from: 'server', ttl: 251, window: 9300, ipId: 77 });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.codes).toContain('adc-code');
    expect(verdict.cause.code).toBe('idle-timeout');
    expect(verdict.origin.label).toContain('NetScaler');
  });

  it('says what answers a connection nearer than the server answers its others', () => {
    const others = [1, 2, 3, 4].map((n) =>
      new Conversation({ ...far, client: { port: 50_000 + n } }).handshake().exchange(10, 10),
    );
    const proxied = new Conversation({ server: { ...far.server, port: 8080, hops: 3 } }).wait(1).handshake();
    const verdict = judge(...others, proxied.exchange(10, 10).rst({ from: 'server' }))[0];
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.codes).toContain('answered-nearer');
    expect(verdict.origin.label).toMatch(/^the proxy, .* five hops nearer than its other connections$/);
  });

  it('names a device whose answer came sooner than any handshake of the server', () => {
    const others = Array.from({ length: 12 }, (_, n) =>
      new Conversation({ ...far, client: { port: 50_000 + n } }).handshake().exchange(10, 10).closes(),
    );
    const refusal = { from: 'server', style: 'reply', after: 0.004 } as const;
    const verdict = judge(...others, new Conversation(far).wait(1).syn().rst(refusal))[0];
    expect(verdict.codes).toContain('faster-than-round-trip');
    expect(verdict.origin.kind).not.toBe('endpoint');
    const few = judge(...others.slice(0, 5), new Conversation(far).wait(1).syn().rst(refusal))[0];
    expect(few.codes).not.toContain('faster-than-round-trip');
  });

  it('knows that a host which forgot a connection cannot abort it', () => {
    const talk = established().clientSends('bad');
    talk.rst({ from: 'server', style: 'reply', ipId: 4711 });
    talk.rst({ from: 'server', ipId: 815, options: {}, window: 0 });
    const [answer, abort] = judge(talk);
    expect(answer.codes).toEqual(expect.arrayContaining(['answer-then-abort', 'ip-id-in-linux-answer']));
    expect(abort.codes).toEqual(
      expect.arrayContaining(['answer-and-abort', 'timestamp-missing', 'window-unlike']),
    );
    expect([answer.origin.kind, abort.origin.kind]).toEqual(['middlebox', 'middlebox']);
  });

  it('leaves the host its own answer among a device’s resets', () => {
    const talk = established().clientSends('bad');
    talk.rst({ from: 'server', style: 'reply', after: 0.021 });
    talk.rst({ from: 'server', ttl: 60, ipId: 815, options: {}, window: 0 });
    const [answer, abort] = judge(talk);
    expect(answer.codes).toContain('answer-and-abort');
    expect(answer.origin.kind).not.toBe('middlebox');
    expect(abort.origin.kind).toBe('middlebox');
  });

  it.each([
    ['IPv4', '10.0.0.1', '10.0.0.2', 815],
    ['IPv6', 'fd00::1', 'fd00::2', 0],
  ])(
    'finds one device where a burst alternates between answers and aborts: %s',
    (_, client, server, ipId) => {
      const talk = new Conversation({
        client: { address: client },
        server: { ...far.server, address: server },
      });
      talk.handshake().exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 3000).clientSends('bad');
      for (let i = 0; i < 2; i++) {
        talk.rst({ from: 'server', style: 'reply', ipId: ipId * (i + 1), after: 0.0002 });
        talk.rst({ from: 'server', ipId: 3 * ipId * (i + 1), options: {}, window: 0, after: 0.0002 });
      }
      for (const verdict of judge(talk)) {
        expect(verdict.codes).toContain('answers-and-aborts-alternate');
        expect(verdict.origin.kind).toBe('middlebox');
        expect(verdict.cause.code).toBe('injected');
      }
    },
  );

  it('accuses nobody of the host’s own abort among a device’s resets', () => {
    const talk = established().clientSends('bad');
    talk.rst({ from: 'server', style: 'reply', after: 0.0002 });
    talk.rst({ from: 'server', ipId: 815, options: {}, window: 0, after: 0.0002 });
    talk.rst({ from: 'server', style: 'reply', after: 0.0002 });
    talk.rst({ from: 'server', after: 0.0002 });
    const own = judge(talk)[3];
    expect(own.codes).not.toContain('answers-and-aborts-alternate');
    expect(own.origin.kind).not.toBe('middlebox');
  });

  it('accuses nobody where a host repeats what the refused segment acknowledges', () => {
    const talk = new Conversation({ client: { hops: 3, delay: 0.01 } }).handshake().exchange(90, 700);
    const asked = talk.client.next;
    const heard = talk.server.next;
    talk.clientSends(60).serverSends(2000).rst({ from: 'client', style: 'reply', after: 0.01 });
    const verdict = judgeFirst(
      talk.segment('client', { seq: asked, ack: heard, payload: new Uint8Array(60), after: 0.2 }),
    );
    expect(verdict.codes).toContain('answer-unheard');
    expect(verdict.codes).not.toContain('sender-resends');
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.cause.code).toBe('translation-missing');
    expect(verdict.next).toMatch(
      /^Capture on 10\.0\.0\.1 .* a translation is missing: .* a filter rule of 10/,
    );
    expect(verdict.cause.alternatives).toContain('host-firewall-reject');
  });

  it('still suspects a device where the host repeats what nobody had acknowledged', () => {
    const talk = new Conversation({ client: { hops: 3, delay: 0.01 } }).handshake().exchange(90, 700);
    const asked = talk.client.next;
    const heard = talk.server.next;
    const unheard = { ack: asked, after: 0.001 };
    talk.clientSends(60).serverSends(2000, unheard).rst({ from: 'client', style: 'reply', after: 0.01 });
    const verdict = judgeFirst(
      talk.segment('client', { seq: asked, ack: heard, payload: new Uint8Array(60), after: 0.2 }),
    );
    expect(verdict.codes).not.toContain('answer-unheard');
  });

  it('does not take the reverse, an abort and the answers after it, for more than one host', () => {
    const talk = established().clientSends('bad').rst({ from: 'server' });
    talk.clientSends('more', { after: 0.001 }).rst({ from: 'server', style: 'reply' });
    for (const verdict of judge(talk)) expect(verdict.origin.kind).toBe('endpoint');
  });

  it('does not miss the time stamps that only one side offered', () => {
    const talk = new Conversation({ server: { ...far.server, timestamps: false } }).handshake();
    const verdict = judgeFirst(talk.exchange(10, 100).exchange(10, 10).rst({ from: 'client' }));
    expect(verdict.codes).not.toContain('timestamp-missing');
    expect(verdict.origin.kind).toBe('endpoint');
  });

  it('notices an abort that does not leave through the connection’s own socket', () => {
    const talk = established().exchange(10, 10).clientSends('bad');
    const verdict = judgeFirst(talk.rst({ from: 'server', ttl: 255 - 8, options: {}, ipId: 9 }));
    expect(verdict.codes).toContain('abort-of-other-stack');
    expect(verdict.origin.kind).toBe('middlebox');
  });

  it('knows that no filter of the host refused data which the host then acknowledges', () => {
    const talk = new Conversation(far).handshake().exchange(10, 100).clientSends('forbidden');
    const verdict = judgeFirst(talk.rst({ from: 'server', style: 'reply' }).serverAcks({ after: 0.1 }));
    expect(verdict.codes).toContain('sender-took-answered-data');
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.cause.code).toBe('injected');
  });

  it('says that it cannot tell when a thin base stands against a nearer reset', () => {
    const talk = new Conversation({ server: { ...far.server, timestamps: false } })
      .handshake()
      .clientSends(10)
      .rst({ from: 'server', ttl: 60, options: {} });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('unknown');
    expect(verdict.next).toMatch(/[Cc]apture/);
  });

  it('takes a refusal without any other packet of the server for the server, without certainty', () => {
    const verdict = judgeFirst(new Conversation(far).refused());
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.origin.confidence).toBeLessThan(0.95);
    expect(verdict.limitations.join()).toMatch(/No other packet of the server/);
    expect(verdict.cause.alternatives).toContain('firewall-reject');
  });

  it('holds a refusal against the other connections of the server', () => {
    const others = [1, 2, 3, 4].map((n) =>
      new Conversation({ ...far, client: { port: 50_000 + n } }).handshake().exchange(10, 10),
    );
    const port = { server: { ...far.server, port: 81 } };
    const own = judgeFirst(...others, new Conversation(port).wait(1).refused());
    expect(own.origin.kind).toBe('endpoint');
    expect(own.origin.confidence).toBeGreaterThan(0.97);
    const nearer = judgeFirst(...others, new Conversation(port).wait(1).refused({ ttl: 57 }));
    expect(nearer.origin.kind).toBe('middlebox');
    expect(nearer.cause.code).toBe('firewall-reject');
  });

  it('notices a reset that comes before the answer can', () => {
    const talk = established().exchange(10, 10).exchange(10, 10).clientSends('more');
    const verdict = judgeFirst(talk.rst({ from: 'server', after: 0.004, options: {}, ipId: 99 }));
    expect(verdict.codes).toContain('faster-than-round-trip');
    expect(verdict.codes).toContain('timestamp-missing');
  });

  it('gives every piece of evidence a text, packets and the weight of its table', () => {
    const verdict = judgeFirst(
      established().clientSends('more').rst({ from: 'server', style: 'reply', ttl: 57 }),
    );
    for (const evidence of verdict.evidence) {
      expect(evidence.text).toMatch(/\.$/);
      expect(evidence.packets.length).toBeGreaterThan(0);
      expect(evidence.weight).toBeGreaterThanOrEqual(0);
    }
    expect(verdict.summary).toMatch(/^A device one hop in front of the server likely/);
  });
});
