/**
 * MPLS label stacks (RFC 3032). Nothing in the stack says what it carries: the first nibble tells IPv4 and IPv6 apart
 * from a pseudowire's control word (RFC 4385), and an Ethernet frame must show a known ethertype to be believed.
 */
import { looksLikeEthernet } from './link-ethernet.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6 } from './layers.ts';
import { NOT_OPENED_MPLS } from './not-opened.ts';
import type { Packet } from './packet.ts';
import { looksLikeIpv4, looksLikeIpv6 } from './plausible.ts';

const ENTRY_LENGTH = 4;
/** In an entry's third byte. */
const BOTTOM_OF_STACK = 1;
const CONTROL_WORD_LENGTH = 4;

/** What routers tell each other along a path (RFC 5586), by the first nibble. */
const ASSOCIATED_CHANNEL = 1;

export function decodeMpls(packet: Packet): number {
  const { data } = packet;
  let isBottom = false;
  while (!isBottom) {
    if (!packet.descend()) return LAYER_DONE;
    if (packet.end - packet.at < ENTRY_LENGTH) return packet.refuseShort();
    isBottom = (data[packet.at + 2] & BOTTOM_OF_STACK) !== 0;
    packet.at += ENTRY_LENGTH;
  }
  const at = packet.at;
  if (at >= packet.end) return packet.refuseShort();
  const nibble = data[at] >>> 4;
  if (nibble === 4 && (looksLikeIpv4(packet, at) || !looksLikeEthernet(packet, at))) return LAYER_IPV4;
  if (nibble === 6 && (looksLikeIpv6(packet, at) || !looksLikeEthernet(packet, at))) return LAYER_IPV6;
  if (nibble === 0 && looksLikeEthernet(packet, at + CONTROL_WORD_LENGTH)) {
    packet.at = at + CONTROL_WORD_LENGTH;
  } else if (!looksLikeEthernet(packet, at)) {
    return nibble === ASSOCIATED_CHANNEL ? LAYER_DONE : packet.notOpened(NOT_OPENED_MPLS, nibble);
  }
  return packet.descend() ? LAYER_ETHERNET : LAYER_DONE;
}
