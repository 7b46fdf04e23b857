/**
 * Copies a capture with comments put into its pcapng blocks (opt_comment, draft-ietf-opsawg-pcapng §3.5), where Wireshark shows them.
 * All else is handed on byte by byte; pcap becomes pcapng on the way. It looks into no packet.
 */
import { readU32 } from '../engine/read/bytes.ts';
import { OPT_COMMENT } from '../engine/read/pcapng-options.ts';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_PACKET_OBSOLETE,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  MIN_BLOCK_BYTES,
} from '../engine/read/pcapng-plausible.ts';
import { BlockWalker } from './live/blocks/block-walker.ts';
import { PcapConverter } from './live/blocks/pcap-converter.ts';
import { BlockWriter } from './live/blocks/pcapng-blocks.ts';

/** Fixed fields before the options, and where a section says how long it is. */
const SECTION_FIXED_BYTES = 24;
const SECTION_LENGTH_AT = 16;
const PACKET_FIXED_BYTES = 28;
const CAPTURED_AT = 20;
/** The block's length again, at its end. */
const TRAILER_BYTES = 4;
/** Of an option's value. */
const MAX_OPTION_BYTES = 0xffff;

export interface CommentsToPut {
  /** On the capture as a whole. */
  readonly capture: readonly string[];
  /**
   * By packet: in pcapng by where its block begins in the (decompressed) file, in pcap by its number in the file from 0. What an
   * analysis calls the frame may skip blocks that hold no packet.
   */
  readonly packets: ReadonlyMap<number, readonly string[]>;
}

export class CommentedCopy {
  /** Comments that were put, and those whose packets have no room for one (Simple Packet Blocks have no options). */
  put = 0;
  refused = 0;
  readonly #comments: CommentsToPut;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #converter: PcapConverter | undefined;
  readonly #walker: BlockWalker;
  #offset = 0;
  #packets = 0;
  #isFirstSection = true;

  /** @param application that writes it, for the section header of what was pcap */
  constructor(
    isPcap: boolean,
    application: string,
    comments: CommentsToPut,
    write: (bytes: Uint8Array) => void,
  ) {
    this.#comments = comments;
    this.#write = write;
    this.#converter = isPcap ? new PcapConverter('', application) : undefined;
    this.#walker = new BlockWalker((type, data, at, length) => {
      this.#block(type, data, at, length);
    });
  }

  /** Bytes at the end that are no whole record; they are not copied. */
  get pendingBytes(): number {
    return this.#converter?.pendingBytes ?? this.#walker.pendingBytes;
  }

  /** @throws BlockError where the capture is damaged, after what came before was written */
  push(chunk: Uint8Array): void {
    this.#walker.push(this.#converter === undefined ? chunk : this.#converter.push(chunk));
  }

  #block(type: number, data: Uint8Array, at: number, length: number): void {
    const block = data.subarray(at, at + length);
    const offset = this.#offset;
    this.#offset += length;
    switch (type) {
      case BLOCK_SECTION_HEADER: {
        const texts = this.#isFirstSection ? this.#comments.capture : [];
        this.#isFirstSection = false;
        const copy = this.#withComments(block, SECTION_FIXED_BYTES, texts);
        // What follows may grow: −1 says that the length is not told (§4.1).
        if (copy.length >= SECTION_FIXED_BYTES) copy.fill(0xff, SECTION_LENGTH_AT, SECTION_LENGTH_AT + 8);
        this.#write(copy);
        return;
      }
      case BLOCK_ENHANCED_PACKET:
      case BLOCK_PACKET_OBSOLETE: {
        const texts = this.#take(offset);
        if (texts.length === 0 || block.length < PACKET_FIXED_BYTES + TRAILER_BYTES) this.#write(block);
        else {
          const captured = readU32(block, CAPTURED_AT, this.#walker.bigEndian);
          const optionsAt = PACKET_FIXED_BYTES + captured + ((4 - (captured % 4)) % 4);
          this.#write(this.#withComments(block, optionsAt, texts));
        }
        return;
      }
      case BLOCK_SIMPLE_PACKET:
        this.refused += this.#take(offset).length;
        this.#write(block);
        return;
      default:
        this.#write(block);
    }
  }

  /** The comments on the next packet, whose block begins there. */
  #take(offset: number): readonly string[] {
    const number = this.#packets++;
    return this.#comments.packets.get(this.#converter === undefined ? offset : number) ?? [];
  }

  /** A copy of the block with comments before its other options. */
  #withComments(block: Uint8Array, optionsAt: number, texts: readonly string[]): Uint8Array {
    const end = block.length - TRAILER_BYTES;
    if (optionsAt < MIN_BLOCK_BYTES - TRAILER_BYTES || optionsAt > end) {
      this.refused += texts.length;
      return block.slice();
    }
    if (texts.length === 0) return block.slice();
    const { bigEndian } = this.#walker;
    const out = new BlockWriter(bigEndian, block.length + 256);
    out.begin(readU32(block, 0, bigEndian)).raw(block.subarray(8, optionsAt));
    for (const text of texts) out.option(OPT_COMMENT, utf8(text));
    // Options that were there end as they did; else these are ended here.
    if (optionsAt < end) out.raw(block.subarray(optionsAt, end));
    else out.u32(0);
    out.end();
    this.put += texts.length;
    return out.take();
  }
}

/** Cut at the longest option, between characters. */
function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(MAX_OPTION_BYTES);
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, written);
}
