/** What decides to which of several hosts or paths a packet goes. */
import type { Setting } from './setting.ts';
import { LINUX_IP, LINUX_IPVS } from './sources.ts';

export const STEERING: readonly Setting[] = [
  {
    system: 'Linux as a router',
    setting: 'net.ipv4.fib_multipath_hash_policy',
    default: '0: addresses only; 1 takes the ports in',
    source: LINUX_IP,
  },
  {
    system: 'Linux IPVS',
    setting: 'net.ipv4.vs.expire_nodest_conn',
    default: '0: packets for a server that is gone are dropped in silence',
    source: LINUX_IPVS,
  },
  {
    system: 'Linux IPVS',
    setting: 'net.ipv4.vs.conn_reuse_mode',
    default: '1',
    source: LINUX_IPVS,
  },
];
