/**
 * Blocks of the kernel witness (read/pcapng-kernel.ts): times, ports, states and reasons stay, which verdicts rest on; addresses are
 * replaced, and process names, numbers and groups.
 */
import { addressText, parseAddress } from '../../../shared/format/address.ts';
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

/** @returns null for what is no such block; its texts may be of another length */
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
  const reason = latin1(bytes, FIXED_BYTES, reasonEnd);
  const texts = [
    REASON.test(reason) ? reason : books.names.label(reason),
    commEnd > reasonEnd ? books.names.label(latin1(bytes, reasonEnd, commEnd)) : '',
    // What an event lost says in numbers, and how watching ended in words of ours.
    rewriteDetail(books, latin1(bytes, commEnd, detailEnd)),
  ];
  const made = new Uint8Array(FIXED_BYTES + texts[0].length + texts[1].length + texts[2].length);
  made.set(bytes.subarray(0, PID_AT));
  made.set(bytes.subarray(REMOTE_AT + 16, REASON_LENGTH_AT), REMOTE_AT + 16);
  rewriteAddresses(books, bytes, made);
  rewritePid(books, bytes, made);
  let at = FIXED_BYTES;
  for (const [i, text] of texts.entries()) {
    const lengthAt = REASON_LENGTH_AT + 2 * i;
    made.set(
      isBig ? [text.length >>> 8, text.length & 0xff] : [text.length & 0xff, text.length >>> 8],
      lengthAt,
    );
    for (let k = 0; k < text.length; k++) made[at++] = text.charCodeAt(k);
  }
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

/** Words of letters for words; what stands between them stays. Addresses that a text lists are replaced as those of packets. */
function rewriteDetail(books: Books, text: string): string {
  return text
    .split(/([\s,;]+)/u)
    .map((part) => (/^(?:\d{1,9}|[\s,;]*)$/u.test(part) ? part : replaceWord(books, part)))
    .join('');
}

function replaceWord(books: Books, word: string): string {
  const [, host, suffix = ''] = /^(.*?)([/%].*)?$/su.exec(word) ?? ['', word];
  const address = parseAddress(host);
  if (address !== undefined)
    return addressOf(books, address.words, address.family) + (suffix.startsWith('/') ? suffix : '');
  return word
    .split(/([^A-Za-z\d]+)/u)
    .map((part, i) => (i % 2 === 1 || part === '' ? part : books.names.label(part)))
    .join('');
}

function addressOf({ addresses }: Books, words: Int32Array, family: number): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, words[i]);
  if (family === 4) addresses.ipv4(bytes, 0, bytes);
  else addresses.ipv6(bytes, 0, bytes);
  return addressText(
    [0, 4, 8, 12].map((at) => view.getInt32(at)),
    0,
    family,
  );
}

function latin1(bytes: Uint8Array, from: number, end: number): string {
  let text = '';
  for (let i = from; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
