/**
 * Link types (tcpdump.org/linktypes.html): their names, and how a packet of each is opened. To add one takes an entry here
 * and its decoding function.
 */
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { LAYER_DONE } from './layers.ts';
import { decode80211, decodePrism, decodeRadiotap } from './link-80211.ts';
import { decodeEthernet } from './link-ethernet.ts';
import { decodeSll, decodeSll2 } from './link-linux.ts';
import { decodeNull } from './link-null.ts';
import { decodeHdlc, decodePpp, decodePppoe } from './link-ppp.ts';
import { decodeIp } from './link-raw.ts';
import { DEFECTS, DEFECT_UNKNOWN_LINK } from './facts.ts';
import type { Packet } from './packet.ts';

/** Opens what a packet begins with, and names the layer that follows it. */
export type DecodeLink = (packet: Packet) => number;

interface LinkType {
  readonly name: string;
  readonly decode: DecodeLink;
}

const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map<number, LinkType>([
  [0, { name: 'NULL', decode: decodeNull }],
  [1, { name: 'EN10MB', decode: decodeEthernet }],
  [6, { name: 'IEEE802_5', decode: decodeUnknownLink }],
  [8, { name: 'SLIP', decode: decodeUnknownLink }],
  [9, { name: 'PPP', decode: decodePpp }],
  [10, { name: 'FDDI', decode: decodeUnknownLink }],
  // DLT_RAW as some systems number it; files should say 101.
  [12, { name: 'RAW', decode: decodeIp }],
  [14, { name: 'RAW', decode: decodeIp }],
  [50, { name: 'PPP_HDLC', decode: decodeHdlc }],
  [51, { name: 'PPP_ETHER', decode: decodePppoe }],
  [101, { name: 'RAW', decode: decodeIp }],
  [104, { name: 'C_HDLC', decode: decodeHdlc }],
  [105, { name: 'IEEE802_11', decode: decode80211 }],
  [107, { name: 'FRELAY', decode: decodeUnknownLink }],
  [108, { name: 'LOOP', decode: decodeNull }],
  [113, { name: 'LINUX_SLL', decode: decodeSll }],
  [117, { name: 'PFLOG', decode: decodeUnknownLink }],
  [119, { name: 'IEEE802_11_PRISM', decode: decodePrism }],
  [122, { name: 'IP_OVER_FC', decode: decodeUnknownLink }],
  [127, { name: 'IEEE802_11_RADIOTAP', decode: decodeRadiotap }],
  [143, { name: 'DOCSIS', decode: decodeUnknownLink }],
  [147, { name: 'USER0', decode: decodeUnknownLink }],
  [163, { name: 'IEEE802_11_AVS', decode: decodePrism }],
  [187, { name: 'BLUETOOTH_HCI_H4', decode: decodeUnknownLink }],
  [189, { name: 'USB_LINUX', decode: decodeUnknownLink }],
  [192, { name: 'PPI', decode: decodeUnknownLink }],
  [195, { name: 'IEEE802_15_4_WITHFCS', decode: decodeUnknownLink }],
  [197, { name: 'ERF', decode: decodeUnknownLink }],
  [201, { name: 'BLUETOOTH_HCI_H4_WITH_PHDR', decode: decodeUnknownLink }],
  [220, { name: 'USB_LINUX_MMAPPED', decode: decodeUnknownLink }],
  [227, { name: 'CAN_SOCKETCAN', decode: decodeUnknownLink }],
  [228, { name: 'IPV4', decode: decodeIpv4 }],
  [229, { name: 'IPV6', decode: decodeIpv6 }],
  [239, { name: 'NFLOG', decode: decodeUnknownLink }],
  [249, { name: 'USBPCAP', decode: decodeUnknownLink }],
  [251, { name: 'BLUETOOTH_LE_LL', decode: decodeUnknownLink }],
  [252, { name: 'WIRESHARK_UPPER_PDU', decode: decodeUnknownLink }],
  [253, { name: 'NETLINK', decode: decodeUnknownLink }],
  [258, { name: 'PKTAP', decode: decodeUnknownLink }],
  [276, { name: 'LINUX_SLL2', decode: decodeSll2 }],
]);

/** How packets of that link type are opened. */
export function linkDecoder(linkType: number): DecodeLink {
  return LINK_TYPES.get(linkType)?.decode ?? decodeUnknownLink;
}

export function isSupportedLinkType(linkType: number): boolean {
  return linkDecoder(linkType) !== decodeUnknownLink;
}

/** The name without "LINKTYPE_", as `EN10MB` (which files mean by 1, Ethernet); the number where there is none. */
export function linkTypeName(linkType: number): string {
  return LINK_TYPES.get(linkType)?.name ?? `LINKTYPE ${linkType}`;
}

/** A link type that has a name and no decoding function, or not even a name. */
function decodeUnknownLink(packet: Packet): number {
  packet.facts[DEFECTS] = DEFECT_UNKNOWN_LINK;
  return LAYER_DONE;
}
