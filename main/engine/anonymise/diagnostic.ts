/**
 * Reasons of draft-ietf-tcpm-rst-diagnostic-payload in resets: eight octets of numbers, or CBOR whose numbers stay and whose texts become
 * letters.
 */
import type { Payload } from './tcp-payload.ts';

const MAGIC = 0x33aa;
const COMPACT_LENGTH = 8;
/** 12345 as CBOR, alone or first in an array. */
const COOKIE = [0x19, 0x30, 0x39];
const MOST_ITEMS = 32;
const MAX_BYTES = 255;
const TEXT = 3;
const BYTES = 2;
const LETTER = 0x78;

/** @returns whether it is one, and is written */
export function rewriteDiagnostic({ rewrite, at, end, length }: Payload): boolean {
  if (length > MAX_BYTES) return false;
  if (length === COMPACT_LENGTH && end - at === length && rewrite.u16(at) === MAGIC) {
    rewrite.keep(at, end);
    return true;
  }
  const cookieAt = rewrite.u8(at) >>> 5 === 4 ? at + 1 : at;
  if (!COOKIE.every((byte, i) => rewrite.u8(cookieAt + i) === byte)) return false;
  for (let item = at, count = 0; item < end && count < MOST_ITEMS; count++) {
    const kind = rewrite.u8(item) >>> 5;
    const info = rewrite.u8(item) & 0x1f;
    const headEnd = item + 1 + (info < 24 ? 0 : info < 28 ? 1 << (info - 24) : 0);
    rewrite.keep(item, Math.min(end, headEnd));
    if (kind !== TEXT && kind !== BYTES) {
      item = headEnd;
      continue;
    }
    const size = info < 24 ? info : info === 24 ? rewrite.u8(item + 1) : rewrite.u16(item + 1);
    rewrite.to.fill(LETTER, Math.min(end, headEnd), Math.min(end, headEnd + size));
    item = headEnd + size;
  }
  return true;
}
