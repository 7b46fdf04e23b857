/** Walks the options of a pcapng block (draft-ietf-opsawg-pcapng §3.5) without an object per option. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16 } from './bytes.ts';

/** opt_endofopt */
const END_OF_OPTIONS = 0;

/** Codes of options, in any block, of an interface (if_) and of its statistics (isb_). */
export const OPT_COMMENT = 1;
export const IF_NAME = 2;
export const IF_DESCRIPTION = 3;
export const IF_TSRESOL = 9;
export const IF_TSOFFSET = 14;
export const ISB_IFRECV = 4;
export const ISB_IFDROP = 5;
export const ISB_OSDROP = 7;

export class OptionWalker {
  code = 0;
  /** Position of the value in the data given to `reset`. */
  start = 0;
  length = 0;
  readonly #limits: LimitCounter;
  #data: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #bigEndian = false;
  #seen = 0;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  /** Options lie in `data[at, end)`; there may be none at all. */
  reset(data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    this.#data = data;
    this.#at = at;
    this.#end = end;
    this.#bigEndian = bigEndian;
    this.#seen = 0;
  }

  /** Moves to the next option. False at the end, and where an option claims more than its block holds. */
  next(): boolean {
    if (this.#at + 4 > this.#end) return false;
    this.code = readU16(this.#data, this.#at, this.#bigEndian);
    if (this.code === END_OF_OPTIONS) return false;
    this.length = readU16(this.#data, this.#at + 2, this.#bigEndian);
    this.start = this.#at + 4;
    if (this.start + this.length > this.#end) return false;
    if (++this.#seen > LIMITS.maxOptionsPerBlock) {
      this.#limits.hit('maxOptionsPerBlock');
      return false;
    }
    this.#at = this.start + ((this.length + 3) & ~3);
    return true;
  }

  /** The value as text, cut at `LIMITS.maxTextBytes`; invalid UTF-8 becomes U+FFFD. */
  text(): string {
    return readText(this.#data, this.start, this.start + this.length, this.#limits);
  }
}

const UTF8 = new TextDecoder();

/** `data[start, end)` as text up to the first NUL, cut at `LIMITS.maxTextBytes`. */
export function readText(data: Uint8Array, start: number, end: number, limits: LimitCounter): string {
  let stop = data.subarray(start, end).indexOf(0);
  stop = stop < 0 ? end : start + stop;
  if (stop - start > LIMITS.maxTextBytes) {
    limits.hit('maxTextBytes');
    stop = start + LIMITS.maxTextBytes;
  }
  return UTF8.decode(data.subarray(start, stop));
}
