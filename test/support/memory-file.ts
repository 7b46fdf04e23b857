/** A file for what does not fit memory, in memory, with room for so many bytes. */
import type { SpillFile } from '../../main/engine/spill-space.ts';

export class MemoryFile implements SpillFile {
  readonly room: number;
  writes = 0;
  /** Nothing can be read while it is true. */
  isLost = false;
  #bytes = new Uint8Array(1024);

  constructor(room = Infinity) {
    this.room = room;
  }

  get length(): number {
    return this.#bytes.length;
  }

  write(bytes: Uint8Array, position: number): boolean {
    const end = position + bytes.length;
    if (end > this.room) return false;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, position);
    this.writes++;
    return true;
  }

  read(into: Uint8Array, position: number): void {
    if (this.isLost) throw new Error('EIO: i/o error, read');
    into.set(this.#bytes.subarray(position, position + into.length));
  }
}
