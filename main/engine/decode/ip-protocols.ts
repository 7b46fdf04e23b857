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
export const PROTOCOL_AUTHENTICATION = 51;
export const PROTOCOL_ICMPV6 = 58;
export const PROTOCOL_DESTINATION_OPTIONS = 60;
export const PROTOCOL_MOBILITY = 135;
