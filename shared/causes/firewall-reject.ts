import { defineCause } from './cause.ts';
import { REFUSED_ERROR, RESET_ERROR } from './errors.ts';

export const firewallReject = defineCause({
  code: 'firewall-reject',
  title: 'Rejected by a firewall on the path',
  what: 'A router or firewall between the two hosts refused the packet with a reset in the server’s name. The server itself did not send it and may not even have seen the packet.',
  seen: `The client’s connect fails with ${REFUSED_ERROR}, or an existing connection with ${RESET_ERROR}.`,
  fatal: 'Fatal for the attempt or the connection, and again for each until the rule changes.',
  unlike:
    'A rule that drops would leave the client to a timeout; a proxy that closes politely would send FIN.',
  dataLoss: 'None for a refused connection; for a running one at most the verdict’s unacknowledged bytes.',
  client: ['Ask for the rule: give the firewall’s owner source, destination, port and time of this packet.'],
  server: [
    'Check that the service is well: from beside it, nc -vz HOST PORT succeeds while the client fails.',
    'On the device: nft list ruleset, iptables -L -v -n (counters of REJECT rules); PAN-OS traffic log (action reset-client, reset-server, reset-both), FortiGate diagnose debug flow, ASA show asp drop and service resetinbound.',
  ],
  confirm:
    'A capture at the server lacks this reset: open the two together, or give them to “resetscope compare”.',
  harmless: false,
  mechanisms: [],
});
