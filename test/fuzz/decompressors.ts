/** What must hold of the decompressors written in JavaScript, whatever bytes they are given. */
import { createHash } from 'node:crypto';
import type { Decompressor } from '../../main/capture/compression/decompressor.ts';
import { Lz4FrameDecoder } from '../../main/capture/compression/lz4-frame.ts';
import { ZstdDecoder } from '../../main/capture/compression/zstd-decoder.ts';
import type { FuzzTarget } from './fuzz-loop.ts';

/** Output is cut off here: damaged length fields may well describe gigabytes, which are only streamed. */
const MAX_OUTPUT_BYTES = 2 * 1024 * 1024;

/** More than any block of either format. */
const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/** What the corpus below decodes to. */
const PLAIN = (
  'resetscope '.repeat(30) +
  '0123456789'.repeat(5) +
  '\0'.repeat(200) +
  'RST, ACK from nobody knows where. '
).repeat(2);

/** `lz4 -9` and `lz4 -BX -BD -1 --content-size` */
const LZ4_CORPUS = [
  'BCJNGGRAp1IAAAC/cmVzZXRzY29wZSALAP8trzAxMjM0NTY3ODkKABUfAAEAtP8TUlNULCBBQ0sgZnJvbSBub2JvZHkga25vd3Mgd2hlcmUuIGYC//9QUGVyZS4gAAAAAPrOwHc=',
  'BCJNGHRAvWIAAAC/cmVzZXRzY29wZSALAP8trzAxMjM0NTY3ODkKABUfAAEAtP8SUlNULCBBQ0sgZnJvbSBub2JvZHkga25vd3Mgd2hlcmUuWwL/LgeaAw9cAhUGKAAPZQK0D2YCC1BlcmUuIBBsCfcAAAAA+s7Adw==',
];

/** `zstd -19` and `zstd -1 --no-check` */
const ZSTD_CORPUS = [
  'KLUv/QRobQIAdANyZXNldHNjb3BlIDAxMjM0NTY3ODkAUlNULCBBQ0sgZnJvbSBub2JvZHkga25vd3Mgd2hlcmUuBQAkaYQK0uNFqE98qbulRDxWixeBtsSK',
  'KLUv/QBIzQIAdANyZXNldHNjb3BlIDAxMjM0NTY3ODkAUlNULCBBQ0sgZnJvbSBub2JvZHkga25vd3Mgd2hlcmUuCgBphAOwwQ5QWGqDX6SA0IpBerwI9Yk46m4pEY/V4gU=',
];

function targetOf(name: string, corpus: readonly string[], create: () => SyncDecompressor): FuzzTarget {
  const inputs = corpus.map((text) => Uint8Array.from(Buffer.from(text, 'base64')));
  for (const input of inputs) {
    const decoded = decode(create(), input, () => input.length);
    if (decoded !== outcome(Buffer.from(PLAIN), '')) throw new Error(`the ${name} corpus is not sound`);
  }
  return {
    name,
    corpus: inputs,
    check(input, random) {
      const whole = decode(create(), input, () => Math.max(1, input.length));
      const pieces = decode(create(), input, () => 1 + random.below(30));
      if (whole !== pieces) throw new Error(`chunks change the result: ${whole} / ${pieces}`);
    },
  };
}

/** A `Decompressor` that never waits; both are. */
interface SyncDecompressor extends Decompressor {
  push(compressed: Uint8Array): Iterable<Uint8Array>;
  finish(): Iterable<Uint8Array>;
}

/** Decodes, checks each call, and tells what came out and how it ended. */
function decode(decompressor: SyncDecompressor, input: Uint8Array, nextSize: () => number): string {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const take = (chunks: Iterable<Uint8Array>) => {
    for (const chunk of chunks) {
      if (chunk.length > MAX_CHUNK_BYTES) throw new TypeError(`a chunk of ${chunk.length} bytes`);
      pieces.push(chunk.slice(0, MAX_OUTPUT_BYTES - length));
      length += chunk.length;
      if (length >= MAX_OUTPUT_BYTES) return;
    }
  };
  let ending = '';
  try {
    for (let at = 0; at < input.length && length < MAX_OUTPUT_BYTES;) {
      const to = Math.min(input.length, at + nextSize());
      const chunk = input.slice(at, to);
      take(decompressor.push(chunk));
      chunk.fill(0xee);
      at = to;
    }
    if (length < MAX_OUTPUT_BYTES) take(decompressor.finish());
  } catch (error) {
    // Damage is told in words; anything else is a mistake of ours.
    if (!(error instanceof Error) || !/^(LZ4|zstd): /.test(error.message)) throw error;
    ending = error.message;
  } finally {
    decompressor.dispose();
  }
  return outcome(Buffer.concat(pieces), ending);
}

function outcome(bytes: Uint8Array, ending: string): string {
  return `${bytes.length} bytes ${createHash('sha1').update(bytes).digest('hex')} ${ending}`;
}

export const lz4Target = targetOf('lz4', LZ4_CORPUS, () => new Lz4FrameDecoder());
export const zstdTarget = targetOf('zstd', ZSTD_CORPUS, () => new ZstdDecoder());
