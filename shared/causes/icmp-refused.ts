import { defineCause } from './cause.ts';
import { REFUSED_ERROR } from './errors.ts';

export const icmpRefused = defineCause({
  code: 'icmp-refused',
  title: 'Refused by an ICMP message',
  what: 'A host or router answered with an ICMP error: port or host unreachable, or forbidden by its administrator.',
  seen: `The client’s connect fails with ${REFUSED_ERROR}; for "administratively prohibited" and "host unreachable" EHOSTUNREACH (113). A UDP socket gets ECONNREFUSED if it is connected, and on Windows in any case WSAECONNRESET 10054 at its next receive.`,
  fatal:
    'For a connect fatal on Linux, a hint elsewhere; an open connection goes on (RFC 5461). A datagram socket gets the error once and can be used on.',
  unlike: 'A timeout brings no packet at all; this message says which device refused, and why.',
  dataLoss: 'None: no connection came to be.',
  client: [
    'The ICMP message’s source address is the device to ask about; tracepath HOST or traceroute -T -p PORT HOST shows where it sits.',
    'nstat -az IcmpInDestUnreachs Icmp6InDestUnreachs: count them on Linux.',
    'On Windows a UDP socket that gets WSAECONNRESET 10054 can ignore it: WSAIoctl with SIO_UDP_CONNRESET set to FALSE.',
  ],
  server: [
    'ss -lunp or ss -ltnp: does the service listen on this port and address? nstat -az UdpNoPorts Udp6NoPorts grow with each refused datagram.',
    'Look for REJECT rules without tcp-reset: nft list ruleset, iptables -S; on routers for ip unreachables and access lists.',
  ],
  confirm: 'The ICMP message quotes the first bytes of the packet that it refuses.',
  harmless: false,
  mechanisms: [],
});
