/** Writes the few pcapng blocks that we make ourselves (draft-ietf-opsawg-pcapng §4). */
import {
  IF_NAME,
  IF_TSRESOL,
  ISB_IFDROP,
  ISB_IFRECV,
  ISB_OSDROP,
  OPT_COMMENT,
} from '../../../engine/read/pcapng-options.ts';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_SECTION_HEADER,
  BLOCK_STATISTICS,
} from '../../../engine/read/pcapng-plausible.ts';

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SHB_USERAPPL = 4;

const UTF8 = new TextEncoder();

/** A growing buffer of blocks; numbers are written in the byte order of the section. */
export class BlockWriter {
  readonly #bigEndian: boolean;
  #bytes: Buffer;
  #length = 0;
  #blockAt = 0;

  constructor(bigEndian: boolean, capacity = 4096) {
    this.#bigEndian = bigEndian;
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Gives what was written; the writer goes on with other memory. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(Math.max(4096, this.#length));
    this.#length = 0;
    return taken;
  }

  begin(type: number): this {
    this.#blockAt = this.#length;
    return this.u32(type).u32(0);
  }

  end(): void {
    const length = this.#length - this.#blockAt + 4;
    if (this.#bigEndian) this.#bytes.writeUInt32BE(length, this.#blockAt + 4);
    else this.#bytes.writeUInt32LE(length, this.#blockAt + 4);
    this.u32(length);
  }

  u8(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    this.#room(2);
    if (this.#bigEndian) this.#bytes.writeUInt16BE(value, this.#length);
    else this.#bytes.writeUInt16LE(value, this.#length);
    this.#length += 2;
    return this;
  }

  u32(value: number): this {
    this.#room(4);
    if (this.#bigEndian) this.#bytes.writeUInt32BE(value >>> 0, this.#length);
    else this.#bytes.writeUInt32LE(value >>> 0, this.#length);
    this.#length += 4;
    return this;
  }

  /** A time stamp has its upper half first, whatever the byte order of the section. */
  stamp(value: bigint): this {
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffff_ffffn));
  }

  /** A 64-bit number of an option, in the byte order of the section. */
  u64(value: bigint): this {
    const high = Number(value >> 32n);
    const low = Number(value & 0xffff_ffffn);
    return this.#bigEndian ? this.u32(high).u32(low) : this.u32(low).u32(high);
  }

  raw(data: Uint8Array): this {
    this.#room(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
    return this;
  }

  /** Writes zeros up to a multiple of four bytes. */
  pad(): this {
    while ((this.#length & 3) !== 0) this.u8(0);
    return this;
  }

  option(code: number, value: Uint8Array): this {
    return this.u16(code).u16(value.length).raw(value).pad();
  }

  textOption(code: number, text: string): this {
    return this.option(code, UTF8.encode(text));
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

export interface WrittenInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Empty for none. */
  readonly name: string;
  /** Empty for none. */
  readonly comment: string;
  /** n, where time stamps count steps of 10^-n seconds. */
  readonly resolutionExponent: number;
}

export function writeSection(out: BlockWriter, application: string): void {
  out.begin(BLOCK_SECTION_HEADER).u32(BYTE_ORDER_MAGIC).u16(1).u16(0);
  out.u32(0xffff_ffff).u32(0xffff_ffff); // length of the section: not known
  out.textOption(SHB_USERAPPL, application).u32(0).end();
}

export function writeInterface(out: BlockWriter, one: WrittenInterface): void {
  out.begin(BLOCK_INTERFACE).u16(one.linkType).u16(0).u32(one.snapLength);
  if (one.comment !== '') out.textOption(OPT_COMMENT, one.comment);
  if (one.name !== '') out.textOption(IF_NAME, one.name);
  out.option(IF_TSRESOL, Uint8Array.of(one.resolutionExponent)).u32(0).end();
}

/** @param stamp in steps of the interface's resolution */
export function writePacket(
  out: BlockWriter,
  stampHigh: number,
  stampLow: number,
  data: Uint8Array,
  wireLength: number,
): void {
  out.begin(BLOCK_ENHANCED_PACKET).u32(0).u32(stampHigh).u32(stampLow).u32(data.length).u32(wireLength);
  out.raw(data).pad().end();
}

export interface InterfaceStatistics {
  readonly interfaceId: number;
  readonly received: number | null;
  readonly droppedByInterface: number | null;
  readonly droppedByKernel: number | null;
}

export function writeStatistics(out: BlockWriter, stamp: bigint, told: InterfaceStatistics): void {
  out.begin(BLOCK_STATISTICS).u32(told.interfaceId).stamp(stamp);
  const counters = [
    [ISB_IFRECV, told.received],
    [ISB_IFDROP, told.droppedByInterface],
    [ISB_OSDROP, told.droppedByKernel],
  ] as const;
  for (const [code, value] of counters) {
    if (value !== null) out.u16(code).u16(8).u64(BigInt(value));
  }
  out.u32(0).end();
}
