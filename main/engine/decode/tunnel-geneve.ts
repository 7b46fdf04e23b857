/** Geneve (RFC 8926). */
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_TRANSPARENT_BRIDGING,
  isEtherTypeWithoutTcp,
  isOpenedEtherType,
} from './ethertypes.ts';
import { TUNNEL_GENEVE } from './facts.ts';
import {
  LAYER_DONE,
  LAYER_ETHERNET,
  LAYER_ETHERTYPE,
  LAYER_IPV4,
  LAYER_IPV6,
  NOT_RECOGNISED,
} from './layers.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIpv4, looksLikeIpv6 } from './plausible.ts';

// §3.4: version (2 bits), length of options in words of 4 bytes (6); O, C, reserved (6); protocol type; identifier (24), reserved (8).
const LENGTH = 8;
const VERSION_MASK = 0xc0;
const OPTIONS_MASK = 0x3f;
const FLAG_CONTROL = 0x80;

/** Reserved bits "MUST be ignored on receipt". */
export function openGeneve(packet: Packet): number {
  const { data, view, at, end } = packet;
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  if ((data[at] & VERSION_MASK) !== 0) return NOT_RECOGNISED;
  const length = LENGTH + ((data[at] & OPTIONS_MASK) << 2);
  const innerAt = at + length;
  if (innerAt > packet.wireEnd) return NOT_RECOGNISED;
  const type = view.getUint16(at + 2);
  switch (type) {
    case ETHERTYPE_TRANSPARENT_BRIDGING:
      if (!looksLikeFrame(packet, innerAt)) return NOT_RECOGNISED;
      return packet.enterTunnel(length, TUNNEL_GENEVE, LAYER_ETHERNET);
    case ETHERTYPE_IPV4:
      if (!looksLikeIpv4(packet, innerAt)) return NOT_RECOGNISED;
      return packet.enterTunnel(length, TUNNEL_GENEVE, LAYER_IPV4);
    case ETHERTYPE_IPV6:
      if (!looksLikeIpv6(packet, innerAt)) return NOT_RECOGNISED;
      return packet.enterTunnel(length, TUNNEL_GENEVE, LAYER_IPV6);
  }
  // Control messages are between the tunnel's ends.
  if ((data[at + 1] & FLAG_CONTROL) !== 0 || isEtherTypeWithoutTcp(type)) return LAYER_DONE;
  if (!isOpenedEtherType(type)) return NOT_RECOGNISED;
  packet.etherType = type;
  return packet.enterTunnel(length, TUNNEL_GENEVE, LAYER_ETHERTYPE);
}
