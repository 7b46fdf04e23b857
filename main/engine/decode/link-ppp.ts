/**
 * PPP (RFC 1661), with HDLC framing (RFC 1662), and PPPoE (RFC 2516). Cisco's HDLC is told from them by its first byte: it comes
 * as PPP (9) and as PPP_HDLC (50), too.
 */
import { DEFECT_LENGTH } from './facts.ts';
import {
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_ETHERTYPE,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_MPLS,
  LAYER_PPP,
} from './layers.ts';
import { ETHERTYPE_PPPOE_SESSION, MAX_802_3_LENGTH } from './ethertypes.ts';
import { NOT_OPENED_ETHERTYPE, NOT_OPENED_PPP_PROTOCOL } from './not-opened.ts';
import type { Packet } from './packet.ts';

const ALL_STATIONS = 0xff;
const UNNUMBERED_INFORMATION = 0x03;

const PROTOCOL_IPV4 = 0x0021;
const PROTOCOL_IPV6 = 0x0057;
const PROTOCOL_BRIDGING = 0x0031;
const PROTOCOL_MPLS = 0x0281;
const PROTOCOL_MPLS_MULTICAST = 0x0283;

/** Numbers from here belong to the links' own control (RFC 1661 §2): nothing of a connection is in them. */
const FIRST_CONTROL_PROTOCOL = 0x4000;
/** Network protocols beside IP: OSI, XNS, DECnet, AppleTalk, IPX, VINES, NetBIOS; spanning trees. */
const PROTOCOLS_WITHOUT_TCP: ReadonlySet<number> = new Set([
  ...[0x0001, 0x0023, 0x0025, 0x0027, 0x0029, 0x002b, 0x0035, 0x003f, 0x0201, 0x0203, 0x0205, 0x0207],
]);

// RFC 3518 §4.2: flags (4 bits), padding (4), kind of frame; the number of the network where the first flag is set.
const BRIDGED_LENGTH = 2;
const BRIDGED_HAS_LAN = 0x40;
const BRIDGED_LAN_LENGTH = 4;
const BRIDGED_ETHERNET = 1;

const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;
const CISCO_HEADER_LENGTH = 4;
const CISCO_UDLD = 0x0111;

const PPPOE_VERSION_AND_TYPE = 0x11;
const PPPOE_CODE_SESSION = 0;
const PPPOE_LENGTH = 4;
const PPPOE_HEADER_LENGTH = 6;

/** PPP_HDLC and C_HDLC: the first byte tells PPP from Cisco's framing. */
export function decodeHdlc(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < CISCO_HEADER_LENGTH) return packet.refuseShort();
  // Neither begins PPP: 0x8f is even a protocol's first byte nowhere, and nothing was ever given the number 0x0f.
  const isCisco = (data[at] === CISCO_UNICAST || data[at] === CISCO_MULTICAST) && data[at + 1] === 0;
  if (!isCisco) return LAYER_PPP;
  packet.at = at + CISCO_HEADER_LENGTH;
  packet.etherType = view.getUint16(at + 2);
  if (packet.etherType > MAX_802_3_LENGTH) return LAYER_ETHERTYPE;
  return packet.etherType === CISCO_UDLD
    ? LAYER_DONE
    : packet.notOpened(NOT_OPENED_ETHERTYPE, packet.etherType);
}

export function decodePpp(packet: Packet): number {
  const { data, view, end } = packet;
  let at = packet.at;
  if (!packet.descend()) return LAYER_DONE;
  if (end - at >= 2 && data[at] === ALL_STATIONS && data[at + 1] === UNNUMBERED_INFORMATION) at += 2;
  if (end - at < 2) return packet.refuseShort();
  // An odd first byte is a whole protocol number of its own: the other byte was compressed away (RFC 1661 §6.5).
  const compressed = (data[at] & 1) === 1;
  const protocol = compressed ? data[at] : view.getUint16(at);
  packet.at = at + (compressed ? 1 : 2);
  switch (protocol) {
    case PROTOCOL_IPV4:
      return LAYER_IPV4;
    case PROTOCOL_IPV6:
      return LAYER_IPV6;
    case PROTOCOL_MPLS:
    case PROTOCOL_MPLS_MULTICAST:
      return LAYER_MPLS;
    case PROTOCOL_BRIDGING:
      return decodeBridged(packet);
  }
  if (protocol >= FIRST_CONTROL_PROTOCOL || PROTOCOLS_WITHOUT_TCP.has(protocol)) return LAYER_DONE;
  return packet.notOpened(NOT_OPENED_PPP_PROTOCOL, protocol);
}

function decodeBridged(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < BRIDGED_LENGTH) return packet.refuseShort();
  if (data[at + 1] !== BRIDGED_ETHERNET) return packet.notOpened(NOT_OPENED_PPP_PROTOCOL, PROTOCOL_BRIDGING);
  const length = BRIDGED_LENGTH + ((data[at] & BRIDGED_HAS_LAN) !== 0 ? BRIDGED_LAN_LENGTH : 0);
  return packet.enter(length, LAYER_ETHERNET);
}

export function decodePppoe(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < PPPOE_HEADER_LENGTH) return packet.refuseShort();
  if (data[at] !== PPPOE_VERSION_AND_TYPE || data[at + 1] !== PPPOE_CODE_SESSION) {
    return packet.notOpened(NOT_OPENED_ETHERTYPE, ETHERTYPE_PPPOE_SESSION);
  }
  packet.at = at + PPPOE_HEADER_LENGTH;
  const wireEnd = packet.at + view.getUint16(at + PPPOE_LENGTH);
  if (wireEnd > packet.wireEnd) return packet.refuseIp(DEFECT_LENGTH);
  packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
  return LAYER_PPP;
}
