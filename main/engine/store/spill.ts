/**
 * Chunks of the packet index that there is no memory for, in the file for such things.
 *
 * Invariant: what was written is never changed, so that a chunk which comes back and goes again is not written again.
 */
import type { SpillPlace, SpillSpace } from '../spill-space.ts';
import { ChunkDetails } from './chunk-details.ts';
import { type ChunkPlace, PacketChunk } from './packet-chunk.ts';

/** A chunk in the file. */
export interface SpilledChunk {
  readonly used: number;
  readonly rows: number;
  readonly hasDigests: boolean;
  readonly columns: SpillPlace;
  readonly details: SpillPlace;
}

/** Writes a chunk that is packed; undefined where there is no room. */
export function putChunk(space: SpillSpace, chunk: PacketChunk): SpilledChunk | undefined {
  const { used, rows, hasDigests } = chunk;
  const columns = space.put(new Uint8Array(chunk.buffer));
  if (columns === undefined) return undefined;
  const details = space.put(new Uint8Array(chunk.details.memory));
  if (details !== undefined) return { used, rows, hasDigests, columns, details };
  space.forget(columns);
  return undefined;
}

/** Into memory that nobody had before: who still holds another chunk goes on seeing that one's rows. */
export function readChunk(space: SpillSpace, place: ChunkPlace, spilled: SpilledChunk): PacketChunk {
  // Not shared, so that the collector knows of it: it is to be let go soon.
  const buffer = new ArrayBuffer(spilled.columns.bytes);
  const memory = new ArrayBuffer(spilled.details.bytes);
  space.read(spilled.columns, new Uint8Array(buffer));
  space.read(spilled.details, new Uint8Array(memory));
  const { rows, hasDigests, used } = spilled;
  const chunk = new PacketChunk(place, rows, hasDigests, buffer, ChunkDetails.of(memory));
  chunk.used = used;
  return chunk;
}

/** Its place may be written over. */
export function forgetChunk(space: SpillSpace, { columns, details }: SpilledChunk): void {
  space.forget(columns);
  space.forget(details);
}
