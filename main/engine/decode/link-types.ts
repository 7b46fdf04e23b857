/** Link types (tcpdump.org/linktypes.html): their names, and which layer each starts with. */
import {
  LAYER_80211,
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_HDLC,
  LAYER_IP,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_NULL,
  LAYER_PPP,
  LAYER_PPPOE,
  LAYER_PRISM,
  LAYER_RADIOTAP,
  LAYER_SLL,
  LAYER_SLL2,
} from './layers.ts';

interface LinkType {
  readonly name: string;
  /** LAYER_DONE where the decoder cannot open it. */
  readonly layer: number;
}

const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map<number, LinkType>([
  [0, { name: 'NULL', layer: LAYER_NULL }],
  [1, { name: 'EN10MB', layer: LAYER_ETHERNET }],
  [6, { name: 'IEEE802_5', layer: LAYER_DONE }],
  [8, { name: 'SLIP', layer: LAYER_DONE }],
  [9, { name: 'PPP', layer: LAYER_PPP }],
  [10, { name: 'FDDI', layer: LAYER_DONE }],
  // DLT_RAW as some systems number it; files should say 101.
  [12, { name: 'RAW', layer: LAYER_IP }],
  [14, { name: 'RAW', layer: LAYER_IP }],
  [50, { name: 'PPP_HDLC', layer: LAYER_HDLC }],
  [51, { name: 'PPP_ETHER', layer: LAYER_PPPOE }],
  [101, { name: 'RAW', layer: LAYER_IP }],
  [104, { name: 'C_HDLC', layer: LAYER_HDLC }],
  [105, { name: 'IEEE802_11', layer: LAYER_80211 }],
  [107, { name: 'FRELAY', layer: LAYER_DONE }],
  [108, { name: 'LOOP', layer: LAYER_NULL }],
  [113, { name: 'LINUX_SLL', layer: LAYER_SLL }],
  [117, { name: 'PFLOG', layer: LAYER_DONE }],
  [119, { name: 'IEEE802_11_PRISM', layer: LAYER_PRISM }],
  [122, { name: 'IP_OVER_FC', layer: LAYER_DONE }],
  [127, { name: 'IEEE802_11_RADIOTAP', layer: LAYER_RADIOTAP }],
  [143, { name: 'DOCSIS', layer: LAYER_DONE }],
  [147, { name: 'USER0', layer: LAYER_DONE }],
  [163, { name: 'IEEE802_11_AVS', layer: LAYER_PRISM }],
  [187, { name: 'BLUETOOTH_HCI_H4', layer: LAYER_DONE }],
  [189, { name: 'USB_LINUX', layer: LAYER_DONE }],
  [192, { name: 'PPI', layer: LAYER_DONE }],
  [195, { name: 'IEEE802_15_4_WITHFCS', layer: LAYER_DONE }],
  [197, { name: 'ERF', layer: LAYER_DONE }],
  [201, { name: 'BLUETOOTH_HCI_H4_WITH_PHDR', layer: LAYER_DONE }],
  [220, { name: 'USB_LINUX_MMAPPED', layer: LAYER_DONE }],
  [227, { name: 'CAN_SOCKETCAN', layer: LAYER_DONE }],
  [228, { name: 'IPV4', layer: LAYER_IPV4 }],
  [229, { name: 'IPV6', layer: LAYER_IPV6 }],
  [239, { name: 'NFLOG', layer: LAYER_DONE }],
  [249, { name: 'USBPCAP', layer: LAYER_DONE }],
  [251, { name: 'BLUETOOTH_LE_LL', layer: LAYER_DONE }],
  [252, { name: 'WIRESHARK_UPPER_PDU', layer: LAYER_DONE }],
  [253, { name: 'NETLINK', layer: LAYER_DONE }],
  [258, { name: 'PKTAP', layer: LAYER_DONE }],
  [276, { name: 'LINUX_SLL2', layer: LAYER_SLL2 }],
]);

/** The first layer of packets of that link type; LAYER_DONE where none is known. */
export function firstLayer(linkType: number): number {
  return LINK_TYPES.get(linkType)?.layer ?? LAYER_DONE;
}

export function isSupportedLinkType(linkType: number): boolean {
  return firstLayer(linkType) !== LAYER_DONE;
}

/** The name without "LINKTYPE_", as `EN10MB` (which files mean by 1, Ethernet); the number where there is none. */
export function linkTypeName(linkType: number): string {
  return LINK_TYPES.get(linkType)?.name ?? `LINKTYPE ${linkType}`;
}
