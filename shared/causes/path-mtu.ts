import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { MTU } from './settings/mtu.ts';

export const pathMtu = defineCause({
  code: 'path-mtu',
  title: 'Large packets do not get through',
  what: 'Full-size segments are lost again and again while small ones pass: somewhere the path takes only smaller packets and the ICMP messages that say so do not arrive. In the end one side gives up.',
  seen: `A transfer hangs and then fails: ETIMEDOUT on the side that sends, or ${RESET_ERROR} on the other.`,
  fatal: 'Fatal for this transfer, and for each next one that fills a segment; small exchanges work.',
  unlike:
    'It is a timeout in truth: large segments vanish until a side gives up. The reset comes only then; a polite close would need the lost data to arrive first.',
  dataLoss: 'Yes: what was in the large segments never arrived, the verdict’s unacknowledged bytes.',
  client: [
    'ping -M do -s 1472 SERVER (Linux), then smaller sizes: the largest that passes, plus 28, is the path’s MTU.',
    'sysctl net.ipv4.tcp_mtu_probing=1 works around it.',
  ],
  server: [
    'Let ICMP "fragmentation needed" (type 3 code 4) and ICMPv6 "packet too big" (type 2) pass all firewalls.',
    'Clamp the MSS at the tunnel or VPN: iptables -t mangle … TCPMSS --clamp-mss-to-pmtu.',
  ],
  confirm: 'Only segments of full size are retransmitted, and none of them is ever acknowledged.',
  settings: MTU,
  harmless: false,
  mechanisms: ['abort'],
});
