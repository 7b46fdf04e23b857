/** What makes a translator of addresses let packets pass as they are. */
import type { Setting } from './setting.ts';
import { KUBE_PROXY, LINUX_CONNTRACK, LINUX_IPVS } from './sources.ts';

export const TRANSLATION: readonly Setting[] = [
  {
    system: 'Linux connection tracking',
    setting: 'net.netfilter.nf_conntrack_tcp_be_liberal',
    default: '0: segments out of the window are INVALID and stay untranslated',
    source: LINUX_CONNTRACK,
  },
  {
    system: 'Linux connection tracking',
    setting: 'net.netfilter.nf_conntrack_max',
    default: 'nf_conntrack_buckets; a full table drops new connections',
    source: LINUX_CONNTRACK,
  },
  {
    system: 'Linux connection tracking',
    setting: 'net.netfilter.nf_conntrack_log_invalid',
    default: '0: nothing is logged; 6 logs INVALID segments of TCP',
    source: LINUX_CONNTRACK,
  },
  {
    system: 'Kubernetes kube-proxy',
    setting: '--conntrack-tcp-be-liberal',
    default: 'false',
    source: `${KUBE_PROXY}#options`,
  },
  {
    system: 'Linux IPVS',
    setting: 'net.ipv4.vs.conntrack',
    default: '0',
    source: LINUX_IPVS,
  },
];
