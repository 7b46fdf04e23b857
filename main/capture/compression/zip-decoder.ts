/**
 * The one file of a ZIP archive, read as a stream (APPNOTE.TXT 6.3.10 §4.3): local headers tell all that is needed, the directory at the
 * end is not looked at. What Finder adds, and folders, are passed over; an archive of several files is refused once the first was
 * given, for they might be of different captures.
 */
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { readU16, readU32 } from '../../engine/read/bytes.ts';
import { UnreadArchiveError, type Decompressor } from './decompressor.ts';
import { FrameInput } from './frame-input.ts';
import { ZlibDecompressor } from './zlib-decompressor.ts';

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DESCRIPTOR = 0x08074b50;
const LOCAL_HEADER_BYTES = 30;
const SIGNATURE_BYTES = 4;
/** With its signature, and sizes of eight bytes. */
const MAX_DESCRIPTOR_BYTES = 24;

const IS_ENCRYPTED = 1;
/** Sizes and checksum stand behind the data. */
const HAS_DESCRIPTOR = 8;
const STORED = 0;
const DEFLATED = 8;
/** The real size stands in an extra field. */
const SIZE_ELSEWHERE = 0xffff_ffff;

/** Output of one call into zlib, as of gzip. */
const CHUNK_BYTES = 128 * 1024;

interface Entry {
  readonly name: string;
  readonly hasDescriptor: boolean;
  readonly checksum: number;
  /** Whether its content is given; else it is passed over. */
  readonly isWanted: boolean;
}

interface Inflating {
  readonly stream: InflateRaw;
  readonly decompressor: ZlibDecompressor;
}

export class ZipDecoder implements Decompressor {
  readonly #input = new FrameInput();
  #entry: Entry | undefined = undefined;
  #inflating: Inflating | undefined = undefined;
  /** Bytes of a stored entry that are to come. */
  #stored = 0;
  /** What was passed over behind the data of an entry; undefined elsewhere. */
  #descriptor: number[] | undefined = undefined;
  #checksum = 0;
  #taken: string | undefined = undefined;
  #isDone = false;

