/**
 * Connections on the same addresses and ports, segment by segment, with the connection that each belongs to: what tshark
 * is asked about and what the engine is held to.
 *
 *   `C S 1000`            the client's SYN with number 1000
 *   `S SA 7000 1001`      the server's SYN-ACK that acknowledges it
 *   `C PA 1001 7001 300`  300 bytes of payload
 *   `~ 60`                a minute passes
 */
import type { ConversationPacket } from './conversation.ts';
import { DEFAULT_START_NS } from './conversation.ts';
import { ethernet, ipv4, tcp } from './packet-builder.ts';

export interface SamePorts {
  readonly name: string;
  readonly segments: string;
  /** The connection of each segment, in order of their first segments. */
  readonly connections: readonly number[];
}

const HANDSHAKE = 'C S 1000, S SA 7000 1001, C A 1001 7001';
const REQUEST = 'C PA 1001 7001 300, S A 7001 1301, S PA 7001 1301 500, C A 1301 7501';
const NEXT = '~ 60, C S 500000, S SA 900000 500001, C A 500001 900001';

export const SAME_PORTS: readonly SamePorts[] = [
  {
    name: 'a SYN-ACK sent again',
    segments: `C S 1000, S SA 7000 1001, ~ 1, S SA 7000 1001, C A 1001 7001`,
    connections: [0, 0, 0, 0],
  },
  {
    name: 'a second SYN-ACK after the handshake',
    segments: `${HANDSHAKE}, S SA 999000 1001, ${REQUEST}`,
    connections: [0, 0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'a second SYN-ACK before the ACK of the first',
    segments: `C S 1000, S SA 7000 1001, S SA 999000 1001, C A 1001 7001, ${REQUEST}`,
    connections: [0, 0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'a second SYN-ACK that the client takes',
    segments: `C S 1000, S SA 7000 1001, C S 1000, S SA 999000 1001, C A 1001 999001, C PA 1001 999001 300, S A 999001 1301`,
    connections: [0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'a second SYN-ACK of a lower number that the client takes',
    segments: `C S 1000, S SA 999000 1001, S SA 7000 1001, C A 1001 7001, ${REQUEST}`,
    connections: [0, 0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'a second SYN-ACK after data',
    segments: `${HANDSHAKE}, ${REQUEST}, ~ 1, S SA 999000 1001, C PA 1301 7501 10`,
    connections: [0, 0, 0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'SYN-ACKs of a SYN with data',
    segments: 'C S 1000 0 50, S SA 7000 1001, S SA 999000 1051, C A 1051 7001',
    connections: [0, 0, 0, 0],
  },
  {
    name: 'a SYN-ACK with data',
    segments: 'C S 1000, S SA 7000 1001 20, C A 1001 7021, S PA 7021 1001 10',
    connections: [0, 0, 0, 0],
  },
  {
    name: 'both open at once',
    segments: 'C S 1000, S S 7000, C SA 1000 7001, S SA 7000 1001, C A 1001 7001',
    connections: [0, 0, 0, 0, 0],
  },
  {
    name: 'ports used again after FIN',
    segments: `${HANDSHAKE}, C FA 1001 7001, S FA 7001 1002, C A 1002 7002, ${NEXT}`,
    connections: [0, 0, 0, 0, 0, 0, 1, 1, 1],
  },
  {
    name: 'ports used again with a lower number',
    segments: `${HANDSHAKE}, C FA 1001 7001, S FA 7001 1002, C A 1002 7002, ~ 60, C S 500, S SA 600 501, C A 501 601`,
    connections: [0, 0, 0, 0, 0, 0, 1, 1, 1],
  },
  {
    name: 'ports used again after RST',
    segments: `${HANDSHAKE}, S RA 7001 1001, ${NEXT}`,
    connections: [0, 0, 0, 0, 1, 1, 1],
  },
  {
    name: 'ports used again after silence',
    segments: `${HANDSHAKE}, ~ 9000, ${NEXT}`,
    connections: [0, 0, 0, 1, 1, 1],
  },
  {
    name: 'ports used again after a refusal',
    segments: `C S 1000, S RA 0 1001, ${NEXT}`,
    connections: [0, 0, 1, 1, 1],
  },
  {
    name: 'the same SYN refused again',
    segments: 'C S 1000, S RA 0 1001, ~ 0.5, C S 1000, S RA 0 1001',
    connections: [0, 0, 0, 0],
  },
  {
    name: 'a challenge, the reset and the SYN again',
    segments: `${HANDSHAKE}, ~ 60, C S 500000, S A 7001 1001, C R 1001, ~ 1, C S 500000, S SA 900000 500001, C A 500001 900001`,
    connections: [0, 0, 0, 1, 1, 1, 1, 1, 1],
  },
  {
    name: 'a challenge with higher numbers, the reset and the SYN again',
    segments:
      'C S 1000, S A 2000000000 555, C R 555, ~ 1, C S 1000, S SA 7000 1001, C A 1001 7001, S PA 7001 1001 9',
    connections: [0, 0, 0, 0, 0, 0, 0],
  },
  {
    name: 'a SYN after a half of a connection',
    segments: `C S 1000, S SA 7000 1001, ~ 60, C S 500000, S SA 900000 500001, C A 500001 900001`,
    connections: [0, 0, 1, 1, 1],
  },
  {
    name: 'a side that only sent a RST',
    segments: 'S A 88000 33000, C R 33000, ~ 60, C S 1000, S RA 0 1001',
    connections: [0, 0, 1, 1],
  },
  {
    name: 'a side that only sent a RST, the next time answered',
    segments: 'S A 88000 33000, C R 33000, ~ 60, C S 1000, S SA 7000 1001, C A 1001 7001',
    connections: [0, 0, 1, 1, 1],
  },
  {
    name: 'nothing but a RST with numbers of its own',
    segments: 'C R 33000, ~ 60, C S 1000, S SA 7000 1001, C A 1001 7001',
    connections: [0, 1, 1, 1],
  },
  {
    name: 'nothing but a RST-ACK of the other side',
    segments: 'S RA 0 33000, ~ 60, C S 1000, S SA 7000 1001, C A 1001 7001',
    connections: [0, 1, 1, 1],
  },
  { name: 'a refusal captured before its SYN', segments: 'S RA 0 1001, C S 1000', connections: [0, 0] },
  {
    name: 'a SYN-ACK captured before its SYN',
    segments: 'S SA 7000 1001, C S 1000, C A 1001 7001',
    connections: [0, 0, 0],
  },
  {
    name: 'a SYN-ACK captured after its ACK',
    segments: 'C S 1000, C A 1001 7001, S SA 7000 1001, C PA 1001 7001 5',
    connections: [0, 0, 0, 0],
  },
  {
    name: 'a SYN captured after the ACK',
    segments: 'C A 1001 7001, C S 1000, S SA 7000 1001',
    connections: [0, 0, 0],
  },
  {
    name: 'a SYN-ACK captured after data of the server',
    segments: 'C S 1000, S PA 7001 1001 10, S SA 7000 1001',
    connections: [0, 0, 0],
  },
  {
    name: 'a SYN-ACK that acknowledges another SYN',
    segments: 'C S 1000, S SA 7000 55555, C R 55555, ~ 1, C S 1000, S SA 8000 1001',
    connections: [0, 0, 0, 0, 0],
  },
  {
    name: 'the server alone, twice',
    segments:
      'S SA 7000 1001, S PA 7001 1301 500, S FA 7501 1302, ~ 60, S SA 900000 500001, S PA 900001 500301 500',
    connections: [0, 0, 0, 1, 1],
  },
  {
    name: 'the client alone, twice',
    segments: 'C S 1000, C A 1001 7001, C FA 1001 7001, ~ 60, C S 500000, C A 500001 900001',
    connections: [0, 0, 0, 1, 1],
  },
  {
    name: 'the sides exchanged',
    segments: `${HANDSHAKE}, C FA 1001 7001, S FA 7001 1002, C A 1002 7002, ~ 60, S S 500000, C SA 900000 500001, S A 500001 900001`,
    connections: [0, 0, 0, 0, 0, 0, 1, 1, 1],
  },
  {
    name: 'TIME-WAIT used again',
    segments: `${HANDSHAKE}, S FA 7001 1001, C FA 1001 7002, S A 7002 1002, ~ 1, C S 2002, S SA 8000 2003, C A 2003 8001`,
    connections: [0, 0, 0, 0, 0, 0, 1, 1, 1],
  },
];

const NOTHING = '';

/** The packets of one of them, as Ethernet frames. */
export function samePortsPackets({ segments }: SamePorts): ConversationPacket[] {
  let timeNs = DEFAULT_START_NS;
  const packets: ConversationPacket[] = [];
  for (const [i, line] of segments.split(', ').entries()) {
    const [what, flags = NOTHING, seq = NOTHING, ack = NOTHING, length = NOTHING] = line.split(' ');
    if (what === '~') {
      timeNs += BigInt(Math.round(Number(flags) * 1e9));
      continue;
    }
    timeNs += 10_000_000n;
    const fromClient = what === 'C';
    const segment = tcp({
      srcPort: fromClient ? 40_000 : 443,
      dstPort: fromClient ? 443 : 40_000,
      flags,
      seq: Number(seq),
      ack: Number(ack),
      payload: Number(length),
    });
    const [client, server] = ['10.1.0.10', '192.0.2.80'];
    const [src, dst] = fromClient ? [client, server] : [server, client];
    const packet = ipv4({ src, dst, id: i + 1, ttl: fromClient ? 64 : 52 }, segment);
    packets.push({ timeNs, data: ethernet({}, packet) });
  }
  return packets;
}
