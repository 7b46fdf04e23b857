/** Where a reset can have been made: by time, by what was copied, by who else answers for the address. */
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../../test/support/capture-fixture.ts';
import { judge, judgeFirst } from '../../../test/support/capture-fixture.ts';
import type { ResetOptions, SegmentOverrides } from '../../../test/support/conversation.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { clientHello, record } from '../../../test/support/tls-messages.ts';

const V4 = { client: { address: '10.0.0.1' }, server: { address: '192.0.2.80' } };
const V6 = { client: { address: '2001:db8:1::5' }, server: { address: '2001:db8:2::80' } };
const NETWORKS = [
  ['IPv4', V4],
  ['IPv6', V6],
] as const;
type Network = typeof V4;

/** A client at the capture point, and a server 17 hops and 318 ms away. */
function remote(network: Network = V4, delay = 0.318): Conversation {
  const server = { ...network.server, port: 443, hops: 17, delay, timestamps: false };
  return new Conversation({ client: { ...network.client, timestamps: false }, server });
}

const hello = record(22, clientHello({ serverName: 'hidden.example' }));
const forged: ResetOptions = { from: 'server', after: 0.0074, window: 0, ipId: 0x4a31, options: {} };

function expectNearDevice(verdict: Judged): void {
  expect(verdict.origin.kind).toBe('middlebox');
  expect(verdict.cause.code).toBe('injected');
  expect(verdict.origin.hops).toBeNull();
  expect(verdict.path.place).toBeLessThan(0.1);
  expect(verdict.origin.label).toBe(
    "a device near the capture point, within the first 2 % of the server's round trip",
  );
  expect(`${verdict.next} ${verdict.evidence.map(({ text }) => text).join(' ')}`).not.toContain(
    '17 hops away, ',
  );
  expect(verdict.next).toMatch(/intrusion prevention.*hidden\.example/);
}

describe('a reset sooner than the only handshake', () => {
  describe.each(NETWORKS)('of %s', (_, network) => {
    it.each([
      ['after the ClientHello', forged],
      ['with a payload', { ...forged, payload: 10 }],
      ['as an answer', { ...forged, style: 'reply' }],
    ] as const)('is a device’s near the client: %s', (_name, reset) => {
      expectNearDevice(judgeFirst(remote(network).handshake().clientSends(hello).rst(reset)));
    });

    it('is one where the server goes on', () => {
      const talk = remote(network).handshake().clientSends(hello).rst(forged);
      expectNearDevice(judgeFirst(talk.serverAcks({ after: 0.31 }).serverSends(2000)));
    });
  });

  it('keeps a distance that time does not contradict', () => {
    const verdict = judgeFirst(
      remote()
        .handshake()
        .clientSends(hello)
        .rst({ ...forged, ttl: 61 }),
    );
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.origin.hops).toBe(3);
  });

  it('is a device’s near the server, where it was captured there in the client’s name', () => {
    const talk = new Conversation({ client: { hops: 14, delay: 0.2, timestamps: false } }).handshake();
    talk.clientSends(hello).serverAcks().serverSends(900);
    const verdict = judgeFirst(talk.rst({ from: 'client', after: 0.004, ipId: 9, window: 0, options: {} }));
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.path.place).toBeGreaterThan(0.9);
    expect(verdict.path.capturePoint).toBe('server');
  });

  const wakesUp = (talk: Conversation, after: number): Conversation =>
    talk.syn().synAck({ after }).clientAcks();

  it.each<[string, () => Conversation]>([
    [
      'a few milliseconds and a factor of 1.5',
      () =>
        remote(V4, 0.02)
          .handshake()
          .clientSends(hello)
          .rst({ ...forged, after: 0.013 }),
    ],
    [
      'a lost SYN',
      () => {
        const talk = remote(V4, 0.02).syn().retransmit('client', { after: 1 }).synAck().clientAcks();
        return talk.clientSends(hello).rst({ from: 'server' });
      },
    ],
    [
      'a lost SYN-ACK that the capture does not show',
      () => wakesUp(remote(V4, 0.02), 1.02).clientSends(hello).rst({ from: 'server' }),
    ],
    [
      'a first handshake that was slow, where later answers are as fast',
      () => {
        const talk = wakesUp(remote(V4, 0.02), 0.5).exchange(hello, 100);
        return talk.clientSends(50).rst({ from: 'server' });
      },
    ],
    [
      'a slow first handshake whose sender’s clock and counter the reset continues',
      () => {
        const talk = new Conversation({ server: { hops: 9, delay: 0.02 } }).syn().synAck({ after: 0.6 });
        return talk.clientAcks().clientSends(hello).rst({ from: 'server' });
      },
    ],
    [
      'answers that waited for an application, without the handshake',
      () => {
        const talk = remote(V4, 0.001).uncaptured((t) => t.handshake());
        for (let i = 0; i < 5; i++) talk.clientSends(80).serverSends(500, { after: 0.08 }).clientAcks();
        return talk.clientSends(80).rst({ from: 'server' });
      },
    ],
    [
      'a device in front of the host that answers its handshakes',
      () => {
        const talk = remote(V4, 0.02).handshake().clientSends(hello).serverAcks();
        return talk.rst({ from: 'server', after: 0.4 });
      },
    ],
  ])('accuses nobody by %s', (_, talk) => {
    const verdict = judgeFirst(talk());
    expect(verdict.origin.kind).not.toBe('middlebox');
    expect(verdict.origin.kind === 'unknown').toBe(verdict.origin.confidence < 0.6);
  });
});

