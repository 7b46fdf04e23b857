/** Network Service Header (RFC 8300), over Ethernet, VXLAN-GPE, GRE or IP. */
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS, LAYER_NSH } from './layers.ts';
import { NOT_OPENED_ETHERTYPE } from './not-opened.ts';
import { ETHERTYPE_NSH } from './ethertypes.ts';
import type { Packet } from './packet.ts';

// §2.2: version (2 bits), O, unassigned, TTL (6), length in words of 4 bytes (6); unassigned (4), metadata type (4), next protocol (8).
const MIN_LENGTH = 8;
const NEXT_PROTOCOL = 3;
const VERSION_MASK = 0xc0;

export function decodeNsh(packet: Packet): number {
  const { data, view, at } = packet;
  if (packet.end - at < MIN_LENGTH) return packet.refuseShort();
  const length = (view.getUint16(at) & 0x3f) << 2;
  const layer = nextLayer(data[at + NEXT_PROTOCOL]);
  if ((data[at] & VERSION_MASK) !== 0 || length < MIN_LENGTH || layer === LAYER_DONE) {
    return packet.notOpened(NOT_OPENED_ETHERTYPE, ETHERTYPE_NSH);
  }
  return packet.enter(length, layer);
}

/** The next protocols of NSH, which VXLAN-GPE shares; LAYER_DONE for those that are not opened. */
export function nextLayer(protocol: number): number {
  switch (protocol) {
    case 1:
      return LAYER_IPV4;
    case 2:
      return LAYER_IPV6;
    case 3:
      return LAYER_ETHERNET;
    case 4:
      return LAYER_NSH;
    case 5:
      return LAYER_MPLS;
    default:
      return LAYER_DONE;
  }
}
