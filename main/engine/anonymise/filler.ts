/**
 * What stands where payload stood: small letters that say nothing, as many as there were bytes.
 *
 * The first bytes of a payload are what captures of the two sides of a proxy are joined by, so their letters are drawn from an HMAC of
 * them under the case key: alike where the bytes were alike, and nothing that could be guessed without the key. That is all that is left
 * of a payload's content; further letters are the same everywhere. Small letters begin no message of a protocol that is recognised.
 */
import type { CaseCipher } from './case-cipher.ts';

/** As the heads by which connections are told, whole and short (main/engine/stream/fingerprints.ts). */
const SHORT_HEAD = 24;
const HEAD = 256;

const FIRST_LETTER = 0x61;
const LETTERS = 16;
const PLAIN_LETTER = 0x78;
const LF = 0x0a;
const CR = 0x0d;

/** Keeps the uses of the one HMAC key apart. */
const PURPOSE = { payload: 0x70, token: 0x74, label: 0x6c } as const;

export class Filler {
  readonly #cipher: CaseCipher;
  readonly #message = new Uint8Array(HEAD + 1);

  constructor(cipher: CaseCipher) {
    this.#cipher = cipher;
  }

  /** Fills `to[at, end)` for the payload `from[at, end)`. @param keepsLines leaves CR and LF where they are */
  payload(from: Uint8Array, to: Uint8Array, at: number, end: number, keepsLines: boolean): void {
    const shortEnd = Math.min(end, at + SHORT_HEAD);
    const headEnd = Math.min(end, at + HEAD);
    if (at < shortEnd) draw(this.#mac(PURPOSE.payload, from, at, shortEnd), to, at, shortEnd);
    if (shortEnd < headEnd) draw(this.#mac(PURPOSE.payload, from, at, headEnd), to, shortEnd, headEnd);
    to.fill(PLAIN_LETTER, headEnd, Math.max(headEnd, end));
    if (!keepsLines) return;
    for (let i = at; i < end; i++) if (from[i] === CR || from[i] === LF) to[i] = from[i];
  }

  /** Bytes for bytes: what two ends, or two captures, recognise by being the same (keys, cookies, randoms, sessions). */
  token(from: Uint8Array, to: Uint8Array, at: number, end: number): void {
    for (let i = at; i < end; i += 32) {
      const until = Math.min(end, i + 32);
      to.set(this.#mac(PURPOSE.token, from, i, until).subarray(0, until - i), i);
    }
  }

  /** A number for a text, 32 bytes. @param text short */
  label(text: string): Uint8Array {
    const message = new Uint8Array(1 + text.length);
    message[0] = PURPOSE.label;
    for (let i = 0; i < text.length; i++) message[i + 1] = text.charCodeAt(i);
    return this.#cipher.mac(message);
  }

  #mac(purpose: number, from: Uint8Array, at: number, end: number): Uint8Array {
    const message = this.#message.subarray(0, 1 + end - at);
    message[0] = purpose;
    message.set(from.subarray(at, end), 1);
    return this.#cipher.mac(message);
  }
}

/** Letters by a generator (xorshift, 32 bits) that the digest seeds; the first 32 by the digest itself. */
function draw(digest: Uint8Array, to: Uint8Array, at: number, end: number): void {
  let state = digest[0] | (digest[1] << 8) | (digest[2] << 16) | (digest[3] << 24) || 1;
  for (let i = at; i < end; i++) {
    const place = i - at;
    if (place < digest.length) {
      to[i] = FIRST_LETTER + (digest[place] % LETTERS);
      continue;
    }
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    to[i] = FIRST_LETTER + ((state ^ digest[place & 31]) & (LETTERS - 1));
  }
}
