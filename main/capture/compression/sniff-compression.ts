/** Tells how a file is compressed by its first bytes. */
import { readU32 } from '../../engine/read/bytes.ts';
import type { Compression } from '../chunk-source.ts';

/** First bytes of a file that `sniffCompression` looks at. */
export const COMPRESSION_SNIFF_BYTES = 4;

/**
 * Knows the magic numbers of RFC 1952 §2.3.1, RFC 8878 §3.1.1, lz4_Frame_format.md and APPNOTE.TXT. Names of files are no evidence:
 * tcpdump -z and people rename at will.
 */
export function sniffCompression(head: Uint8Array): Compression {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length < 4) return 'none';
  const magic = readU32(head, 0, false);
  if (magic === 0xfd2fb528) return 'zstd';
  if (magic === 0x184d2204) return 'lz4';
  if (magic === 0x04034b50) return 'zip';
  return 'none';
}
