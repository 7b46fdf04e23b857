/** The dispatch by IP protocol number. */
import { FAMILY, TUNNEL_IPIP } from './facts.ts';
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION_OPTIONS,
  PROTOCOL_FRAGMENT,
  PROTOCOL_GRE,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  PROTOCOL_MOBILITY,
  PROTOCOL_ROUTING,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from './ip-protocols.ts';
import {
  LAYER_DONE,
  LAYER_EXTENSIONS,
  LAYER_GRE,
  LAYER_ICMP,
  LAYER_ICMPV6,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_TCP,
  LAYER_UDP,
} from './layers.ts';
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
      return enterIpInIp(packet, LAYER_IPV4);
    case PROTOCOL_IPV6:
      return enterIpInIp(packet, LAYER_IPV6);
    case PROTOCOL_GRE:
      return LAYER_GRE;
    case PROTOCOL_AUTHENTICATION:
      return LAYER_EXTENSIONS; // IPv4 has it too
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_DESTINATION_OPTIONS:
    case PROTOCOL_MOBILITY:
      return packet.facts[FAMILY] === 6 ? LAYER_EXTENSIONS : LAYER_DONE;
    default:
      return LAYER_DONE;
  }
}

/** IP directly in IP (RFC 2003, RFC 4213 "6in4", RFC 2473). */
function enterIpInIp(packet: Packet, layer: number): number {
  if (!packet.descend()) return LAYER_DONE;
  packet.tunnel = TUNNEL_IPIP;
  return layer;
}
