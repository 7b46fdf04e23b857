/** GRE in UDP (RFC 8086) and MPLS in UDP (RFC 7510). */
import { isEtherTypeWithoutTcp, isOpenedEtherType } from './ethertypes.ts';
import { TUNNEL_MPLS } from './facts.ts';
import { LAYER_GRE, LAYER_MPLS, NOT_RECOGNISED } from './layers.ts';
import type { Packet } from './packet.ts';

const GRE_LENGTH = 4;
/** Checksum, key and sequence number; RFC 8086 §3 knows no other flag, and version 0 only. */
const GRE_FLAGS = 0xb000;

export function openGreInUdp(packet: Packet): number {
  const { view, at, end } = packet;
  if (end - at < GRE_LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const type = view.getUint16(at + 2);
  const isGre = (view.getUint16(at) & ~GRE_FLAGS) === 0;
  return isGre && (isOpenedEtherType(type) || isEtherTypeWithoutTcp(type)) ? LAYER_GRE : NOT_RECOGNISED;
}

const LABEL_LENGTH = 4;
const BOTTOM_OF_STACK = 1;
/** Deeper stacks are not what is sent this way. */
const MAX_LABELS = 8;

export function openMplsInUdp(packet: Packet): number {
  const { data, at, end } = packet;
  for (let count = 0; count < MAX_LABELS; count++) {
    const labelEnd = at + (count + 1) * LABEL_LENGTH;
    if (labelEnd > end) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
    if ((data[labelEnd - 2] & BOTTOM_OF_STACK) !== 0) return packet.enterTunnel(0, TUNNEL_MPLS, LAYER_MPLS);
  }
  return NOT_RECOGNISED;
}
