/** PPP (RFC 1661) as PPP (9), with HDLC framing (RFC 1662) or Cisco HDLC as PPP_HDLC (50), and PPPoE (RFC 2516). */
import { DEFECT_LENGTH } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERTYPE, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS, LAYER_PPP } from './layers.ts';
import type { Packet } from './packet.ts';

const ALL_STATIONS = 0xff;
const UNNUMBERED_INFORMATION = 0x03;

const PROTOCOL_IPV4 = 0x0021;
const PROTOCOL_IPV6 = 0x0057;
const PROTOCOL_MPLS = 0x0281;
const PROTOCOL_MPLS_MULTICAST = 0x0283;

const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;
const CISCO_HEADER_LENGTH = 4;

const PPPOE_VERSION_AND_TYPE = 0x11;
const PPPOE_CODE_SESSION = 0;
const PPPOE_LENGTH = 4;
const PPPOE_HEADER_LENGTH = 6;

/** PPP_HDLC and C_HDLC: the first byte tells PPP from Cisco's framing. */
export function decodeHdlc(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < CISCO_HEADER_LENGTH) return packet.refuseShort();
  if (data[at] !== CISCO_UNICAST && data[at] !== CISCO_MULTICAST) return LAYER_PPP;
  packet.at = at + CISCO_HEADER_LENGTH;
  packet.etherType = view.getUint16(at + 2);
  return packet.etherType > 1500 ? LAYER_ETHERTYPE : LAYER_DONE;
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
    default:
      return LAYER_DONE; // LCP and other control, or compressed payload
  }
}

export function decodePppoe(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < PPPOE_HEADER_LENGTH) return packet.refuseShort();
  if (data[at] !== PPPOE_VERSION_AND_TYPE || data[at + 1] !== PPPOE_CODE_SESSION) return LAYER_DONE;
  packet.at = at + PPPOE_HEADER_LENGTH;
  const wireEnd = packet.at + view.getUint16(at + PPPOE_LENGTH);
  if (wireEnd > packet.wireEnd) return packet.refuseIp(DEFECT_LENGTH);
  packet.wireEnd = wireEnd;
  if (wireEnd < packet.end) packet.end = wireEnd;
  return LAYER_PPP;
}
