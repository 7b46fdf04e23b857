/**
 * Checksums of what was rewritten (RFC 1071): right where they were right, wrong where they were wrong, and left to the network card
 * where they were. What a wrong sum was off by would tell of the bytes that it was made of, so it is not kept.
 *
 * Sums are noted on the way in and made on the way out, the innermost first, since outer ones count the inner.
 */

type State = 'right' | 'wrong' | 'unfinished' | 'unseen';

export interface Sum {
  /** What is summed: [at, end), the field in it; beyond the captured bytes where the packet was cut. */
  readonly at: number;
  readonly end: number;
  readonly fieldAt: number;
  /** Its addresses and protocol are counted, too; none for IPv4 headers, ICMP and GRE. */
  readonly pseudo?: PseudoHeader;
  /** More than [at, end) is summed, and not here: the rest of a datagram. */
  readonly isPart?: boolean;
  /** 0 says that there is no sum (UDP). */
  readonly zeroIsNone?: boolean;
}

interface PseudoHeader {
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly addressLength: 4 | 16;
  readonly protocol: number;
  readonly length: number;
}

export class Checksums {
  readonly #from: Uint8Array;
  readonly #to: Uint8Array;
  readonly #noted: { readonly sum: Sum; readonly state: State }[] = [];

  constructor(from: Uint8Array, to: Uint8Array) {
    this.#from = from;
    this.#to = to;
  }

  note(sum: Sum): void {
    const { fieldAt, zeroIsNone } = sum;
    const from = this.#from;
    if (fieldAt + 2 > from.length) {
      this.leaveOut(fieldAt);
      return;
    }
    const field = (from[fieldAt] << 8) | from[fieldAt + 1];
    if (field === 0 && zeroIsNone === true) return;
    this.#noted.push({ sum, state: stateOf(sum, from, field) });
  }

  /** A sum, or what was captured of it, that cannot be made again: what it was would tell of the addresses that it counts. */
  leaveOut(fieldAt: number): void {
    this.#to.fill(0, fieldAt, fieldAt + 2);
  }

  /** Writes all sums that were noted. */
  finish(): void {
    const to = this.#to;
    for (let i = this.#noted.length - 1; i >= 0; i--) {
      const { sum, state } = this.#noted[i];
      const { fieldAt } = sum;
      to[fieldAt] = 0;
      to[fieldAt + 1] = 0;
      const value = valueOf(sum, to, state);
      to[fieldAt] = value >>> 8;
      to[fieldAt + 1] = value & 0xff;
    }
  }
}

function stateOf(sum: Sum, from: Uint8Array, field: number): State {
  if (sum.pseudo !== undefined && field === fold(pseudoSum(sum.pseudo, from))) return 'unfinished';
  if (sum.end > from.length || sum.isPart === true) return 'unseen';
  return fold(total(sum, from)) === 0xffff ? 'right' : 'wrong';
}

/** A sum that cannot be verified is made as if nothing but zeros followed: what it was would tell of what is not here. */
function valueOf(sum: Sum, to: Uint8Array, state: State): number {
  if (state === 'unfinished' && sum.pseudo !== undefined) return fold(pseudoSum(sum.pseudo, to));
  let right = ~fold(total(sum, to)) & 0xffff;
  if (right === 0 && sum.zeroIsNone === true) right = 0xffff;
  if (state !== 'wrong') return right;
  const unfinished = sum.pseudo === undefined ? -1 : fold(pseudoSum(sum.pseudo, to));
  const wrong = [0x5a5a, 0xa5a5, 0x3c3c].map((bits) => right ^ bits);
  return wrong.find((value) => value !== unfinished && value !== 0) ?? wrong[0];
}

function total({ at, end, pseudo }: Sum, bytes: Uint8Array): number {
  const until = Math.min(end, bytes.length);
  return addWords(bytes, at, until, pseudo === undefined ? 0 : pseudoSum(pseudo, bytes));
}

function pseudoSum(pseudo: PseudoHeader, bytes: Uint8Array): number {
  const { sourceAt, destinationAt, addressLength, protocol, length } = pseudo;
  const sum = addWords(
    bytes,
    sourceAt,
    sourceAt + addressLength,
    protocol + (length & 0xffff) + (length >>> 16),
  );
  return addWords(bytes, destinationAt, destinationAt + addressLength, sum);
}

function addWords(bytes: Uint8Array, from: number, to: number, sum: number): number {
  let at = from;
  for (; at + 1 < to; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  if (at < to) sum += bytes[at] << 8;
  return sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x1_0000);
  return folded;
}
