import { describe, expect, it } from 'vitest';
import type { CauseCode } from '../../../shared/model/cause.ts';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

const far = { server: { hops: 4, delay: 0.01 } } as const;
const talk = (): Conversation => new Conversation(far).handshake();
const REQUEST = 'POST /up HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 90000\r\n\r\n';

const CASES: readonly (readonly [name: string, cause: CauseCode, talk: () => Conversation])[] = [
  ['a closed port', 'connection-refused', () => new Conversation(far).refused()],
  [
    'a host firewall, which does not copy the type of service',
    'host-firewall-reject',
    () => new Conversation({ ...far, client: { tos: 0x48 } }).refused({ tos: 0 }),
  ],
  [
    'a close with unread data',
    'closed-with-unread-data',
    () => talk().clientSends(100).serverAcks().rst({ from: 'server' }),
  ],
  ['an abort after the answer', 'aborted', () => talk().exchange(100, 100).rst({ from: 'server' })],
  [
    'data after the close',
    'data-after-close',
    () => talk().exchange(10, 10).closes('server').clientSends(9).rst({ from: 'server', style: 'reply' }),
  ],
  [
    'a host that forgot the connection',
    'stale-connection',
    () => talk().exchange(10, 10).wait(1000).clientSends(9).rst({ from: 'server', style: 'reply' }),
  ],
  [
    'keep-alive probes without answer',
    'keepalive-timeout',
    () => {
      const probes = talk().exchange(10, 10).wait(60);
      for (let i = 0; i < 5; i++) probes.keepAlive('server', { after: 10 });
      return probes.rst({ from: 'server', after: 10 });
    },
  ],
  [
    'an idle timer of the server',
    'idle-timeout',
    () => talk().exchange(10, 10).rst({ from: 'server', after: 60.5 }),
  ],
  ['a full accept queue', 'listen-overflow', () => talk().rst({ from: 'server', style: 'reply' })],
  [
    'a device that forgot an idle flow',
    'stateful-device-lost-flow',
    () => talk().exchange(10, 10).wait(400).clientSends(9).rst({ from: 'server', style: 'reply', ttl: 63 }),
  ],
  [
    'a translator that forgot the client',
    'nat-state-lost',
    () =>
      new Conversation({ client: { hops: 3 }, server: { hops: 3 } })
        .handshake()
        .exchange(10, 10)
        .wait(400)
        .serverSends(9)
        .rst({ from: 'client', style: 'reply', ttl: 62 }),
  ],
  [
    'a 413 during an upload',
    'request-too-large',
    () =>
      talk()
        .clientSends(REQUEST)
        .serverSends('HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\n\r\n')
        .clientSends(3000)
        .rst({ from: 'server' }),
  ],
  [
    'an error reply during an upload',
    'closed-with-unread-data',
    () =>
      talk()
        .clientSends(REQUEST)
        .serverSends('HTTP/1.1 403 Forbidden\r\n\r\n')
        .clientSends(3000)
        .rst({ from: 'server' }),
  ],
  [
    'a gateway whose backend failed',
    'proxy-reset',
    () => talk().clientSends(REQUEST).serverSends('HTTP/1.1 502 Bad Gateway\r\n\r\n').rst({ from: 'server' }),
  ],
  [
    'a fatal TLS alert',
    'tls-failure',
    () =>
      talk()
        .clientSends(clientHello())
        .serverSends(new Uint8Array([0x15, 3, 3, 0, 2, 2, 40]))
        .rst({ from: 'server' }),
  ],
  [
    'a download cut short',
    'client-cancelled',
    () =>
      talk()
        .clientSends('GET /big HTTP/1.1\r\nHost: a\r\n\r\n')
        .serverSends('HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n')
        .segment('server', { payload: 1448 })
        .clientAcks()
        .rst({ from: 'client' }),
  ],
  [
    'an ICMP "fragmentation needed"',
    'path-mtu',
    () =>
      talk()
        .clientSends(1400)
        .icmp({ router: '10.9.9.9', about: 'client', type: 3, code: 4 })
        .rst({ from: 'client', after: 30 }),
  ],
  ['old state in TIME-WAIT', 'time-wait', () => timeWait()],
  [
    'a SYN-ACK with a wrong acknowledgement',
    'unacceptable-segment',
    () => new Conversation(far).syn().synAck({ ack: 4711 }).rst({ from: 'client', style: 'reply' }),
  ],
  [
    'an answer to a SYN-ACK nobody asked for',
    'backscatter',
    () =>
      new Conversation(far)
        .uncaptured((t) => t.syn())
        .synAck()
        .rst({ from: 'client', style: 'reply' }),
  ],
  [
    'the text of an F5 BIG-IP',
    'connection-refused',
    () => talk().clientSends(10).rst({ from: 'server', payload: 'BIG-IP: [0x2a5d:101] No local listener' }),
  ],
];

