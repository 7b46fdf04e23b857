/** How many ports a client or a translator has, and how long an old connection keeps one. */
import type { Setting } from './setting.ts';
import { LINUX_CONNTRACK, LINUX_IP } from './sources.ts';

export const PORTS_OF_CLIENTS: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.ip_local_port_range',
    default: '32768 to 60999',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_tw_reuse',
    default: '2: only on loopback; 1 everywhere',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_timestamps',
    default: '1: lets a new connection take over an old one’s ports',
    source: LINUX_IP,
  },
  {
    system: 'Linux connection tracking',
    setting: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
    default: '120 s that a translated port stays taken',
    source: LINUX_CONNTRACK,
  },
];
