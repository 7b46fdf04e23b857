/** Which rewriter a layer has. A layer without one stays zeros. */
import { ETHERTYPE_ARP, ETHERTYPE_MACSEC } from '../decode/ethertypes.ts';
import * as layers from '../decode/layers.ts';
import { rewriteIcmp, rewriteIcmpv6 } from './icmp.ts';
import { rewriteEthernet, rewriteLink, rewriteWlan } from './link.ts';
import { rewriteGre, rewriteNsh, rewriteTeredo, rewriteTunnel } from './tunnels.ts';
import { rewriteTcp } from './tcp.ts';
import { rewriteUdp } from './udp.ts';
import type { Layer } from './step.ts';

const LLC_LENGTH = 3;
const SNAP_LENGTH = 5;

export function rewriteLayer(step: Layer): void {
  const { rewrite, from, to, end } = step;
  switch (step.layer) {
    case layers.LAYER_LINK:
      rewriteLink(step);
      break;
    case layers.LAYER_ETHERNET:
      rewriteEthernet(rewrite, from);
      break;
    case layers.LAYER_ETHERTYPE:
      if (step.etherType === ETHERTYPE_ARP) rewriteArp(step);
      // VLAN tags.
      else rewrite.keep(from, to);
      break;
    case layers.LAYER_LLC:
      rewrite.keep(from, Math.max(to, Math.min(end, from + LLC_LENGTH)));
      break;
    case layers.LAYER_SNAP:
      rewrite.keep(from, Math.max(to, Math.min(end, from + SNAP_LENGTH)));
      break;
    // Labels, protocol numbers, lengths, counters and tags of switches.
    case layers.LAYER_MPLS:
    case layers.LAYER_PPP:
    case layers.LAYER_HDLC:
    case layers.LAYER_FRAME_RELAY:
    case layers.LAYER_DSA_TAG:
    case layers.LAYER_IP_PROTOCOL:
      rewrite.keep(from, to);
      break;
    case layers.LAYER_PPPOE:
      rewrite.keep(from, Math.max(to, Math.min(end, from + 2)));
      break;
    case layers.LAYER_FRAME_TAG:
      // Of a tag that is not opened (encrypted MACsec) its first byte says so.
      rewrite.keep(from, Math.max(to, Math.min(end, from + 1)));
      if (step.etherType === ETHERTYPE_MACSEC) rewriteMacsecChannel(step);
      break;
    case layers.LAYER_80211:
    case layers.LAYER_80211_SWAPPED:
      rewriteWlan(step, from);
      break;
    case layers.LAYER_TCP:
      rewriteTcp(step);
      break;
    case layers.LAYER_UDP:
      rewriteUdp(step);
      break;
    case layers.LAYER_ICMP:
      rewriteIcmp(step);
      break;
    case layers.LAYER_ICMPV6:
      rewriteIcmpv6(step);
      break;
    case layers.LAYER_GRE:
      rewriteGre(step);
      break;
    case layers.LAYER_NSH:
      rewriteNsh(step);
      break;
    case layers.LAYER_TEREDO:
      rewriteTeredo(step);
      break;
    case layers.LAYER_UDP_TUNNEL:
    case layers.LAYER_L2TP_OVER_IP:
      rewriteTunnel(step);
      break;
  }
}

/** RFC 826: kinds and lengths of addresses, operation, then the addresses of sender and target. */
function rewriteArp({ rewrite, from, end }: Layer): void {
  rewrite.keep(from, Math.min(end, from + 8));
  const hardware = rewrite.u8(from + 4);
  const protocol = rewrite.u8(from + 5);
  let at = from + 8;
  for (let host = 0; host < 2; host++) {
    if (hardware === 6) rewrite.mac(at, end);
    at += hardware;
    if (protocol === 4) rewrite.ipv4(at, end);
    at += protocol;
  }
}

const MACSEC_HAS_CHANNEL = 0x20;
const MACSEC_CHANNEL_AT = 6;

/** IEEE 802.1AE §9.9: the channel's identifier begins with the sender's address. */
function rewriteMacsecChannel({ rewrite, from, to }: Layer): void {
  if (from < to && (rewrite.u8(from) & MACSEC_HAS_CHANNEL) !== 0) rewrite.mac(from + MACSEC_CHANNEL_AT, to);
}
