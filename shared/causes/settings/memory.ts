/** How much memory TCP may take, and how many sockets without a program. */
import type { Setting } from './setting.ts';
import { LINUX_IP } from './sources.ts';

export const MEMORY: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_mem',
    default: 'by the memory at boot, in pages; the third number is the limit',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_max_orphans',
    default: 'by the memory at boot; more are reset at once',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_fin_timeout',
    default: '60 s that an orphan waits for the other side’s FIN',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_rmem, net.ipv4.tcp_wmem',
    default: 'up to 6 MiB and 4 MiB a socket, by memory',
    source: LINUX_IP,
  },
];
