/** What helps where the path takes only smaller packets. */
import type { Setting } from './setting.ts';
import { LINUX_IP, LINUX_IPVS } from './sources.ts';

export const MTU: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_mtu_probing',
    default: '0: never; 1 where a black hole is noticed, 2 always',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'nft … tcp option maxseg size set rt mtu',
    default: 'not set: the tunnel must clamp the segment size',
    source: 'https://wiki.nftables.org/wiki-nftables/index.php/Mangling_packet_headers',
  },
  {
    system: 'Linux IPVS',
    setting: 'net.ipv4.vs.pmtu_disc',
    default: '1: too large packets are refused with ICMP',
    source: LINUX_IPVS,
  },
];
