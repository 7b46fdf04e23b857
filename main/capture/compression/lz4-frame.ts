/**
 * Decodes LZ4 frames piece by piece (lz4_Frame_format.md 1.6.4, lz4_Block_format.md), in memory bounded by the
 * frame's block size: at most 4 MiB of input, 4 MiB of output and 64 KiB of history.
 */
import { readU32 } from '../../engine/read/bytes.ts';
import type { Decompressor } from './decompressor.ts';
import { FrameInput } from './frame-input.ts';
import { decodeLz4Block, LZ4_HISTORY_BYTES } from './lz4-block.ts';
import { XxHash32, xxHash32 } from './xxhash32.ts';

const FRAME_MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
const LEGACY_MAGIC = 0x184c2102;

const UNCOMPRESSED_BIT = 0x8000_0000;

/** Block maximum size by its number in the BD byte: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
const BLOCK_BYTES_BY_CODE = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

interface Frame {
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: XxHash32 | undefined;
  readonly contentBytes: number | undefined;
  readonly maxBlockBytes: number;
}

type State = 'magic' | 'skip' | 'header' | 'size' | 'block' | 'content-checksum';

export class Lz4FrameDecoder implements Decompressor {
  readonly #input = new FrameInput();
  #state: State = 'magic';
  #frame: Frame | undefined = undefined;
  /** Size field of the block being read, UNCOMPRESSED_BIT included. */
  #blockSize = 0;
  #skip = 0;
  #frames = 0;
  #frameBytes = 0;
  /** The first LZ4_HISTORY_BYTES hold what went before, right-aligned; the block is decoded behind them. */
  #output = new Uint8Array(0);
  #history = 0;
  #lastBlockBytes = 0;

  *push(compressed: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#input.give(compressed);
    try {
      for (;;) {
        const before = this.#state;
        const taken = this.#input.taken;
        const decoded = this.#step();
        if (decoded !== undefined) yield decoded;
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
    this.#output = new Uint8Array(0);
  }

  /** Does one step, or none while its bytes are not there yet. */
  #step(): Uint8Array | undefined {
    switch (this.#state) {
      case 'magic':
        return this.#readMagic();
      case 'skip':
        this.#skip -= this.#input.skip(this.#skip);
        if (this.#skip === 0) this.#state = 'magic';
        return undefined;
      case 'header':
        return this.#readHeader();
      case 'size':
        return this.#readSize();
      case 'block':
        return this.#readBlock();
      case 'content-checksum':
        return this.#readContentChecksum();
    }
  }

  #readMagic(): undefined {
    const input = this.#input;
    if (!input.peek(4)) return;
    const magic = readU32(input.bytes, input.start, false);
    if (magic === FRAME_MAGIC) {
      input.skip(4);
      this.#state = 'header';
    } else if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      if (!input.take(8)) return;
      this.#skip = readU32(input.bytes, input.start + 4, false);
      this.#state = this.#skip > 0 ? 'skip' : 'magic';
    } else if (magic === LEGACY_MAGIC) {
      throw this.#damage('a frame of the legacy format, which is not supported');
    } else {
      throw this.#damage(this.#frames > 0 ? 'other data follows the last frame' : 'no frame begins here');
    }
  }

  #readHeader(): undefined {
    const input = this.#input;
    if (!input.peek(2)) return;
    const flags = input.bytes[input.start];
    const hasContentSize = (flags & 0x08) !== 0;
    const hasDictionary = (flags & 0x01) !== 0;
    const length = 2 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0);
    if (!input.take(length + 1)) return;
    const { bytes, start } = input;
    if (flags >>> 6 !== 1) throw this.#damage(`frame version ${flags >>> 6} is not known`);
    if (((xxHash32(bytes, start, start + length) >>> 8) & 0xff) !== bytes[start + length]) {
      throw this.#damage('the checksum of a frame header is wrong');
    }
    if (hasDictionary) throw this.#damage('the frame needs a dictionary, which is not in the file');
    const maxBlockBytes = BLOCK_BYTES_BY_CODE[(bytes[start + 1] >>> 4) & 7];
    if (maxBlockBytes === 0) throw this.#damage('the block size of a frame is not known');
    this.#frame = {
      linked: (flags & 0x20) === 0,
      blockChecksums: (flags & 0x10) !== 0,
      contentChecksum: (flags & 0x04) !== 0 ? new XxHash32() : undefined,
      contentBytes: hasContentSize
        ? readU32(bytes, start + 2, false) + readU32(bytes, start + 6, false) * 0x1_0000_0000
        : undefined,
      maxBlockBytes,
    };
    if (this.#output.length < LZ4_HISTORY_BYTES + maxBlockBytes) {
      this.#output = new Uint8Array(LZ4_HISTORY_BYTES + maxBlockBytes);
    }
    this.#history = 0;
    this.#frameBytes = 0;
    this.#frames++;
    this.#state = 'size';
  }

  #readSize(): undefined {
    const frame = this.#currentFrame();
    if (!this.#input.take(4)) return;
    this.#blockSize = readU32(this.#input.bytes, this.#input.start, false);
    if (this.#blockSize === 0) {
      if (frame.contentBytes !== undefined && frame.contentBytes !== this.#frameBytes) {
        throw this.#damage(`a frame holds ${this.#frameBytes} bytes and claims ${frame.contentBytes}`);
      }
      this.#state = frame.contentChecksum === undefined ? 'magic' : 'content-checksum';
      return;
    }
    if ((this.#blockSize & 0x7fff_ffff) > frame.maxBlockBytes) {
      throw this.#damage('a block is longer than its frame allows');
    }
    this.#state = 'block';
  }

  #readBlock(): Uint8Array | undefined {
    const frame = this.#currentFrame();
    const length = this.#blockSize & 0x7fff_ffff;
    const input = this.#input;
    if (!input.take(length + (frame.blockChecksums ? 4 : 0))) return undefined;
    const { bytes, start } = input;
    const end = start + length;
    if (frame.blockChecksums && xxHash32(bytes, start, end) !== readU32(bytes, end, false)) {
      throw this.#damage('the checksum of a block is wrong');
    }
    const decoded = this.#decode(frame, bytes, start, end);
    frame.contentChecksum?.update(this.#output, LZ4_HISTORY_BYTES, LZ4_HISTORY_BYTES + decoded);
    this.#frameBytes += decoded;
    this.#state = 'size';
    return this.#output.subarray(LZ4_HISTORY_BYTES, LZ4_HISTORY_BYTES + decoded);
  }

  /** Decodes one block behind the history. @returns its length */
  #decode(frame: Frame, bytes: Uint8Array, start: number, end: number): number {
    const output = this.#output;
    if (frame.linked) this.#keepHistory();
    else this.#history = 0;
    let length = end - start;
    if ((this.#blockSize & UNCOMPRESSED_BIT) !== 0) {
      output.set(bytes.subarray(start, end), LZ4_HISTORY_BYTES);
    } else {
      const lowest = LZ4_HISTORY_BYTES - this.#history;
      const limit = LZ4_HISTORY_BYTES + frame.maxBlockBytes;
      length = decodeLz4Block(bytes.subarray(start, end), output, LZ4_HISTORY_BYTES, lowest, limit);
      if (length < 0) throw this.#damage('a block is damaged');
    }
    this.#lastBlockBytes = length;
    return length;
  }

  /** Moves the end of the last block in front of the next one: only now, for till here the caller had it. */
  #keepHistory(): void {
    if (this.#frameBytes === 0) return;
    const end = LZ4_HISTORY_BYTES + this.#lastBlockBytes;
    const kept = Math.min(LZ4_HISTORY_BYTES, this.#history + this.#lastBlockBytes);
    this.#output.copyWithin(LZ4_HISTORY_BYTES - kept, end - kept, end);
    this.#history = kept;
  }

  #readContentChecksum(): undefined {
    if (!this.#input.take(4)) return;
    const stated = readU32(this.#input.bytes, this.#input.start, false);
    if (this.#currentFrame().contentChecksum?.digest() !== stated) {
      throw this.#damage('the checksum of the content is wrong');
    }
    this.#state = 'magic';
  }

  #currentFrame(): Frame {
    if (this.#frame === undefined) throw new Error('invariant broken: an LZ4 block outside of a frame');
    return this.#frame;
  }

  #damage(what: string): Error {
    return new Error(`LZ4: ${what} (byte ${this.#input.taken})`);
  }
}
