/**
 * Where the packet index puts chunks that it has no memory for: a file of ours, which the host opens and nobody else sees.
 *
 * Invariant: what was written is never changed, so that a chunk which comes back and goes again is not written again.
 */
import { ChunkDetails } from './chunk-details.ts';
import { type ChunkPlace, PacketChunk } from './packet-chunk.ts';

/** The engine knows no files: what a host has to offer instead. */
export interface SpillFile {
  /** @returns false where there is no room; what was written of it does not matter then */
  write(bytes: Uint8Array, position: number): boolean;
  /** Fills `into`. Throws where the bytes are not to be had. */
  read(into: Uint8Array, position: number): void;
}

/** Details are written in multiples of it, so that their places fit each other when they are used again. */
const GRAIN = 16 * 1024;

/** A chunk in the file. */
export interface SpilledChunk {
  readonly used: number;
  readonly rows: number;
  readonly hasDigests: boolean;
  readonly columnsAt: number;
  readonly columnsBytes: number;
  readonly detailsAt: number;
  readonly detailsBytes: number;
}

/** All captures of a process share one. */
export class ChunkSpill {
  readonly #file: SpillFile;
  readonly #place = new SpillPlaces();

  constructor(file: SpillFile) {
    this.#file = file;
  }

  /** Writes a chunk that is packed; undefined where there is no room. */
  write(chunk: PacketChunk): SpilledChunk | undefined {
    const { buffer, details, used, rows, hasDigests } = chunk;
    const { memory } = details;
    const spilled: SpilledChunk = {
      used,
      rows,
      hasDigests,
      columnsAt: this.#place.take(buffer.byteLength),
      columnsBytes: buffer.byteLength,
      detailsAt: this.#place.take(memory.byteLength),
      detailsBytes: memory.byteLength,
    };
    const isWritten =
      this.#file.write(new Uint8Array(buffer), spilled.columnsAt) &&
      this.#file.write(new Uint8Array(memory), spilled.detailsAt);
    if (isWritten) return spilled;
    this.forget(spilled);
    return undefined;
  }

  /** Into memory that nobody had before: who still holds another chunk goes on seeing that one's rows. */
  read(place: ChunkPlace, spilled: SpilledChunk): PacketChunk {
    // Not shared, so that the collector knows of it: it is to be let go soon.
    const buffer = new ArrayBuffer(spilled.columnsBytes);
    const memory = new ArrayBuffer(spilled.detailsBytes);
    this.#file.read(new Uint8Array(buffer), spilled.columnsAt);
    this.#file.read(new Uint8Array(memory), spilled.detailsAt);
    const { rows, hasDigests, used } = spilled;
    const chunk = new PacketChunk(place, rows, hasDigests, buffer, ChunkDetails.of(memory));
    chunk.used = used;
    return chunk;
  }

  /** Its place may be written over. */
  forget({ columnsAt, columnsBytes, detailsAt, detailsBytes }: SpilledChunk): void {
    this.#place.giveBack(columnsAt, columnsBytes);
    this.#place.giveBack(detailsAt, detailsBytes);
  }
}

/** Parts of the file: those that were given back are taken again by what is as large. */
class SpillPlaces {
  #end = 0;
  readonly #free = new Map<number, number[]>();

  take(bytes: number): number {
    const size = sizeOf(bytes);
    const again = this.#free.get(size)?.pop();
    if (again !== undefined) return again;
    this.#end += size;
    return this.#end - size;
  }

  giveBack(position: number, bytes: number): void {
    const size = sizeOf(bytes);
    const positions = this.#free.get(size);
    if (positions === undefined) this.#free.set(size, [position]);
    else positions.push(position);
  }
}

function sizeOf(bytes: number): number {
  return Math.ceil(bytes / GRAIN) * GRAIN;
}
