/** Reads a file front to back in big pieces, the next ones being read while the current one is in use. */
import { COPY_OFFSET_BYTES } from './copy-offset.ts';
import type { ReadsAt } from './open-file.ts';

export interface RawChunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Uint8Array;
  /** Position in the file behind `bytes`. */
  readonly end: number;
}

export interface RawChunkOptions {
  readonly bufferBytes: number;
  /** One buffer is in use, the others are being filled; at least 2. */
  readonly buffers: number;
}

type Filled = { readonly bytes: Uint8Array; readonly position: number; readonly error: unknown };

/** @throws what the file system reports, after the chunks before it were given */
export async function* rawChunks(
  handle: ReadsAt,
  { bufferBytes, buffers }: RawChunkOptions,
): AsyncGenerator<RawChunk, void, undefined> {
  // Invariant: buffer k is filled with bytes from a multiple of bufferBytes on and belongs to one read only.
  const inFlight: Promise<Filled>[] = [];
  let position = 0;
  const startRead = (buffer: Uint8Array) => {
    inFlight.push(fill(handle, buffer, position));
    position += bufferBytes;
  };
  try {
    for (let i = 0; i < buffers; i++) startRead(bufferOver(new ArrayBuffer(COPY_OFFSET_BYTES + bufferBytes)));
    for (;;) {
      const filled = await (inFlight.shift() as Promise<Filled>);
      const { bytes } = filled;
      if (bytes.length > 0) yield { bytes, end: filled.position + bytes.length };
      if (filled.error !== undefined) throw filled.error;
      if (bytes.length < bufferBytes) return;
      startRead(bufferOver(bytes.buffer));
    }
  } finally {
    // The handle may be closed once this generator is done: no read may still run on it.
    await Promise.all(inFlight);
  }
}

function bufferOver(memory: ArrayBufferLike): Uint8Array {
  return new Uint8Array(memory, COPY_OFFSET_BYTES);
}

/** Never rejects: the bytes that came before an error are not lost, and no rejection goes unheard. */
async function fill(handle: ReadsAt, buffer: Uint8Array, position: number): Promise<Filled> {
  let length = 0;
  let error: unknown = undefined;
  try {
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, position + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
  } catch (caught) {
    error = caught;
  }
  return { bytes: buffer.subarray(0, length), position, error };
}
