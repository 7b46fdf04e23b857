/**
 * The two keyed functions that replacing rests on. The engine has no cryptography of its own: the host gives them, both made of one
 * key, the case key. The same key gives the same replacements, so that captures of one case stay joined.
 */
export interface CaseCipher {
  /** AES-128 under the first half of the case key of each 16 bytes by itself. @param blocks a multiple of 16 bytes, at most 4096 */
  encrypt(blocks: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 under a key that was derived from the case key: 32 bytes. */
  mac(message: Uint8Array): Uint8Array;
  /** The second half of the case key, 16 bytes: Crypto-PAn's pad before it is encrypted. */
  readonly pad: Uint8Array;
}
