/** What came before a reset and what came after it, in a line each. */
import { bytesText } from '../../../shared/format/bytes.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { plural } from '../../../shared/format/count.ts';
import type { FlowReset } from '../../../shared/model/connection.ts';
import { MARK_ICMP } from '../../../shared/model/packet-marks.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';
import { RST, sideOf } from '../../ladder/flow-packets.ts';
import { indexOfPacket } from '../../ladder/rungs.ts';

interface Around {
  readonly before: string;
  readonly after: string;
}

export function aroundReset(packets: FlowPackets, { packet, row }: FlowReset): Around {
  const at = indexOfPacket(packets, packet);
  if (at < 0) return { before: 'Its packets are not here', after: 'Its packets are not here' };
  const { count } = packets.columns;
  const before = at === 0 ? 'Nothing: it is the first packet' : partText(packets, 0, at);
  if (at === count - 1) return { before, after: 'Nothing: it is the last packet' };
  const after = partText(packets, at + 1, count);
  // Data or an acknowledgement of the side in whose name the reset came shows that this side had not closed.
  const goesOn = findFrom(packets, at + 1, row.claimed);
  return { before, after: goesOn ? `${after}; the ${row.claimed} goes on as if it had sent none` : after };
}

function partText({ columns, ...packets }: FlowPackets, from: number, to: number): string {
  const bytes = { client: 0, server: 0 };
  for (let i = from; i < to; i++) bytes[sideOf({ columns, ...packets }, i)] += columns.payload[i];
  const span = columns.timeNs[to - 1] - columns.timeNs[from];
  const parts = [plural(to - from, 'packet')];
  if (to - from > 1) parts.push(`in ${durationText(Math.max(0, span))}`);
  const data = (['client', 'server'] as const)
    .filter((side) => bytes[side] > 0)
    .map((side) => `${bytesText(bytes[side])} from the ${side}`);
  return data.length === 0 ? `${parts.join(' ')}, no data` : `${parts.join(' ')}, ${data.join(', ')}`;
}

function findFrom(packets: FlowPackets, from: number, side: string): boolean {
  const { columns } = packets;
  for (let i = from; i < columns.count; i++) {
    const isReset = (columns.flags[i] & RST) !== 0;
    if (sideOf(packets, i) === side && !isReset && (columns.marks[i] & MARK_ICMP) === 0) return true;
  }
  return false;
}
