/**
 * Decodes Zstandard frames piece by piece (RFC 8878). fzstd does the decoding; this file cuts the input into
 * single blocks for it, because fzstd by itself trusts the window size, recurses per frame, copies its input
 * again with each piece, and decodes all it was given before it lets anybody else work.
 */
import { Decompress } from 'fzstd';
import { errorText } from '../../../shared/format/error.ts';
import { readU32 } from '../../engine/read/bytes.ts';
import type { Decompressor } from './decompressor.ts';
import { FrameInput } from './frame-input.ts';
import { XxHash64 } from './xxhash64.ts';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/**
 * Larger windows are refused: their memory is taken before the first byte is decoded, and fzstd 0.1.1 moves the whole
 * window for each block and reads distances of more than 25 bits wrongly (with 128 MiB its output was found to be
 * garbage). zstd itself goes beyond 8 MiB only with --long or --ultra.
 */
const MAX_WINDOW_BYTES = 32 * 1024 * 1024;

/** Block_Maximum_Size, RFC 8878 §3.1.1.2.4 */
const MAX_BLOCK_BYTES = 128 * 1024;

const BLOCK_RLE = 1;
const BLOCK_RESERVED = 3;

type State = 'magic' | 'skip' | 'header' | 'block' | 'checksum';

export class ZstdDecoder implements Decompressor {
  readonly #input = new FrameInput();
  #state: State = 'magic';
  #skip = 0;
  #frames = 0;
  /** Checksum of the frame's content so far; undefined where the frame states none. */
  #checksum: XxHash64 | undefined = undefined;
  #decoder: Decompress | undefined = undefined;
  #decoded: Uint8Array[] = [];

  *push(compressed: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#input.give(compressed);
    try {
      for (;;) {
        const before = this.#state;
        const taken = this.#input.taken;
        this.#step();
        const decoded = this.#decoded;
        this.#decoded = [];
        yield* decoded;
        if (this.#state === before && this.#input.taken === taken) return;
      }
    } finally {
      this.#input.keep();
    }
  }

  *finish(): Generator<Uint8Array, void, undefined> {
    if (this.#state !== 'magic' || this.#input.available > 0) throw this.#damage('the data is cut short');
  }

  dispose(): void {
    this.#decoder = undefined;
  }

  /** Does one step, or none while its bytes are not there yet. */
  #step(): void {
    switch (this.#state) {
      case 'magic':
        this.#readMagic();
        return;
      case 'skip':
        this.#skip -= this.#input.skip(this.#skip);
        if (this.#skip === 0) this.#state = 'magic';
        return;
      case 'header':
        this.#readHeader();
        return;
      case 'block':
        this.#readBlock();
        return;
      case 'checksum':
        this.#readChecksum();
        return;
    }
  }

  #readMagic(): void {
    const input = this.#input;
    if (!input.peek(4)) return;
    const magic = readU32(input.bytes, input.start, false);
    if (magic === FRAME_MAGIC) {
      this.#state = 'header';
    } else if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      if (!input.take(8)) return;
      this.#skip = readU32(input.bytes, input.start + 4, false);
      this.#state = this.#skip > 0 ? 'skip' : 'magic';
    } else {
      throw this.#damage(this.#frames > 0 ? 'other data follows the last frame' : 'no frame begins here');
    }
  }

  /** Magic, descriptor, window, dictionary id, content size: RFC 8878 §3.1.1.1. */
  #readHeader(): void {
    const input = this.#input;
    if (!input.peek(6)) return;
    const descriptor = input.bytes[input.start + 4];
    const singleSegment = (descriptor & 0x20) !== 0;
    const sizeCode = descriptor >>> 6;
    const sizeBytes = sizeCode === 0 ? (singleSegment ? 1 : 0) : 1 << sizeCode;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
    const length = 5 + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (!input.take(length)) return;
    const { bytes, start } = input;
    if (
      dictionaryBytes > 0 &&
      bytes.subarray(start + length - sizeBytes - dictionaryBytes, start + length - sizeBytes).some(Boolean)
    ) {
      throw this.#damage('the frame needs a dictionary, which is not in the file');
    }
    const window = singleSegment
      ? contentSize(bytes, start + length - sizeBytes, sizeBytes)
      : windowSize(bytes[start + 5]);
    if (window > MAX_WINDOW_BYTES) {
      throw this.#damage(
        `a window of ${window} bytes is asked for, more than the ${MAX_WINDOW_BYTES} allowed`,
      );
    }
    this.#decoder = new Decompress((chunk) => {
      if (chunk.length === 0) return;
      this.#checksum?.update(chunk);
      this.#decoded.push(chunk);
    });
    this.#feed(length, false);
    this.#checksum = (descriptor & 0x04) !== 0 ? new XxHash64() : undefined;
    this.#frames++;
    this.#state = 'block';
  }

  #readBlock(): void {
    const input = this.#input;
    if (!input.peek(3)) return;
    const { bytes, start } = input;
    const header = bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16);
    const type = (header >>> 1) & 3;
    const size = header >>> 3;
    if (type === BLOCK_RESERVED || size > MAX_BLOCK_BYTES) throw this.#damage('a block is damaged');
    const length = 3 + (type === BLOCK_RLE ? 1 : size);
    if (!input.take(length)) return;
    this.#feed(length, false);
    if ((header & 1) === 0) return;
    if (this.#checksum !== undefined) this.#state = 'checksum';
    else this.#endFrame(0);
  }

  /** A frame states the lower 32 bits of its content's XXH64 (RFC 8878 §3.1.1). */
  #readChecksum(): void {
    if (!this.#input.take(4)) return;
    const stated = readU32(this.#input.bytes, this.#input.start, false);
    this.#endFrame(4);
    if (this.#checksum !== undefined && Number(this.#checksum.digest() & 0xffff_ffffn) !== stated) {
      throw this.#damage('the checksum of the content is wrong');
    }
  }

  #endFrame(checksumBytes: number): void {
    this.#feed(checksumBytes, true);
    this.#decoder = undefined;
    this.#state = 'magic';
  }

  /** Gives the last `length` bytes taken to fzstd, as a copy: it holds on to its input. */
  #feed(length: number, last: boolean): void {
    const { bytes, start } = this.#input;
    try {
      this.#decoder?.push(bytes.slice(start, start + length), last);
    } catch (error) {
      throw this.#damage(errorText(error));
    }
  }

  #damage(what: string): Error {
    return new Error(`zstd: ${what} (byte ${this.#input.taken})`);
  }
}

/** Window_Size, bytes (RFC 8878 §3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Frame_Content_Size, bytes (RFC 8878 §3.1.1.1.4). */
function contentSize(bytes: Uint8Array, at: number, length: number): number {
  let size = 0;
  for (let i = length - 1; i >= 0; i--) size = size * 256 + bytes[at + i];
  return length === 2 ? size + 256 : size;
}
