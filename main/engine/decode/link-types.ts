/**
 * Link types (tcpdump.org/linktypes.html): their names, and how a packet of each is opened. To add one takes an entry here
 * and its decoding function.
 */
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { decode80211, decodePrism, decodeRadiotap } from './link-80211.ts';
import { decodeErf } from './link-erf.ts';
import { decodeEthernet } from './link-ethernet.ts';
import { decodeNflog, decodeOldPflog, decodePflog } from './link-firewall.ts';
import { decodeFrameRelay } from './link-frame-relay.ts';
import { decodeFddi, decodeIpOverFibreChannel, decodeIpOverInfiniband, decodeTokenRing } from './link-lan.ts';
import { decodeSll, decodeSll2 } from './link-linux.ts';
import { decodeNull } from './link-null.ts';
import { decodeHdlc, decodePppoe } from './link-ppp.ts';
import { decodeIp } from './link-raw.ts';
import { decodeBroadcomPrepended, decodeBroadcomTag, decodeDsa, decodeEdsa } from './link-switch.ts';
import { decodePktap, decodePpi, directionDecoder, juniperDecoder, prefixDecoder } from './link-wrapped.ts';
import { decodeLlc } from './llc.ts';
import { decodeMpls } from './mpls.ts';
import { NOT_OPENED_LINK_TYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

/** Opens what a packet begins with, and names the layer that follows it. */
export type DecodeLink = (packet: Packet) => number;

interface LinkType {
  readonly name: string;
  readonly decode: DecodeLink;
}

export const EN10MB = 1;
const RAW = 101;
const PPP_HDLC = 50;
const FRELAY = 107;

const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map<number, LinkType>([
  [0, { name: 'NULL', decode: decodeNull }],
  [EN10MB, { name: 'EN10MB', decode: decodeEthernet }],
  [6, { name: 'IEEE802_5', decode: decodeTokenRing }],
  [7, { name: 'ARCNET_BSD', decode: decodeUnknownLink }],
  [8, { name: 'SLIP', decode: decodeUnknownLink }],
  // Files say this of Cisco HDLC, too.
  [9, { name: 'PPP', decode: decodeHdlc }],
  [10, { name: 'FDDI', decode: decodeFddi }],
  // DLT_RAW as some systems number it; files should say 101.
  [12, { name: 'RAW', decode: decodeIp }],
  [14, { name: 'RAW', decode: decodeIp }],
  [17, { name: 'OLD_PFLOG', decode: decodeOldPflog }],
  [PPP_HDLC, { name: 'PPP_HDLC', decode: decodeHdlc }],
  [51, { name: 'PPP_ETHER', decode: decodePppoe }],
  [100, { name: 'ATM_RFC1483', decode: decodeLlc }],
  [RAW, { name: 'RAW', decode: decodeIp }],
  [104, { name: 'C_HDLC', decode: decodeHdlc }],
  [105, { name: 'IEEE802_11', decode: decode80211 }],
  [FRELAY, { name: 'FRELAY', decode: decodeFrameRelay }],
  [108, { name: 'LOOP', decode: decodeNull }],
  // OpenBSD's inside of IPsec: address family, index, flags.
  [109, { name: 'ENC', decode: prefixDecoder(RAW, 12) }],
  [113, { name: 'LINUX_SLL', decode: decodeSll }],
  [114, { name: 'LTALK', decode: decodeUnknownLink }],
  [117, { name: 'PFLOG', decode: decodePflog }],
  [119, { name: 'IEEE802_11_PRISM', decode: decodePrism }],
  [122, { name: 'IP_OVER_FC', decode: decodeIpOverFibreChannel }],
  [123, { name: 'SUNATM', decode: decodeUnknownLink }],
  [127, { name: 'IEEE802_11_RADIOTAP', decode: decodeRadiotap }],
  [129, { name: 'ARCNET_LINUX', decode: decodeUnknownLink }],
  [130, { name: 'JUNIPER_MLPPP', decode: decodeUnknownLink }],
  [131, { name: 'JUNIPER_MLFR', decode: decodeUnknownLink }],
  [132, { name: 'JUNIPER_ES', decode: decodeUnknownLink }],
  [133, { name: 'JUNIPER_GGSN', decode: decodeUnknownLink }],
  [134, { name: 'JUNIPER_MFR', decode: decodeUnknownLink }],
  [135, { name: 'JUNIPER_ATM2', decode: decodeUnknownLink }],
  [136, { name: 'JUNIPER_SERVICES', decode: decodeUnknownLink }],
  [137, { name: 'JUNIPER_ATM1', decode: decodeUnknownLink }],
  [138, { name: 'APPLE_IP_OVER_IEEE1394', decode: decodeUnknownLink }],
  [143, { name: 'DOCSIS', decode: decodeUnknownLink }],
  [144, { name: 'LINUX_IRDA', decode: decodeUnknownLink }],
  [147, { name: 'USER0', decode: decodeUnknownLink }],
  [163, { name: 'IEEE802_11_AVS', decode: decodePrism }],
  // A byte of direction where PPP has its address, then its control byte.
  [166, { name: 'PPP_PPPD', decode: directionDecoder(PPP_HDLC, 2) }],
  [177, { name: 'LINUX_LAPD', decode: decodeUnknownLink }],
  [178, { name: 'JUNIPER_ETHER', decode: juniperDecoder(EN10MB) }],
  [179, { name: 'JUNIPER_PPP', decode: juniperDecoder(PPP_HDLC) }],
  [180, { name: 'JUNIPER_FRELAY', decode: juniperDecoder(FRELAY) }],
  [181, { name: 'JUNIPER_CHDLC', decode: juniperDecoder(PPP_HDLC) }],
  [187, { name: 'BLUETOOTH_HCI_H4', decode: decodeUnknownLink }],
  [189, { name: 'USB_LINUX', decode: decodeUnknownLink }],
  [192, { name: 'PPI', decode: decodePpi }],
  [195, { name: 'IEEE802_15_4_WITHFCS', decode: decodeUnknownLink }],
  [197, { name: 'ERF', decode: decodeErf }],
  [201, { name: 'BLUETOOTH_HCI_H4_WITH_PHDR', decode: decodeUnknownLink }],
  [204, { name: 'PPP_WITH_DIR', decode: directionDecoder(PPP_HDLC) }],
  [205, { name: 'C_HDLC_WITH_DIR', decode: directionDecoder(PPP_HDLC) }],
  [206, { name: 'FRELAY_WITH_DIR', decode: directionDecoder(FRELAY) }],
  [215, { name: 'IEEE802_15_4_NONASK_PHY', decode: decodeUnknownLink }],
  [219, { name: 'MPLS', decode: decodeMpls }],
  [220, { name: 'USB_LINUX_MMAPPED', decode: decodeUnknownLink }],
  [224, { name: 'FC_2', decode: decodeUnknownLink }],
  // Solaris: version, family, hook, lengths, interfaces and zones.
  [226, { name: 'IPNET', decode: prefixDecoder(RAW, 24) }],
  [227, { name: 'CAN_SOCKETCAN', decode: decodeUnknownLink }],
  [228, { name: 'IPV4', decode: decodeIpv4 }],
  [229, { name: 'IPV6', decode: decodeIpv6 }],
  [230, { name: 'IEEE802_15_4_NOFCS', decode: decodeUnknownLink }],
  [239, { name: 'NFLOG', decode: decodeNflog }],
  // Hilscher's analyser: a header of its own, then the frame.
  [240, { name: 'NETANALYZER', decode: prefixDecoder(EN10MB, 4) }],
  [242, { name: 'IPOIB', decode: decodeIpOverInfiniband }],
  [247, { name: 'INFINIBAND', decode: decodeUnknownLink }],
  [249, { name: 'USBPCAP', decode: decodeUnknownLink }],
  [251, { name: 'BLUETOOTH_LE_LL', decode: decodeUnknownLink }],
  [252, { name: 'WIRESHARK_UPPER_PDU', decode: decodeUnknownLink }],
  [253, { name: 'NETLINK', decode: decodeUnknownLink }],
  [258, { name: 'PKTAP', decode: decodePktap }],
  [259, { name: 'EPON', decode: decodeUnknownLink }],
  [266, { name: 'USB_DARWIN', decode: decodeUnknownLink }],
  [271, { name: 'VSOCK', decode: decodeUnknownLink }],
  [274, { name: 'ETHERNET_MPACKET', decode: decodeUnknownLink }],
  [276, { name: 'LINUX_SLL2', decode: decodeSll2 }],
  [281, { name: 'DSA_TAG_BRCM', decode: decodeBroadcomTag }],
  [282, { name: 'DSA_TAG_BRCM_PREPEND', decode: decodeBroadcomPrepended }],
  [283, { name: 'IEEE802_15_4_TAP', decode: decodeUnknownLink }],
  [284, { name: 'DSA_TAG_DSA', decode: decodeDsa }],
  [285, { name: 'DSA_TAG_EDSA', decode: decodeEdsa }],
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

/** The link type whose packets are wrapped in others' headers, too. */
export function decodeWrappedLink(packet: Packet): number {
  return linkDecoder(packet.linkType)(packet);
}

/** A link type that has a name and no decoding function, or not even a name. */
function decodeUnknownLink(packet: Packet): number {
  return packet.notOpened(NOT_OPENED_LINK_TYPE, packet.linkType);
}
