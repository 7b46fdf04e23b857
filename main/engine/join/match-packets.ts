/** Which packet of one flow is which of the other's: by direction, numbers, flags and length, in their order. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { TCP_FLAGS_MASK } from '../decode/facts.ts';
import { LAST_PACKET } from '../flow/record.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import type { PacketMatch } from './join-view.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';

export function matchPackets(stores: JoinStores, pair: FlowPair): PacketMatch {
  const ours = chainOf(stores, pair.first);
  const theirs = chainOf(stores, pair.second);
  const ofOurs = new Int32Array(ours.length).fill(-1);
  const ofTheirs = new Int32Array(theirs.length).fill(-1);
  const waiting = new Map<string, number[]>();
  const { seqShift, isSwapped } = pair;
  ours.forEach((packet, at) => {
    const direction = stores.packets.direction(packet as PacketNumber);
    const key = keyOf(
      stores,
      packet as PacketNumber,
      isSwapped ? 1 - direction : direction,
      seqShift[direction],
      seqShift[1 - direction],
    );
    if (key === '') return;
    const alike = waiting.get(key);
    if (alike === undefined) waiting.set(key, [at]);
    else alike.push(at);
  });
  theirs.forEach((packet, at) => {
    const direction = stores.packets.direction(packet as PacketNumber);
    const twin = waiting.get(keyOf(stores, packet as PacketNumber, direction, 0, 0))?.shift();
    if (twin === undefined) return;
    ofOurs[twin] = at;
    ofTheirs[at] = twin;
  });
  return { ours, theirs, ofOurs, ofTheirs };
}

function keyOf(
  { packets }: JoinStores,
  packet: PacketNumber,
  direction: number,
  seqShift: number,
  ackShift: number,
): string {
  if ((packets.marks(packet) & MARK_ICMP) !== 0) return '';
  const flags = packets.flags(packet) & TCP_FLAGS_MASK;
  const seq = (packets.seq(packet) + seqShift) | 0;
  const ack = (packets.ack(packet) + ackShift) | 0;
  return `${direction} ${seq} ${ack} ${flags} ${packets.payload(packet)}`;
}

/** Packets of a flow in capture order. */
function chainOf({ packets, flows }: JoinStores, flow: FlowRecord): Uint32Array {
  const found: number[] = [];
  let packet = (flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
  for (; packets.holds(packet); packet = packets.previous(packet)) found.push(packet);
  return Uint32Array.from(found.reverse());
}
