/** What other tools take for forged, and is not. */
import { describe, expect, it } from 'vitest';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const far = { server: { hops: 8, delay: 0.02 } } as const;

describe('resets that must not be ascribed to a device', () => {
  it('a bare answer without time stamps, window or IP-ID', () => {
    const talk = new Conversation(far).handshake().exchange(50, 500).closes('server');
    talk.clientSends(20).rst({ from: 'server', style: 'reply' });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.cause.code).toBe('data-after-close');
    expect(verdict.matters).toBe(false);
  });

  it('another initial TTL at the same distance: two stacks of one host', () => {
    const talk = new Conversation({ server: { hops: 5, ttl: 128, df: false, timestamps: true } });
    talk.handshake().exchange(500, 4000).closes('client').clientSends(10);
    talk.rst({ from: 'server', style: 'reply', ttl: 59, df: true });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).not.toBe('middlebox');
    expect(verdict.codes).toContain('other-stack-same-distance');
  });

  it('a path that flaps by one hop', () => {
    const talk = new Conversation(far).handshake();
    for (let i = 0; i < 6; i++) talk.clientSends(100).serverAcks({ ttl: 56 - (i % 2) });
    const [verdict] = judge(talk.clientSends(10).rst({ from: 'server', ttl: 57 }));
    expect(verdict.origin.kind).not.toBe('middlebox');
  });

  it('every packet captured twice, the copies behind a router', () => {
    const talk = new Conversation(far).handshake().exchange(100, 100);
    talk.clientSends(10).rst({ from: 'server' }).capturedTwice();
    const verdicts = judge(talk);
    expect(verdicts.map((verdict) => verdict.origin.kind)).toEqual(['endpoint', 'endpoint']);
    expect(verdicts[1].limitations.join()).toMatch(/second capture/);
    expect(verdicts[1].matters).toBe(false);
  });

  it('Windows: the acknowledgement field of a bare reset repeats its sequence number', () => {
    const talk = new Conversation({ server: { hops: 3, ttl: 128, timestamps: false } })
      .handshake()
      .exchange(10, 10);
    talk.closes('server').clientSends(5);
    const verdict = judgeFirst(
      talk.rst({ from: 'server', style: 'reply', ack: talk.server.next, ipId: 0x8123 }),
    );
    expect(verdict.origin.kind).toBe('endpoint');
  });

  it('a load balancer that answers the handshake and resets, while others send the data', () => {
    const talk = new Conversation({ server: { hops: 12 } }).syn().synAck({ ttl: 251 }).clientAcks();
    talk.exchange(100, 900).exchange(100, 900).rst({ from: 'server', ttl: 251 });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.origin.label).toContain('load balancer');
  });

  it('data that was only delayed and comes right after the reset', () => {
    const talk = new Conversation(far).handshake().exchange(10, 100);
    const late = talk.server.next;
    talk.segment('server', { seq: late + 100, payload: 100, flags: 'PA' });
    talk
      .rst({ from: 'server', seq: late + 200 })
      .segment('server', { seq: late, payload: 100, after: 0.004 });
    expect(judgeFirst(talk).origin.kind).not.toBe('middlebox');
  });

  it('a host firewall that rejects while the socket behind it lives', () => {
    const talk = new Conversation(far).handshake().exchange(10, 100).clientSends(10);
    talk.rst({ from: 'server', style: 'reply' }).serverSends(500, { after: 0.1, ack: talk.client.next - 10 });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).not.toBe('middlebox');
    expect(verdict.cause.code).toBe('host-firewall-reject');
  });

  it('half-open recovery: SYN, old ACK, reset, SYN, SYN-ACK', () => {
    const talk = new Conversation(far).syn();
    talk
      .segment('server', { seq: 5000, ack: 777 })
      .segment('client', { flags: 'R', seq: 777, ack: 0, window: 0 });
    talk.retransmit('client', { after: 1 }).synAck().clientAcks().exchange(10, 10);
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.cause.code).toBe('port-reuse');
    expect(verdict.matters).toBe(false);
  });

  it('nmap: a hand-made SYN, then the reset of the kernel with its own TTL', () => {
    const talk = new Conversation({ client: { ttl: 42 }, ...far }).syn({
      options: { mss: 1460 },
      window: 1024,
    });
    talk
      .synAck()
      .segment('client', { flags: 'R', seq: talk.client.next, ack: 0, window: 0, ttl: 64, options: {} });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.cause.code).toBe('half-open-scan');
  });

  it('one direction only, segments missing, start not captured', () => {
    const talk = new Conversation(far).uncaptured((t) => t.handshake().exchange(10, 10));
    talk
      .serverSends(100)
      .uncaptured((t) => t.serverSends(3000))
      .serverSends(50)
      .rst({ from: 'server' });
    const verdict = judgeFirst(talk);
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.limitations.length).toBeGreaterThanOrEqual(3);
  });

  it('genuine answers among forged resets', () => {
    const talk = new Conversation(far).handshake().exchange(10, 10).clientSends('bad').serverSends(100);
    talk.rst({ from: 'client', ttl: 40, options: {}, ipId: 3, seq: talk.client.next + 1460, after: 0.0001 });
    talk.rst({ from: 'client', style: 'reply', after: 0.0001 });
    const verdicts = judge(talk);
    expect(verdicts[1].origin.kind).toBe('endpoint');
  });
});
