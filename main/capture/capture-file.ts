import { constants } from 'node:fs';
import { errorText } from '../../shared/format/error.ts';
import { CaptureFileError, fileErrorOf, isCaptureFileError } from './capture-file-error.ts';
import { checkReadAt, type ChunkHandler, type ChunkSource, type Compression } from './chunk-source.ts';
import { UnreadArchiveError } from './compression/decompressor.ts';
import { COMPRESSION_SNIFF_BYTES, sniffCompression } from './compression/sniff-compression.ts';
import { OpenFile, type ReadsAt } from './open-file.ts';
import { PagedReader } from './paged-reader.ts';
import { rawChunks, type RawChunk, type RawChunkOptions } from './raw-chunks.ts';

export { CaptureFileError, isCaptureFileError } from './capture-file-error.ts';
export type { ChunkSource } from './chunk-source.ts';

/** Measured: less than 1 MiB costs throughput, more than 4 MiB falls out of the processor's caches. */
const STREAMING: RawChunkOptions = { bufferBytes: 2 * 1024 * 1024, buffers: 3 };

/** One buffer of a compressed file goes a long way, and cancelling should not wait for it. */
const STREAMING_COMPRESSED: RawChunkOptions = { bufferBytes: 256 * 1024, buffers: 3 };

/** Of buffers for small files. */
const LEAST_BUFFER_BYTES = 4096;

const RANDOM_ACCESS: RawChunkOptions = { bufferBytes: 256 * 1024, buffers: 2 };

/** Opens a capture file, compressed or not; refuses pipes and devices, which cannot be read twice. @throws CaptureFileError */
export async function openCaptureFile(path: string): Promise<ChunkSource> {
  const { handle, sizeBytes } = await openRegularFile(path);
  try {
    const head = new Uint8Array(COMPRESSION_SNIFF_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const compression = sniffCompression(head.subarray(0, bytesRead));
    if (compression === 'none') return new PlainFile(path, sizeBytes, handle);
    return new CompressedFile(path, sizeBytes, compression, handle);
  } catch (error) {
    await handle.close();
    throw fileErrorOf(error, path);
  }
}

/** Opens what is neither a directory nor a pipe or device; the caller closes the handle. @throws CaptureFileError */
export async function openRegularFile(path: string): Promise<{ handle: OpenFile; sizeBytes: number }> {
  let handle: OpenFile | undefined = undefined;
  try {
    // Opening a pipe waits for its writer unless O_NONBLOCK is given, which means nothing for files.
    handle = await OpenFile.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (stats.isDirectory()) {
      throw new CaptureFileError('is-directory', path, `${path}: this is a directory, not a file`);
    }
    if (!stats.isFile()) {
      const message = `${path}: this is a pipe or device, not a file; save the capture to a file first`;
      throw new CaptureFileError('not-a-file', path, message);
    }
    return { handle, sizeBytes: stats.size };
  } catch (error) {
    await handle?.close();
    throw fileErrorOf(error, path);
  }
}

/** Reads `length` bytes from `offset` on; fewer where the file ends. @throws what the file system reports */
export async function readFully(handle: ReadsAt, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) return bytes.slice(0, done);
    done += bytesRead;
  }
  return bytes;
}

/** `ChunkSource.readAt` of a file that is not compressed. */
export async function readPlainAt(
  handle: ReadsAt,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  checkReadAt(offset, length);
  try {
    return await readFully(handle, offset, length);
  } catch (error) {
    throw fileErrorOf(error, path);
  }
}

/** Buffers no larger than a small file: thousands of them may be opened, and what is not used is not free at once. */
function forSize({ bufferBytes, buffers }: RawChunkOptions, sizeBytes: number): RawChunkOptions {
  // One byte more than the file, so that the first read shows its end.
  return sizeBytes < bufferBytes
    ? { bufferBytes: Math.max(LEAST_BUFFER_BYTES, sizeBytes + 1), buffers: 2 }
    : { bufferBytes, buffers };
}

class PlainFile implements ChunkSource {
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
    for await (const { bytes, end } of withFileErrors(
      rawChunks(this.#handle, forSize(STREAMING, this.sizeBytes)),
      this.path,
    )) {
      signal.throwIfAborted();
      onChunk(bytes, end);
    }
    signal.throwIfAborted();
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    return readPlainAt(this.#handle, this.path, offset, length);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

class CompressedFile implements ChunkSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly compression: Exclude<Compression, 'none'>;
  readonly #handle: OpenFile;
  readonly #random: PagedReader;

  constructor(path: string, sizeBytes: number, compression: Exclude<Compression, 'none'>, handle: OpenFile) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.compression = compression;
    this.#handle = handle;
    this.#random = new PagedReader(() => untilDamage(this.#plainChunks(RANDOM_ACCESS)));
  }

  async read(onChunk: ChunkHandler, signal: AbortSignal): Promise<void> {
    const progress = { consumed: 0 };
    for await (const chunk of this.#plainChunks(STREAMING_COMPRESSED, progress)) {
      signal.throwIfAborted();
      onChunk(chunk, progress.consumed);
    }
    signal.throwIfAborted();
  }

  async readAt(offset: number, length: number): Promise<Uint8Array> {
    checkReadAt(offset, length);
    return this.#random.read(offset, length);
  }

  async close(): Promise<void> {
    await this.#random.close();
    await this.#handle.close();
  }

  /** @param progress is kept up to date with the bytes on disk that were put into the decompressor */
  async *#plainChunks(
    options: RawChunkOptions,
    progress = { consumed: 0 },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    // Most files are not compressed, and load none of this.
    const { createDecompressor } = await import('./compression/create-decompressor.ts');
    const decompressor = createDecompressor(this.compression);
    try {
      for await (const { bytes, end } of withFileErrors(
        rawChunks(this.#handle, forSize(options, this.sizeBytes)),
        this.path,
      )) {
        progress.consumed = end;
        yield* decompressor.push(bytes);
      }
      yield* decompressor.finish();
    } catch (error) {
      if (error instanceof CaptureFileError) throw error;
      throw this.#compressionError(error);
    } finally {
      decompressor.dispose();
    }
  }

  #compressionError(error: unknown): CaptureFileError {
    if (error instanceof UnreadArchiveError) {
      return new CaptureFileError('compression', this.path, `${this.path}: ${error.message}`, error);
    }
    const message = `${this.path}: the ${this.compression} data is damaged or cut short (${errorText(error)}); what comes before was read`;
    return new CaptureFileError('compression', this.path, message, error);
  }
}

/** Ends a damaged stream at the damage, for random access: `CompressedFile.read` has told of it. */
async function* untilDamage(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    if (!isCaptureFileError(error) || error.code !== 'compression') throw error;
  }
}

async function* withFileErrors(
  chunks: AsyncGenerator<RawChunk, void, undefined>,
  path: string,
): AsyncGenerator<RawChunk, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw fileErrorOf(error, path);
  }
}
