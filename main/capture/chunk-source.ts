export type Compression = 'none' | 'gzip' | 'zstd' | 'lz4' | 'zip';

/**
 * Takes the next bytes of the (decompressed) file, which are only valid during the call.
 * @param consumedOnDisk bytes of the file on disk that led to them and to all before, for progress
 */
export type ChunkHandler = (chunk: Uint8Array, consumedOnDisk: number) => void;

/** A capture file as a stream of chunks, whatever it is compressed with. */
export interface ChunkSource {
  readonly path: string;
  /** Size on disk when it was opened, bytes. */
  readonly sizeBytes: number;
  readonly compression: Compression;
  /**
   * Hands on the whole file from its beginning. The handler runs while the next bytes are being read or inflated
   * by other threads. May be called more than once, one call after the other.
   *
   * @throws CaptureFileError 'read-error' or 'compression', after all that could be read was handed on
   * @throws the signal's reason, at the latest after the chunk in work, when it is aborted
   */
  read(onChunk: ChunkHandler, signal: AbortSignal): Promise<void>;
  /**
   * Bytes of the (decompressed) file for looking at single packets; fewer than `length` where the file ends.
   * In compressed files this may decode everything before them again, and where the compressed data is damaged
   * the file counts as ended.
   * @throws RangeError for more than 64 MiB at once, and for an offset or length that is no whole number from 0 on
   */
  readAt(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Longest piece that `readAt` gives at once: one pcapng block and its neighbourhood. */
const MAX_READ_AT_BYTES = 64 * 1024 * 1024;

/** @throws RangeError as `ChunkSource.readAt` promises */
export function checkReadAt(offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!whole || offset < 0 || length < 0 || length > MAX_READ_AT_BYTES) {
    throw new RangeError(`cannot read ${length} bytes at ${offset}`);
  }
}
