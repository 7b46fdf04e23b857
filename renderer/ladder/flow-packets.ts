/**
 * The packets of a connection as the ladder draws them, whoever brings them: a whole flow as columns, or the few rows around a
 * reset.
 */
import type { Courses } from './courses.ts';
import { seqDelta } from '../../shared/base/seq.ts';
import type { LadderColumns } from '../../shared/columns/ladder.ts';
import { makeLadderColumns } from '../../shared/columns/ladder.ts';
import type { FlowAccount } from '../../shared/model/connection.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_CAPTURE,
  MARK_ICMP,
} from '../../shared/model/packet-marks.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { marksNamed } from '../../shared/texts/packet-marks.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export interface FlowPackets {
  readonly columns: LadderColumns;
  readonly isTcp: boolean;
  readonly ipVersion: 4 | 6;
  readonly baseSeq: FlowAccount['baseSeq'];
  readonly windowShift: FlowAccount['windowShift'];
  /** TTL that most packets of each side have at each capture point, resets left out; −1 where it has none. */
  readonly usualTtl: readonly Readonly<Record<Side, number>>[];
  /** By packet: where in the columns the segment stands that it repeats; −1 for none. */
  readonly repeats: Int32Array;
  /** By packet: where it was first sent again; −1 for never. */
  readonly repeatedBy: Int32Array;
  /** Highest acknowledgement of each side's data, relative; −1 where none was seen. */
  readonly acknowledged: Readonly<Record<Side, number>>;
  /** Packets of other connections on which evidence rests. */
  readonly foreign: ReadonlySet<number>;
  /** The way of each packet past several capture points; null where one capture tells. */
  readonly courses: Courses | null;
  /** Where numbers of the columns do not ascend, or packets have several: all numbers ascending, and the rows of each. */
  readonly lookup: { readonly packets: Float64Array; readonly rows: Uint32Array } | null;
}

type Known = Pick<FlowPackets, 'isTcp' | 'ipVersion' | 'baseSeq' | 'windowShift'> &
  Partial<Pick<FlowPackets, 'foreign' | 'courses' | 'lookup'>>;

export function flowPackets(columns: LadderColumns, known: Known): FlowPackets {
  const { count, from, flags, ttl, seq, ack, payload, marks } = columns;
  // Each capture point sees other TTLs: one that only it saw is held against what others have there.
  const points = known.courses?.vantages.length ?? 1;
  const ttls = Array.from({ length: 2 * points }, () => new Uint32Array(256));
  const pointOf = (i: number): number => known.courses?.first[i] ?? 0;
  const first = [new Map<number, number>(), new Map<number, number>()];
  const repeats = new Int32Array(count).fill(-1);
  const repeatedBy = new Int32Array(count).fill(-1);
  const acknowledged = { client: -1, server: -1 };
  for (let i = 0; i < count; i++) {
    if ((marks[i] & MARK_ICMP) !== 0 || known.foreign?.has(i) === true) continue;
    if ((flags[i] & RST) !== 0) continue;
    ttls[2 * pointOf(i) + from[i]][ttl[i]]++;
    if (!known.isTcp) continue;
    const mine = first[from[i]];
    if ((marks[i] & MARK_ANY_RETRANSMISSION) !== 0) {
      const original = mine.get(seq[i]);
      if (original !== undefined) {
        repeats[i] = original;
        if (repeatedBy[original] < 0) repeatedBy[original] = i;
      }
    } else if (
      (payload[i] > 0 || (flags[i] & (SYN | FIN)) !== 0) &&
      (marks[i] & MARK_DUPLICATE_CAPTURE) === 0
    ) {
      mine.set(seq[i], i);
    }
    if ((flags[i] & ACK) !== 0) {
      const side = from[i] === 0 ? 'server' : 'client';
      const base = known.baseSeq[side];
      if (base !== null) acknowledged[side] = Math.max(acknowledged[side], seqDelta(ack[i], base));
    }
  }
  return {
    columns,
    foreign: new Set(),
    courses: null,
    lookup: null,
    ...known,
    usualTtl: Array.from({ length: points }, (_, point) => ({
      client: mostFrequent(ttls[2 * point]),
      server: mostFrequent(ttls[2 * point + 1]),
    })),
    repeats,
    repeatedBy,
    acknowledged,
  };
}

