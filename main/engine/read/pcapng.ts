/** Reads the blocks of a pcapng file (draft-ietf-opsawg-pcapng), from its first section header on. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16, readU32 } from './bytes.ts';
import { BlockSearch } from './pcapng-search.ts';
import { InterfaceTable } from './pcapng-interfaces.ts';
import { KernelBlockReader } from './pcapng-kernel.ts';
import { NameReader } from './pcapng-names.ts';
import { OptionWalker } from './pcapng-options.ts';
import { PcapngPackets } from './pcapng-packets.ts';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_KERNEL,
  BLOCK_NAMES,
  BLOCK_PACKET_OBSOLETE,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  BLOCK_STATISTICS,
  isBlockLength,
  isOtherFrame,
  maySkipUnread,
  MIN_BLOCK_BYTES,
  SECTION_SNIFF_BYTES,
  sniffByteOrder,
} from './pcapng-plausible.ts';
import type { RecordParser } from './record-parser.ts';
import type { CaptureClock, PacketSink } from './sink.ts';
import type { WarningLog } from './warning-log.ts';

/** Fixed parts of the blocks, from the type to the first byte of variable content. */
const SECTION_FIXED_BYTES = 24;
const INTERFACE_FIXED_BYTES = 16;
const STATISTICS_FIXED_BYTES = 20;

export class PcapngParser implements RecordParser {
  readonly format = 'pcapng';
  need = SECTION_SNIFF_BYTES;
  readonly #sink: PacketSink;
  readonly #log: WarningLog;
  readonly #interfaces: InterfaceTable;
  readonly #names: NameReader;
  readonly #kernel: KernelBlockReader;
  readonly #packets: PcapngPackets;
  readonly #search: BlockSearch;
  #bigEndian = false;
  /** File offset where a long block that is not read ends. */
  #skipTo = 0;

  constructor(sink: PacketSink, clock: CaptureClock, limits: LimitCounter, log: WarningLog) {
    const options = new OptionWalker(limits);
    this.#sink = sink;
    this.#log = log;
    this.#interfaces = new InterfaceTable(sink, limits, options);
    this.#names = new NameReader(sink, limits);
    this.#kernel = new KernelBlockReader(sink, limits);
    this.#packets = new PcapngPackets(sink, clock, limits, log, this.#interfaces, options);
    this.#search = new BlockSearch(limits, log);
  }

  get packets(): number {
    return this.#packets.count;
  }

