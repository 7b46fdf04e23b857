/** Texts in payload: what is one, and what replaces addresses and hosts in it. */
import type { Rewrite } from './rewrite.ts';

/** Bytes that tell whether a payload is text. */
const LOOKED_AT = 64;

export function isText(bytes: Uint8Array, at: number, end: number): boolean {
  const until = Math.min(end, at + LOOKED_AT);
  for (let i = at; i < until; i++) {
    const byte = bytes[i];
    if ((byte < 0x20 || byte > 0x7e) && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return true;
}

/** RFC 791's four numbers, wherever a text has them. */
export function replaceAddresses(rewrite: Rewrite, at: number, end: number): void {
  if (at >= end) return;
  const text = latin1(rewrite.original, at, Math.min(end, at + 2048));
  for (const match of text.matchAll(/\d{1,3}(?:\.\d{1,3}){3}/gu)) {
    write(rewrite, at + match.index, rewrite.books.names.digits(match[0]));
  }
}

export function replaceHost(rewrite: Rewrite, from: number, to: number): void {
  const { original, books } = rewrite;
  let at = from;
  let end = to;
  while (at < end && isBlank(original[at])) at++;
  while (end > at && isBlank(original[end - 1])) end--;
  if (at < end) write(rewrite, at, books.names.host(latin1(original, at, end)));
}

export function write(rewrite: Rewrite, at: number, text: string): void {
  for (let i = 0; i < text.length && at + i < rewrite.size; i++) rewrite.to[at + i] = text.charCodeAt(i);
}

export function latin1(bytes: Uint8Array, from: number, end: number): string {
  let text = '';
  for (let i = from; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
