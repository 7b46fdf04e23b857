/**
 * A file of ours for what captures leave no memory for, which the host opens and nobody else sees. Whoever puts something there has
 * it in memory until that was said to be written.
 */

/** The engine knows no files: what a host has to offer instead. */
export interface SpillFile {
  /** @returns false where there is no room; what was written of it does not matter then */
  write(bytes: Uint8Array, position: number): boolean;
  /** Fills `into`. Throws where the bytes are not to be had. */
  read(into: Uint8Array, position: number): void;
}

/** Room is taken in multiples of it, so that places fit others when they are used again. */
const GRAIN = 16 * 1024;

/** Bytes in the file. */
export interface SpillPlace {
  readonly position: number;
  readonly bytes: number;
}

/** What is put aside cannot be had again: whoever wanted it gets no answer, and all else goes on. */
export class SpillLost extends Error {
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`what did not fit memory cannot be read again from the disk: ${why}`, { cause });
    this.name = 'SpillLost';
  }
}

/** All captures of a process share one. */
export class SpillSpace {
  readonly #file: SpillFile;
  #end = 0;
  /** Places that were given back, by their size: they are taken again by what is as large. */
  readonly #free = new Map<number, number[]>();

  constructor(file: SpillFile) {
    this.#file = file;
  }

  /** Undefined where there is no room. */
  put(bytes: Uint8Array): SpillPlace | undefined {
    const place = { position: this.#take(bytes.length), bytes: bytes.length };
    if (this.putAgain(place, bytes)) return place;
    this.forget(place);
    return undefined;
  }

  /** Writes over what is there, with as many bytes. @returns false where that failed: then nothing is there any more */
  putAgain(place: SpillPlace, bytes: Uint8Array): boolean {
    return this.#file.write(bytes, place.position);
  }

  /** @throws SpillLost */
  read(place: SpillPlace, into: Uint8Array): void {
    try {
      this.#file.read(into, place.position);
    } catch (error) {
      throw new SpillLost(error);
    }
  }

  /** The place may be written over. */
  forget({ position, bytes }: SpillPlace): void {
    const size = sizeOf(bytes);
    const positions = this.#free.get(size);
    if (positions === undefined) this.#free.set(size, [position]);
    else positions.push(position);
  }

  #take(bytes: number): number {
    const size = sizeOf(bytes);
    const again = this.#free.get(size)?.pop();
    if (again !== undefined) return again;
    this.#end += size;
    return this.#end - size;
  }
}

function sizeOf(bytes: number): number {
  return Math.ceil(bytes / GRAIN) * GRAIN;
}
