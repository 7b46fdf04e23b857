/** How long a stack repeats what nobody acknowledges. */
import type { Setting } from './setting.ts';
import { LINUX_IP } from './sources.ts';

export const RETRANSMISSION: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_retries2',
    default: '15 times, 924.6 s at least',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'TCP_USER_TIMEOUT of the socket',
    default: '0: tcp_retries2 decides',
    source: 'https://man7.org/linux/man-pages/man7/tcp.7.html',
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_orphan_retries',
    default: '8 times, after the program has closed',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_syn_retries, net.ipv4.tcp_synack_retries',
    default: '6 times (127 s) and 5 times (63 s)',
    source: LINUX_IP,
  },
];
