/** Linux "cooked" captures: LINUX_SLL (113) and LINUX_SLL2 (276), by tcpdump.org/linktypes. */
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '../read/sink.ts';
import { LINK_DIRECTION, SRC_MAC_HIGH, SRC_MAC_LOW } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERTYPE, LAYER_FRAME_RELAY, LAYER_LINK, LAYER_LLC } from './layers.ts';
import { NOT_OPENED_ETHERTYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

const SLL = {
  packetType: 0,
  hardwareType: 2,
  addressLength: 4,
  address: 6,
  protocol: 14,
  length: 16,
} as const;
const SLL2 = {
  protocol: 0,
  hardwareType: 8,
  packetType: 10,
  addressLength: 11,
  address: 12,
  length: 20,
} as const;

const PACKET_HOST = 0;
const PACKET_BROADCAST = 1;
const PACKET_MULTICAST = 2;
const PACKET_OUTGOING = 4;

const ARPHRD_FRAME_RELAY = 770;
const ARPHRD_IEEE_802_11 = 801;
const ARPHRD_IEEE_802_11_PRISM = 802;
const ARPHRD_IEEE_802_11_RADIOTAP = 803;
const ARPHRD_NETLINK = 824;
const LINKTYPE_IEEE_802_11 = 105;
const LINKTYPE_PRISM = 119;
const LINKTYPE_RADIOTAP = 127;
const MAC_LENGTH = 6;
/** ETH_P_802_2: the payload starts with LLC. */
const PROTOCOL_LLC = 0x0004;
const LOWEST_ETHERTYPE = 0x0600;
/** Of Linux' own numbers, below the ethertypes: raw 802.3, CAN, IrDA, Phonet, 802.15.4. */
const PROTOCOLS_WITHOUT_TCP: ReadonlySet<number> = new Set([
  0x0001, 0x000c, 0x000d, 0x000e, 0x0017, 0x00f5, 0x00f6,
]);

export function decodeSll(packet: Packet): number {
  const { view, at } = packet;
  if (packet.end - at < SLL.length) return packet.refuseShort();
  return decodeCooked(
    packet,
    view.getUint16(at + SLL.packetType),
    view.getUint16(at + SLL.hardwareType),
    view.getUint16(at + SLL.addressLength),
    at + SLL.address,
    view.getUint16(at + SLL.protocol),
    SLL.length,
  );
}

export function decodeSll2(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < SLL2.length) return packet.refuseShort();
  return decodeCooked(
    packet,
    data[at + SLL2.packetType],
    view.getUint16(at + SLL2.hardwareType),
    data[at + SLL2.addressLength],
    at + SLL2.address,
    view.getUint16(at + SLL2.protocol),
    SLL2.length,
  );
}

function decodeCooked(
  packet: Packet,
  packetType: number,
  hardwareType: number,
  addressLength: number,
  addressAt: number,
  protocol: number,
  headerLength: number,
): number {
  const { view, facts } = packet;
  facts[LINK_DIRECTION] = directionOf(packetType);
  if (addressLength === MAC_LENGTH) {
    facts[SRC_MAC_HIGH] = view.getUint16(addressAt);
    facts[SRC_MAC_LOW] = view.getInt32(addressAt + 2);
  }
  packet.at += headerLength;
  // Of these the protocol number says nothing.
  switch (hardwareType) {
    case ARPHRD_NETLINK:
      return LAYER_DONE;
    case ARPHRD_FRAME_RELAY:
      return LAYER_FRAME_RELAY;
    case ARPHRD_IEEE_802_11:
      return enterLink(packet, LINKTYPE_IEEE_802_11);
    case ARPHRD_IEEE_802_11_PRISM:
      return enterLink(packet, LINKTYPE_PRISM);
    case ARPHRD_IEEE_802_11_RADIOTAP:
      return enterLink(packet, LINKTYPE_RADIOTAP);
  }
  if (protocol === PROTOCOL_LLC) return LAYER_LLC;
  packet.etherType = protocol;
  // Below the ethertypes are Linux's own protocol numbers (CAN, 802.3 raw …), not lengths.
  if (protocol >= LOWEST_ETHERTYPE) return LAYER_ETHERTYPE;
  return PROTOCOLS_WITHOUT_TCP.has(protocol) ? LAYER_DONE : packet.notOpened(NOT_OPENED_ETHERTYPE, protocol);
}

function enterLink(packet: Packet, linkType: number): number {
  packet.linkType = linkType;
  return packet.enter(0, LAYER_LINK);
}

function directionOf(packetType: number): number {
  switch (packetType) {
    case PACKET_HOST:
    case PACKET_BROADCAST:
    case PACKET_MULTICAST:
      return DIRECTION_INBOUND;
    case PACKET_OUTGOING:
      return DIRECTION_OUTBOUND;
    default:
      return DIRECTION_UNKNOWN; // to another host, seen in promiscuous mode
  }
}
