/** The case key, and the keyed functions that the engine's anonymising asks for. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import type { CaseCipher } from '../../engine/anonymise/case-cipher.ts';

/** Bytes of a case key: 16 for AES-128, 16 for Crypto-PAn's pad. */
export const CASE_KEY_BYTES = 32;

/** Keeps the key of HMAC apart from that of AES. */
const MAC_PURPOSE = 'resetscope anonymise mac 1';

/** @param key CASE_KEY_BYTES bytes */
export function createCaseCipher(key: Uint8Array): CaseCipher {
  if (key.length !== CASE_KEY_BYTES) {
    throw new RangeError(`A case key has ${CASE_KEY_BYTES} bytes, this one ${key.length}`);
  }
  // One cipher for all blocks: in this mode each is encrypted by itself, and nothing is carried over.
  const aes = createCipheriv('aes-128-ecb', key.subarray(0, 16), null).setAutoPadding(false);
  const macKey = createHmac('sha256', key).update(MAC_PURPOSE).digest();
  return {
    encrypt: (blocks) => aes.update(blocks),
    mac: (message) => createHmac('sha256', macKey).update(message).digest(),
    pad: key.slice(16, 32),
  };
}

/** @returns null for anything but 64 hexadecimal digits */
export function parseCaseKey(hex: string): Uint8Array | null {
  return /^[0-9a-f]{64}$/iu.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : null;
}

/** A new one, by chance. */
export function randomCaseKey(): Uint8Array {
  return Uint8Array.from(randomBytes(CASE_KEY_BYTES));
}
