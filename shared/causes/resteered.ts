import { defineCause } from './cause.ts';
import { STEERING } from './settings/steering.ts';

export const resteered = defineCause({
  code: 'resteered',
  title: 'Sent to another host of the address',
  what: 'The address is served by several hosts. Packets of one connection were steered to a second one, which knew nothing of it and answered with a reset.',
  seen: 'connection reset by peer on the client, often right after the first request, and for some clients only.',
  fatal: 'Fatal for the connection; a new one may meet the same fate as long as the steering varies.',
  unlike:
    'A device in between sends a reset sooner and from nearer than the server; the packet that was steered away was answered later or from farther.',
  dataLoss: 'The request that met the second host.',
  client: [
    'Compare TTL and delay of SYN-ACK and reset: two distances are two hosts. Does something before the client change its TTL, flow label or source port between packets?',
  ],
  server: [
    'Keep the packets of a flow on one path: hash on addresses and ports only (no TTL, TOS or flow label), consistent hashing in the load balancer, no anycast routes of equal cost that flap.',
  ],
  confirm: 'Captures at both hosts of the address: the handshake leaves one, the reset the other (tcpdump).',
  settings: STEERING,
  harmless: false,
  leavesUnfinished: 'always',
  mechanisms: ['no-connection'],
});