describe('a reset that copies the packet it answers', () => {
  /** A connection that slept, a packet of the client that woke it, and that packet turned round. */
  function turnedRound(
    silence: number,
    passages: number,
    probe: boolean,
    rst: SegmentOverrides = {},
  ): Judged {
    const client = { ttl: 30, window: 0x2ccc, timestamps: false };
    const talk = new Conversation({
      client,
      server: { hops: 6, delay: 0.02, window: 8760, timestamps: false },
    });
    talk.handshake().exchange(10, 10).wait(silence);
    if (probe) talk.keepAlive('client', { ipId: 0x9a07 });
    else talk.clientSends(9, { ipId: 0x9a07 });
    const ttl = 30 - passages;
    const copied = { window: 0x2ccc, ipId: 0x9a07, options: {}, after: 0.003, df: false };
    return judgeFirst(talk.rst({ from: 'server', ttl, ...copied, ...rst }));
  }

  it.each([
    [7200, 2, true, 1],
    [7200, 0, true, 0],
    [1900, 6, false, 3],
    [61, 3, false, 1],
  ])(
    'after %d s, %d routers there and back, is a device’s that forgot it',
    (silence, passages, probe, hops) => {
      const verdict = turnedRound(silence, passages, probe);
      expect(verdict.origin.kind).toBe('middlebox');
      expect(verdict.cause.code).toBe('stateful-device-lost-flow');
      expect(verdict.origin.hops).toBe(hops);
      expect(verdict.next).toMatch(/TCP_KEEPIDLE/);
      expect(verdict.next).toContain(`${silence} s`);
      expect(verdict.codes).toContain('packet-turned-round');
    },
  );

  it('is an injector’s without a silence', () => {
    expect(turnedRound(0.5, 2, false).cause.code).toBe('injected');
  });

  it('is placed nowhere where only its identification was copied', () => {
    const verdict = turnedRound(7200, 2, false, { window: 0 });
    expect(verdict.origin.hops).toBeNull();
    expect(verdict.cause.code).toBe('stateful-device-lost-flow');
  });

  it('is placed nowhere where it would have passed more routers than a TTL of its own', () => {
    expect(turnedRound(7200, 14, false).origin.hops).toBeNull();
  });

  it('is placed by a TTL of its own', () => {
    expect(turnedRound(7200, 2, false, { window: 0, ttl: 253 }).origin.hops).toBe(2);
  });
});