  async *push(compressed: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    const input = this.#input;
    input.give(compressed);
    let goesOn = true;
    while (goesOn && !this.#isDone) {
      if (this.#inflating !== undefined) goesOn = yield* this.#inflate(this.#inflating);
      else if (this.#stored > 0) goesOn = yield* this.#passStored();
      else if (this.#descriptor !== undefined) goesOn = this.#passDescriptor(this.#descriptor);
      else goesOn = this.#open();
    }
    if (!this.#isDone) input.keep();
  }

  async *finish(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#isDone) return;
    if (this.#inflating !== undefined) yield* this.#inflating.decompressor.finish();
    throw new Error('ZIP: the archive ends before its directory');
  }

  dispose(): void {
    this.#inflating?.decompressor.dispose();
  }

  /** Reads the header of an entry. @returns false where it is not whole yet */
  #open(): boolean {
    const input = this.#input;
    if (!input.peek(SIGNATURE_BYTES)) return false;
    const signature = readU32(input.bytes, input.start, false);
    if (signature === DIRECTORY_HEADER) {
      this.#isDone = true;
      if (this.#taken === undefined) throw new UnreadArchiveError('the ZIP archive holds no file');
      return true;
    }
    if (signature !== LOCAL_HEADER) throw new Error(`ZIP: no entry begins at byte ${input.taken}`);
    if (!input.peek(LOCAL_HEADER_BYTES)) return false;
    const nameLength = readU16(input.bytes, input.start + 26, false);
    const length = LOCAL_HEADER_BYTES + nameLength + readU16(input.bytes, input.start + 28, false);
    if (!input.take(length)) return false;
    const header = input.bytes.subarray(input.start, input.start + length);
    this.#begin(
      header,
      new TextDecoder().decode(header.subarray(LOCAL_HEADER_BYTES, LOCAL_HEADER_BYTES + nameLength)),
    );
    return true;
  }

  #begin(header: Uint8Array, name: string): void {
    const flags = readU16(header, 6, false);
    const method = readU16(header, 8, false);
    const size = readU32(header, 18, false);
    const isWanted = !name.endsWith('/') && !name.startsWith('__MACOSX/') && !name.endsWith('.DS_Store');
    if (isWanted && this.#taken !== undefined) {
      throw new UnreadArchiveError(
        'the ZIP archive holds several files, of which only the first is read; unpack it with "unzip" and open them together',
      );
    }
    if ((flags & IS_ENCRYPTED) !== 0) {
      throw new UnreadArchiveError(
        'the ZIP archive is encrypted; unpack it with "unzip", which asks for the password',
      );
    }
    const hasDescriptor = (flags & HAS_DESCRIPTOR) !== 0;
    const isReadable =
      method === DEFLATED || (method === STORED && !hasDescriptor && size !== SIZE_ELSEWHERE);
    if (!isReadable) {
      throw new UnreadArchiveError(
        `the ZIP archive is packed in a way (${method}) that is not read; unpack it with "unzip"`,
      );
    }
    if (isWanted) this.#taken = name;
    this.#entry = { name, hasDescriptor, checksum: readU32(header, 14, false), isWanted };
    this.#checksum = 0;
    if (method === DEFLATED) {
      const stream = createInflateRaw({ chunkSize: CHUNK_BYTES });
      this.#inflating = { stream, decompressor: new ZlibDecompressor(stream) };
    } else {
      this.#stored = size;
      if (size === 0) this.#endEntry(readU32(header, 14, false));
    }
  }

  /** @returns whether the entry ended here */
  async *#inflate({ stream, decompressor }: Inflating): AsyncGenerator<Uint8Array, boolean, undefined> {
    const input = this.#input;
    const given = input.available;
    if (given === 0) return false;
    input.peek(given);
    const before = stream.bytesWritten;
    for await (const chunk of decompressor.push(input.bytes.subarray(input.start, input.start + given))) {
      if (this.#entry?.isWanted !== true) continue;
      this.#checksum = crc32(chunk, this.#checksum);
      yield chunk;
    }
    // What zlib left over is behind the end of the data.
    const used = stream.bytesWritten - before;
    input.skip(used);
    if (used === given) return false;
    decompressor.dispose();
    this.#inflating = undefined;
    if (this.#entry?.hasDescriptor === true) this.#descriptor = [];
    else this.#endEntry(this.#entry?.checksum ?? 0);
    return true;
  }

  async *#passStored(): AsyncGenerator<Uint8Array, boolean, undefined> {
    const input = this.#input;
    const length = Math.min(this.#stored, input.available);
    if (length === 0) return false;
    input.take(length);
    const chunk = input.bytes.subarray(input.start, input.start + length);
    this.#stored -= length;
    if (this.#entry?.isWanted === true) {
      this.#checksum = crc32(chunk, this.#checksum);
      yield chunk;
    }
    if (this.#stored === 0) this.#endEntry(this.#entry?.checksum ?? 0);
    return true;
  }

  /** Its length is not certain: signature and the size of sizes are the writer's choice. */
  #passDescriptor(passed: number[]): boolean {
    const input = this.#input;
    while (input.peek(SIGNATURE_BYTES)) {
      const signature = readU32(input.bytes, input.start, false);
      if (signature === LOCAL_HEADER || signature === DIRECTORY_HEADER) {
        const descriptor = Uint8Array.from(passed);
        const isSigned = descriptor.length > 12 && readU32(descriptor, 0, false) === DESCRIPTOR;
        this.#descriptor = undefined;
        this.#endEntry(descriptor.length < 12 ? undefined : readU32(descriptor, isSigned ? 4 : 0, false));
        return true;
      }
      if (passed.length === MAX_DESCRIPTOR_BYTES) throw new Error('ZIP: nothing follows an entry');
      passed.push(input.bytes[input.start]);
      input.skip(1);
    }
    return false;
  }

  #endEntry(checksum: number | undefined): void {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry?.isWanted === true && this.#checksum !== checksum) {
      throw new Error('ZIP: the checksum of the file is wrong');
    }
  }
}
