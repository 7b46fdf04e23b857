/**
 * Looking at payload bytes in place. All functions take [from, to) of `bytes`; the caller has checked that the
 * range lies within the array.
 */
import { sanitiseText } from '../../../shared/format/text.ts';
import { LIMITS } from '../limits.ts';

export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COLON = 0x3a;

const UTF8 = new TextDecoder();

export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function u24(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
}

/** Unsigned. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | u24(bytes, at + 1)) >>> 0;
}

/** Little endian, signed. */
export function i32le(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** First place of `byte`, or `to`. */
export function findByte(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return i;
  return to;
}

/** Whether the ASCII text stands at `from`. */
export function startsWith(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether the range is the ASCII text, capital letters taken for small ones. @param text in small letters */
export function equalsIgnoringCase(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  return to - from === text.length && startsWithIgnoringCase(bytes, from, to, text);
}

export function startsWithIgnoringCase(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from < text.length) return false;
  for (let i = 0; i < text.length; i++) if (lower(bytes[from + i]) !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether the ASCII text stands anywhere in the range, capital letters taken for small ones. */
export function containsIgnoringCase(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  for (let i = from; i + text.length <= to; i++) if (startsWithIgnoringCase(bytes, i, to, text)) return true;
  return false;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The number that the whole range spells in decimal digits; null for anything else and beyond 2^53. */
export function decimal(bytes: Uint8Array, from: number, to: number): number | null {
  if (to <= from || to - from > 16) return null;
  let value = 0;
  for (let i = from; i < to; i++) {
    if (!isDigit(bytes[i])) return null;
    value = value * 10 + bytes[i] - 0x30;
  }
  return Number.isSafeInteger(value) ? value : null;
}

/** Safe text of the range (UTF-8), at most LIMITS.maxHintText characters. */
export function safeText(bytes: Uint8Array, from: number, to: number): string {
  const end = Math.min(to, from + LIMITS.maxHintText * 4);
  let plain = '';
  for (let i = from; i < end && isPrintable(bytes[i]); i++) plain += String.fromCharCode(bytes[i]);
  const isPlain = plain.length === end - from && plain.length <= LIMITS.maxHintText;
  // Nearly all texts are short ASCII, for which a decoder costs several times as much as this loop.
  return isPlain ? plain : sanitiseText(UTF8.decode(bytes.subarray(from, end)), LIMITS.maxHintText);
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
