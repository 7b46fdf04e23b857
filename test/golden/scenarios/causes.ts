/** Resets whose cause can be read from what went before them. */
import { Conversation, interleave } from '../../support/conversation.ts';
import type { Scenario } from '../scenario.ts';
import { between, NOT_A_DEVICE, NOT_THE_HOST, ordinary, pcapOf } from '../scenario.ts';

const DOWNLOAD = 'GET /large.iso HTTP/1.1\r\nHost: www.example.net\r\n\r\n';

export const CAUSE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'client-cancels-download',
    about: 'The client aborts in the middle of a long answer, as a browser does when its user goes on.',
    capture: () => {
      const talk = between()
        .handshake()
        .clientSends(DOWNLOAD)
        .serverAcks()
        .serverSends(`HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(8000)}`)
        .clientAcks()
        .serverSends(8688)
        .clientAcks();
      return pcapOf(interleave(...ordinary(2), talk.wait(0.1).rst({ from: 'client' })));
    },
    truth: [{ frame: 46, origins: NOT_A_DEVICE }],
  },
  {
    name: 'request-too-large',
    about: 'The server answers 413 in the middle of an upload and closes with data unread.',
    capture: () => {
      const talk = between()
        .handshake()
        .clientSends(
          `POST /upload HTTP/1.1\r\nHost: www.example.net\r\nContent-Length: 5000000\r\n\r\n${'x'.repeat(4000)}`,
        )
        .serverAcks()
        .serverSends('HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        .clientSends(5792)
        .rst({ from: 'server' });
      return pcapOf(interleave(...ordinary(2), talk));
    },
    truth: [{ frame: 39, origins: NOT_A_DEVICE }],
  },
  {
    name: 'server-restarted',
    about: 'The server host restarted while the connection was idle: it knows nothing of it and says so.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(3),
          between()
            .handshake()
            .exchange(DOWNLOAD, 1200)
            .wait(95)
            .clientSends(DOWNLOAD)
            .rst({ from: 'server', style: 'reply' }),
        ),
      ),
    truth: [{ frame: 48, origins: NOT_A_DEVICE }],
  },
  {
    name: 'health-checks',
    about: 'A balancer probes a port every five seconds and resets at once: noise.',
    capture: () =>
      pcapOf(
        interleave(
          ...Array.from({ length: 6 }, (_, i) =>
            between({
              startNs: 1_700_000_000_000_000_000n + BigInt(i) * 5_000_000_000n,
              client: { port: 45_000 + i, initialSeq: 1000 * i },
            })
              .handshake()
              .rst({ from: 'client' }),
          ),
        ),
      ),
    truth: [4, 8, 12, 16, 20, 24].map((frame) => ({ frame, origins: NOT_A_DEVICE, matters: false })),
  },
  {
    name: 'backscatter',
    about: 'A SYN-ACK for a SYN that this address never sent; its host refuses it.',
    capture: () =>
      pcapOf(
        between()
          .uncaptured((talk) => talk.syn())
          .synAck()
          .rst({ from: 'client', style: 'reply' }).packets,
      ),
    truth: [{ frame: 2, origins: NOT_A_DEVICE, matters: false }],
  },
  {
    name: 'firewall-rejects',
    about: 'A firewall two hops nearer than the server rejects the port in its name; the server is known.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(3),
          between({ server: { port: 25 } })
            .syn()
            .rst({ from: 'server', style: 'reply', ttl: 63, after: 0.001 }),
        ),
      ),
    truth: [{ frame: 41, origins: NOT_THE_HOST }],
  },
  {
    name: 'firewall-rejects-from-host-side',
    about: 'Captured on the client itself; the first router rejects what the server would have taken.',
    capture: () => {
      const onClient = { client: { hops: 0 }, server: { hops: 9, delay: 0.03 } };
      const earlier = Array.from({ length: 3 }, (_, i) =>
        new Conversation({
          ...onClient,
          client: { hops: 0, port: 39_500 + i },
          startNs: BigInt(1_699_999_900 + i * 20) * 1_000_000_000n,
        })
          .handshake()
          .exchange(DOWNLOAD, 2000)
          .closes('server'),
      );
      const rejected = new Conversation(onClient)
        .handshake()
        .clientSends(DOWNLOAD)
        .rst({ from: 'server', style: 'reply', ttl: 64, after: 0.000_5 });
      return pcapOf(interleave(...earlier, rejected));
    },
    truth: [{ frame: 41, origins: NOT_THE_HOST }],
  },
  {
    name: 'mptcp-reason',
    about: 'A subflow is reset with the reason in an MP_TCPRST option (RFC 8684): too much outstanding data.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(1),
          between()
            .handshake()
            .clientSends(500)
            .serverAcks()
            .rst({ from: 'server', options: { mptcpReset: 4 } }),
        ),
      ),
    truth: [{ frame: 19, origins: NOT_A_DEVICE }],
  },
];
