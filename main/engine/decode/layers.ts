/** What a layer can name as the next one. What only a link type begins with is none: see link-types.ts. */

export const LAYER_DONE = 0;
export const LAYER_IPV4 = 1;
export const LAYER_IPV6 = 2;
export const LAYER_TCP = 3;
export const LAYER_UDP = 4;
export const LAYER_ETHERNET = 5;
/** Whatever `packet.etherType` announces. */
export const LAYER_ETHERTYPE = 6;
/** Whatever `packet.protocol`, an IP protocol number, announces. */
export const LAYER_IP_PROTOCOL = 7;
/** IPv4 or IPv6, by the first nibble. */
export const LAYER_IP = 8;
export const LAYER_LLC = 9;
export const LAYER_MPLS = 10;
export const LAYER_PPP = 11;
export const LAYER_PPPOE = 12;
export const LAYER_GRE = 13;
export const LAYER_ICMP = 14;
export const LAYER_ICMPV6 = 15;
export const LAYER_EXTENSIONS = 16;
export const LAYER_VXLAN = 17;
export const LAYER_GENEVE = 18;
export const LAYER_TEREDO = 19;
/** An IEEE 802.11 frame behind the header of a monitoring driver. */
export const LAYER_80211 = 20;
