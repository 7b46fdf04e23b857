/** A fragment of an IPv4 or IPv6 datagram: decoded as the datagram when it is the last that was missing. */
import { IP_FLAGS, IP_PROTOCOL, IP_WAS_FRAGMENTED, KIND, KIND_FRAGMENT, KIND_IP } from './facts.ts';
import { LAYER_DONE, LAYER_IP_PROTOCOL } from './layers.ts';
import type { Packet } from './packet.ts';

/**
 * The fragment at `packet.at`; its IP facts are written.
 * @param offset of its payload in the datagram, bytes
 */
export function decodeFragment(packet: Packet, id: number, offset: number, more: boolean): number {
  const { facts } = packet;
  facts[KIND] = KIND_FRAGMENT;
  facts[IP_FLAGS] |= IP_WAS_FRAGMENTED;
  if (!packet.fragments.add(packet, id, offset, more)) return LAYER_DONE;
  facts[KIND] = KIND_IP;
  facts[IP_PROTOCOL] = packet.protocol;
  // A datagram may hold another fragmented one: counted, so that it ends.
  return packet.descend() ? LAYER_IP_PROTOCOL : LAYER_DONE;
}
