/**
 * Copies packets out of capture files into one pcapng file: those that were chosen, with all that the files say about them and
 * their interfaces. Whatever format a file is of, its records come through `CaptureReader`, so that exactly what the analysis
 * read can be copied; of pcapng the blocks are copied, not what was understood of them, so that times keep their full resolution.
 *
 * Invariant: each section of what is read is a section of the copy, where anything of it is written: counters of interfaces begin
 * anew there, and adding them up is left to readers. What waits to be taken is no more than a small multiple of the bytes that were fed.
 */
import { LIMITS, LimitCounter } from '../limits.ts';
import { readU16, readU32, readU64 } from '../read/bytes.ts';
import { CaptureReader } from '../read/capture-reader.ts';
import type { KernelEvent } from '../read/kernel-event.ts';
import { ISB_OSDROP, OPT_COMMENT, OptionWalker } from '../read/pcapng-options.ts';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_KERNEL,
  BLOCK_NAMES,
  BLOCK_PACKET_OBSOLETE,
  BLOCK_SECRETS,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  BLOCK_STATISTICS,
} from '../read/pcapng-plausible.ts';
import { CaptureClock, DIRECTION_UNKNOWN, type InterfaceInfo, type PacketSink } from '../read/sink.ts';
import { BlockBuffer, type BlockOption } from './block-buffer.ts';
import {
  EPB_DROPCOUNT,
  EPB_FLAGS,
  EPB_PACKET_ID,
  EPB_QUEUE,
  PACKET_OPTIONS,
  readOptions,
  SECTION_OPTIONS,
  SECRETS_OPTIONS,
  SHB_APPLICATION,
  SHB_HARDWARE,
  SHB_SYSTEM,
  STATISTICS_OPTIONS,
  textOption,
  u32Option,
  u64Option,
} from './block-options.ts';
import { type CopiedInterface, InterfaceCopies } from './interface-copies.ts';
import { kernelBlockInLittleEndian } from './kernel-copy.ts';
import { copyNames } from './name-copy.ts';
import type { CaptureRewriter } from './rewriter.ts';
import { stampOf } from './time-stamp.ts';

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** The length of a section that is not told. */
const LENGTH_UNKNOWN = 0xffff_ffff;

/** From a block's begin to its packet (draft-ietf-opsawg-pcapng §4.3, §4.4, §A); the obsolete one has the first length, too. */
const PACKET_FIXED_BYTES = 28;
const SIMPLE_FIXED_BYTES = 12;
const SECTION_FIXED_BYTES = 24;
const STATISTICS_FIXED_BYTES = 20;
const SECRETS_FIXED_BYTES = 16;
/** drops_count of the obsolete block where nothing is known. */
const DROPS_UNKNOWN = 0xffff;

const MICROSECONDS = 6;
const NANOSECONDS = 9;

/** Numbers that belong to the packet. A hash is of the packet as it was, verdicts and process numbers are of the machine. */
const KEPT_OF_REWRITTEN: ReadonlySet<number> = new Set([EPB_FLAGS, EPB_DROPCOUNT, EPB_PACKET_ID, EPB_QUEUE]);

const UTF8 = new TextDecoder();

/** A packet that is to be copied: where its record lies in its (decompressed) file, and what is to be written beside it. */
export interface ChosenPacket {
  readonly fileOffset: number;
  readonly comments: readonly string[];
}

export interface CopyOptions {
  /** The program that writes the copy. */
  readonly application: string;
  /** What the copy was cut from and what was left out, for people. */
  readonly comment: string;
  /** Whether what a kernel said of resets goes along; null for all of it. */
  readonly keepsKernelEvent: ((event: KernelEvent) => boolean) | null;
  readonly rewriter?: CaptureRewriter | undefined;
}

/** What was written, and what could not be. */
export interface CopyCounts {
  packets: number;
  /** Chosen, and not found in the file any more. */
  missing: number;
  names: number;
  secrets: number;
  kernelEvents: number;
  /** Of the files' own. */
  comments: number;
  /** Blocks of kinds that are not copied. */
  otherBlocks: number;
}

