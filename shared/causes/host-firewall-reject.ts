import { defineCause } from './cause.ts';
import { REFUSED_ERROR } from './errors.ts';

export const hostFirewallReject = defineCause({
  code: 'host-firewall-reject',
  title: 'Rejected by the host’s own firewall',
  what: 'A rule on the host itself refused the packet with a reset (REJECT with tcp-reset). The packet never reached the listening program.',
  seen: `The client’s connect fails with ${REFUSED_ERROR}. The server program sees nothing.`,
  fatal: 'Fatal for this attempt and each next one until the rule changes.',
  unlike:
    'DROP in place of REJECT would leave the client to a timeout; without the rule SYN-ACK would come, or the refusal of a closed port.',
  dataLoss: 'None for a refused connection; for a running one at most the verdict’s unacknowledged bytes.',
  client: [
    'Ask for this client’s address to be allowed; nc -vz HOST PORT from another client shows whether the rule is about the source.',
  ],
  server: [
    'nft list ruleset | grep -n reject; iptables -L INPUT -v -n: the counter of the rule grows with each attempt.',
    'firewall-cmd --list-all, ufw status verbose, security software of the host.',
  ],
  confirm: 'The counter of the rule grows while ss -ltn shows a listener on the port.',
  harmless: false,
  mechanisms: [],
});
