import { promises, watch, type FSWatcher } from 'node:fs';
import { CaptureFileError, fileErrorOf } from './capture-file-error.ts';
import { openRegularFile, readFully, readPlainAt } from './capture-file.ts';
import type { ChunkHandler, ChunkSource } from './chunk-source.ts';
import { COMPRESSION_SNIFF_BYTES, sniffCompression } from './compression/sniff-compression.ts';
import type { OpenFile } from './open-file.ts';

/** How long growth can go unnoticed where the file system does not tell (network shares, containers). */
const POLL_MS = 250;

const BUFFER_BYTES = 1024 * 1024;

/**
 * Opens a file that another program is still writing. `read` hands on what is there and then waits for more;
 * it ends only by its signal, or with a 'read-error' when the file was cut or replaced by a new one. What
 * was handed on stays valid then. A half-written record at the end is simply not whole yet.
 * @throws CaptureFileError
 */
export async function followFile(path: string): Promise<ChunkSource> {
  const { handle, sizeBytes } = await openRegularFile(path);
  try {
    const compression = sniffCompression(await readFully(handle, 0, COMPRESSION_SNIFF_BYTES));
    if (compression !== 'none') {
      const message = `${path}: a ${compression} file cannot be followed while it is written; open it without following`;
      throw new CaptureFileError('cannot-follow', path, message);
    }
    return new FollowedFile(path, sizeBytes, handle);
  } catch (error) {
    await handle.close();
    throw fileErrorOf(error, path);
  }
}

class FollowedFile implements ChunkSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly compression = 'none';
  readonly #handle: OpenFile;

  constructor(path: string, sizeBytes: number, handle: OpenFile) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.#handle = handle;
  }

  async read(onChunk: ChunkHandler, signal: AbortSignal): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const growth = new GrowthBell(this.path, signal);
    let position = 0;
    try {
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
        signal.throwIfAborted();
        if (bytesRead > 0) {
          position += bytesRead;
          onChunk(buffer.subarray(0, bytesRead), position);
          continue;
        }
        await this.#checkSameFile(position);
        await growth.wait();
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw fileErrorOf(error, this.path);
    } finally {
      growth.dispose();
    }
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    return readPlainAt(this.#handle, this.path, offset, length);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** @throws CaptureFileError 'read-error' where this is no longer the file that is being written */
  async #checkSameFile(position: number): Promise<void> {
    const open = await this.#handle.stat();
    if (open.size < position) {
      const message = `${this.path}: the file was cut from ${position} to ${open.size} bytes while it was followed; what was read before is kept`;
      throw new CaptureFileError('read-error', this.path, message);
    }
    const named = await promises.stat(this.path).catch(() => undefined);
    // A file that was removed or moved may still be written to, until another one takes its name.
    if (named === undefined || (named.ino === open.ino && named.dev === open.dev)) return;
    if (open.size > position) return;
    const message = `${this.path}: another file has taken this name (the capture was rotated); following ends, what was read is kept`;
    throw new CaptureFileError('read-error', this.path, message);
  }
}

/** Rings when the file may have grown: told by the file system, or after `POLL_MS`, or by the signal. */
class GrowthBell {
  readonly #signal: AbortSignal;
  readonly #watcher: FSWatcher | undefined;
  #ring: () => void = () => {};
  #rung = false;

  constructor(path: string, signal: AbortSignal) {
    this.#signal = signal;
    this.#watcher = watchIfPossible(path, this.#onChange);
    signal.addEventListener('abort', this.#onChange);
  }

  async wait(): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return;
    }
    let timer: NodeJS.Timeout | undefined = undefined;
    await new Promise<void>((resolve) => {
      this.#ring = resolve;
      timer = setTimeout(resolve, POLL_MS);
    });
    clearTimeout(timer);
    this.#ring = () => {};
    this.#rung = false;
  }

  dispose(): void {
    this.#watcher?.close();
    this.#signal.removeEventListener('abort', this.#onChange);
  }

  readonly #onChange = (): void => {
    this.#rung = true;
    this.#ring();
  };
}

/** Where watching fails (too many watches, strange file systems), polling alone has to do. */
function watchIfPossible(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
