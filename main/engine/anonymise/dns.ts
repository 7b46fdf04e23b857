/** DNS, mDNS and LLMNR (RFC 1035 §4): header, types, times and lengths stay; names label by label, addresses as addresses; no other data. */
import { LIMITS } from '../limits.ts';
import type { Rewrite } from './rewrite.ts';

const HEADER_LENGTH = 12;
const POINTER = 0xc0;
const MOST_LABELS = 128;
const TYPE_A = 1;
const TYPE_SOA = 6;
const TYPE_MX = 15;
const TYPE_AAAA = 28;
const TYPE_SRV = 33;
const TYPE_OPT = 41;
/** Types whose data is one name: NS, CNAME, PTR, DNAME. */
const NAMES: readonly number[] = [2, 5, 12, 39];
/** Types whose data is texts: HINFO, TXT, SPF. */
const TEXTS: readonly number[] = [13, 16, 99];

const HIGHEST_OPERATION = 6;
const MOST_QUESTIONS = 255;

/**
 * Whether a message may begin there: an operation that exists (RFC 8490 has the last one), the bit that is always zero, and not
 * thousands of questions. What is none says something else: another protocol on the port, or the middle of a message.
 */
export function looksLikeDns(rewrite: Rewrite, from: number, end: number): boolean {
  const operation = (rewrite.u8(from + 2) >>> 3) & 0x0f;
  const isZero = (rewrite.u8(from + 3) & 0x40) === 0;
  return (
    end - from >= HEADER_LENGTH &&
    operation <= HIGHEST_OPERATION &&
    isZero &&
    rewrite.u16(from + 4) <= MOST_QUESTIONS
  );
}

/** @param from where `looksLikeDns` */
export function rewriteDns(rewrite: Rewrite, from: number, end: number): void {
  rewrite.keep(from, from + HEADER_LENGTH);
  const questions = Math.min(rewrite.u16(from + 4), LIMITS.maxDnsRecords);
  const records = Math.min(
    rewrite.u16(from + 6) + rewrite.u16(from + 8) + rewrite.u16(from + 10),
    LIMITS.maxDnsRecords,
  );
  let at = from + HEADER_LENGTH;
  for (let i = 0; i < questions && at >= 0 && at < end; i++) {
    at = rewriteName(rewrite, at, end);
    if (at < 0) return;
    rewrite.keep(at, Math.min(end, at + 4));
    at += 4;
  }
  for (let i = 0; i < records && at >= 0 && at < end; i++) at = rewriteRecord(rewrite, at, end);
}

/** @returns where the next one begins; −1 where nothing more can be told */
function rewriteRecord(rewrite: Rewrite, from: number, end: number): number {
  const at = rewriteName(rewrite, from, end);
  if (at < 0) return -1;
  rewrite.keep(at, Math.min(end, at + 10));
  if (at + 10 > end) return -1;
  const type = rewrite.u16(at);
  const data = at + 10;
  const dataEnd = data + rewrite.u16(at + 8);
  const until = Math.min(dataEnd, end);
  if (type === TYPE_A) rewrite.ipv4(data, until);
  else if (type === TYPE_AAAA) rewrite.ipv6(data, until);
  else if (NAMES.includes(type)) rewriteName(rewrite, data, until);
  else if (type === TYPE_MX || type === TYPE_SRV) {
    const nameAt = data + (type === TYPE_MX ? 2 : 6);
    rewrite.keep(data, Math.min(until, nameAt));
    rewriteName(rewrite, nameAt, until);
  } else if (type === TYPE_SOA) {
    const second = rewriteName(rewrite, data, until);
    const numbers = second < 0 ? -1 : rewriteName(rewrite, second, until);
    if (numbers >= 0) rewrite.keep(numbers, until);
  } else if (type === TYPE_OPT) {
    // Kinds and lengths of the options; a client's network or cookie is content.
    for (let option = data; option + 4 <= until; option += 4 + rewrite.u16(option + 2))
      rewrite.keep(option, option + 4);
  } else if (TEXTS.includes(type)) fillTexts(rewrite, data, until);
  else rewrite.payload(data, until);
  return dataEnd;
}

/** Texts of RFC 1035 §3.3: their lengths, then letters. */
function fillTexts(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at < end;) {
    const textEnd = Math.min(end, at + 1 + rewrite.u8(at));
    rewrite.to[at] = textEnd - at - 1;
    rewrite.payload(at + 1, textEnd);
    at = textEnd;
  }
}

/** @returns where what follows the name begins; −1 where it has no end */
function rewriteName(rewrite: Rewrite, from: number, end: number): number {
  const { to, original, books } = rewrite;
  const isReverse = endsInArpa(rewrite, from, end);
  let at = from;
  for (let count = 0; count < MOST_LABELS && at < end; count++) {
    const length = rewrite.u8(at);
    rewrite.keep(at, at + 1);
    if (length === 0) return at + 1;
    if ((length & POINTER) !== 0) {
      if ((length & POINTER) !== POINTER || at + 2 > end) return -1;
      rewrite.keep(at + 1, at + 2);
      return at + 2;
    }
    const labelEnd = Math.min(end, at + 1 + length);
    const label = latin1(original, at + 1, labelEnd);
    // The digits of an address in a name are drawn place by place, or sixteen letters would be a cipher that a child could read.
    const isDigits = isReverse && /^[\da-f]{1,3}$/iu.test(label);
    const made = isDigits ? reverseDigits(rewrite, from, labelEnd, label) : books.names.label(label);
    for (let i = 0; i < made.length; i++) to[at + 1 + i] = made.charCodeAt(i);
    if (labelEnd === end) return -1;
    at = labelEnd;
  }
  return -1;
}

/** Drawn by the whole of the name and the place in it. */
function reverseDigits({ original, books }: Rewrite, from: number, labelEnd: number, label: string): string {
  let nameEnd = from;
  while (original[nameEnd] > 0 && original[nameEnd] < POINTER) nameEnd += 1 + original[nameEnd];
  const name = latin1(original, from, Math.min(nameEnd, original.length)).toLowerCase();
  const digest = books.filler.label(`reverse ${labelEnd - from} ${name}`);
  let made = '';
  for (let i = 0; i < label.length; i++) {
    made += /\d/u.test(label[i]) ? String(digest[i] % 10) : (10 + (digest[i] % 6)).toString(16);
  }
  return made;
}

/** Whether the labels up to the end or a pointer are those of an address. */
function endsInArpa({ original }: Rewrite, from: number, end: number): boolean {
  let at = from;
  for (let count = 0; count < MOST_LABELS && at < end; count++) {
    const length = original[at];
    if (length === 0 || length >= POINTER) break;
    if (length === 4 && latin1(original, at + 1, Math.min(end, at + 5)).toLowerCase() === 'arpa') return true;
    at += 1 + length;
  }
  return false;
}

function latin1(bytes: Uint8Array, from: number, end: number): string {
  let text = '';
  for (let i = from; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
