/** TCP keep-alive: when a silent connection is probed, and when it is given up. */
import type { Setting } from './setting.ts';
import { LINUX_IP, REDIS } from './sources.ts';

export const TCP_KEEP_ALIVE: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_keepalive_time (TCP_KEEPIDLE)',
    default: '7,200 s, and only for programs that ask for it',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_keepalive_intvl, net.ipv4.tcp_keepalive_probes',
    default: '75 s, 9 probes',
    source: LINUX_IP,
  },
  {
    system: 'Windows',
    setting: 'KeepAliveTime',
    default: '7,200,000 ms, and only for programs that ask for it',
    source:
      'https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc782936(v=ws.10)',
  },
  {
    system: 'Windows',
    setting: 'KeepAliveInterval',
    default: '1,000 ms',
    source:
      'https://learn.microsoft.com/previous-versions/windows/it-pro/windows-2000-server/cc957548(v=technet.10)',
  },
  { system: 'Redis', setting: 'tcp-keepalive', default: '300 s', since: '3.2.1', source: REDIS },
];