function mostFrequent(counts: Uint32Array): number {
  let best = -1;
  for (let value = 0; value < counts.length; value++) {
    if (counts[value] > (best < 0 ? 0 : counts[best])) best = value;
  }
  return best;
}

/**
 * The few packets around a reset or a failure.
 * @param flow packets of others are only shown because something rests on them
 * @param resets by packet: the reset that it is
 */
export function packetsOfRows(
  rows: readonly PacketRow[],
  flow: number,
  { isTcp, ipVersion }: Pick<FlowPackets, 'isTcp' | 'ipVersion'>,
  resets: ReadonlyMap<number, number>,
): FlowPackets {
  const columns = makeLadderColumns(rows.length);
  const base: Record<Side, number | null> = { client: null, server: null };
  const foreign = new Set<number>();
  rows.forEach((row, i) => {
    columns.timeNs[i] = row.timeNs;
    columns.packet[i] = row.packet;
    columns.file[i] = row.file;
    columns.frame[i] = row.frame;
    columns.seq[i] = row.rawSeq;
    columns.ack[i] = row.rawAck;
    columns.payload[i] = row.payload;
    columns.length[i] = row.length;
    columns.reset[i] = resets.get(row.packet) ?? -1;
    columns.window[i] = row.window;
    columns.flags[i] = row.flags;
    columns.ttl[i] = row.ttl;
    columns.from[i] = row.from === 'server' ? 1 : 0;
    const isIcmp = row.notes.startsWith('ICMP');
    columns.marks[i] = isIcmp ? MARK_ICMP : marksNamed(row.notes);
    if (row.flow !== flow) foreign.add(i);
    else if (!isIcmp && row.from !== 'none') base[row.from] = (row.rawSeq - row.seq) >>> 0;
  });
  return flowPackets(columns, {
    isTcp,
    ipVersion,
    baseSeq: base,
    windowShift: { client: null, server: null },
    foreign,
  });
}

/** @param endpoint as text, `[2001:db8::1]:443` where it is IPv6 */
export function ipVersionOf(endpoint: string): 4 | 6 {
  return endpoint.startsWith('[') ? 6 : 4;
}

export function sideOf(packets: FlowPackets, index: number): Side {
  return packets.columns.from[index] === 0 ? 'client' : 'server';
}

/** TTL that most packets of that side have where this one was captured; −1 where it has none. */
export function usualTtlOf(packets: FlowPackets, index: number): number {
  return packets.usualTtl[packets.courses?.first[index] ?? 0][sideOf(packets, index)];
}

/** First byte and one past the last, relative to the first seen of the side. */
export function seqRange({ columns, baseSeq }: FlowPackets, index: number): readonly [number, number] {
  const base = baseSeq[columns.from[index] === 0 ? 'client' : 'server'];
  const low = base === null ? columns.seq[index] : seqDelta(columns.seq[index], base);
  return [low, low + columns.payload[index]];
}

export function relativeAck({ columns, baseSeq }: FlowPackets, index: number): number {
  const base = baseSeq[columns.from[index] === 0 ? 'server' : 'client'];
  return base === null ? columns.ack[index] : seqDelta(columns.ack[index], base);
}

/** Window in bytes, scaled where that is known; a SYN's never is (RFC 7323 §2.2). */
export function windowOf({ columns, windowShift }: FlowPackets, index: number): number {
  const shift = windowShift[columns.from[index] === 0 ? 'client' : 'server'];
  const isSyn = (columns.flags[index] & SYN) !== 0;
  return columns.window[index] * (shift === null || isSyn ? 1 : 2 ** shift);
}

export function isIcmp({ columns }: FlowPackets, index: number): boolean {
  return (columns.marks[index] & MARK_ICMP) !== 0;
}
