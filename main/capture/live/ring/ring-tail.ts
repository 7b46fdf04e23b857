/**
 * Reads what a recorder writes, file after file, as it comes to the disk. The recorder's messages tell how far; it never
 * looks at the disk by itself, and never reads a block that is not whole.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { readFully } from '../../capture-file.ts';
import { CaptureFileError, fileErrorOf } from '../../capture-file-error.ts';
import type { ChunkSource } from '../../chunk-source.ts';
import { checkReadAt } from '../../chunk-source.ts';
import type { RingFileState } from './ring-writer.ts';

const READ_BYTES = 1024 * 1024;

export interface TailHandler {
  /** Reading of a file begins; the source is for looking at single packets again. */
  begin(file: RingFileState, source: ChunkSource): void;
  /** The next bytes, valid during the call. */
  chunk(bytes: Uint8Array): void;
  end(): void;
  /** The ring let go of the file before it was read. */
  lost(file: RingFileState): void;
}

export class RingTail {
  /** Files that are not read to their end yet, by number, oldest first. */
  readonly #files = new Map<number, RingFileState>();
  /** Files that the ring let go of before they were read. */
  readonly #gone = new Map<number, RingFileState>();
  /** Number of the last file that was read. */
  #readTo = 0;
  /** Bytes read of the oldest of `#files`. */
  #readBytes = 0;
  #isEnded = false;
  #isLeft = false;
  #wake: () => void = () => undefined;

  opened(file: RingFileState): void {
    this.written(file);
  }

  written(file: RingFileState): void {
    if (this.#isLeft) return;
    this.#files.set(file.number, file);
    this.#wake();
  }

  gone(file: RingFileState): void {
    if (this.#isLeft) return;
    if (file.number > this.#readTo) this.#gone.set(file.number, file);
    this.#wake();
  }

  /** Nobody reads while it is written: from now on nothing is noted. */
  leave(): void {
    this.#isLeft = true;
  }

  /** Nothing more will be written. */
  ended(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Bytes that are written, but not read yet. */
  get lagBytes(): number {
    let bytes = 0;
    for (const file of this.#files.values()) bytes += file.bytes;
    return bytes - this.#readBytes;
  }

  /** Reads until the end of all files, or until the signal comes. @throws CaptureFileError where a file cannot be read */
  async follow(handler: TailHandler, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort, { once: true });
    const buffer = new Uint8Array(READ_BYTES);
    try {
      for (let number = 1; !signal.aborted; number++) {
        while (!this.#files.has(number) && !this.#isEnded && !signal.aborted) await this.#sleep();
        const file = this.#files.get(number);
        if (file === undefined) return;
        if (this.#gone.has(number)) handler.lost(this.#gone.get(number) as RingFileState);
        else await this.#read(file, buffer, handler, signal);
        this.#files.delete(number);
        this.#gone.delete(number);
        this.#readBytes = 0;
        this.#readTo = number;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #read(
    file: RingFileState,
    buffer: Uint8Array,
    handler: TailHandler,
    signal: AbortSignal,
  ): Promise<void> {
    const { number, path } = file;
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileErrorOf(error, path);
      // What was told of it may lag behind the disk; how much is lost is known once no more can be told.
      while (!this.#isWhole(number) && !signal.aborted) await this.#sleep();
      handler.lost(this.#gone.get(number) ?? this.#files.get(number) ?? file);
      return;
    }
    handler.begin(file, new RingFileSource(path));
    try {
      while (!signal.aborted) {
        const known = (this.#files.get(number) as RingFileState).bytes;
        if (this.#readBytes < known) {
          const want = Math.min(buffer.length, known - this.#readBytes);
          const { bytesRead } = await handle.read(buffer, 0, want, this.#readBytes);
          if (bytesRead === 0) break; // cut from outside
          this.#readBytes += bytesRead;
          handler.chunk(buffer.subarray(0, bytesRead));
        } else if (this.#isWhole(number)) {
          break;
        } else {
          await this.#sleep();
        }
      }
    } catch (error) {
      throw fileErrorOf(error, path);
    } finally {
      await handle.close();
      handler.end();
    }
  }

  /** Nothing more is told of the file but that it is gone. */
  #isWhole(number: number): boolean {
    return this.#files.has(number + 1) || this.#gone.has(number) || this.#isEnded;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

/** A file of the ring that was read; packets of it can be looked at until the ring lets go of it. */
class RingFileSource implements ChunkSource {
  readonly path: string;
  readonly sizeBytes = 0;
  readonly compression = 'none';

  constructor(path: string) {
    this.path = path;
  }

  read(): Promise<void> {
    return Promise.reject(new Error('a file of the ring is read by its tail'));
  }

  /** Opens it each time: a file that is kept open would keep its place on the disk when the ring deletes it. */
  async readAt(offset: number, length: number): Promise<Uint8Array> {
    checkReadAt(offset, length);
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.path, 'r');
      return await readFully(handle, offset, length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        const message = `${this.path}: the ring let go of this file, its bytes are gone`;
        throw new CaptureFileError('not-found', this.path, message, error);
      }
      throw fileErrorOf(error, this.path);
    } finally {
      await handle?.close();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
