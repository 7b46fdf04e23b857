/**
 * Whether bytes pass for a header, for payloads that do not say what they are and for guesses by port number. Where the capture
 * cut them off nothing speaks against them: the layer that opens them tells that they are cut.
 */
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './ethertypes.ts';
import { looksLikeEthernet } from './link-ethernet.ts';
import type { Packet } from './packet.ts';

const MIN_IPV4_LENGTH = 20;
const IPV6_LENGTH = 40;
const FRAME_HEADER_LENGTH = 14;
const FRAME_TYPE = 12;

/** An IPv4 or IPv6 header whose lengths fit the packet. */
export function looksLikeIp(packet: Packet, at: number): boolean {
  if (at >= packet.end) return isCut(packet);
  const version = packet.data[at] >>> 4;
  if (version === 4) return looksLikeIpv4(packet, at);
  return version === 6 && looksLikeIpv6(packet, at);
}

export function looksLikeIpv4(packet: Packet, at: number): boolean {
  const { data, view, end, wireEnd } = packet;
  if (at >= end) return isCut(packet);
  if ((data[at] & 0x0f) < 5 || data[at] >>> 4 !== 4) return false;
  if (end - at < MIN_IPV4_LENGTH) return isCut(packet);
  const totalLength = view.getUint16(at + 2);
  return totalLength >= MIN_IPV4_LENGTH && at + totalLength <= wireEnd;
}

export function looksLikeIpv6(packet: Packet, at: number): boolean {
  const { data, view, end, wireEnd } = packet;
  if (at >= end) return isCut(packet);
  if (data[at] >>> 4 !== 6) return false;
  if (end - at < IPV6_LENGTH) return isCut(packet);
  return at + IPV6_LENGTH + view.getUint16(at + 4) <= wireEnd;
}

/** An Ethernet frame of a known ethertype; where that is IP, with an IP header. */
export function looksLikeFrame(packet: Packet, at: number): boolean {
  if (packet.end - at < FRAME_HEADER_LENGTH) return isCut(packet);
  switch (packet.view.getUint16(at + FRAME_TYPE)) {
    case ETHERTYPE_IPV4:
      return looksLikeIpv4(packet, at + FRAME_HEADER_LENGTH);
    case ETHERTYPE_IPV6:
      return looksLikeIpv6(packet, at + FRAME_HEADER_LENGTH);
    default:
      return looksLikeEthernet(packet, at);
  }
}

/** Whether the snap length cut the packet. */
function isCut({ end, wireEnd }: Packet): boolean {
  return end < wireEnd;
}