/** The port pair's first connection was closed in order; the second one's SYN meets what is left of it. */
function timeWait(): Conversation {
  const first = talk().exchange(10, 10).closes('server').wait(0.5);
  const old = first.client.next;
  first.segment('client', { flags: 'S', seq: old + 50_000, window: 64_240 });
  first.segment('server', { ack: old });
  return first.segment('client', { flags: 'R', seq: old, ack: 0, window: 0, options: {} });
}

/** Enough of a ClientHello for the hints to know TLS. */
function clientHello(): Uint8Array {
  const body = new Uint8Array(43 + 2 + 2 + 2);
  body.set([3, 3]);
  body[34] = 0; // no session
  body.set([0, 2, 0x13, 0x01, 1, 0], 35);
  const hello = body.subarray(0, 41);
  return new Uint8Array([0x16, 3, 1, 0, hello.length + 4, 1, 0, 0, hello.length, ...hello]);
}

describe('why', () => {
  it('is no stray answer of the host where a device made it, before whose SYN-ACK the capture began', () => {
    const late = new Conversation(far)
      .uncaptured((t) => t.syn())
      .synAck()
      .rst({ from: 'client', style: 'reply', ttl: 41, window: 2079, ipId: 4711, df: false, after: 0.00001 })
      .clientAcks()
      .exchange(100, 300);
    const { origin, cause } = judgeFirst(late);
    expect(origin.kind).toBe('middlebox');
    expect(cause.code).toBe('injected');
  });

  it.each(CASES)('%s → %s', (_, code, make) => {
    const all = judge(make());
    const verdict = all[all.length - 1];
    expect(verdict.cause.code).toBe(code);
    expect(verdict.cause.confidence).toBeGreaterThan(0);
    expect(verdict.cause.alternatives).not.toContain(code);
  });

  it('a listener that goes away resets several waiting connections at once', () => {
    const waiting = [1, 2, 3].map((n) =>
      new Conversation({ ...far, client: { port: 40_000 + n } })
        .handshake()
        .clientSends(50)
        .rst({ from: 'server', after: 0.05 }),
    );
    for (const verdict of judge(...waiting)) expect(verdict.cause.code).toBe('listener-gone');
  });

  const served = (port: number, count: number): Conversation[] =>
    Array.from({ length: count }, (_, n) =>
      new Conversation({ server: { ...far.server, port }, client: { port: port + n } })
        .handshake()
        .exchange(50, 50)
        .rst({ from: 'server', after: 0.05 }),
    );

  it('a process that ends resets several connections of one port at once', () => {
    for (const verdict of judge(...served(443, 4))) expect(verdict.cause.code).toBe('process-exit');
  });

  it('resets of two ports in one moment are two stories', () => {
    for (const verdict of judge(...served(443, 2), ...served(8443, 2)))
      expect(verdict.cause.code).toBe('aborted');
  });

  it('a host that ends resets connections of all its services at once; memory is only what else it may be', () => {
    const many = [22, 443, 5432, 8080].flatMap((port) => served(port, 2));
    for (const verdict of judge(...many)) {
      expect(verdict.cause).toMatchObject({ code: 'process-exit', confidence: 0.45 });
      expect(verdict.cause.alternatives).toContain('memory-pressure');
    }
  });

  /** Connections of one client to many servers, all answered, each ended by it within 4 ms. */
  const browsed = (count: number, ipv6 = false): Conversation[] =>
    Array.from({ length: count }, (_, n) =>
      new Conversation({
        client: { address: ipv6 ? '2001:db8::5' : '10.0.0.5', port: 50_000 + n },
        server: { address: ipv6 ? `2001:db8:1::${n + 1}` : `192.0.2.${n + 1}`, port: 443, hops: 5 },
      })
        .handshake()
        .exchange(500, 900)
        .rst({ from: 'client', after: 0.05 + (n * 0.004) / count }),
    );

  it.each([
    ['IPv4', false],
    ['IPv6', true],
  ])('a client that ends many connections to many servers quit, perhaps (%s)', (_, ipv6) => {
    for (const verdict of judge(...browsed(13, ipv6))) {
      expect(verdict.cause).toMatchObject({ code: 'process-exit', confidence: 0.4 });
      expect(verdict.cause.alternatives).toEqual(['client-cancelled', 'aborted', 'memory-pressure']);
      expect(verdict.matters).toBe(false);
      expect(verdict.codes).toContain('ended-together');
      expect(verdict.next).toMatch(/^Nothing to do: the client \S+ ended 13 connections within 3\.69 ms at /);
      expect(verdict.next).toContain('a browser that was closed, perhaps');
    }
  });

  it('a client that ends a few connections has its own reason for each', () => {
    for (const verdict of judge(...browsed(4))) expect(verdict.cause.code).toBe('aborted');
  });

  it('many connections of a client that end one after the other did not end together', () => {
    const all = Array.from({ length: 13 }, (_, n) =>
      new Conversation({ client: { port: 50_000 + n }, server: { address: `192.0.2.${n + 1}` } })
        .handshake()
        .exchange(500, 900)
        .rst({ from: 'client', after: 0.05 + n / 5 }),
    );
    for (const verdict of judge(...all)) {
      expect(verdict.cause.code).toBe('aborted');
      expect(verdict.codes).not.toContain('ended-together');
    }
  });

  it('health checks come at a steady interval and say nothing', () => {
    const checks = [0, 1, 2, 3, 4].map((n) =>
      new Conversation({ ...far, client: { port: 40_000 + n } })
        .wait(5 * n)
        .handshake()
        .rst({ from: 'client' }),
    );
    for (const verdict of judge(...checks)) {
      expect(verdict.cause.code).toBe('health-check');
      expect(verdict.matters).toBe(false);
    }
  });

  it('a scanner tries many ports', () => {
    const probes = Array.from({ length: 12 }, (_, n) => {
      const probe = new Conversation({ server: { port: 20 + n } })
        .wait(n / 100)
        .syn()
        .synAck();
      return probe.rst({ from: 'client', style: 'reply' });
    });
    const verdicts = judge(...probes);
    expect(verdicts.at(-1)?.cause).toMatchObject({ code: 'half-open-scan', confidence: 0.85 });
    expect(verdicts.every((verdict) => !verdict.matters)).toBe(true);
  });

  it('a proxy passes on the reset of its other connection', () => {
    const backend = new Conversation({
      client: { address: '10.0.0.9', port: 5000 },
      server: { address: '10.0.0.20', hops: 1 },
    });
    backend.handshake().clientSends(100).rst({ from: 'server', after: 0.1 });
    const front = new Conversation({
      client: { address: '10.0.0.50', hops: 2 },
      server: { address: '10.0.0.9', port: 80 },
    });
    front.handshake().exchange(10, 10).exchange(10, 10).rst({ from: 'server', after: 0.11 });
    const [, passed] = judge(backend, front);
    expect(passed.claimed).toBe('server');
    expect(passed.cause.code).toBe('proxy-reset');
  });
});

