/** Networks beside Ethernet: FDDI (10), token ring (6), IP over Fibre Channel (122) and over InfiniBand (242). */
import { SRC_MAC_HIGH, SRC_MAC_LOW } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERTYPE, LAYER_LLC } from './layers.ts';
import type { Packet } from './packet.ts';

// FDDI: frame control, destination, source (ISO 9314-2); in the former, class, address length, format (2 bits).
const FDDI_LENGTH = 13;
const FDDI_SOURCE = 7;
const FDDI_FORMAT_MASK = 0x30;
const FDDI_LLC = 0x10;

export function decodeFddi(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < FDDI_LENGTH) return packet.refuseShort();
  if ((data[at] & FDDI_FORMAT_MASK) !== FDDI_LLC) return LAYER_DONE;
  setSource(packet, at + FDDI_SOURCE);
  packet.at = at + FDDI_LENGTH;
  return LAYER_LLC;
}

// Token ring: access control, frame control, destination, source (IEEE 802.5); where the source's first bit is set, a route follows.
const TOKEN_RING_LENGTH = 14;
const TOKEN_RING_CONTROL = 1;
const TOKEN_RING_TYPE_MASK = 0xc0;
const TOKEN_RING_LLC = 0x40;
const TOKEN_RING_SOURCE = 8;
const HAS_ROUTE = 0x80;
const ROUTE_LENGTH_MASK = 0x1f;

export function decodeTokenRing(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < TOKEN_RING_LENGTH) return packet.refuseShort();
  if ((data[at + TOKEN_RING_CONTROL] & TOKEN_RING_TYPE_MASK) !== TOKEN_RING_LLC) return LAYER_DONE;
  setSource(packet, at + TOKEN_RING_SOURCE);
  let length = TOKEN_RING_LENGTH;
  if ((data[at + TOKEN_RING_SOURCE] & HAS_ROUTE) !== 0) {
    if (end - at <= length) return packet.refuseShort();
    length += data[at + length] & ROUTE_LENGTH_MASK;
  }
  return packet.enter(length, LAYER_LLC);
}

/** RFC 2625 §3.2: two addresses of eight bytes. */
const FIBRE_CHANNEL_LENGTH = 16;

export function decodeIpOverFibreChannel(packet: Packet): number {
  return packet.enter(FIBRE_CHANNEL_LENGTH, LAYER_LLC);
}

/** The global routing header; then RFC 4391 §6: ethertype, two reserved bytes. */
const ROUTING_HEADER_LENGTH = 40;
const INFINIBAND_LENGTH = ROUTING_HEADER_LENGTH + 4;

export function decodeIpOverInfiniband(packet: Packet): number {
  const { view, at } = packet;
  if (packet.end - at < INFINIBAND_LENGTH) return packet.refuseShort();
  packet.etherType = view.getUint16(at + ROUTING_HEADER_LENGTH);
  packet.at = at + INFINIBAND_LENGTH;
  return LAYER_ETHERTYPE;
}

function setSource({ view, facts }: Packet, at: number): void {
  facts[SRC_MAC_HIGH] = view.getUint16(at);
  facts[SRC_MAC_LOW] = view.getInt32(at + 2);
}
