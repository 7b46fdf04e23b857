/** What a layer can name as the next one. What only a link type begins with is none: see link-types.ts. */

/** The payload of a tunnel's port is not the tunnel's. */
export const NOT_RECOGNISED = -1;

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
/** The tunnel that is known by `packet.tunnelPort`. */
export const LAYER_UDP_TUNNEL = 17;
export const LAYER_TEREDO = 18;
/** A tag between a frame's addresses and its content, by `packet.etherType`. */
export const LAYER_FRAME_TAG = 19;
/** An IEEE 802.11 frame behind the header of a monitoring driver. */
export const LAYER_80211 = 20;
/** The same with the two bytes of its frame control the other way round. */
export const LAYER_80211_SWAPPED = 21;
export const LAYER_NSH = 22;
export const LAYER_L2TP_OVER_IP = 23;
/** The tag of Marvell's switches, with the ethertype behind it. */
export const LAYER_DSA_TAG = 24;
/** Whatever a packet of `packet.linkType` begins with. */
export const LAYER_LINK = 25;
export const LAYER_FRAME_RELAY = 26;
/** PPP or Cisco HDLC, by the first byte. */
export const LAYER_HDLC = 27;
/** The organisation and protocol behind LLC. */
export const LAYER_SNAP = 28;
