/** Whether bytes are read as text, or better as a hex dump. */
import type { StreamPage } from '../../shared/model/stream.ts';

/** Bytes that are looked at: a protocol shows what it is at its begin. */
const LOOKED_AT = 256;

/** @returns null where there are no bytes to tell by */
export function isMostlyBinary({ pieces }: Pick<StreamPage, 'pieces'>): boolean | null {
  let looked = 0;
  let unreadable = 0;
  for (const piece of pieces) {
    if (piece.kind !== 'data') continue;
    const bytes = piece.bytes.subarray(0, LOOKED_AT - looked);
    looked += bytes.length;
    // Text in any script is text: what is no UTF-8 becomes U+FFFD.
    for (const letter of new TextDecoder().decode(bytes)) if (!isReadable(letter)) unreadable++;
    if (looked >= LOOKED_AT) break;
  }
  return looked === 0 ? null : unreadable * 2 > looked;
}

function isReadable(letter: string): boolean {
  return /^[\t\n\r]$/u.test(letter) || !/^[\p{Cc}\p{Cn}\u{fffd}]$/u.test(letter);
}
