/** Logical link control (IEEE 802.2) with SNAP (RFC 1042), under 802.3, 802.11 and Linux cooked captures. */
import { MAX_802_3_LENGTH } from './ethertypes.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_ETHERTYPE, LAYER_IPV4, LAYER_SNAP } from './layers.ts';
import { NOT_OPENED_ETHERTYPE, NOT_OPENED_SNAP } from './not-opened.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame } from './plausible.ts';

const LLC_LENGTH = 3;
const SNAP_LENGTH = 5;
const SAP_SNAP = 0xaa;
const SAP_IPV4 = 0x06;
const UNNUMBERED_INFORMATION = 0x03;
/** Organisation codes whose protocol field is an ethertype: RFC 1042, and IEEE 802.1H bridge tunnels. */
const ORGANISATION_ETHERTYPE = 0x000000;
const ORGANISATION_BRIDGE_TUNNEL = 0x0000f8;
/** IEEE 802.1's own: its protocols are bridged frames (RFC 2427 §4.2, RFC 2684 §5.2) with their check sequence or without it. */
const ORGANISATION_BRIDGED = 0x0080c2;
const BRIDGED_ETHERNET_WITH_FCS = 0x0001;
const BRIDGED_ETHERNET = 0x0007;
const FCS_LENGTH = 4;
const ATM_PADDING_LENGTH = 2;
/** Organisations whose protocols are those of bridges, routers and AppleTalk: no carriers of IP. */
const ORGANISATIONS_WITHOUT_TCP: ReadonlySet<number> = new Set([
  0x00000c, // Cisco: CDP, VTP, DTP, PAgP, UDLD, per-VLAN spanning tree
  0x000081, // Nortel
  0x000142, // Cisco
  0x00e02b, // Extreme
  0x00e052, // Foundry
  0x080007, // Apple
]);

export function decodeLlc(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < LLC_LENGTH) return packet.refuseShort();
  if (data[at + 2] !== UNNUMBERED_INFORMATION) return LAYER_DONE;
  if (data[at] === SAP_IPV4 && data[at + 1] === SAP_IPV4) {
    packet.at = at + LLC_LENGTH;
    return LAYER_IPV4;
  }
  if (data[at] !== SAP_SNAP || data[at + 1] !== SAP_SNAP) return LAYER_DONE;
  packet.at = at + LLC_LENGTH;
  return LAYER_SNAP;
}

/** Organisation (3 bytes) and protocol (2). */
export function decodeSnap(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < SNAP_LENGTH) return packet.refuseShort();
  const organisation = (data[at] << 16) | view.getUint16(at + 1);
  packet.at = at + SNAP_LENGTH;
  const protocol = view.getUint16(at + 3);
  if (organisation === ORGANISATION_BRIDGED) return decodeBridged(packet, protocol);
  if (organisation !== ORGANISATION_ETHERTYPE && organisation !== ORGANISATION_BRIDGE_TUNNEL) {
    if (ORGANISATIONS_WITHOUT_TCP.has(organisation)) return LAYER_DONE;
    return packet.notOpened(NOT_OPENED_SNAP, organisation);
  }
  packet.etherType = protocol;
  // A length here would mean 802.3 inside SNAP, which nothing sends.
  return protocol > MAX_802_3_LENGTH ? LAYER_ETHERTYPE : packet.notOpened(NOT_OPENED_ETHERTYPE, protocol);
}

/** Over ATM two bytes of padding come before the frame, over frame relay none. */
function decodeBridged(packet: Packet, protocol: number): number {
  if (protocol !== BRIDGED_ETHERNET && protocol !== BRIDGED_ETHERNET_WITH_FCS) {
    // Spanning tree and rings of other kinds.
    return protocol === 0x000e || protocol === 0x000f
      ? LAYER_DONE
      : packet.notOpened(NOT_OPENED_SNAP, ORGANISATION_BRIDGED);
  }
  if (protocol === BRIDGED_ETHERNET_WITH_FCS && packet.wireEnd - packet.at > FCS_LENGTH) {
    packet.wireEnd -= FCS_LENGTH;
    if (packet.wireEnd < packet.end) packet.end = packet.wireEnd;
  }
  const isPadded =
    !looksLikeFrame(packet, packet.at) && looksLikeFrame(packet, packet.at + ATM_PADDING_LENGTH);
  return packet.enter(isPadded ? ATM_PADDING_LENGTH : 0, LAYER_ETHERNET);
}
