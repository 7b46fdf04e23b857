/** Tests of addresses: single ones and CIDR blocks of both families (RFC 4632, RFC 4291 §2.3). */
import type { ParsedAddress } from '../format/address.ts';
import { parseAddress } from '../format/address.ts';

export interface AddressBlock {
  readonly address: ParsedAddress;
  /** Leading bits that must agree. */
  readonly prefix: number;
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; undefined where the text is none of these. */
export function parseBlock(text: string): AddressBlock | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  if (slash < 0) return { address, prefix: bits };
  const digits = text.slice(slash + 1);
  const prefix = /^\d{1,3}$/u.test(digits) ? Number(digits) : bits + 1;
  return prefix > bits ? undefined : { address, prefix };
}

/** The two halves of `10.0.0.1:80` or `[2001:db8::1]:80`; undefined where the text is no endpoint. */
export function splitEndpoint(text: string): { readonly address: string; readonly port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/u.exec(text);
  if (match === null) return undefined;
  return { address: match[1] ?? match[2], port: Number(match[3]) };
}

/** The address as it stands in packets. */
export function addressBytes({ family, words }: ParsedAddress): Uint8Array {
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  for (let i = 0; i < bytes.length; i++) bytes[i] = words[i >> 2] >>> (24 - 8 * (i & 3));
  return bytes;
}
