/** Resets that the hosts themselves send. */
import { interleave } from '../../support/conversation.ts';
import type { Scenario } from '../scenario.ts';
import { between, ENDPOINT, NOT_A_DEVICE, ordinary, pcapOf } from '../scenario.ts';

const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';

export const ENDPOINT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'no-resets',
    about: 'Two connections that close as they should.',
    capture: () => pcapOf(interleave(...ordinary(2))),
    truth: [],
  },
  {
    name: 'refused',
    about: 'Nobody listens on the port; the host is known from other connections.',
    capture: () => pcapOf(interleave(...ordinary(2), between({ server: { port: 81 } }).refused())),
    truth: [{ frame: 28, origins: NOT_A_DEVICE, causes: ['connection-refused'] }],
  },
  {
    name: 'refused-alone',
    about: 'A SYN and its refusal are all there is: host or firewall, nobody can say.',
    capture: () => pcapOf(between().refused().packets),
    truth: [
      {
        frame: 2,
        origins: NOT_A_DEVICE,
        causes: ['connection-refused', 'firewall-reject', 'host-firewall-reject'],
      },
    ],
  },
  {
    name: 'server-aborts',
    about: 'The server resets while an answer is due: RST-ACK at SND.NXT, as its stack always writes.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(2),
          between().handshake().clientSends(REQUEST).serverAcks().wait(1.2).rst({ from: 'server' }),
        ),
      ),
    truth: [{ frame: 32, origins: ENDPOINT, matters: true }],
  },
  {
    name: 'unread-data',
    about: 'The client closes with data unread, and answers what was under way with bare resets.',
    capture: () => {
      const talk = between().handshake().clientSends(REQUEST).serverAcks().serverSends(4344).clientAcks();
      talk.serverSends(2896).rst({ from: 'client', ack: (talk.server.next - 2896) >>> 0 });
      talk.rst({ from: 'client', style: 'reply', after: 0.000_1 });
      return pcapOf(interleave(...ordinary(2), talk));
    },
    truth: [
      { frame: 38, origins: NOT_A_DEVICE },
      { frame: 39, origins: NOT_A_DEVICE },
    ],
  },
  {
    name: 'data-after-close',
    about:
      'The client has closed and gone; the server still sends, and the client’s stack knows no such connection.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(2),
          between()
            .handshake()
            .clientSends(REQUEST)
            .serverAcks()
            .clientCloses()
            .serverAcks()
            .wait(0.2)
            .serverSends(700)
            .rst({ from: 'client', style: 'reply' }),
        ),
      ),
    truth: [{ frame: 35, origins: NOT_A_DEVICE, causes: ['data-after-close', 'client-cancelled'] }],
  },
  {
    name: 'keepalive-timeout',
    about: 'The peer is gone: keep-alive probes stay unanswered, then the prober gives up.',
    capture: () => {
      const talk = between().handshake().exchange(REQUEST, 900).wait(7200);
      for (let probe = 0; probe < 9; probe++) talk.keepAlive('server').wait(75);
      return pcapOf(talk.rst({ from: 'server' }).packets);
    },
    truth: [{ frame: 17, origins: NOT_A_DEVICE, causes: ['keepalive-timeout'] }],
  },
  {
    name: 'half-open-scan',
    about: 'A scanner sends SYNs and resets what answers; nothing was lost by it.',
    capture: () => {
      const ports = [22, 80, 443].map((port) =>
        between({ client: { port: 50_000, timestamps: false, sackPermitted: false }, server: { port } })
          .syn({ window: 1024, options: { mss: 1460 } })
          .synAck()
          .rst({ from: 'client', style: 'reply' }),
      );
      return pcapOf(interleave(...ports));
    },
    truth: [7, 8, 9].map((frame) => ({ frame, origins: NOT_A_DEVICE, matters: false })),
  },
  {
    name: 'reset-after-close',
    about: 'Everything was closed both ways before the client’s late reset: noise.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(1),
          between()
            .handshake()
            .exchange(REQUEST, 1200)
            .closes('server')
            .rst({ from: 'client', style: 'reply' }),
        ),
      ),
    truth: [{ frame: 25, origins: NOT_A_DEVICE, matters: false }],
  },
  {
    name: 'port-reuse',
    about: 'The client uses its port again for a new connection, which works.',
    capture: () => {
      const first = between().handshake().clientSends(REQUEST).serverAcks().rst({ from: 'client' });
      const second = between({
        startNs: first.nowNs + 30_000_000_000n,
        client: { initialSeq: 3_000_000_000 },
        server: { initialSeq: 500 },
      });
      return pcapOf(interleave(first, second.handshake().exchange(REQUEST, 2000).closes('client')));
    },
    truth: [{ frame: 6, origins: NOT_A_DEVICE }],
  },
  {
    name: 'process-exit',
    about: 'A server process dies: all its connections are reset at the same moment.',
    capture: () => {
      const talks = Array.from({ length: 6 }, (_, i) =>
        between({ client: { port: 41_000 + i, initialSeq: 9_000_000 * (i + 1) } })
          .handshake()
          .exchange(REQUEST, 500 + i),
      );
      const dies = talks.reduce((latest, talk) => (talk.nowNs > latest ? talk.nowNs : latest), 0n);
      for (const [i, talk] of talks.entries()) {
        talk.wait(Number(dies - talk.nowNs) / 1e9 + 5).rst({ from: 'server', after: 0.000_02 * (i + 1) });
      }
      return pcapOf(interleave(...talks));
    },
    truth: [43, 44, 45, 46, 47, 48].map((frame) => ({ frame, origins: NOT_A_DEVICE })),
  },
  {
    name: 'tls-alert',
    about: 'The server sends a fatal TLS alert (handshake_failure) and resets.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(1),
          between({ server: { port: 443 } })
            .handshake()
            .clientSends(Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0))
            .serverAcks()
            .serverSends(Uint8Array.of(21, 3, 3, 0, 2, 2, 40))
            .rst({ from: 'server' }),
        ),
      ),
    truth: [{ frame: 20, origins: NOT_A_DEVICE, causes: ['tls-failure'] }],
  },
  {
    name: 'two-stacks-one-address',
    about:
      'The address answers SYNs from a front end and data from a server of another hop count: no forgery.',
    capture: () => {
      const talk = (port: number, startOffset: bigint) => {
        const one = between({ client: { port }, startNs: 1_700_000_000_000_000_000n + startOffset });
        return one.syn().synAck({ ttl: 252, ipId: 0 }).clientAcks().clientSends(REQUEST).serverAcks();
      };
      const talks = [0n, 1n, 2n].map((i) =>
        talk(42_000 + Number(i), i * 1_000_000_000n)
          .serverSends(1000)
          .clientAcks()
          .closes('client'),
      );
      const last = talk(42_100, 9_000_000_000n)
        .wait(0.5)
        .rst({ from: 'server', ttl: 252, ipId: 0, options: {} });
      return pcapOf(interleave(...talks, last));
    },
    truth: [{ frame: 39, origins: NOT_A_DEVICE }],
  },
  {
    name: 'challenged',
    about: 'A reset in the window but not at RCV.NXT: a careful receiver challenges it (RFC 5961).',
    capture: () => {
      const talk = between().handshake().exchange(REQUEST, 1000);
      talk.rst({ from: 'server', seq: (talk.server.next + 5000) >>> 0 }).clientAcks();
      return pcapOf(interleave(...ordinary(1), talk.serverSends(400).clientAcks()));
    },
    truth: [{ frame: 21, origins: ['middlebox', 'unknown', 'endpoint'] }],
  },
];