describe('an address that refuses from two places', () => {
  let port = 50_000;
  function refusal(network: Network, at: number, hops: number, delay: number, to = 21): Conversation {
    const client = { ...network.client, port: port++ };
    const talk = new Conversation({ client, server: { ...network.server, port: to, hops, delay } }).wait(at);
    // The client tries once more, as most do.
    return talk.refused().wait(0.5).retransmit('client').rst({ from: 'server', style: 'reply' });
  }
  const many = (...of: Parameters<typeof refusal>): Conversation[] =>
    [0, 5, 10].map((more) => refusal(of[0], of[1] + more, of[2], of[3], of[4]));
  const kinds = (...talks: Conversation[]): string[] => judge(...talks).map(({ origin }) => origin.kind);

  describe.each(NETWORKS)('of %s', (_, network) => {
    it('has a device in front of it, which refuses sooner', () => {
      const verdicts = judge(...many(network, 0, 12, 0.0138), ...many(network, 600, 0, 0.0006));
      expect(verdicts.slice(0, 6).map(({ cause }) => cause.code)).toEqual(
        Array(6).fill('connection-refused'),
      );
      expect(verdicts.slice(0, 6).map(({ origin }) => origin.kind)).toEqual(Array(6).fill('endpoint'));
      expect(verdicts.slice(6).map(({ cause }) => cause.code)).toEqual(Array(6).fill('firewall-reject'));
      expect(verdicts.slice(6).map(({ origin }) => origin.kind)).toEqual(Array(6).fill('middlebox'));
      expect(verdicts[6].next).toMatch(/rule that refuses .* port 21 .*reset client/);
      const said = verdicts[6].evidence.map(({ text }) => text).join(' ');
      expect(said).toMatch(/two distances.*610 µs.*13\.8 ms/);
    });

    it('is the same in the other order, and by port', () => {
      const nearFirst = [...many(network, 0, 3, 0.002, 8080), ...many(network, 600, 11, 0.04, 21)];
      expect(kinds(...nearFirst)).toEqual([
        ...Array<string>(6).fill('middlebox'),
        ...Array<string>(6).fill('endpoint'),
      ]);
    });
  });

  it('may forward some ports to a machine one hop behind', () => {
    const verdicts = kinds(...many(V4, 0, 9, 0.0204), ...many(V4, 600, 8, 0.02, 8080));
    expect(verdicts).not.toContain('middlebox');
  });

  it('accuses nobody where both answer as fast', () => {
    expect(kinds(...many(V4, 0, 12, 0.02), ...many(V4, 600, 6, 0.02))).not.toContain('middlebox');
  });

  it('is one place where only the time varies', () => {
    expect(kinds(...many(V4, 0, 12, 0.2), ...many(V4, 600, 12, 0.002))).toEqual(Array(12).fill('endpoint'));
  });
});

describe('an address that a proxy answers for in part', () => {
  /** Port 80 is answered from two hops and 2 ms, port 443 from eleven and 40 ms. */
  const web = (port: number, n: number): Conversation => {
    const [hops, delay] = port === 80 ? [2, 0.002] : [11, 0.04];
    const talk = new Conversation({ client: { port: 50_000 + n }, server: { port, hops, delay } }).wait(n);
    return talk.handshake().exchange(10, 10);
  };
  const flows = [80, 443, 80, 443, 80, 443].map(web);

  it('is not told by the proxy’s TTL', () => {
    const refused = new Conversation({ server: { port: 8080, hops: 2, delay: 0.002 } }).wait(9).refused();
    const verdict = judge(...flows, refused)[0];
    expect(verdict.codes).toContain('known-nearer-emitter');
    expect(verdict.codes).not.toContain('same-ttl-elsewhere');
    expect(verdict.origin.kind).not.toBe('endpoint');
    expect(verdict.next).toMatch(
      /^Capture at the server .* If the server did send it: on the server .*ss -ltnp/,
    );
    expect(verdict.summary).toMatch(/If the host did: .*connection refused.*; if a device did: .*firewall/);
  });

  it('is told by the TTL of what answers later', () => {
    const refused = new Conversation({ server: { port: 8080, hops: 11, delay: 0.04 } }).wait(9).refused();
    const verdict = judge(...flows, refused)[0];
    expect(verdict.codes).toContain('same-ttl-elsewhere');
    expect(verdict.origin.kind).toBe('endpoint');
  });

  it('lends its TTL to no reset of a connection that the server itself answered', () => {
    const talk = web(443, 9).clientSends('more').rst({ from: 'server', ttl: 62, ipId: 7, options: {} });
    const verdict = judge(...flows, talk)[0];
    expect(verdict.codes).not.toContain('known-stack-elsewhere');
    expect(verdict.origin.kind).toBe('middlebox');
  });
});

