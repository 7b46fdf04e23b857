/**
 * Resets, flows and failures that pass a filter: those with a packet that does, at whichever capture point. Of what an endless capture has let go the packets
 * of, its row answers instead.
 */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { failureValues, resetValues } from '../../../shared/filter/rows.ts';
import type { Breathe } from '../answers/ordering.ts';
import { CHUNK_PACKETS, NO_FLOW, chunkOf } from '../store/packet-index.ts';
import type { Selection } from './selection.ts';
import type { SelectStores } from './stores.ts';

/** Resets looked at between two breaths. */
const SLICE = 16_384;

/** The packets whose answers decide on resets, ascending. Those of a burst lie between those of others. */
export function packetsOfResets({ resets, packets, join }: SelectStores, ids: Uint32Array): Uint32Array {
  const found: number[] = [];
  for (const id of ids) {
    if (id < resets.first) continue;
    for (const record of join.records(id))
      for (const packet of resets.packets(record))
        if (packets.holds(packet as PacketNumber)) found.push(packet);
  }
  return Uint32Array.from(found).sort();
}

/** The packets whose answers decide on failures, ascending: all of the flows that failed. */
export async function packetsOfFailures(
  { packets, flows }: SelectStores,
  ids: Iterable<FlowId>,
  breathe: Breathe,
): Promise<Uint32Array> {
  const hasFailed = new Uint8Array(flows.records);
  for (const id of ids) {
    const flow = flows.flowOf(id);
    if (flow >= 0) hasFailed[flow] = 1;
  }
  const found: number[] = [];
  for (let index = chunkOf(packets.oldest); index < packets.chunkCount; index++) {
    // One may be let go between two breaths.
    if (!packets.holdsChunk(index)) continue;
    const { flow, used } = packets.chunkAt(index);
    for (let row = 0; row < used; row++) {
      const at = flow[row] >>> 1;
      if (at < hasFailed.length && hasFailed[at] === 1) found.push(index * CHUNK_PACKETS + row);
    }
    await breathe();
  }
  return Uint32Array.from(found);
}

/** @param ids in capture order */
export async function passingResets(
  stores: SelectStores,
  selection: Selection,
  ids: Uint32Array,
  breathe: Breathe,
): Promise<Uint32Array> {
  const { resets, packets, join } = stores;
  const { yes } = selection;
  const passing = new Uint32Array(ids.length);
  let count = 0;
  for (let i = 0; i < ids.length; i++) {
    if (i % SLICE === SLICE - 1) await breathe();
    const id = ids[i];
    if (!stores.hasReset(id)) continue;
    const isHere = id >= resets.first && packets.holds(resets.packet(id));
    const passes = isHere
      ? join
          .records(id)
          .some((record) => resets.packets(record).some((packet) => yes.has(packet as PacketNumber)))
      : selection.test(resetValues(stores.resetRow(id)));
    if (passes) passing[count++] = id;
  }
  return passing.slice(0, count);
}

/** Records, ascending. */
export async function passingFlows(
  stores: SelectStores,
  selection: Selection,
  breathe: Breathe,
): Promise<Uint32Array> {
  const { flows } = stores;
  const passes = await flowsOfPackets(stores, selection, breathe);
  const records = new Uint32Array(passes.length);
  let count = 0;
  for (let flow = 0 as FlowRecord; flow < passes.length; flow++) {
    if (passes[flow] === 1 && flows.isLive(flow)) records[count++] = flow;
  }
  return records.slice(0, count);
}

/** Ids of flows, in the order of the rows. */
export async function passingFailures(
  stores: SelectStores,
  selection: Selection,
  rows: readonly FailureRow[],
  breathe: Breathe,
): Promise<Uint32Array> {
  const { flows } = stores;
  const passes = await flowsOfPackets(stores, selection, breathe);
  const known = new Map<FlowId, boolean>();
  for (let flow = 0 as FlowRecord; flow < passes.length; flow++) {
    if (flows.isLive(flow)) known.set(flows.id(flow), passes[flow] === 1);
  }
  const isIn = (row: FailureRow): boolean =>
    known.get(row.id as FlowId) ?? selection.test(failureValues(row));
  return Uint32Array.from(rows.filter(isIn), ({ id }) => id);
}

/** By flow: 1 where a packet of it passes. */
async function flowsOfPackets(
  { packets, flows }: SelectStores,
  selection: Selection,
  breathe: Breathe,
): Promise<Uint8Array> {
  const passes = new Uint8Array(flows.records);
  for (let index = 0; index < packets.chunkCount; index++) {
    const bits = selection.yes.chunk(index);
    if (bits === undefined || !packets.holdsChunk(index)) continue;
    const { flow } = packets.chunkAt(index);
    for (let i = 0; i < bits.length; i++) {
      for (let word = bits[i]; word !== 0; word &= word - 1) {
        const at = flow[32 * i + 31 - Math.clz32(word & -word)] >>> 1;
        if (at !== NO_FLOW) passes[at] = 1;
      }
    }
    await breathe();
  }
  return passes;
}
