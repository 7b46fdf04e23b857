/**
 * The schema in the footer of a Parquet file, as bytes: agents write very many files of one schema, and DuckDB takes much longer to say
 * which columns a file has than we take to see that its schema is one that is known. What the bytes mean DuckDB alone says.
 *
 * A footer is FileMetaData in Thrift’s compact protocol (apache/parquet-format, parquet.thrift): its version, its schema as a list of
 * SchemaElement, and then what differs from file to file.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 'PAR1';
/** Length of the footer, 4 bytes, and the magic number. */
const TAIL_BYTES = 8;
/** Our footers have some thousand bytes; the schema is at their begin. */
const MAX_FOOTER_BYTES = 1024 * 1024;
/** SchemaElement has a LogicalType in it, which has a TimeUnit. */
const MAX_DEPTH = 8;
const VERSION_FIELD = 1;
const SCHEMA_FIELD = 2;

/** Types of the compact protocol. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const INTEGERS: ReadonlySet<number> = new Set([4, 5, 6]);
const DOUBLE = 7;
const BINARY = 8;
const LISTS: ReadonlySet<number> = new Set([9, 10]);
const STRUCT = 12;
const DOUBLE_BYTES = 8;
/** A size in the head of a list that says that the size comes after it. */
const LONG_LIST = 15;

/** @returns undefined where there is none, or none that we know how to find; then somebody else has to say what the file is */
export function schemaBytesOf(path: string): Buffer | undefined {
  try {
    const footer = footerOf(path);
    return footer === undefined ? undefined : schemaIn(footer);
  } catch {
    // Not there any more, not to be read, or cut within its footer.
    return undefined;
  }
}

function footerOf(path: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size < TAIL_BYTES) return undefined;
    const tail = readAt(file, size - TAIL_BYTES, TAIL_BYTES);
    const length = tail.readUInt32LE(0);
    if (tail.toString('latin1', 4) !== MAGIC || length > MAX_FOOTER_BYTES || length > size - TAIL_BYTES)
      return undefined;
    return readAt(file, size - TAIL_BYTES - length, length);
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const read = readSync(file, bytes, 0, length, position);
  return bytes.subarray(0, read);
}

/** @throws RangeError where it ends too early */
function schemaIn(footer: Buffer): Buffer | undefined {
  const reader = new CompactReader(footer);
  if (reader.field() !== VERSION_FIELD) return undefined;
  reader.skip(reader.type, 0);
  if (reader.field() !== SCHEMA_FIELD || !LISTS.has(reader.type)) return undefined;
  const begin = reader.at;
  reader.skip(reader.type, 0);
  return footer.subarray(begin, reader.at);
}

/** Goes through values without a look at what they are. */
class CompactReader {
  at = 0;
  /** Of the field that was read last. */
  type = 0;
  readonly #bytes: Buffer;
  #field = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @returns the number of the next field of the outermost struct; 0 at its end */
  field(): number {
    const head = this.#byte();
    this.type = head & 0xf;
    if (this.type === 0) return 0;
    const step = head >> 4;
    // Fields are numbered by their distance from the one before, but where that is too large.
    if (step === 0) throw new RangeError('a field far from the one before');
    return (this.#field += step);
  }

  skip(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    if (type === TRUE || type === FALSE) return;
    if (type === BYTE) this.#forward(1);
    else if (INTEGERS.has(type)) this.#varint();
    else if (type === DOUBLE) this.#forward(DOUBLE_BYTES);
    else if (type === BINARY) this.#forward(this.#varint());
    else if (LISTS.has(type)) this.#skipList(depth);
    else if (type === STRUCT) this.#skipStruct(depth);
    else throw new RangeError(`a value of type ${type}`);
  }

  #skipList(depth: number): void {
    const head = this.#byte();
    const short = head >> 4;
    const count = short === LONG_LIST ? this.#varint() : short;
    // Each element takes a byte at the least, so that a false count ends with the bytes.
    for (let i = 0; i < count; i++) {
      const type = head & 0xf;
      if (type === TRUE || type === FALSE) this.#forward(1);
      else this.skip(type, depth + 1);
    }
  }

  #skipStruct(depth: number): void {
    for (;;) {
      const head = this.#byte();
      if ((head & 0xf) === 0) return;
      // The number of a field that is far from the one before.
      if (head >> 4 === 0) this.#varint();
      this.skip(head & 0xf, depth + 1);
    }
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw new RangeError('the footer ends too early');
    return this.#bytes[this.at++];
  }

  #forward(count: number): void {
    this.at += count;
    if (this.at > this.#bytes.length) throw new RangeError('the footer ends too early');
  }

  /** Unsigned; what does not fit 32 bits is longer than the footer anyway. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
