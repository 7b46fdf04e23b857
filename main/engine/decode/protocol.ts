/** The dispatch by IP protocol number. */
import { FAMILY, TUNNEL_ETHERNET, TUNNEL_IPIP, TUNNEL_MPLS, TUNNEL_NSH } from './facts.ts';
import {
  isProtocolWithoutTcp,
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION_OPTIONS,
  PROTOCOL_ESP,
  PROTOCOL_ETHERIP,
  PROTOCOL_ETHERNET,
  PROTOCOL_FRAGMENT,
  PROTOCOL_GRE,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_IPV4,
  PROTOCOL_IPIP,
  PROTOCOL_IPV6,
  PROTOCOL_L2TP,
  PROTOCOL_MOBILITY,
  PROTOCOL_MPLS,
  PROTOCOL_NSH,
  PROTOCOL_ROUTING,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from './ip-protocols.ts';
import {
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_EXTENSIONS,
  LAYER_GRE,
  LAYER_ICMP,
  LAYER_ICMPV6,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_L2TP_OVER_IP,
  LAYER_MPLS,
  LAYER_NSH,
  LAYER_TCP,
  LAYER_UDP,
} from './layers.ts';
import { NOT_OPENED_IP_PROTOCOL } from './not-opened.ts';
import type { Packet } from './packet.ts';

export function decodeProtocol(packet: Packet): number {
  switch (packet.protocol) {
    case PROTOCOL_TCP:
      return LAYER_TCP;
    case PROTOCOL_UDP:
      return LAYER_UDP;
    case PROTOCOL_ICMP:
      return packet.facts[FAMILY] === 4 ? LAYER_ICMP : LAYER_DONE;
    case PROTOCOL_ICMPV6:
      return packet.facts[FAMILY] === 6 ? LAYER_ICMPV6 : LAYER_DONE;
    case PROTOCOL_IPV4:
    case PROTOCOL_IPIP:
      return packet.enterTunnel(0, TUNNEL_IPIP, LAYER_IPV4); // RFC 2003
    case PROTOCOL_IPV6:
      return packet.enterTunnel(0, TUNNEL_IPIP, LAYER_IPV6); // RFC 4213 "6in4", RFC 2473
    case PROTOCOL_GRE:
      return LAYER_GRE;
    case PROTOCOL_AUTHENTICATION:
      return LAYER_EXTENSIONS; // IPv4 has it too
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_DESTINATION_OPTIONS:
    case PROTOCOL_MOBILITY:
      return packet.facts[FAMILY] === 6 ? LAYER_EXTENSIONS : unopened(packet);
    case PROTOCOL_ETHERIP:
      return decodeEtherIp(packet);
    case PROTOCOL_L2TP:
      return LAYER_L2TP_OVER_IP;
    case PROTOCOL_MPLS:
      return packet.enterTunnel(0, TUNNEL_MPLS, LAYER_MPLS); // RFC 4023
    case PROTOCOL_ETHERNET:
      return packet.enterTunnel(0, TUNNEL_ETHERNET, LAYER_ETHERNET); // RFC 8986 §4.9, over IPv6 segment routing
    case PROTOCOL_NSH:
      return packet.enterTunnel(0, TUNNEL_NSH, LAYER_NSH);
    default:
      return unopened(packet);
  }
}

const ETHERIP_LENGTH = 2;
const ETHERIP_VERSION = 3;

/** RFC 3378: version (4 bits), reserved (12), the frame. */
function decodeEtherIp(packet: Packet): number {
  const { data, at, end } = packet;
  if (at < end && data[at] >>> 4 !== ETHERIP_VERSION) return unopened(packet);
  return packet.enterTunnel(ETHERIP_LENGTH, TUNNEL_ETHERNET, LAYER_ETHERNET);
}

function unopened(packet: Packet): number {
  const { protocol } = packet;
  if (isProtocolWithoutTcp(protocol)) return LAYER_DONE;
  return packet.notOpened(NOT_OPENED_IP_PROTOCOL, protocol, protocol === PROTOCOL_ESP);
}
