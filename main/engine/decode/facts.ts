/**
 * The facts of one packet, as the decoder leaves them: slots of one Int32Array that every packet overwrites.
 * A packet costs no object this way. Slots hold signed 32-bit values; sequence numbers and addresses are the
 * same 32 bits read as signed (see shared/base/seq.ts).
 *
 * What every TCP segment asks for lies in the first 32 slots, two cache lines.
 *
 * Addresses: four words, network order. IPv4 uses the first word and leaves the others 0.
 */

/** What the packet is; decides which other slots mean anything. */
export const KIND = 0;
export const KIND_OTHER = 0; // ARP, unknown ethertype or link type, encrypted 802.11 …
export const KIND_TCP = 1;
export const KIND_UDP = 2;
/** ICMP or ICMPv6 error with an embedded header: EMBEDDED_* are set. */
export const KIND_ICMP_ERROR = 3;
/** IP with another protocol, or ICMP that is no error. */
export const KIND_IP = 4;
/** A fragment whose datagram is not complete yet (or never will be). */
export const KIND_FRAGMENT = 5;
/** Cut or malformed below the transport header. */
export const KIND_MALFORMED = 6;

/** 4, 6, or 0 where there is no IP. */
export const FAMILY = 1;
export const SRC0 = 2;
export const SRC1 = 3;
export const SRC2 = 4;
export const SRC3 = 5;
export const DST0 = 6;
export const DST1 = 7;
export const DST2 = 8;
export const DST3 = 9;
export const SRC_PORT = 10;
export const DST_PORT = 11;

export const SEQ = 12;
export const ACK = 13;
/** 12 bits: three reserved, AE (old NS), CWR, ECE, URG, ACK, PSH, RST, SYN, FIN: see TCP_* below. */
export const FLAGS = 14;
/** As sent, unscaled. */
export const WINDOW = 15;
/** Bytes of TCP or UDP payload on the wire, by the IP header. */
export const PAYLOAD_LENGTH = 16;
/** Where the payload starts in `Decoder.bytes`. */
export const PAYLOAD_AT = 26;
/** Bytes of payload that were captured (≤ PAYLOAD_LENGTH). */
export const PAYLOAD_CAPTURED = 17;

/** TTL or hop limit. */
export const TTL = 18;
/** IPv4 identification; −1 for IPv6. */
export const IP_ID = 19;
export const TOS = 27;
/** Bit 0: DF; bit 1: came as fragments; bit 2: IPv4 options present; bit 3: IPv6 extension headers present. */
export const IP_FLAGS = 20;
export const IP_DF = 1;
export const IP_WAS_FRAGMENTED = 2;
export const IP_HAS_OPTIONS = 4;
export const IP_HAS_EXTENSIONS = 8;

/** TCP options present: OPT_* bits. */
export const OPTIONS = 21;
export const OPT_MSS = 1;
export const OPT_WSCALE = 2;
export const OPT_SACK_PERMITTED = 4;
export const OPT_SACK = 8;
export const OPT_TIMESTAMPS = 16;
export const OPT_MPTCP = 32;
export const OPT_MD5 = 64;
export const OPT_AO = 128;
export const OPT_FAST_OPEN = 256;
export const OPT_OTHER = 512;
export const OPT_MALFORMED = 1024;
export const TS_VALUE = 22;
export const TS_ECHO = 28;
export const MSS = 29;
/** −1 where absent. */
export const WINDOW_SCALE = 30;
export const SACK_BLOCKS = 31;
/** First SACK block. */
export const SACK_LEFT = 32;
export const SACK_RIGHT = 33;
/** Reason of an MP_TCPRST option (RFC 8684 §3.6); −1 where absent. */
export const MPTCP_RESET_REASON = 34;
/** The kinds of the options in their order, hashed to 16 bits: the "style" of a stack. 0 without options. */
export const OPTION_STYLE = 35;

/** Upper 16 bits of the link-layer source address; −1 where the link has none. */
export const SRC_MAC_HIGH = 23;
export const SRC_MAC_LOW = 24;
/** Outermost VLAN id; −1 untagged. */
export const VLAN = 36;
/** DIRECTION_* from the link layer (SLL packet type); DIRECTION_UNKNOWN elsewhere. */
export const LINK_DIRECTION = 37;

