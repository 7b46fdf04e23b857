/**
 * One packet being rewritten. `to` begins as zeros and gets only what a layer's rewriter puts there: what nobody knows, nobody passes on.
 *
 * Invariants
 * - `original` and `to` have the same length, `size`; indices are the same in them and in `from`, which may be longer.
 * - `original` is never written. `from` holds the same bytes but for marks of fragments, which are cleared so that the decoder goes on
 *   into a first fragment (walk.ts).
 * - All writing is bounded by `size`, whatever the lengths in the packet say.
 */
import type { AddressBook } from './addresses.ts';
import { Checksums } from './checksums.ts';
import type { Counts } from './counts.ts';
import type { Filler } from './filler.ts';
import type { NameBook } from './names.ts';
import type { PacketBuffers } from './packet-buffers.ts';

/** What replaces what, for all packets. */
export interface Books {
  readonly addresses: AddressBook;
  readonly names: NameBook;
  readonly filler: Filler;
  readonly counts: Counts;
}

/** Up to here a loop is faster than an array of the part. */
const LONGEST_BY_BYTE = 64;

export class Rewrite {
  readonly books: Books;
  readonly original: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly size: number;
  readonly sums: Checksums;
  /** Where the newest IP header's addresses stand, which checksums of what it carries count. */
  family: 0 | 4 | 6 = 0;
  sourceAt = 0;
  destinationAt = 0;
  /** The packet is the first fragment of a datagram whose rest is elsewhere. */
  isFragment = false;

  constructor(books: Books, original: Uint8Array, buffers: PacketBuffers) {
    this.books = books;
    this.original = original;
    this.from = buffers.copyOf(original);
    this.to = buffers.zeros(original.length);
    this.size = original.length;
    this.sums = new Checksums(original, this.to);
  }

  u16(at: number): number {
    return at + 2 <= this.size ? (this.original[at] << 8) | this.original[at + 1] : 0;
  }

  u8(at: number): number {
    return at < this.size ? this.original[at] : 0;
  }

  /** Passes on bytes that say nothing of anybody. */
  keep(at: number, end: number): void {
    const until = Math.min(end, this.size);
    const { original, to } = this;
    if (until - at > LONGEST_BY_BYTE) to.set(original.subarray(at, until), at);
    else for (let i = at; i < until; i++) to[i] = original[i];
  }

  ipv4(at: number, end = this.size): void {
    if (at + 4 <= Math.min(end, this.size)) this.books.addresses.ipv4(this.original, at, this.to);
  }

  /** As many addresses as fit. */
  ipv4List(at: number, end: number): void {
    for (let next = at; next + 4 <= end; next += 4) this.ipv4(next, end);
  }

  ipv6(at: number, end = this.size): void {
    if (at + 16 <= Math.min(end, this.size)) this.books.addresses.ipv6(this.original, at, this.to);
  }

  ipv6List(at: number, end: number): void {
    for (let next = at; next + 16 <= Math.min(end, this.size); next += 16) this.ipv6(next, end);
  }

  mac(at: number, end = this.size): void {
    if (at + 6 <= Math.min(end, this.size)) this.books.addresses.mac(this.original, at, this.to);
  }

  /** Bytes that mean nothing but by being the same elsewhere. */
  token(at: number, end: number): void {
    const until = Math.min(end, this.size);
    if (at < until) this.books.filler.token(this.original, this.to, at, until);
  }

  payload(at: number, end: number, keepsLines = false): void {
    const until = Math.min(end, this.size);
    if (at < until) this.books.filler.payload(this.original, this.to, at, until, keepsLines);
  }
}
