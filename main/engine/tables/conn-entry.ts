/** What conn.log tells of a flow beyond its row: sizes by sequence numbers, packets by side, bytes that were missed. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { seqUnsigned } from '../../../shared/base/seq.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import type { FlowView } from '../answers/flow-view.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import {
  BASE_SEQ,
  FLOW_BITS,
  FLOW_LOST_SEGMENTS,
  LAST_ACK,
  NEXT_SEQ,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_FIN,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SENT_PACKETS,
} from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ConnEntry } from './zeek-conn.ts';

export interface ConnStores {
  readonly flows: FlowTable;
  readonly flowView: FlowView;
  readonly packets: PacketIndex;
  flowRow(flow: FlowRecord): FlowRow;
  flowPackets(flow: FlowRecord): Uint32Array;
}

const WRAP = 2 ** 32;
/** Stretches of a side kept apart while gaps are looked for; a side with more is counted as if the rest had come. */
const MOST_STRETCHES = 4096;

export function connEntry(stores: ConnStores, flow: FlowRecord): ConnEntry {
  const { flows, flowView, packets } = stores;
  const row = stores.flowRow(flow);
  if (row.protocol === 'udp') {
    return {
      row,
      sizes: [row.clientBytes, row.serverBytes],
      packets: sentDatagrams(stores, flow, row),
      missed: 0,
    };
  }
  const sent = (side: 0 | 1): number => flowView.directionWord(flow, side, SENT_PACKETS);
  const hasGaps = (flows.word(flow, FLOW_BITS) & FLOW_LOST_SEGMENTS) !== 0;
  const missed = hasGaps ? missedBytes(flowView, packets, flow, stores.flowPackets(flow)) : 0;
  return {
    row,
    sizes: [sizeOf(flowView, flow, 0), sizeOf(flowView, flow, 1)],
    packets: [sent(0), sent(1)],
    missed,
  };
}

/** Of datagrams the record keeps no counts by side. */
function sentDatagrams(stores: ConnStores, flow: FlowRecord, row: FlowRow): [number, number] {
  const { packets, flowView } = stores;
  const sent = [flowView.directionWord(flow, 0, SENT_PACKETS), flowView.directionWord(flow, 1, SENT_PACKETS)];
  if (sent[0] + sent[1] > 0) return [sent[0], sent[1]];
  if (row.packets === 1) return [1, 0];
  const count: [number, number] = [0, 0];
  for (const packet of stores.flowPackets(flow)) {
    const number = packet as PacketNumber;
    if ((packets.marks(number) & MARK_ICMP) === 0) count[packets.direction(number)]++;
  }
  return count;
}

/**
 * Bytes from the first sequence number to the highest, without SYN and FIN. The difference is known modulo 2³² only: of what fits, the
 * one nearest to the payload that was captured.
 */
function sizeOf(flowView: FlowView, flow: FlowRecord, side: 0 | 1): number {
  const seen = flowView.directionWord(flow, side, SEEN);
  if ((seen & SEEN_ANY) === 0) return 0;
  const next = seqUnsigned(flowView.directionWord(flow, side, NEXT_SEQ));
  const base = seqUnsigned(flowView.directionWord(flow, side, BASE_SEQ));
  const control = ((seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 ? 1 : 0) + ((seen & SEEN_FIN) !== 0 ? 1 : 0);
  const size = (next - base - control + 2 * WRAP) % WRAP;
  // A lone FIN or reset that lies before the first number seen.
  const small = size > WRAP - 4 ? 0 : size;
  const captured = flowView.payloadBytes(flow, side);
  return small + Math.max(0, Math.round((captured - small) / WRAP)) * WRAP;
}

/** Acknowledged bytes of both sides that no captured packet carries. */
function missedBytes(
  flowView: FlowView,
  packets: PacketIndex,
  flow: FlowRecord,
  numbers: Uint32Array,
): number {
  let missed = 0;
  for (const side of [0, 1] as const) {
    const other = side === 0 ? 1 : 0;
    const seen = flowView.directionWord(flow, side, SEEN);
    if ((seen & SEEN_ANY) === 0 || (flowView.directionWord(flow, other, SEEN) & SEEN_ACK) === 0) continue;
    const start =
      flowView.directionWord(flow, side, BASE_SEQ) + ((seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 ? 1 : 0);
    const end = flowView.directionWord(flow, other, LAST_ACK) - ((seen & SEEN_FIN) !== 0 ? 1 : 0);
    missed += gapsOf(packets, numbers, side, start, (end - start) | 0);
  }
  return missed;
}

/** Bytes of a side in [0, length) after `start` that lie in no captured payload. */
function gapsOf(
  packets: PacketIndex,
  numbers: Uint32Array,
  side: 0 | 1,
  start: number,
  length: number,
): number {
  if (length <= 0) return 0;
  // Disjoint and ascending.
  const stretches: [from: number, to: number][] = [];
  for (const packet of numbers) {
    const number = packet as PacketNumber;
    const payload = packets.payload(number);
    if (payload === 0 || packets.direction(number) !== side || (packets.marks(number) & MARK_ICMP) !== 0)
      continue;
    const from = Math.max(0, (packets.seq(number) - start) | 0);
    const to = Math.min(length, ((packets.seq(number) - start) | 0) + payload);
    if (to > from) addStretch(stretches, from, to);
    if (stretches.length > MOST_STRETCHES) return 0;
  }
  return stretches.reduce((left, [from, to]) => left - (to - from), length);
}

/** Most come at the end, so that they are looked for from there. */
function addStretch(stretches: [from: number, to: number][], from: number, to: number): void {
  let last = stretches.length;
  while (last > 0 && stretches[last - 1][0] > to) last--;
  let first = last;
  let [low, high] = [from, to];
  while (first > 0 && stretches[first - 1][1] >= from) {
    first--;
    low = Math.min(low, stretches[first][0]);
    high = Math.max(high, stretches[first][1]);
  }
  stretches.splice(first, last - first, [low, high]);
}
