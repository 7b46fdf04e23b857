/**
 * Where dissectors put what they find: a tree for people (tree-sink.ts), or the values of a few fields for filters (value-sink.ts).
 * Dissectors say names, values and places only; texts and meanings are made by the tree alone.
 *
 * Invariants
 * - Nothing is read outside `data[start, end)`, however wrong the offsets are that a dissector computes out of hostile bytes: all
 *   reading goes through this class, and what is not there wholly gives no field and ABSENT.
 * - `open` and `close` come in pairs.
 */
import type { FieldValue } from '../../../shared/fields/field.ts';

/** What reading a number gives where its bytes are not there; no unsigned number is negative. */
export const ABSENT = -1;

/** - derived: not in the bytes; - hidden: another name for what was said already, for filters only */
export type Manner = 'plain' | 'derived' | 'hidden';
export type Severity = 'note' | 'warning' | 'error';

export abstract class FieldSink {
  data: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.data.buffer);
  start = 0;
  end = 0;
  /** What the meaning of a wrong checksum depends on: the capturing machine sent the packet, and its network card finishes it. */
  isOutgoing = false;
  isSumUnfinished = false;
  /** The segment is a reset, in which a window means nothing. */
  isReset = false;

  /** From here on `data[start, end)` is what is read: the frame, or what was put together out of several. */
  read(data: Uint8Array, start: number, end: number): void {
    if (data !== this.data) {
      this.data = data;
      this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    }
    this.start = start;
    this.end = Math.min(end, data.length);
  }

  /** Whether anything of that protocol is wanted, so that those that are not need not be walked. */
  abstract wants(protocol: string): boolean;
  /** A line with lines below it, up to `close`. */
  abstract open(name: string, from: number, to: number, value?: FieldValue): void;
  abstract close(): void;
  abstract put(name: string, value: FieldValue, from: number, to: number, manner?: Manner): void;
  /** A line that is no field: what is wrong, or what is not opened. */
  abstract note(severity: Severity, text: string, from: number, to: number): void;
  /** A line of bytes that no field is about. */
  abstract text(title: string, from: number, to: number): void;

  has(from: number, to: number): boolean {
    return from >= this.start && to <= this.end && from <= to;
  }

  peek8(at: number): number {
    return this.has(at, at + 1) ? this.data[at] : ABSENT;
  }

  peek16(at: number): number {
    return this.has(at, at + 2) ? this.#view.getUint16(at) : ABSENT;
  }

  peek32(at: number): number {
    return this.has(at, at + 4) ? this.#view.getUint32(at) : ABSENT;
  }

  peek64(at: number): bigint | undefined {
    return this.has(at, at + 8) ? this.#view.getBigUint64(at) : undefined;
  }

  u8(name: string, at: number): number {
    const value = this.peek8(at);
    if (value !== ABSENT) this.put(name, value, at, at + 1);
    return value;
  }

  u16(name: string, at: number): number {
    const value = this.peek16(at);
    if (value !== ABSENT) this.put(name, value, at, at + 2);
    return value;
  }

  u24(name: string, at: number): number {
    if (!this.has(at, at + 3)) return ABSENT;
    const value = (this.data[at] << 16) | (this.data[at + 1] << 8) | this.data[at + 2];
    this.put(name, value, at, at + 3);
    return value;
  }

  u32(name: string, at: number): number {
    const value = this.peek32(at);
    if (value !== ABSENT) this.put(name, value, at, at + 4);
    return value;
  }

  u64(name: string, at: number): void {
    const value = this.peek64(at);
    if (value !== undefined) this.put(name, value, at, at + 8);
  }

  /** Bytes and addresses; nothing where they are not all there. */
  bytes(name: string, from: number, to: number, manner: Manner = 'plain'): void {
    if (this.has(from, to)) this.put(name, this.data.subarray(from, to), from, to, manner);
  }

  /** A flag out of a number that is read already. */
  flag(name: string, word: number, bit: number, from: number, to: number): void {
    this.put(name, (word & bit) !== 0, from, to);
  }
}
