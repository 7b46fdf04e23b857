/** Links without a header (RAW, IPV4, IPV6), and any payload known to be IP: the first nibble is the version. */
import { DEFECT_LENGTH } from './facts.ts';
import { LAYER_IPV4, LAYER_IPV6 } from './layers.ts';
import type { Packet } from './packet.ts';

export function decodeIp(packet: Packet): number {
  if (packet.at >= packet.end) return packet.refuseShort();
  switch (packet.data[packet.at] >>> 4) {
    case 4:
      return LAYER_IPV4;
    case 6:
      return LAYER_IPV6;
    default:
      return packet.refuseIp(DEFECT_LENGTH);
  }
}
