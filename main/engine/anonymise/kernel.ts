/**
 * Blocks of the kernel witness (read/pcapng-kernel.ts): times, ports, states and reasons stay, which verdicts rest on; addresses are
 * replaced, and process names, numbers and groups.
 */
import type { Books } from './rewrite.ts';

const VERSION = 1;
const FIXED_BYTES = 60;
const FAMILY_AT = 3;
const PID_AT = 16;
const LOCAL_AT = 20;
const REMOTE_AT = 36;
const REASON_LENGTH_AT = 54;
const COMM_LENGTH_AT = 56;
const DETAIL_LENGTH_AT = 58;
/** A reason as include/net/rstreason.h writes it. */
const REASON = /^[A-Z\d_]{1,64}$/u;

/** @returns null for what is no such block */
export function rewriteKernelBlock(books: Books, bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < FIXED_BYTES) return null;
  // The version, 1, tells the byte order of the section.
  const isBig = bytes[0] === 0;
  const u16 = (at: number): number =>
    isBig ? (bytes[at] << 8) | bytes[at + 1] : bytes[at] | (bytes[at + 1] << 8);
  if (u16(0) !== VERSION) return null;
  const reasonEnd = FIXED_BYTES + u16(REASON_LENGTH_AT);
  const commEnd = reasonEnd + u16(COMM_LENGTH_AT);
  const detailEnd = commEnd + u16(DETAIL_LENGTH_AT);
  if (detailEnd > bytes.length) return null;
  const made = new Uint8Array(bytes.length);
  made.set(bytes.subarray(0, LOCAL_AT));
  made.set(bytes.subarray(REMOTE_AT + 16, FIXED_BYTES), REMOTE_AT + 16);
  rewriteAddresses(books, bytes, made);
  rewritePid(books, bytes, made);
  const reason = latin1(bytes, FIXED_BYTES, reasonEnd);
  if (REASON.test(reason)) made.set(bytes.subarray(FIXED_BYTES, reasonEnd), FIXED_BYTES);
  else letters(books, bytes, made, FIXED_BYTES, reasonEnd);
  letters(books, bytes, made, reasonEnd, commEnd);
  rewriteDetail(books, bytes, made, commEnd, detailEnd);
  return made;
}

function rewriteAddresses({ addresses }: Books, bytes: Uint8Array, made: Uint8Array): void {
  for (const at of [LOCAL_AT, REMOTE_AT]) {
    if (bytes[FAMILY_AT] === 4) addresses.ipv4(bytes, at, made);
    else if (bytes[FAMILY_AT] === 6) addresses.ipv6(bytes, at, made);
  }
}

/** Another number for another, below 2^22 as Linux has them; 0 means nobody. */
function rewritePid({ filler }: Books, bytes: Uint8Array, made: Uint8Array): void {
  if (bytes.subarray(PID_AT, PID_AT + 4).every((byte) => byte === 0)) return;
  const digest = filler.label(`pid ${bytes.subarray(PID_AT, PID_AT + 4).join(' ')}`);
  made.set([digest[0] | 1, digest[1] & 0x3f, 0, 0], PID_AT);
  if (bytes[0] === 0) made.set([0, 0, digest[1] & 0x3f, digest[0] | 1], PID_AT);
}

/** Words of letters for words; what stands between them stays. Addresses that a text lists are replaced by themselves. */
function rewriteDetail(books: Books, bytes: Uint8Array, made: Uint8Array, at: number, end: number): void {
  const text = latin1(bytes, at, end);
  let result = '';
  for (const part of text.split(/([\s,;]+)/u)) {
    if (/^\d{1,5}$/u.test(part) || /^[\s,;]*$/u.test(part)) result += part;
    else result += replaceWord(books, part);
  }
  for (let i = 0; i < end - at; i++) made[at + i] = result.charCodeAt(i);
}

function replaceWord(books: Books, word: string): string {
  const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(word);
  const ipv6 = /^[\da-f:]*:[\da-f:]+$/iu.test(word);
  if (ipv4 || ipv6) return books.names.digits(word);
  return word
    .split(/([^A-Za-z\d]+)/u)
    .map((part, i) => (i % 2 === 1 || part === '' ? part : books.names.label(part)))
    .join('');
}

function letters({ names }: Books, bytes: Uint8Array, made: Uint8Array, at: number, end: number): void {
  if (at >= end) return;
  const text = names.label(latin1(bytes, at, end));
  for (let i = 0; i < end - at; i++) made[at + i] = text.charCodeAt(i);
}

function latin1(bytes: Uint8Array, from: number, end: number): string {
  let text = '';
  for (let i = from; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
