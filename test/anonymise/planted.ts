/** Secrets that stand in a packet on purpose, and whether they are still there once it is anonymised. */
import { CASE_KEY, newAnonymiser } from './anonymise-file.ts';

const ETHERNET = 1;
/** What is the same by chance under one key is not so under both. */
const KEYS = [CASE_KEY, CASE_KEY.map((byte) => byte ^ 0x5a)];

export interface Planted {
  readonly data: Uint8Array;
  readonly linkType?: number;
  readonly wireLength?: number;
  readonly secrets: readonly (string | readonly number[])[];
}

export const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

/** @returns the secrets that the anonymised packet still holds, anywhere */
export function leaked({ data, linkType = ETHERNET, wireLength = data.length, secrets }: Planted): string[] {
  const copies = KEYS.map((key) =>
    Buffer.from(newAnonymiser(key).packet(linkType, data, wireLength)).toString('latin1'),
  );
  const original = Buffer.from(data).toString('latin1');
  return secrets.flatMap((secret) => {
    const text = typeof secret === 'string' ? secret : Buffer.from(secret).toString('latin1');
    if (!original.includes(text)) return [`not planted: ${text}`];
    return copies.every((copy) => copy.includes(text)) ? [text] : [];
  });
}
