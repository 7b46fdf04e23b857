/** Ethertypes (IEEE's public list, and what vendors use without asking): those that are opened, and those that hold no TCP. */
export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_TRILL = 0x22f3;
export const ETHERTYPE_TRANSPARENT_BRIDGING = 0x6558;
export const ETHERTYPE_VLAN = 0x8100;
export const ETHERTYPE_IPV6 = 0x86dd;
export const ETHERTYPE_PPP = 0x880b;
export const ETHERTYPE_MPLS = 0x8847;
export const ETHERTYPE_MPLS_MULTICAST = 0x8848;
export const ETHERTYPE_PPPOE_SESSION = 0x8864;
/** A frame longer than 1500 bytes that starts with LLC. */
export const ETHERTYPE_JUMBO_LLC = 0x8870;
export const ETHERTYPE_REALTEK = 0x8899;
export const ETHERTYPE_PROVIDER_VLAN = 0x88a8;
export const ETHERTYPE_MACSEC = 0x88e5;
export const ETHERTYPE_PROVIDER_BACKBONE = 0x88e7;
export const ETHERTYPE_FABRICPATH = 0x8903;
export const ETHERTYPE_CISCO_METADATA = 0x8909;
export const ETHERTYPE_VN_TAG = 0x8926;
export const ETHERTYPE_HSR = 0x892f;
export const ETHERTYPE_E_TAG = 0x893f;
export const ETHERTYPE_NSH = 0x894f;
export const ETHERTYPE_OLD_QINQ = 0x9100;
export const ETHERTYPE_OLD_QINQ_2 = 0x9200;
export const ETHERTYPE_OLD_QINQ_3 = 0x9300;
/** Linux' name for Marvell's switch tag with an ethertype before it; the number is registered to nobody. */
export const ETHERTYPE_EDSA = 0xdada;
export const ETHERTYPE_REDUNDANCY_TAG = 0xf1c1;

/** Up to here the type field of a frame is an IEEE 802.3 length. */
export const MAX_802_3_LENGTH = 1500;

const OPENED: ReadonlySet<number> = new Set([
  ETHERTYPE_IPV4,
  ETHERTYPE_TRILL,
  ETHERTYPE_TRANSPARENT_BRIDGING,
  ETHERTYPE_VLAN,
  ETHERTYPE_IPV6,
  ETHERTYPE_PPP,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
  ETHERTYPE_PPPOE_SESSION,
  ETHERTYPE_JUMBO_LLC,
  ETHERTYPE_REALTEK,
  ETHERTYPE_PROVIDER_VLAN,
  ETHERTYPE_MACSEC,
  ETHERTYPE_PROVIDER_BACKBONE,
  ETHERTYPE_FABRICPATH,
  ETHERTYPE_CISCO_METADATA,
  ETHERTYPE_VN_TAG,
  ETHERTYPE_HSR,
  ETHERTYPE_E_TAG,
  ETHERTYPE_NSH,
  ETHERTYPE_OLD_QINQ,
  ETHERTYPE_OLD_QINQ_2,
  ETHERTYPE_OLD_QINQ_3,
  ETHERTYPE_EDSA,
  ETHERTYPE_REDUNDANCY_TAG,
]);

/** Protocols that are no carrier of IP: nothing of a TCP connection is lost where they are passed over. */
const WITHOUT_TCP: ReadonlySet<number> = new Set([
  ETHERTYPE_ARP,
  0x0600, // XNS
  0x0842, // Wake-on-LAN
  0x0bad, // VINES
  0x0baf, // VINES echo
  0x2000, // CDP
  0x2001, // CGMP; NHRP in GRE
  0x22ea, // stream reservation (802.1Qat)
  0x22f0, // audio and video (IEEE 1722)
  0x22f4, // IS-IS of TRILL
  0x6000, // DEC: LAPBETHER, MOP, DECnet, LAT …
  0x6001,
  0x6002,
  0x6003,
  0x6004,
  0x6005,
  0x6006,
  0x6007,
  0x8035, // RARP; SLARP in Cisco HDLC
  0x8038, // DEC spanning tree
  0x80d5, // SNA
  0x809b, // AppleTalk
  0x80f3, // AppleTalk ARP
  0x8102, // Nortel link keep-alive
  0x8137, // IPX
  0x8138, // IPX
  0x8204, // QNX
  0x8808, // flow control (802.3x)
  0x8809, // LACP and other slow protocols
  0x8819, // CobraNet
  0x8863, // PPPoE discovery
  0x886c, // HPNA, Broadcom's link messages
  0x886d, // Intel adapter teaming
  0x886f, // Microsoft NLB heartbeat
  0x872d, // Cisco WLCCP
  0x887b, // HomePlug
  0x888e, // 802.1X
  0x8892, // PROFINET
  0x889a, // HyperSCSI
  0x88a2, // ATA over Ethernet
  0x88a4, // EtherCAT
  0x88ab, // Ethernet POWERLINK
  0x88b4, // WAPI
  0x88b8, // GOOSE
  0x88b9, // GSE management
  0x88ba, // sampled values
  0x88bf, // MikroTik RoMON
  0x88c7, // 802.11 pre-authentication
  0x88ca, // TIPC
  0x88cc, // LLDP
  0x88cd, // SERCOS III
  0x88d9, // LLTD
  0x88e1, // HomePlug AV
  0x88e3, // PROFINET media redundancy
  0x88ee, // E-LMI
  0x88f5, // MVRP
  0x88f6, // MMRP
  0x88f7, // PTP
  0x88f8, // NC-SI
  0x88fb, // supervision of PRP and HSR
  0x8901, // FLIP
  0x8902, // CFM
  0x8906, // Fibre Channel over Ethernet
  0x8912, // MediaXtream (powerline adapters)
  0x8914, // FCoE initialisation
  0x8915, // RoCE
  0x891d, // TTEthernet
  0x893a, // IEEE 1905.1
  0x8940, // edge control protocol (802.1Qbg)
  0x8942, // multitopology of LLDP
  0x9000, // loopback test, keep-alive of switches
  0xaefe, // eCPRI
  0xfcfc, // Fibre Channel of Cisco MDS
]);

export function isOpenedEtherType(etherType: number): boolean {
  return OPENED.has(etherType);
}

export function isEtherTypeWithoutTcp(etherType: number): boolean {
  return WITHOUT_TCP.has(etherType);
}
