/** How often a stack answers segments that do not fit. */
import type { Setting } from './setting.ts';
import { LINUX_IP } from './sources.ts';

export const LOOPS: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_invalid_ratelimit',
    default: '500 ms between two answers of a connection',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_challenge_ack_limit',
    default: 'no limit for all connections together',
    source: LINUX_IP,
  },
];
