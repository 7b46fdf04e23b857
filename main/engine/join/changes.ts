/** What the way between two vantages changed, as CHANGED bits. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { CHANGED } from '../../../shared/model/join.ts';
import { TCP_FLAGS_MASK } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { META, PORTS, ipVersionOf } from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { FlowPackets } from './flow-packets.ts';
import type { FlowPair } from './pair-flows.ts';

/** Bits that all packets of a pair of flows have alike; the others are a packet's own. */
export const CHANGES_OF_FLOWS = CHANGED.client | CHANGED.server | CHANGED.seq;

/** Of all packets of two flows: addresses, ports and numbers. */
export function flowChanges(flows: FlowTable, { first, second, isSwapped, seqShift }: FlowPair): number {
  const isOtherVersion = ipVersionOf(flows.word(first, META)) !== ipVersionOf(flows.word(second, META));
  const ends = ([0, 1] as const).map((side) => {
    const other = isSwapped ? (side === 0 ? 1 : 0) : side;
    if (!flows.isSameAddress(first, side, second, other)) return true;
    const shift = side === 0 ? 16 : 0;
    const ports = flows.word(first, PORTS) >>> shift;
    const otherPorts = flows.word(second, PORTS) >>> (isSwapped ? 16 - shift : shift);
    return ((ports ^ otherPorts) & 0xffff) !== 0;
  });
  return (
    (ends[0] || isOtherVersion ? CHANGED.client : 0) |
    (ends[1] || isOtherVersion ? CHANGED.server : 0) |
    (seqShift[0] !== 0 || seqShift[1] !== 0 ? CHANGED.seq : 0)
  );
}

/** Of one packet and its counterpart, beside what all of their flows have. */
export function packetChanges(packets: PacketIndex, one: PacketNumber, other: PacketNumber): number {
  const tos = packets.tos(one) === packets.tos(other) ? 0 : CHANGED.tos;
  const options = packets.optionDigest(one) === packets.optionDigest(other) ? 0 : CHANGED.options;
  // The flags of a segment go to one of its parts, and windows are told anew with each.
  if (packets.payload(one) !== packets.payload(other)) return CHANGED.segments | tos | options;
  const flags = ((packets.flags(one) ^ packets.flags(other)) & TCP_FLAGS_MASK) === 0 ? 0 : CHANGED.flags;
  const window = packets.window(one) === packets.window(other) ? 0 : CHANGED.window;
  return tos | options | flags | window;
}

/** The same of two packets of flows that were read. */
export function changesBetween(a: FlowPackets, at: number, b: FlowPackets, other: number): number {
  const tos = a.tos[at] === b.tos[other] ? 0 : CHANGED.tos;
  const options = a.digests[at] === b.digests[other] ? 0 : CHANGED.options;
  if (a.payloads[at] !== b.payloads[other]) return CHANGED.segments | tos | options;
  const flags = ((a.forms[at] ^ b.forms[other]) & TCP_FLAGS_MASK) === 0 ? 0 : CHANGED.flags;
  const window = a.windows[at] === b.windows[other] ? 0 : CHANGED.window;
  return tos | options | flags | window;
}
