/** Tells how a file is compressed by its first bytes. */
import type { Compression } from '../chunk-source.ts';

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