describe('a reset from farther away than the server', () => {
  interface Second {
    readonly network?: Network;
    readonly ttl?: number;
    readonly after?: number;
    readonly request?: SegmentOverrides;
    readonly style?: 'reply' | 'abort';
  }
  /** The server is seven hops and 11 ms away, what answers the request twelve and 25 ms. */
  function steered(second: Second = {}): Conversation {
    const { network = V4, ttl = 52, after = 0.0246, request = {}, style = 'reply' } = second;
    const client = { ...network.client, ttl: 128, timestamps: false };
    const server = { ...network.server, port: 443, hops: 7, delay: 0.0112, timestamps: false };
    const talk = new Conversation({ client, server }).handshake().clientSends(hello, request);
    return talk.rst({ from: 'server', style, ttl, after });
  }

  it.each<[string, Second]>([
    ['IPv4', {}],
    ['IPv6', { network: V6 }],
    ['an abort', { style: 'abort' }],
    ['a client whose TTL changes', { request: { ttl: 127 } }],
    ['a client whose DSCP changes', { request: { tos: 0x20 } }],
    ['a far second host', { ttl: 44, after: 0.19 }],
    ['one hop farther, and twice as late', { ttl: 56 }],
  ])('is another host’s: %s', (_, second) => {
    const verdict = judgeFirst(steered(second));
    expect(verdict.origin.kind).not.toBe('middlebox');
    expect(verdict.cause.code).toBe('resteered');
    expect(verdict.matters).toBe(true);
    expect(verdict.codes).toContain('farther-and-later');
    expect(verdict.codes.includes('client-steered-apart')).toBe(second.request !== undefined);
    expect(verdict.next).toMatch(/ECMP, anycast/);
    expect(verdict.next).not.toMatch(/device on the path/);
  });

  it('is another host’s where the first one goes on', () => {
    const talk = steered();
    const verdict = judgeFirst(talk.serverSends(100, { after: 0.5, ack: talk.client.next - hello.length }));
    expect(verdict.cause.code).toBe('resteered');
    expect(verdict.origin.kind).not.toBe('middlebox');
  });

  it.each<[string, Second]>([
    ['sooner than the server can answer', { after: 0.002 }],
    ['one hop farther, and hardly later: routes change', { ttl: 56, after: 0.0135 }],
    ['long after the request', { after: 30 }],
    ['nearer', { ttl: 60, after: 0.02 }],
  ])('is not: %s', (_, second) => {
    expect(judgeFirst(steered(second)).cause.code).not.toBe('resteered');
  });

  it.each<[string, Second]>([
    ['as late as the server', { after: 0.0112 }],
    ['a little sooner', { after: 0.009 }],
    ['IPv6', { after: 0.0112, network: V6 }],
  ])('may be: %s, and nothing shows that the server got the request', (_, second) => {
    const talk = steered(second);
    // It repeats its FIN, as its program had ended, and never acknowledges the request.
    const verdict = judgeFirst(talk.serverCloses({ after: 0.05, ack: talk.client.next - hello.length }));
    expect(verdict.origin.kind).toBe('unknown');
    expect(verdict.codes).toContain('farther-and-as-slow');
    expect(verdict.cause.code).toBe('resteered');
    expect(verdict.cause.confidence).toBeLessThan(0.6);
  });

  it('is not where the first host took what the reset refuses', () => {
    expect(judgeFirst(steered().serverSends(100, { after: 0.1 })).cause.code).toBe('injected');
  });

  it('may be another host’s where the client’s TTL alone changed', () => {
    const verdict = judgeFirst(steered({ ttl: 57, after: 0.0112, request: { ttl: 127 } }));
    expect(verdict.cause.code).toBe('resteered');
    expect(verdict.cause.confidence).toBeLessThan(0.6);
  });
});
