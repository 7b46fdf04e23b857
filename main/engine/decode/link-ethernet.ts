/** Ethernet II and 802.3, and the dispatch by ethertype with VLAN tags (IEEE 802.1Q) in between. */
import { SRC_MAC_HIGH, SRC_MAC_LOW, VLAN } from './facts.ts';
import {
  LAYER_DONE,
  LAYER_ETHERTYPE,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_PPPOE,
  LAYER_ETHERNET,
} from './layers.ts';
import type { Packet } from './packet.ts';

const SOURCE = 6;
const TYPE = 12;
const HEADER_LENGTH = 14;

/** Up to here the type field is an 802.3 length. */
const MAX_802_3_LENGTH = 1500;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_ARP = 0x0806;
const ETHERTYPE_TRANSPARENT_BRIDGING = 0x6558;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_MPLS = 0x8847;
const ETHERTYPE_MPLS_MULTICAST = 0x8848;
const ETHERTYPE_PPPOE_SESSION = 0x8864;
const ETHERTYPE_PROVIDER_VLAN = 0x88a8;
const ETHERTYPE_OLD_QINQ = 0x9100;

const VLAN_TAG_LENGTH = 4;

export function decodeEthernet(packet: Packet): number {
  const { view, at, facts } = packet;
  if (packet.end - at < HEADER_LENGTH) return packet.refuseShort();
  facts[SRC_MAC_HIGH] = view.getUint16(at + SOURCE);
  facts[SRC_MAC_LOW] = view.getInt32(at + SOURCE + 2);
  packet.at = at + HEADER_LENGTH;
  const etherType = view.getUint16(at + TYPE);
  if (etherType === ETHERTYPE_IPV4) return LAYER_IPV4;
  if (etherType === ETHERTYPE_IPV6) return LAYER_IPV6;
  packet.etherType = etherType;
  return LAYER_ETHERTYPE;
}

export function decodeEtherType(packet: Packet): number {
  switch (packet.etherType) {
    case ETHERTYPE_IPV4:
      return LAYER_IPV4;
    case ETHERTYPE_IPV6:
      return LAYER_IPV6;
    case ETHERTYPE_VLAN:
    case ETHERTYPE_PROVIDER_VLAN:
    case ETHERTYPE_OLD_QINQ:
      return decodeVlanTag(packet);
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      return LAYER_MPLS;
    case ETHERTYPE_PPPOE_SESSION:
      return LAYER_PPPOE;
    case ETHERTYPE_TRANSPARENT_BRIDGING:
      return packet.descend() ? LAYER_ETHERNET : LAYER_DONE;
    default:
      return packet.etherType <= MAX_802_3_LENGTH ? decodeLength(packet) : LAYER_DONE;
  }
}

/** Whether an ethertype is one that a tunnelled Ethernet frame plausibly starts with. */
function isPlausibleEtherType(etherType: number): boolean {
  switch (etherType) {
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
    case ETHERTYPE_ARP:
    case ETHERTYPE_VLAN:
    case ETHERTYPE_PROVIDER_VLAN:
    case ETHERTYPE_OLD_QINQ:
    case ETHERTYPE_MPLS:
    case ETHERTYPE_PPPOE_SESSION:
      return true;
    default:
      return false;
  }
}

/** Whether the bytes at `at` look like an Ethernet frame; for payloads that do not say what they are. */
export function looksLikeEthernet(packet: Packet, at: number): boolean {
  return packet.end - at >= HEADER_LENGTH && isPlausibleEtherType(packet.view.getUint16(at + TYPE));
}

function decodeVlanTag(packet: Packet): number {
  const { view, at, facts } = packet;
  if (!packet.descend()) return LAYER_DONE;
  if (packet.end - at < VLAN_TAG_LENGTH) return packet.refuseShort();
  if (facts[VLAN] < 0) facts[VLAN] = view.getUint16(at) & 0xfff;
  packet.at = at + VLAN_TAG_LENGTH;
  packet.etherType = view.getUint16(at + 2);
  return LAYER_ETHERTYPE;
}

function decodeLength(packet: Packet): number {
  // A length beyond the frame is left alone: the IP header has its own.
  const wireEnd = packet.at + packet.etherType;
  if (wireEnd < packet.wireEnd) packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
  return LAYER_LLC;
}
