import { createGunzip } from 'node:zlib';
import type { Compression } from './chunk-source.ts';
import { Lz4FrameDecoder } from './lz4-frame.ts';
import { ZlibDecompressor } from './zlib-decompressor.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

/** Turns compressed pieces of any size into plain ones, in bounded memory. */
export interface Decompressor {
  /** Gives what the bytes, which are not kept, led to. Chunks are valid until the next one is asked for. */
  push(compressed: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** No more comes. @throws where the data is cut short */
  finish(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Lets go of what is held outside the heap. May be called at any time. */
  dispose(): void;
}

/** Bytes of a file's begin that `sniffCompression` looks at. */
export const COMPRESSION_SNIFF_BYTES = 4;

/** Names are no evidence: tcpdump -z and people rename at will. */
export function sniffCompression(head: Uint8Array): Compression {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length < 4) return 'none';
  const magic = (head[0] | (head[1] << 8) | (head[2] << 16) | (head[3] << 24)) >>> 0;
  if (magic === 0xfd2fb528) return 'zstd';
  if (magic === 0x184d2204) return 'lz4';
  return 'none';
}

/** Output of one call into zlib. What a damaged call had put out is lost, so it is kept small. */
const CHUNK_BYTES = 128 * 1024;

export function createDecompressor(compression: Exclude<Compression, 'none'>): Decompressor {
  switch (compression) {
    case 'gzip':
      return new ZlibDecompressor(createGunzip({ chunkSize: CHUNK_BYTES }));
    case 'zstd':
      return new ZstdDecoder();
    case 'lz4':
      return new Lz4FrameDecoder();
  }
}