export class CaptureCopier implements PacketSink {
  readonly counts: CopyCounts = {
    packets: 0,
    missing: 0,
    names: 0,
    secrets: 0,
    kernelEvents: 0,
    comments: 0,
    otherBlocks: 0,
  };
  readonly limits = new LimitCounter();
  readonly #options: CopyOptions;
  readonly #clock = new CaptureClock();
  readonly #out = new BlockBuffer();
  readonly #interfaces: InterfaceCopies;
  #reader: CaptureReader | undefined;
  #chosen: Iterator<ChosenPacket, unknown> = [][Symbol.iterator]();
  #next: ChosenPacket | undefined;
  /** A file without interfaces of its own is read: its interface, and the same with nanoseconds where it needs them. */
  #plain: InterfaceInfo | undefined;
  #plainInterface: CopiedInterface | undefined;
  #plainInNanoseconds: CopiedInterface | undefined;
  /** Of the block that is read; the types of packet blocks are small, so that their first byte tells it. */
  #bigEndian = false;
  #sectionOptions: readonly BlockOption[] = [];
  #isSectionWritten = false;
  #isFirstSection = true;
  /** The packet block that `onBlock` told of last, and where it is in the file. */
  #blockType = 0;
  #blockOffset = -1;
  #kernel: Uint8Array | undefined;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#interfaces = new InterfaceCopies(this.#out, this.limits, options.rewriter);
  }

  /** @param chosen packets of the file, in its order */
  startFile(chosen: Iterable<ChosenPacket>): void {
    this.#chosen = chosen[Symbol.iterator]();
    this.#plain = undefined;
    this.#openSection([]);
    this.#reader = new CaptureReader(this, this.#clock, this.limits);
    this.#advance();
  }

  /** @param chunk the next bytes of the (decompressed) file; not kept */
  feed(chunk: Uint8Array): void {
    this.#reader?.feed(chunk);
  }

  endFile(): void {
    this.#reader?.end();
    this.#reader = undefined;
    this.#closeSection();
    for (; this.#next !== undefined; this.#advance()) this.counts.missing++;
  }

  /** All files were fed. A file without a packet is a file all the same. */
  finish(): void {
    if (this.#isFirstSection) this.#writeSection();
  }

  /** All packets that were chosen of the file were found, or passed. */
  get isFileDone(): boolean {
    return this.#next === undefined;
  }

  /** Bytes of the copy that wait to be taken. */
  get waiting(): number {
    return this.#out.length;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#out.take();
  }

  // ── PacketSink ──────────────────────────────────────────────────────────────────────────────────────────

  onInterface(info: InterfaceInfo): void {
    // Of pcapng `onBlock` told before.
    if (this.#reader?.format === 'pcapng') return;
    this.#plain = info;
    this.#plainInterface = undefined;
    this.#plainInNanoseconds = undefined;
  }

  onPacket(
    data: Uint8Array,
    start: number,
    captured: number,
    wire: number,
    timeNs: number,
    _interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void {
    while (this.#next !== undefined && this.#next.fileOffset < fileOffset) {
      this.counts.missing++;
      this.#advance();
    }
    const isChosen = this.#next?.fileOffset === fileOffset;
    const comments = isChosen ? (this.#next?.comments ?? []) : [];
    if (this.#plain === undefined) {
      const type = this.#blockOffset === fileOffset ? this.#blockType : BLOCK_ENHANCED_PACKET;
      const at = start - (type === BLOCK_SIMPLE_PACKET ? SIMPLE_FIXED_BYTES : PACKET_FIXED_BYTES);
      // A section header that was damaged may have changed the order that the reader goes by.
      this.#bigEndian = data[at] === 0;
      if (isChosen) this.#copyBlock(type, data, at, start, captured, wire, timeNs, comments);
      else this.#leaveOut(type, data, at, captured);
    } else if (isChosen) {
      const time = this.#absolute(timeNs);
      const options = direction === DIRECTION_UNKNOWN ? [] : [u32Option(EPB_FLAGS, direction)];
      const one = this.#plainFor(this.#plain, time);
      const stamp = stampOf(time, one.tsresol, one.tsoffset);
      const bytes = data.subarray(start, start + captured);
      const [high, low] = [Number(stamp >> 32n), Number(stamp & 0xffff_ffffn)];
      this.#writePacket(one, high, low, bytes, wire, options, comments);
    }
    if (isChosen) this.#advance();
  }

  readonly onBlock = (
    type: number,
    data: Uint8Array,
    at: number,
    end: number,
    bigEndian: boolean,
    fileOffset: number,
  ): void => {
    this.#kernel = undefined;
    this.#bigEndian = bigEndian;
    switch (type) {
      case BLOCK_ENHANCED_PACKET:
      case BLOCK_PACKET_OBSOLETE:
      case BLOCK_SIMPLE_PACKET:
        this.#blockType = type;
        this.#blockOffset = fileOffset;
        return;
      case BLOCK_SECTION_HEADER:
        this.#closeSection();
        this.#openSection(
          readOptions(data, at + SECTION_FIXED_BYTES, end, bigEndian, SECTION_OPTIONS, this.limits),
        );
        return;
      case BLOCK_INTERFACE:
        this.#interfaces.add(data, at, end, bigEndian);
        return;
      case BLOCK_STATISTICS:
        this.#copyStatistics(data, at, end);
        return;
      case BLOCK_NAMES:
        this.#writeSection();
        this.counts.names += copyNames(this.#out, data, at + 8, end, bigEndian, this.#rewriter, this.limits);
        return;
      case BLOCK_SECRETS:
        this.#copySecrets(data, at, end);
        return;
      case BLOCK_KERNEL:
        // What it says comes next, and decides.
        this.#kernel = data.subarray(at + 8, end);
        return;
      default:
        this.counts.otherBlocks++;
    }
  };

  onKernelEvent(event: KernelEvent): void {
    const block = this.#kernel;
    const { keepsKernelEvent } = this.#options;
    if (block === undefined || (keepsKernelEvent !== null && !keepsKernelEvent(event))) return;
    const copy = kernelBlockInLittleEndian(block, this.#bigEndian);
    const bytes = this.#rewriter === undefined ? copy : this.#rewriter.kernel(copy);
    if (bytes === null) return;
    this.#writeSection();
    this.#out.begin(BLOCK_KERNEL).padded(bytes).end();
    this.counts.kernelEvents++;
  }

  // What the blocks said is copied out of the blocks.
  onOtherFrames(): void {}
  onComment(): void {}
  onName(): void {}
  onDrops(): void {}
  onWarning(): void {}

  // ── sections ────────────────────────────────────────────────────────────────────────────────────────────

  get #rewriter(): CaptureRewriter | undefined {
    return this.#options.rewriter;
  }

  #openSection(options: readonly BlockOption[]): void {
    this.#interfaces.openSection();
    this.#sectionOptions = options;
    this.#isSectionWritten = false;
    this.#plainInterface = undefined;
    this.#plainInNanoseconds = undefined;
  }

  #writeSection(): void {
    if (this.#isSectionWritten) return;
    this.#isSectionWritten = true;
    const out = this.#out.begin(BLOCK_SECTION_HEADER).u32(BYTE_ORDER_MAGIC).u16(1).u16(0);
    out.u32(LENGTH_UNKNOWN).u32(LENGTH_UNKNOWN);
    out.options(this.#headerOptions()).end();
    this.#isFirstSection = false;
  }

  #headerOptions(): BlockOption[] {
    const { application, comment } = this.#options;
    const rewriter = this.#rewriter;
    const options: BlockOption[] = [];
    if (this.#isFirstSection) {
      const said = rewriter === undefined ? comment : `${comment}\n${rewriter.notice}`;
      options.push(textOption(OPT_COMMENT, said));
    }
    for (const option of this.#sectionOptions) {
      const { code, value } = option;
      if (code === OPT_COMMENT) {
        if (rewriter?.keepsComments !== false) options.push(option);
      } else if (code === SHB_APPLICATION) {
        const before = rewriter === undefined ? decode(value) : rewriter.text('application', decode(value));
        if (before !== null) options.push(textOption(OPT_COMMENT, `Captured by ${before}`));
      } else if (rewriter === undefined) {
        options.push(option);
      } else {
        const kind = code === SHB_HARDWARE ? 'hardware' : 'system';
        const text = rewriter.text(kind, decode(value));
        if (text !== null) options.push(textOption(code === SHB_HARDWARE ? SHB_HARDWARE : SHB_SYSTEM, text));
      }
    }
    options.push(textOption(SHB_APPLICATION, application));
    return options;
  }

  /** Drops that only packets told of which were left out are told in the statistics of their interface. */
  #closeSection(): void {
    for (const one of this.#interfaces.all()) {
      if (one.dropsLeftOut === 0n || one.hasStatistics) continue;
      this.#writeSection();
      const number = this.#interfaces.number(one);
      this.#out.begin(BLOCK_STATISTICS).u32(number).u32(one.lastHigh).u32(one.lastLow);
      this.#out.options([u64Option(ISB_OSDROP, one.dropsWritten + one.dropsLeftOut)]).end();
      one.dropsLeftOut = 0n;
    }
  }

  // ── packets ─────────────────────────────────────────────────────────────────────────────────────────────

  #absolute(timeNs: number): bigint {
    return (this.#clock.epochNs ?? 0n) + BigInt(Math.round(timeNs));
  }

  /** The interface of a file that has but one: in the steps of its own, unless they cannot say the time. */
  #plainFor(info: InterfaceInfo, timeNs: bigint): CopiedInterface {
    const { linkType, snapLength } = info;
    if (info.resolutionNs >= 1000 && timeNs % 1000n === 0n) {
      return (this.#plainInterface ??= this.#interfaces.addPlain(linkType, snapLength, MICROSECONDS));
    }
    return (this.#plainInNanoseconds ??= this.#interfaces.addPlain(linkType, snapLength, NANOSECONDS));
  }

  #copyBlock(
    type: number,
    data: Uint8Array,
    at: number,
    start: number,
    captured: number,
    wire: number,
    timeNs: number,
    comments: readonly string[],
  ): void {
    const bigEndian = this.#bigEndian;
    const one = this.#interfaces.get(this.#interfaceOf(type, data, at));
    if (one === undefined) {
      this.counts.missing++;
      return;
    }
    const bytes = data.subarray(start, start + captured);
    if (type === BLOCK_SIMPLE_PACKET) {
      // It has no time of its own; readers repeat the last one.
      const stamp = stampOf(this.#absolute(timeNs), one.tsresol, one.tsoffset);
      const [high, low] = [Number(stamp >> 32n), Number(stamp & 0xffff_ffffn)];
      this.#writePacket(one, high, low, bytes, wire, [], comments);
      return;
    }
    const optionsAt = start + ((captured + 3) & ~3);
    const end = at + readU32(data, at + 4, bigEndian) - 4;
    let options: BlockOption[] = [];
    if (optionsAt + 4 <= end)
      options = this.#packetOptions(
        readOptions(data, optionsAt, end, bigEndian, PACKET_OPTIONS, this.limits),
      );
    if (type === BLOCK_PACKET_OBSOLETE) one.dropsLeftOut += this.#obsoleteDrops(data, at);
    const [high, low] = [readU32(data, at + 12, bigEndian), readU32(data, at + 16, bigEndian)];
    this.#writePacket(one, high, low, bytes, wire, options, comments);
  }

  #packetOptions(options: readonly BlockOption[]): BlockOption[] {
    const rewriter = this.#rewriter;
    return options.filter(({ code }) => {
      if (code === OPT_COMMENT) {
        if (rewriter?.keepsComments === false) return false;
        this.counts.comments++;
      }
      return rewriter === undefined || KEPT_OF_REWRITTEN.has(code);
    });
  }

  /** @param wire bytes on the wire @param high, low halves of the stamp */
  #writePacket(
    one: CopiedInterface,
    high: number,
    low: number,
    bytes: Uint8Array,
    wire: number,
    options: readonly BlockOption[],
    comments: readonly string[],
  ): void {
    this.#writeSection();
    const number = this.#interfaces.number(one);
    const written = this.#rewriter?.packet(one.linkType, bytes, wire) ?? bytes;
    if (written.length !== bytes.length) throw new Error('a rewritten packet has another length');
    one.lastHigh = high;
    one.lastLow = low;
    this.#out.begin(BLOCK_ENHANCED_PACKET).u32(number).u32(high).u32(low);
    this.#out.u32(written.length).u32(wire).padded(written);
    this.#out.options(this.#withDrops(one, options, comments)).end();
    this.counts.packets++;
  }

  /** Options with the notes, and with what packets told that were left out before this one. */
  #withDrops(
    one: CopiedInterface,
    options: readonly BlockOption[],
    comments: readonly string[],
  ): readonly BlockOption[] {
    // Of several the last one counts.
    const own = options.findLast(({ code }) => code === EPB_DROPCOUNT);
    if (own !== undefined) one.dropsLeftOut += dropsIn(own.value);
    const drops = one.dropsLeftOut;
    one.dropsLeftOut = 0n;
    one.dropsWritten += drops;
    const notes = this.#rewriter?.keepsComments === false ? [] : comments;
    if (notes.length === 0 && own === undefined && drops === 0n) return options;
    return [
      ...options.filter(({ code }) => code !== EPB_DROPCOUNT),
      ...notes.map((text) => textOption(OPT_COMMENT, text)),
      ...(drops === 0n ? [] : [u64Option(EPB_DROPCOUNT, drops)]),
    ];
  }

  /** What a packet that is not copied tells of losses before it still counts. */
  #leaveOut(type: number, data: Uint8Array, at: number, captured: number): void {
    if (type === BLOCK_SIMPLE_PACKET) return;
    const bigEndian = this.#bigEndian;
    const optionsAt = at + PACKET_FIXED_BYTES + ((captured + 3) & ~3);
    const end = at + readU32(data, at + 4, bigEndian) - 4;
    const isObsolete = type === BLOCK_PACKET_OBSOLETE;
    if (optionsAt + 4 > end && !isObsolete) return;
    const one = this.#interfaces.get(this.#interfaceOf(type, data, at));
    if (one === undefined) return;
    if (isObsolete) one.dropsLeftOut += this.#obsoleteDrops(data, at);
    const walker = new OptionWalker(this.limits);
    walker.reset(data, optionsAt, end, bigEndian);
    let drops = 0n;
    while (walker.next()) {
      if (walker.code === EPB_DROPCOUNT && walker.length >= 8) drops = readU64(data, walker.start, bigEndian);
    }
    one.dropsLeftOut += drops;
  }

  #interfaceOf(type: number, data: Uint8Array, at: number): number {
    if (type === BLOCK_SIMPLE_PACKET) return 0;
    return type === BLOCK_PACKET_OBSOLETE
      ? readU16(data, at + 8, this.#bigEndian)
      : readU32(data, at + 8, this.#bigEndian);
  }

  #obsoleteDrops(data: Uint8Array, at: number): bigint {
    const drops = readU16(data, at + 10, this.#bigEndian);
    return drops === DROPS_UNKNOWN ? 0n : BigInt(drops);
  }

  #advance(): void {
    const next = this.#chosen.next();
    this.#next = next.done === true ? undefined : next.value;
  }

  // ── other blocks ────────────────────────────────────────────────────────────────────────────────────────

  #copyStatistics(data: Uint8Array, at: number, end: number): void {
    if (at + STATISTICS_FIXED_BYTES > end) return;
    const bigEndian = this.#bigEndian;
    const one = this.#interfaces.get(readU32(data, at + 8, bigEndian));
    if (one === undefined) return;
    one.hasStatistics = true;
    this.#writeSection();
    const number = this.#interfaces.number(one);
    const from = at + STATISTICS_FIXED_BYTES;
    const options = readOptions(data, from, end, bigEndian, STATISTICS_OPTIONS, this.limits);
    this.#out.begin(BLOCK_STATISTICS).u32(number);
    this.#out.u32(readU32(data, at + 12, bigEndian)).u32(readU32(data, at + 16, bigEndian));
    this.#out.options(options.filter(({ code }) => code !== OPT_COMMENT || this.#keepsComments)).end();
  }

  get #keepsComments(): boolean {
    return this.#rewriter?.keepsComments !== false;
  }

  #copySecrets(data: Uint8Array, at: number, end: number): void {
    const bigEndian = this.#bigEndian;
    const start = at + SECRETS_FIXED_BYTES;
    if (this.#rewriter?.keepsSecrets === false || start > end) return;
    const length = readU32(data, at + 12, bigEndian);
    if (length > LIMITS.maxBlockBytes || start + length > end) return;
    this.#writeSection();
    const options = readOptions(
      data,
      start + ((length + 3) & ~3),
      end,
      bigEndian,
      SECRETS_OPTIONS,
      this.limits,
    );
    this.#out
      .begin(BLOCK_SECRETS)
      .u32(readU32(data, at + 8, bigEndian))
      .u32(length);
    this.#out.padded(data.subarray(start, start + length));
    this.#out.options(options.filter(({ code }) => code !== OPT_COMMENT || this.#keepsComments)).end();
    this.counts.secrets++;
  }
}

function decode(value: Uint8Array): string {
  return UTF8.decode(value);
}

function dropsIn(value: Uint8Array): bigint {
  return readU64(value, 0, false);
}
