/** Resets that something between the hosts sends. */
import { interleave } from '../../support/conversation.ts';
import type { Scenario } from '../scenario.ts';
import { between, DEVICE, NOT_THE_HOST, ordinary, pcapOf } from '../scenario.ts';

const REQUEST = 'GET /forbidden HTTP/1.1\r\nHost: blocked.example\r\n\r\n';

export const DEVICE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'injected-burst',
    about:
      'Three forged resets answer a request, hops and IP-IDs not the server’s; the server answers after them.',
    capture: () => {
      const talk = between().handshake().clientSends(REQUEST);
      const forged = { options: {}, window: 0, df: false };
      talk
        .rst({ from: 'server', ttl: 47, ipId: 0xbeef, after: 0.000_3, ...forged })
        .rst({ from: 'server', ttl: 48, ipId: 0x1001, seq: (talk.server.next + 1460) >>> 0, ...forged })
        .rst({ from: 'server', ttl: 49, ipId: 0x7777, seq: (talk.server.next + 4380) >>> 0, ...forged })
        .serverAcks()
        .serverSends(1400);
      return pcapOf(interleave(...ordinary(3), talk));
    },
    // The first one ended the connection; the others found nothing left to end.
    truth: [44, 45, 46].map((frame) => ({ frame, origins: DEVICE, matters: frame === 44 })),
  },
  {
    name: 'injected-both-ways',
    about: 'A device resets both sides in each other’s name; both go on for a moment.',
    capture: () => {
      const talk = between().handshake().clientSends(REQUEST).serverAcks();
      const forged = { ttl: 63, ipId: 0, options: {}, window: 0, after: 0.000_2 };
      talk
        .rst({ from: 'server', ...forged })
        .rst({ from: 'client', ...forged })
        .serverSends(900);
      return pcapOf(interleave(...ordinary(3), talk));
    },
    truth: [45, 46].map((frame) => ({ frame, origins: NOT_THE_HOST })),
  },
  {
    name: 'idle-timeout-device',
    about:
      'After 350 s of silence a load balancer has forgotten the connection and resets it in the server’s name.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(3),
          between()
            .handshake()
            .exchange(REQUEST, 2000)
            .wait(350.1)
            .clientSends(REQUEST)
            .rst({ from: 'server', style: 'reply', ttl: 254, after: 0.000_4 }),
        ),
      ),
    truth: [{ frame: 49, origins: NOT_THE_HOST }],
  },
  {
    name: 'reset-says-why',
    about: 'A device writes its reason into the payload of the reset.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(2),
          between()
            .handshake()
            .clientSends(REQUEST)
            .serverAcks()
            .rst({ from: 'server', ttl: 255, ipId: 0, options: {}, payload: '[0x1b2:1] Idle timeout' }),
        ),
      ),
    truth: [{ frame: 32, origins: ['middlebox', 'unknown', 'endpoint'] }],
  },
  {
    name: 'reset-before-syn-ack',
    about: 'A forged reset answers the SYN faster than the server, whose SYN-ACK comes after it.',
    capture: () =>
      pcapOf(
        interleave(
          ...ordinary(3),
          between()
            .syn()
            .rst({ from: 'server', style: 'reply', ttl: 46, ipId: 0x1555, after: 0.000_2 })
            .synAck()
            .clientAcks(),
        ),
      ),
    truth: [{ frame: 41, origins: DEVICE }],
  },
];
