/**
 * Packets, retransmissions, resets and failures over time. Packets are counted in one pass over three columns of the index, chunk by
 * chunk, so that others get their turn in between; nothing is kept, for a pass over five million costs less than a blink.
 */
import type { Buckets } from '../../../shared/format/buckets.ts';
import { bucketsOver } from '../../../shared/format/buckets.ts';
import type { Timeline, TimelineCount } from '../../../shared/model/timeline.ts';
import { TIMELINE_COUNTS } from '../../../shared/model/timeline.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import { overTime } from '../findings/over-time.ts';
import { MARK_ANY_RETRANSMISSION } from '../flow/marks.ts';
import type { PacketChunk, PacketIndex } from '../store/packet-index.ts';
import { chunkOf } from '../store/packet-index.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import type { Breathe } from './ordering.ts';
import type { ResetView } from './reset-view.ts';

const SINGLE_NS = 1e9;

export interface TimelineStores {
  readonly packets: PacketIndex;
  readonly resetView: ResetView;
  readonly verdicts: VerdictColumns;
  readonly revision: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

/** The packets that pass, as a bit for each row of a chunk (select/packet-set.ts). */
export interface PassingPackets {
  chunk(index: number): Uint32Array | undefined;
}

/** What is counted beside packets: those that pass the list's filter. */
export interface TimelineMarks {
  /** Packets; left out where all pass. */
  readonly packets?: PassingPackets | undefined;
  /** Judged resets. */
  readonly resets: Uint32Array;
  /** Moments of the failures, nanoseconds. */
  readonly failures: Iterable<number>;
}

/** @param fromNs, toNs the part that is looked at; null for the first or the last packet */
export async function countTimeline(
  stores: TimelineStores,
  marks: TimelineMarks,
  fromNs: number | null,
  toNs: number | null,
  most: number,
  breathe: Breathe,
): Promise<Timeline> {
  const { packets, resetView, verdicts, revision, firstNs, lastNs } = stores;
  // Of a capture without a span, a second around its packet.
  const margin = lastNs === firstNs ? SINGLE_NS / 2 : 0;
  const from = fromNs ?? firstNs - margin;
  const to = Math.max(from, toNs ?? lastNs + margin);
  // Bars are aligned to the first packet, the zero of relative times.
  const bars = bucketsOver(from - firstNs, to - firstNs, most);
  const counts = Object.fromEntries(
    TIMELINE_COUNTS.map((name) => [name, new Float64Array(bars.count)]),
  ) as Record<TimelineCount, Float64Array>;

  for (let index = chunkOf(packets.oldest); index < packets.chunkCount; index++) {
    // One may be let go while others have their turn.
    if (packets.holdsChunk(index)) {
      const passing = marks.packets === undefined ? 'all' : marks.packets.chunk(index);
      countChunk(packets.chunkAt(index), passing, bars, firstNs, counts);
    }
    await breathe();
  }

  const add = (name: TimelineCount, ns: number, count: number): void => {
    const bar = Math.floor((ns - firstNs - bars.fromNs) / bars.widthNs);
    if (bar >= 0 && bar < bars.count) counts[name][bar] += count;
  };
  for (const id of marks.resets) {
    const times = resetView.has(id) ? resetView.times(id) : 0;
    if (times === 0) continue;
    const kind = ORIGIN_KINDS[verdicts.kind[verdicts.at(id)]];
    overTime(resetView.time(id), resetView.lastTime(id), times, (ns, share) => {
      add(kind, ns, share);
    });
  }
  for (const ns of marks.failures) add('failures', ns, 1);
  return {
    revision,
    firstNs,
    lastNs,
    fromNs: firstNs + bars.fromNs,
    widthNs: bars.widthNs,
    ...(Object.fromEntries(TIMELINE_COUNTS.map((name) => [name, Array.from(counts[name])])) as Record<
      TimelineCount,
      number[]
    >),
  };
}

function countChunk(
  chunk: PacketChunk,
  passing: Uint32Array | 'all' | undefined,
  bars: Buckets,
  firstNs: number,
  counts: Record<TimelineCount, Float64Array>,
): void {
  const { marks } = chunk;
  const { packets, bytes, retransmissions } = counts;
  const { count, widthNs } = bars;
  const startNs = firstNs + bars.fromNs;
  // Packets come nearly in the order of time, so that a bar is looked for only where the one before does not hold.
  let bar = -1;
  let barFrom = 0;
  let barTo = 0;
  let inBar = 0;
  let bytesInBar = 0;
  let againInBar = 0;
  let passingInBar = 0;
  const close = (): void => {
    if (bar < 0 || bar >= count) return;
    packets[bar] += inBar;
    counts.passing[bar] += passing === 'all' ? inBar : passingInBar;
    bytes[bar] += bytesInBar;
    retransmissions[bar] += againInBar;
  };
  const bits = passing === 'all' ? undefined : passing;
  for (let row = 0; row < chunk.used; row++) {
    const ns = chunk.timeAt(row);
    if (ns < barFrom || ns >= barTo) {
      close();
      bar = Math.floor((ns - startNs) / widthNs);
      barFrom = startNs + bar * widthNs;
      barTo = barFrom + widthNs;
      inBar = 0;
      bytesInBar = 0;
      againInBar = 0;
      passingInBar = 0;
    }
    inBar++;
    if (bits !== undefined) passingInBar += (bits[row >>> 5] >>> (row & 31)) & 1;
    bytesInBar += chunk.wireAt(row);
    if ((marks[row] & MARK_ANY_RETRANSMISSION) !== 0) againInBar++;
  }
  close();
}