  parse(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    let at = from;
    while (at < to) {
      if (this.#search.gaveUp) at = to;
      else if (this.#search.active) {
        at = this.#search.run(data, at, to, base, final, this.#bigEndian, this.packets);
        if (this.#search.active) {
          this.need = this.#search.need;
          return at;
        }
      } else if (base + at < this.#skipTo) {
        at = Math.min(to, this.#skipTo - base);
      } else {
        at = this.#packets.readCalm(data, at, to, base, this.#bigEndian);
        if (at === to) break;
        const next = this.#readBlock(data, at, to, base, final);
        if (next === at) return at;
        at = next;
      }
    }
    this.need = MIN_BLOCK_BYTES;
    if (final) this.#finish(base + to);
    return at;
  }

  /** @returns where the next block begins; `at` itself where `need` bytes are not there yet. */
  #readBlock(data: Uint8Array, at: number, to: number, base: number, final: boolean): number {
    if (at + MIN_BLOCK_BYTES > to) return this.#wait(MIN_BLOCK_BYTES, data, at, base, final);
    const type = readU32(data, at, this.#bigEndian);
    if (type === BLOCK_SECTION_HEADER) {
      const order = sniffByteOrder(data, at);
      if (order === undefined) return this.#lose(data, at, base, 'corrupt-block');
      this.#bigEndian = order;
    }
    const bigEndian = this.#bigEndian;
    const length = readU32(data, at + 4, bigEndian);
    if (!isBlockLength(length)) return this.#lose(data, at, base, 'corrupt-block');
    if (length > LIMITS.maxBlockBytes) {
      if (!maySkipUnread(type)) return this.#lose(data, at, base, 'oversized-block');
      return this.#skip(type, length, at, base);
    }
    if (at + length > to) return this.#wait(length, data, at, base, final);
    if (readU32(data, at + length - 4, bigEndian) !== length)
      return this.#lose(data, at, base, 'corrupt-block');
    this.#dispatch(type, data, at, at + length - 4, base);
    return at + length;
  }

  /** @param end of the block's content, where its second length stands */
  #dispatch(type: number, data: Uint8Array, at: number, end: number, base: number): void {
    const bigEndian = this.#bigEndian;
    let read = true;
    this.#sink.onBlock?.(type, data, at, end, bigEndian, base + at);
    switch (type) {
      case BLOCK_ENHANCED_PACKET:
        read = this.#packets.enhanced(data, at, end, base, bigEndian);
        break;
      case BLOCK_SIMPLE_PACKET:
        read = this.#packets.simple(data, at, end, base, bigEndian);
        break;
      case BLOCK_PACKET_OBSOLETE:
        read = this.#packets.obsolete(data, at, end, base, bigEndian);
        break;
      case BLOCK_SECTION_HEADER:
        read = this.#openSection(data, at, end, base);
        break;
      case BLOCK_INTERFACE:
        read = at + INTERFACE_FIXED_BYTES <= end;
        if (read) this.#interfaces.add(data, at + 8, end, bigEndian);
        break;
      case BLOCK_STATISTICS: {
        read = at + STATISTICS_FIXED_BYTES <= end;
        const open = read ? this.#interfaces.get(readU32(data, at + 8, bigEndian)) : undefined;
        if (open) {
          this.#interfaces.addStatistics(open, data, at + STATISTICS_FIXED_BYTES, end, bigEndian);
        }
        break;
      }
      case BLOCK_NAMES:
        this.#names.read(data, at + 8, end, bigEndian);
        break;
      case BLOCK_KERNEL:
        read = this.#kernel.read(data, at + 8, end, bigEndian);
        break;
      default:
        // Secrets, custom and future blocks hold nothing for us; readers must skip what they do not know.
        if (isOtherFrame(type)) this.#sink.onOtherFrames(1);
    }
    if (!read) {
      const message = `the block of type ${type} at byte ${base + at}, after packet ${this.packets}, contradicts itself and is left out`;
      this.#warn('corrupt-block', message, base + at, true);
    }
  }

  #openSection(data: Uint8Array, at: number, end: number, base: number): boolean {
    this.#interfaces.closeSection();
    this.#packets.openSection();
    this.#names.openSection();
    if (at + SECTION_FIXED_BYTES > end) return false;
    const major = readU16(data, at + 12, this.#bigEndian);
    const minor = readU16(data, at + 14, this.#bigEndian);
    // 1.2 was written by some versions of Wireshark for what is 1.0 (draft §4.1).
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      const message = `section at byte ${base + at} is of pcapng version ${major}.${minor}; it is read as 1.0`;
      this.#warn('unsupported-version', message, base + at, false);
    }
    return true;
  }

  /** Skips without buffering; the second length is then not compared. */
  #skip(type: number, length: number, at: number, base: number): number {
    const message =
      `a block of ${length} bytes at byte ${base + at}, after packet ${this.packets}, is skipped; ` +
      'blocks of its type hold no packets';
    this.#warn('oversized-block', message, base + at, false);
    this.#skipTo = base + at + length;
    if (isOtherFrame(type)) this.#sink.onOtherFrames(1);
    return at + MIN_BLOCK_BYTES;
  }

  #wait(length: number, data: Uint8Array, at: number, base: number, final: boolean): number {
    this.need = length;
    return final ? this.#lose(data, at, base, 'truncated-packet') : at;
  }

  #lose(
    data: Uint8Array,
    at: number,
    base: number,
    why: 'truncated-packet' | 'corrupt-block' | 'oversized-block',
  ): number {
    this.#search.begin(base + at, data[at], why);
    return at + 1;
  }

  #finish(end: number): void {
    this.#search.finish(end, this.packets);
    if (this.#skipTo > end) {
      const message = `the file ends ${this.#skipTo - end} bytes before the end of its last block, which holds no packets`;
      this.#warn('truncated-packet', message, end, true);
      this.#skipTo = 0;
    }
    this.#interfaces.closeSection();
  }

  #warn(
    code: 'corrupt-block' | 'unsupported-version' | 'oversized-block' | 'truncated-packet',
    message: string,
    offset: number,
    lossy: boolean,
  ): void {
    this.#log.warn({ code, message, offset, packet: this.packets, lossy });
  }
}
