import { LIMITS } from '../limits.ts';

const SHORTEST = 4;

/**
 * The text of a payload that is text and nothing else: printable ASCII with CR, LF and TAB. Meant for the reasons
 * that devices and stacks write into a reset (RFC 9293 §3.5.2 lets a RST carry data).
 * @param length bytes from `at`; only the first LIMITS.maxResetPayloadBytes are looked at and given
 * @returns null for fewer than four bytes and for anything else than text
 */
export function printable(bytes: Uint8Array, at: number, length: number): string | null {
  const end = Math.min(bytes.length, at + Math.min(length, LIMITS.maxResetPayloadBytes));
  if (at < 0 || end - at < SHORTEST) return null;
  let text = '';
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    const isText = (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
    if (!isText) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}