/** Innermost encapsulation around the analysed IP packet: TUNNEL_*. */
export const TUNNEL = 38;
export const TUNNEL_NONE = 0;
export const TUNNEL_IPIP = 1;
export const TUNNEL_GRE = 2;
export const TUNNEL_VXLAN = 3;
export const TUNNEL_GENEVE = 4;
export const TUNNEL_TEREDO = 5;
export const TUNNEL_ERSPAN = 6;
export const TUNNEL_VXLAN_GPE = 7;
export const TUNNEL_GTP = 8;
export const TUNNEL_L2TP = 9;
export const TUNNEL_MPLS = 10;
export const TUNNEL_TZSP = 11;
export const TUNNEL_AYIYA = 12;
export const TUNNEL_CAPWAP = 13;
export const TUNNEL_WCCP = 14;
export const TUNNEL_LISP = 15;
/** Frames directly in IP: EtherIP, segment routing. */
export const TUNNEL_ETHERNET = 16;
export const TUNNEL_NSH = 17;
/** Addresses of the outer header, where TUNNEL is not TUNNEL_NONE. */
export const OUTER_FAMILY = 39;
export const OUTER_SRC0 = 40; // … 43
export const OUTER_DST0 = 44; // … 47

export const ICMP_TYPE = 48;
export const ICMP_CODE = 49;
/** IP protocol of the packet that the error is about: 6 or 17. */
export const EMBEDDED_PROTOCOL = 50;
export const EMBEDDED_SRC0 = 51; // … 54
export const EMBEDDED_DST0 = 55; // … 58
export const EMBEDDED_SRC_PORT = 59;
export const EMBEDDED_DST_PORT = 60;
/** Sequence number of the embedded TCP header. */
export const EMBEDDED_SEQ = 61;
/** TTL the embedded packet had when the error was made. */
export const EMBEDDED_TTL = 62;

/** DEFECT_* bits: what was wrong with the packet, though it may still be usable. */
export const DEFECTS = 25;
export const DEFECT_CUT = 1; // snaplen cut a header that was needed
export const DEFECT_LENGTH = 2; // a length field contradicts the bytes
export const DEFECT_OPTIONS = 4; // TCP options do not parse
export const DEFECT_TOO_DEEP = 8; // more encapsulation than the limit
export const DEFECT_NOT_OPENED = 16; // holds what is not decoded, and may hold TCP: NOT_OPENED says what
export const DEFECT_CHECKSUM = 32; // set only where a checksum was verified and failed
export const DEFECT_INNER = 64; // a header inside a tunnel is unusable: the packet stands for the outer one
export const DEFECT_FRAGMENTS = 128; // FIRST_FRAGMENTS says how many datagrams began or were completed here

export const IP_PROTOCOL = 63;

/**
 * What the array itself still holds of the packet before: arrays are used again and again, and clearing only what is
 * dirty saves a quarter of the time that a TCP header takes. 0 in a fresh array.
 */
/** 1: the slots of other TCP options than time stamps say "absent". */
export const RARE_OPTIONS_CLEAR = 64;
/** 1: the address slots hold IPv6 addresses; IPv4 must clear them first. */
export const LONG_ADDRESSES = 65;

/** With DEFECT_NOT_OPENED: what announced the content and as what, a key of not-opened.ts. */
export const NOT_OPENED = 66;
/**
 * With DEFECT_FRAGMENTS: 1 where the packet is a datagram's first fragment and the datagram is not complete; less by each packet
 * before it that was one of a datagram which is complete with this packet. All of a capture add up to those that stay incomplete.
 */
export const FIRST_FRAGMENTS = 67;

export const FACT_COUNT = 68;

export type Facts = Int32Array;

// TCP flags (RFC 9293 §3.1, RFC 3168, RFC 9768)
export const TCP_FIN = 0x001;
export const TCP_SYN = 0x002;
export const TCP_RST = 0x004;
export const TCP_PSH = 0x008;
export const TCP_ACK = 0x010;
export const TCP_URG = 0x020;
export const TCP_ECE = 0x040;
export const TCP_CWR = 0x080;
export const TCP_AE = 0x100;
export const TCP_RESERVED = 0xe00;
/** All twelve. */
export const TCP_FLAGS_MASK = 0xfff;
