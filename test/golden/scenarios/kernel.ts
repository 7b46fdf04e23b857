/** Captures made on a host whose kernel was asked: its word is in the file beside the packets. */
import type { PcapngBlock } from '../../support/capture-writer.ts';
import { writePcapng } from '../../support/capture-writer.ts';
import { Conversation, interleave } from '../../support/conversation.ts';
import { kernelEvent, kernelStarted } from '../../support/kernel-blocks.ts';
import type { Scenario } from '../scenario.ts';
import { DEVICE, ENDPOINT } from '../scenario.ts';

const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';
const INBOUND = 1;
const OUTBOUND = 2;
const SECOND = 1_000_000_000n;

/** What a server captures of itself; `forged` are the frames (from 1) that came in with its own address. */
function onServer(
  talks: readonly Conversation[],
  kernel: (talk: Conversation) => readonly PcapngBlock[],
  forged: readonly number[],
): Uint8Array {
  const [talk] = talks;
  const packets = interleave(...talks).map(({ timeNs, data }, i): PcapngBlock => {
    const isOwn = data[26] === 192 && data[29] === 80 && !forged.includes(i + 1);
    return { kind: 'packet', timeNs, data, direction: isOwn ? OUTBOUND : INBOUND };
  });
  const started = kernelStarted(talk.nowNs - 60n * SECOND, ['192.0.2.80']);
  const blocks = [started, ...kernel(talk), ...packets];
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9, name: 'eth0' }], blocks }] });
}

/** The capture goes on after the reset: what the kernel had to say about it is in the file. */
function goesOn(talk: Conversation): Conversation {
  return new Conversation({ client: { port: 50_000 }, startNs: talk.nowNs + 10n * SECOND })
    .handshake()
    .exchange(REQUEST, 500)
    .closes('client');
}

function aborted(): Conversation {
  return new Conversation({ client: { hops: 5, delay: 0.02 } })
    .handshake()
    .clientSends(REQUEST)
    .serverAcks()
    .wait(0.4)
    .rst({ from: 'server' });
}

export const KERNEL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'kernel-sent',
    about: 'The kernel of the server says that nginx closed the socket with unread data.',
    capture: () => {
      const talk = aborted();
      const kernel = ({ nowNs }: Conversation): PcapngBlock[] => [
        kernelEvent({
          kind: 'owner',
          timeNs: nowNs - SECOND,
          local: '192.0.2.80:80',
          remote: '10.0.0.1:40000',
          pid: 812,
          comm: 'nginx',
          detail: '/system.slice/nginx.service',
        }),
        kernelEvent({
          kind: 'sent',
          timeNs: nowNs - 15_000n,
          local: '192.0.2.80:80',
          remote: '10.0.0.1:40000',
          pid: 812,
          inProcess: true,
          tcpState: 1,
          reason: 'TCP_ABORT_ON_CLOSE',
          comm: 'nginx',
        }),
      ];
      return onServer([talk, goesOn(talk)], kernel, []);
    },
    extension: 'pcapng',
    truth: [{ frame: 6, origins: ENDPOINT, causes: ['closed-with-unread-data'], matters: true }],
  },
  {
    name: 'kernel-did-not-send',
    about:
      'A perfect forgery, that comes in to the very host in whose name it is: its kernel did not send it.',
    capture: () => {
      const talk = aborted();
      return onServer([talk, goesOn(talk)], () => [], [6]);
    },
    extension: 'pcapng',
    truth: [{ frame: 6, origins: DEVICE }],
  },
  {
    name: 'kernel-lost-events',
    about: 'The kernel lost events around the reset that left the server: its silence proves nothing.',
    capture: () => {
      const talk = aborted();
      const kernel = ({ nowNs }: Conversation): PcapngBlock[] => [
        kernelEvent({ kind: 'lost', timeNs: nowNs + SECOND, detail: '12' }),
      ];
      return onServer([talk, goesOn(talk)], kernel, []);
    },
    extension: 'pcapng',
    truth: [{ frame: 6, origins: ENDPOINT, causes: ['closed-with-unread-data', 'aborted'] }],
  },
];
