/**
 * CBOR (RFC 8949), as much of it as a diagnostic payload of a reset can hold: definite lengths, unsigned integers, text,
 * arrays and maps. Whatever else is well-formed is stepped over and reads as `null`. Bytes are hostile: depth and number of
 * items are bounded, and nothing is allocated for a length that the bytes do not hold.
 */

/** null stands for an item that is of no interest: negative, bytes, float, simple, tagged. */
export type CborValue = number | string | null | readonly CborValue[] | ReadonlyMap<number, CborValue>;

/** Bounds that are deeper and longer than any real payload (≤ 255 octets) has a use for. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 64;

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Thrown inside only. */
class NotCbor extends Error {}

/** @returns the items of a CBOR sequence (RFC 8742) that fills `bytes`; null where it is malformed or beyond the bounds */
export function decodeCborSequence(bytes: Uint8Array): readonly CborValue[] | null {
  const reader = new Reader(bytes);
  try {
    const items: CborValue[] = [];
    while (!reader.atEnd) items.push(reader.item(0));
    return items;
  } catch (error) {
    if (error instanceof NotCbor) return null;
    throw error;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #items = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  item(depth: number): CborValue {
    this.#items++;
    if (depth > MAX_DEPTH || this.#items > MAX_ITEMS) throw new NotCbor();
    const head = this.#take(1)[0];
    const major = head >>> 5;
    const argument = this.#argument(head & 0x1f);
    switch (major) {
      case UNSIGNED:
        return argument;
      case BYTES:
        this.#take(argument);
        return null;
      case TEXT:
        return this.#text(argument);
      case ARRAY:
        return this.#array(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      case TAG:
        this.item(depth + 1);
        return null;
      default: // negative numbers, floats and simple values: the argument was all there is of them
        return null;
    }
  }

  /** The number in the head: in its low bits, or in the 1, 2, 4 or 8 bytes after it. */
  #argument(low: number): number {
    if (low < 24) return low;
    if (low > 27) throw new NotCbor(); // reserved, or an indefinite length
    let value = 0;
    for (const byte of this.#take(1 << (low - 24))) value = value * 256 + byte;
    return value;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new NotCbor();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw new NotCbor();
    }
  }

  #array(length: number, depth: number): readonly CborValue[] {
    const items: CborValue[] = [];
    for (let i = 0; i < length; i++) items.push(this.item(depth + 1));
    return items;
  }

  #map(pairs: number, depth: number): ReadonlyMap<number, CborValue> {
    const map = new Map<number, CborValue>();
    for (let i = 0; i < pairs; i++) {
      const key = this.item(depth + 1);
      const value = this.item(depth + 1);
      if (typeof key !== 'number') continue;
      if (map.has(key)) throw new NotCbor(); // RFC 8949 §5.6: not valid
      map.set(key, value);
    }
    return map;
  }
}
