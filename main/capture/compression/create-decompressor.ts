/** The decompressors by the names of their formats. */
import { createGunzip } from 'node:zlib';
import type { Compression } from '../chunk-source.ts';
import type { Decompressor } from './decompressor.ts';
import { Lz4FrameDecoder } from './lz4-frame.ts';
import { ZipDecoder } from './zip-decoder.ts';
import { ZlibDecompressor } from './zlib-decompressor.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

/** Output of one call into zlib. A call that meets damage loses all that it had put out, so it is kept small. */
const CHUNK_BYTES = 128 * 1024;

export function createDecompressor(compression: Exclude<Compression, 'none'>): Decompressor {
  switch (compression) {
    case 'gzip':
      return new ZlibDecompressor(createGunzip({ chunkSize: CHUNK_BYTES }));
    case 'zstd':
      return new ZstdDecoder();
    case 'lz4':
      return new Lz4FrameDecoder();
    case 'zip':
      return new ZipDecoder();
  }
}