describe('did it matter', () => {
  it('takes a reset in order, with unread data, for one that matters', () => {
    const verdict = judgeFirst(talk().exchange(10, 10).clientSends(5000).rst({ from: 'server' }));
    expect(verdict.obeyed).toBe('yes');
    expect(verdict.matters).toBe(true);
    expect(verdict.unacknowledgedBytes).toEqual({ client: 0, server: 0 });
  });

  it('counts what nobody acknowledged', () => {
    const verdict = judgeFirst(talk().exchange(10, 10).clientSends(500).rst({ from: 'client' }));
    expect(verdict.unacknowledgedBytes).toEqual({ client: 500, server: 0 });
  });

  it('knows that a reset inside the window is challenged and one outside ignored', () => {
    const base = (): Conversation => talk().exchange(10, 10).clientSends(10);
    const inside = base();
    expect(judgeFirst(inside.rst({ from: 'server', seq: inside.server.next + 500 })).obeyed).toBe(
      'challenged',
    );
    const outside = base();
    expect(judgeFirst(outside.rst({ from: 'server', seq: outside.server.next + 500_000 })).obeyed).toBe(
      'ignored',
    );
  });

  it('does not take a forged reset for the end of anything while it is ignored', () => {
    const alive = talk().exchange(10, 10).clientSends(10);
    alive.rst({ from: 'server', seq: alive.server.next + 500_000, ttl: 62, options: {} }).exchange(10, 10);
    expect(judgeFirst(alive)).toMatchObject({
      origin: { kind: 'middlebox' },
      obeyed: 'ignored',
      matters: false,
    });
  });

  it('knows that in SYN-SENT only an acknowledging reset counts', () => {
    const bare = new Conversation(far).syn();
    expect(judgeFirst(bare.rst({ from: 'server', flags: 'R', seq: 1, ack: 0, options: {} })).obeyed).toBe(
      'ignored',
    );
    expect(judgeFirst(new Conversation(far).refused()).obeyed).toBe('yes');
  });
});
