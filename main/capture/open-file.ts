/**
 * A file that is open for reading, as FileHandle of node:fs/promises is: without the streams that Node loads together with that, which take it
 * as long as reading a small capture.
 *
 * Invariant: a descriptor is closed when no read runs on it, and not used after that: its number may be another file's by then.
 */
import { close, fstat, open, read, type Stats } from 'node:fs';

/** What reads at a position; a FileHandle does as well. */
export interface ReadsAt {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

export class OpenFile implements ReadsAt {
  readonly #descriptor: number;
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** @param flags as of open(2) @throws what the file system reports */
  static async open(path: string, flags: number): Promise<OpenFile> {
    return new OpenFile(await called<number>((done) => open(path, flags, done)));
  }

  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }> {
    return this.#run<{ bytesRead: number }>((done) =>
      read(this.#descriptor, buffer, offset, length, position, (error, bytesRead) =>
        done(error, { bytesRead }),
      ),
    );
  }

  stat(): Promise<Stats> {
    return this.#run<Stats>((done) => fstat(this.#descriptor, done));
  }

  /** May be called more than once. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAfterReads();
    return this.#closed;
  }

  async #closeAfterReads(): Promise<void> {
    await Promise.allSettled(this.#running);
    await called<void>((done) => close(this.#descriptor, (error) => done(error, undefined)));
  }

  async #run<T>(start: (done: Done<T>) => void): Promise<T> {
    if (this.#closed !== undefined)
      throw Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' });
    const running = called(start);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

type Done<T> = (error: Error | null, value: T) => void;

function called<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
