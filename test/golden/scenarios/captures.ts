/** The same resets, in captures that make them hard to see. */
import { writePcap, writePcapng, writeSimplePcapng } from '../../support/capture-writer.ts';
import { Conversation, interleave } from '../../support/conversation.ts';
import { ethernet, ip, vxlan } from '../../support/packet-builder.ts';
import type { Scenario } from '../scenario.ts';
import { between, ENDPOINT, NOT_A_DEVICE, ordinary, pcapOf } from '../scenario.ts';

const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';

function aborted(talk: Conversation): Conversation {
  return talk.handshake().clientSends(REQUEST).serverAcks().wait(1.2).rst({ from: 'server' });
}

export const CAPTURE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'one-sided',
    about: 'Only what the server sends was captured.',
    capture: () =>
      pcapOf(
        between()
          .uncaptured((talk) => talk.syn())
          .synAck()
          .uncaptured((talk) => talk.clientAcks().clientSends(REQUEST))
          .serverAcks()
          .serverSends(600)
          .uncaptured((talk) => talk.clientAcks())
          .rst({ from: 'server' }).packets,
      ),
    truth: [{ frame: 4, origins: NOT_A_DEVICE }],
  },
  {
    name: 'duplicated-span',
    about: 'A mirror port delivers every packet twice: the copies are no repetition and no forgery.',
    capture: () => {
      const packets = interleave(...ordinary(2), aborted(between()));
      return pcapOf(packets.flatMap((packet) => [packet, { ...packet, timeNs: packet.timeNs + 2000n }]));
    },
    truth: [63, 64].map((frame) => ({ frame, origins: NOT_A_DEVICE })),
  },
  {
    name: 'mid-stream',
    about: 'The capture began in the middle of the connection.',
    capture: () =>
      pcapOf(
        between()
          .uncaptured((talk) => talk.handshake())
          .exchange(REQUEST, 2000)
          .wait(3)
          .rst({ from: 'client' }).packets,
      ),
    truth: [{ frame: 6, origins: NOT_A_DEVICE }],
  },
  {
    name: 'vlan',
    about: 'Tagged frames.',
    capture: () => pcapOf(interleave(...ordinary(2, { vlan: 42 }), aborted(between({ vlan: 42 })))),
    truth: [{ frame: 32, origins: ENDPOINT }],
  },
  {
    name: 'ipv6',
    about: 'IPv6 has no identification and calls the TTL hop limit.',
    capture: () => {
      const hosts = { client: { address: '2001:db8:c::1' }, server: { address: '2001:db8:5::80' } };
      return pcapOf(interleave(...ordinary(2, hosts), aborted(between(hosts))));
    },
    truth: [{ frame: 32, origins: NOT_A_DEVICE }],
  },
  {
    name: 'vxlan',
    about: 'The connections run inside a VXLAN tunnel.',
    capture: () => {
      const tunnelled = {
        link: (packet: Parameters<typeof ethernet>[1], from: 'client' | 'server') => {
          const outer =
            from === 'client'
              ? { src: '172.16.0.1', dst: '172.16.0.2' }
              : { src: '172.16.0.2', dst: '172.16.0.1' };
          return ethernet({}, ip(outer, vxlan(7, ethernet({}, packet))));
        },
      };
      return pcapOf(interleave(...ordinary(2, tunnelled), aborted(between(tunnelled))));
    },
    truth: [{ frame: 32, origins: NOT_A_DEVICE }],
  },
  {
    name: 'lone-reset',
    about: 'A single reset of a connection that was never seen: backscatter, or a capture begun too late.',
    capture: () =>
      pcapOf(
        between()
          .uncaptured((talk) => talk.syn())
          .rst({ from: 'server', style: 'reply' }).packets,
      ),
    truth: [{ frame: 1, origins: NOT_A_DEVICE }],
  },
  {
    name: 'cut-by-snaplen',
    about: 'Only the first 60 bytes of each packet were kept, in pcapng.',
    extension: 'pcapng',
    capture: () =>
      writeSimplePcapng(
        interleave(...ordinary(2), aborted(between())).map(({ timeNs, data }) => ({
          timeNs,
          data: data.subarray(0, 60),
          wireLength: data.length,
        })),
        { snapLength: 60 },
      ),
    truth: [{ frame: 32, origins: NOT_A_DEVICE }],
  },
  {
    name: 'outbound-on-the-host',
    about: 'Captured on the server itself, which marks what it sends: the reset went out from here.',
    extension: 'pcapng',
    capture: () => {
      const talk = aborted(new Conversation({ client: { hops: 8, delay: 0.02 }, server: { port: 22 } }));
      const fromServer = talk.server.mac.split(':').map((octet) => Number.parseInt(octet, 16));
      const blocks = talk.packets.map(({ timeNs, data }) => ({
        kind: 'packet' as const,
        timeNs,
        data,
        direction: fromServer.every((octet, i) => data[6 + i] === octet) ? 2 : 1,
      }));
      return writePcapng({ sections: [{ interfaces: [{ tsresol: 9, name: 'eth0' }], blocks }] });
    },
    truth: [{ frame: 6, origins: ENDPOINT }],
  },
  {
    name: 'truncated-file',
    about: 'The file ends in the middle of its last record: what is whole is told.',
    capture: () => {
      const whole = writePcap({
        packets: interleave(
          ...ordinary(1),
          aborted(between()),
          aborted(between({ client: { port: 40_001 } })),
        ),
        nanos: true,
      });
      return whole.subarray(0, whole.length - 20);
    },
    truth: [{ frame: 24, origins: NOT_A_DEVICE }],
  },
];
