/** Ethernet II and 802.3, and the dispatch by ethertype with VLAN tags (IEEE 802.1Q) in between. */
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_JUMBO_LLC,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
  ETHERTYPE_OLD_QINQ,
  ETHERTYPE_OLD_QINQ_2,
  ETHERTYPE_OLD_QINQ_3,
  ETHERTYPE_PPP,
  ETHERTYPE_PPPOE_SESSION,
  ETHERTYPE_PROVIDER_VLAN,
  ETHERTYPE_TRANSPARENT_BRIDGING,
  ETHERTYPE_VLAN,
  isEtherTypeWithoutTcp,
  isOpenedEtherType,
  MAX_802_3_LENGTH,
} from './ethertypes.ts';
import { SRC_MAC_HIGH, SRC_MAC_LOW, VLAN } from './facts.ts';
import {
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_ETHERTYPE,
  LAYER_FRAME_TAG,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_PPP,
  LAYER_PPPOE,
} from './layers.ts';
import { NOT_OPENED_ETHERTYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

const SOURCE = 6;
const TYPE = 12;
const HEADER_LENGTH = 14;

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
  const { etherType } = packet;
  switch (etherType) {
    case ETHERTYPE_IPV4:
      return LAYER_IPV4;
    case ETHERTYPE_IPV6:
      return LAYER_IPV6;
    case ETHERTYPE_VLAN:
    case ETHERTYPE_PROVIDER_VLAN:
    case ETHERTYPE_OLD_QINQ:
    case ETHERTYPE_OLD_QINQ_2:
    case ETHERTYPE_OLD_QINQ_3:
      return decodeVlanTag(packet);
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      return LAYER_MPLS;
    case ETHERTYPE_PPPOE_SESSION:
      return LAYER_PPPOE;
    case ETHERTYPE_PPP:
      return LAYER_PPP;
    case ETHERTYPE_JUMBO_LLC:
      return LAYER_LLC;
    case ETHERTYPE_TRANSPARENT_BRIDGING:
      return packet.descend() ? LAYER_ETHERNET : LAYER_DONE;
  }
  if (etherType <= MAX_802_3_LENGTH) return decodeLength(packet);
  if (isOpenedEtherType(etherType)) return LAYER_FRAME_TAG;
  return isEtherTypeWithoutTcp(etherType) ? LAYER_DONE : packet.notOpened(NOT_OPENED_ETHERTYPE, etherType);
}

/** Whether the bytes at `at` look like an Ethernet frame; for payloads that do not say what they are. */
export function looksLikeEthernet(packet: Packet, at: number): boolean {
  if (packet.end - at < HEADER_LENGTH) return false;
  const type = packet.view.getUint16(at + TYPE);
  return type <= MAX_802_3_LENGTH
    ? looksLikeLlc(packet, at + HEADER_LENGTH, type)
    : isOpenedEtherType(type) || isEtherTypeWithoutTcp(type);
}

/** Both access points of the protocols that bridges and routers send among themselves are the same. */
function looksLikeLlc({ data, end, wireEnd }: Packet, at: number, length: number): boolean {
  return (
    length >= 3 && at + length <= wireEnd && end - at >= 2 && data[at] !== 0 && data[at] === data[at + 1]
  );
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
