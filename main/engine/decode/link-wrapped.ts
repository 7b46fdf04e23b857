/** Headers that wrap a packet of another link type: PKTAP (258) of macOS, PPI (192), and those of Juniper's routers. */
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '../read/sink.ts';
import { DEFECT_LENGTH, LINK_DIRECTION } from './facts.ts';
import { LAYER_LINK } from './layers.ts';
import { NOT_OPENED_LINK_TYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

// struct pktap_header of Darwin's net/pktap.h, in the byte order of the machine that captured. The process behind the socket
// stands in it, too: its number at 52, its name at 56.
const PKTAP_NEXT = 4;
const PKTAP_LINK_TYPE = 8;
const PKTAP_FLAGS = 36;
const PKTAP_MIN_LENGTH = 40;
const PKTAP_MAX_LENGTH = 4096;
const PKTAP_NEXT_IS_PACKET = 1;
const PKTAP_INBOUND = 1;
const PKTAP_OUTBOUND = 2;

export function decodePktap(packet: Packet): number {
  const { view, at, end, facts } = packet;
  if (end - at < PKTAP_MIN_LENGTH) return packet.refuseShort();
  const isLittle = view.getUint32(at, true) <= PKTAP_MAX_LENGTH;
  const length = view.getUint32(at, isLittle);
  if (length < PKTAP_MIN_LENGTH || length > PKTAP_MAX_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  if (view.getUint32(at + PKTAP_NEXT, isLittle) !== PKTAP_NEXT_IS_PACKET) {
    return packet.notOpened(NOT_OPENED_LINK_TYPE, packet.linkType);
  }
  const flags = view.getUint32(at + PKTAP_FLAGS, isLittle);
  facts[LINK_DIRECTION] = directionOf((flags & PKTAP_INBOUND) !== 0, (flags & PKTAP_OUTBOUND) !== 0);
  packet.linkType = view.getUint32(at + PKTAP_LINK_TYPE, isLittle) & 0xffff;
  return packet.enter(length, LAYER_LINK);
}

// The PPI header: version, flags, length (2 bytes), link type (4), fields; all little-endian.
const PPI_LENGTH = 2;
const PPI_LINK_TYPE = 4;
const PPI_MIN_LENGTH = 8;

export function decodePpi(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < PPI_MIN_LENGTH) return packet.refuseShort();
  const length = view.getUint16(at + PPI_LENGTH, true);
  if (data[at] !== 0 || length < PPI_MIN_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  packet.linkType = view.getUint32(at + PPI_LINK_TYPE, true) & 0xffff;
  return packet.enter(length, LAYER_LINK);
}

// Junos: "MGC", flags, where they say so the length of extensions (2 bytes) and the extensions; then the packet as it is on the link.
const JUNIPER_MAGIC = 0x4d4743;
const JUNIPER_LENGTH = 4;
const JUNIPER_INBOUND = 0x01;
/** The link's own header is left out. */
const JUNIPER_NO_LINK_HEADER = 0x02;
const JUNIPER_EXTENDED = 0x80;

/** @param inner link type of what follows */
export function juniperDecoder(inner: number): (packet: Packet) => number {
  return (packet) => {
    const { view, at, end } = packet;
    if (end - at < JUNIPER_LENGTH) return packet.refuseShort();
    const word = view.getUint32(at);
    if (word >>> 8 !== JUNIPER_MAGIC) return packet.refuseIp(DEFECT_LENGTH);
    const flags = word & 0xff;
    if ((flags & JUNIPER_NO_LINK_HEADER) !== 0) {
      return packet.notOpened(NOT_OPENED_LINK_TYPE, packet.linkType);
    }
    let length = JUNIPER_LENGTH;
    if ((flags & JUNIPER_EXTENDED) !== 0) {
      if (end - at < length + 2) return packet.refuseShort();
      length += 2 + view.getUint16(at + length);
    }
    const isInbound = (flags & JUNIPER_INBOUND) !== 0;
    packet.facts[LINK_DIRECTION] = directionOf(isInbound, !isInbound);
    packet.linkType = inner;
    return packet.enter(length, LAYER_LINK);
  };
}

/**
 * PPP_WITH_DIR (204), C_HDLC_WITH_DIR (205), FRELAY_WITH_DIR (206), and PPP_PPPD (166), which has it in place of PPP's address: a
 * byte that is 0 where the machine received the packet.
 */
export function directionDecoder(inner: number, headerLength = 1): (packet: Packet) => number {
  return (packet) => {
    const { data, at, end } = packet;
    if (end - at < headerLength) return packet.refuseShort();
    packet.facts[LINK_DIRECTION] = directionOf(data[at] === 0, data[at] !== 0);
    packet.linkType = inner;
    return packet.enter(headerLength, LAYER_LINK);
  };
}

/** A header of a fixed length that says nothing of use here. @param inner link type of what follows */
export function prefixDecoder(inner: number, headerLength: number): (packet: Packet) => number {
  return (packet) => {
    packet.linkType = inner;
    return packet.enter(headerLength, LAYER_LINK);
  };
}

function directionOf(isInbound: boolean, isOutbound: boolean): number {
  if (isInbound === isOutbound) return DIRECTION_UNKNOWN;
  return isInbound ? DIRECTION_INBOUND : DIRECTION_OUTBOUND;
}
