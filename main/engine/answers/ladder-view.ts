/** One flow for the view of a connection: its packets as columns, and what is known of the whole of it. */
import { seqUnsigned } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { makeLadderColumns } from '../../../shared/columns/ladder.ts';
import type { FlowAccount, FlowReset } from '../../../shared/model/connection.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import { TCP_FLAGS_MASK, TCP_RST } from '../decode/facts.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { BASE_SEQ, SEEN, SEEN_ANY, SEEN_SYN, SEEN_SYN_ACK, SYN_OPTIONS } from '../flow/record.ts';
import type { JoinView } from '../join/join-view.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import type { FlowView } from './flow-view.ts';

/** Resets told one by one; a flow with more keeps bursts, which are one each. */
const MAX_FLOW_RESETS = 200;

/**
 * @param numbers packets of the flow, those that are wanted
 * @param resetOf by packet: the record that a reset is told by
 * @param isSwapped what is told as sent by the client is what this flow has for its server's
 */
export function ladderColumns(
  packets: PacketIndex,
  flows: FlowView,
  flow: FlowRecord,
  numbers: Uint32Array,
  resetOf: ReadonlyMap<number, number>,
  isSwapped = false,
): Uint8Array {
  const columns = makeLadderColumns(numbers.length);
  const isTcp = flows.isTcp(flow);
  for (let i = 0; i < numbers.length; i++) {
    const packet = numbers[i] as PacketNumber;
    const marks = packets.marks(packet);
    const flags = packets.flags(packet) & TCP_FLAGS_MASK;
    columns.timeNs[i] = packets.time(packet);
    columns.packet[i] = packet;
    columns.file[i] = packets.file(packet);
    columns.frame[i] = packets.frame(packet);
    // Of datagrams these columns of the index keep no numbers of TCP.
    if (isTcp || (marks & MARK_ICMP) !== 0) {
      columns.seq[i] = seqUnsigned(packets.seq(packet));
      columns.ack[i] = seqUnsigned(packets.ack(packet));
      columns.window[i] = packets.window(packet);
      columns.flags[i] = flags;
    }
    columns.payload[i] = packets.payload(packet);
    columns.length[i] = packets.wire(packet);
    columns.reset[i] =
      (flags & TCP_RST) === 0 || (marks & MARK_ICMP) !== 0 ? -1 : (resetOf.get(packet) ?? -1);
    columns.marks[i] = marks;
    columns.ttl[i] = packets.ttl(packet);
    columns.from[i] = packets.direction(packet) ^ (isSwapped ? 1 : 0);
  }
  return columns.bytes;
}

/** Records of the flow's resets that are kept, newest first, at most MAX_FLOW_RESETS, and how many there are beyond. */
export function resetsOfFlow(
  resets: ResetLog,
  flows: FlowView,
  flow: FlowRecord,
): { readonly ids: readonly number[]; readonly more: number } {
  const ids: number[] = [];
  let more = 0;
  for (let id = flows.lastReset(flow); id >= resets.first; id = resets.get(id, RST_PREVIOUS_RESET)) {
    if (ids.length < MAX_FLOW_RESETS) ids.push(id);
    else more++;
  }
  return { ids, more };
}

/** Which record each packet of those resets is told by; that of another capture where it stands for both. */
export function resetPackets(
  resets: ResetLog,
  join: JoinView,
  ids: readonly number[],
): ReadonlyMap<number, number> {
  const records = new Map<number, number>();
  for (const id of ids) for (const packet of resets.packets(id)) records.set(packet, join.primary(id));
  return records;
}

type AccountParts = Pick<FlowAccount, 'hints' | 'moreResets' | 'connection'> & {
  readonly resets: readonly FlowReset[];
};

export function flowAccount(flows: FlowView, flow: FlowRecord, parts: AccountParts): FlowAccount {
  const seen = (side: 0 | 1): number => flows.directionWord(flow, side, SEEN);
  const base = (side: 0 | 1): number | null =>
    (seen(side) & SEEN_ANY) === 0 ? null : seqUnsigned(flows.directionWord(flow, side, BASE_SEQ));
  return {
    row: flows.row(flow),
    ...parts,
    baseSeq: { client: base(0), server: base(1) },
    windowShift: windowShifts(flows, flow),
    limits: flows.marks(flow),
  };
}

/** There is a shift only where both SYNs offered one, and it is known only where both were seen (RFC 7323 §2.2). */
export function windowShifts(flows: FlowView, flow: FlowRecord): Readonly<Record<Side, number | null>> {
  const sawSyn = (side: 0 | 1): boolean =>
    (flows.directionWord(flow, side, SEEN) & (SEEN_SYN | SEEN_SYN_ACK)) !== 0;
  if (!sawSyn(0) || !sawSyn(1)) return { client: null, server: null };
  const offered = (side: 0 | 1): number => flows.directionWord(flow, side, SYN_OPTIONS) & 0xffff;
  if (offered(0) === 0 || offered(1) === 0) return { client: 0, server: 0 };
  return { client: Math.min(14, offered(0) - 1), server: Math.min(14, offered(1) - 1) };
}
