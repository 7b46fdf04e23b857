/** Logical link control (IEEE 802.2) with SNAP (RFC 1042), under 802.3, 802.11 and Linux cooked captures. */
import { LAYER_DONE, LAYER_ETHERTYPE, LAYER_IPV4 } from './layers.ts';
import type { Packet } from './packet.ts';

const LLC_LENGTH = 3;
const SNAP_LENGTH = 8;
const SAP_SNAP = 0xaa;
const SAP_IPV4 = 0x06;
const UNNUMBERED_INFORMATION = 0x03;
/** Organisation codes whose protocol field is an ethertype: RFC 1042, and IEEE 802.1H bridge tunnels. */
const ORGANISATION_ETHERTYPE = 0x000000;
const ORGANISATION_BRIDGE_TUNNEL = 0x0000f8;

export function decodeLlc(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < LLC_LENGTH) return packet.refuseShort();
  if (data[at + 2] !== UNNUMBERED_INFORMATION) return LAYER_DONE;
  if (data[at] === SAP_IPV4 && data[at + 1] === SAP_IPV4) {
    packet.at = at + LLC_LENGTH;
    return LAYER_IPV4;
  }
  if (data[at] !== SAP_SNAP || data[at + 1] !== SAP_SNAP) return LAYER_DONE;
  if (end - at < SNAP_LENGTH) return packet.refuseShort();
  const organisation = (data[at + 3] << 16) | view.getUint16(at + 4);
  if (organisation !== ORGANISATION_ETHERTYPE && organisation !== ORGANISATION_BRIDGE_TUNNEL)
    return LAYER_DONE;
  packet.at = at + SNAP_LENGTH;
  packet.etherType = view.getUint16(at + 6);
  // A length here would mean 802.3 inside SNAP, which nothing sends.
  return packet.etherType > 1500 ? LAYER_ETHERTYPE : LAYER_DONE;
}
