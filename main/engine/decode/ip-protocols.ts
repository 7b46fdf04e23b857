/** IP protocol numbers (IANA, "Assigned Internet Protocol Numbers"). */
export const PROTOCOL_HOP_BY_HOP = 0;
export const PROTOCOL_ICMP = 1;
export const PROTOCOL_IPV4 = 4;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_IPV6 = 41;
export const PROTOCOL_ROUTING = 43;
export const PROTOCOL_FRAGMENT = 44;
export const PROTOCOL_GRE = 47;
export const PROTOCOL_ESP = 50;
export const PROTOCOL_AUTHENTICATION = 51;
export const PROTOCOL_ICMPV6 = 58;
export const PROTOCOL_DESTINATION_OPTIONS = 60;
export const PROTOCOL_IPIP = 94;
export const PROTOCOL_ETHERIP = 97;
export const PROTOCOL_L2TP = 115;
export const PROTOCOL_MOBILITY = 135;
export const PROTOCOL_MPLS = 137;
export const PROTOCOL_ETHERNET = 143;
export const PROTOCOL_NSH = 145;

/** Protocols that are no carrier of IP: routing, signalling, and transports beside TCP. */
const WITHOUT_TCP: ReadonlySet<number> = new Set([
  PROTOCOL_ICMP,
  2, // IGMP
  3, // GGP
  8, // EGP
  9, // IGRP
  33, // DCCP
  46, // RSVP
  54, // NHRP
  PROTOCOL_ICMPV6,
  59, // no next header (RFC 8200)
  85, // NSFNET IGP
  88, // EIGRP
  89, // OSPF
  103, // PIM
  111, // IPX
  112, // VRRP, CARP
  113, // PGM
  124, // IS-IS
  132, // SCTP
  134, // RSVP end to end
  136, // UDP-Lite
  139, // HIP
  140, // Shim6
  240, // pfsync
]);

export function isProtocolWithoutTcp(protocol: number): boolean {
  return WITHOUT_TCP.has(protocol);
}
