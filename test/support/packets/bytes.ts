/** Byte helpers of the packet builder, and what its layers hand to each other. */
import { parseAddress, parseMac } from '../../../shared/format/address.ts';

/** What an IP header can carry: its protocol number and, where one covers the addresses, its checksum. */
export interface IpPayload {
  readonly protocol: number;
  readonly bytes: Uint8Array;
  /** Where a checksum over the pseudo header goes; it is 0 until the IP layer fills it in. */
  readonly checksumAt?: number;
}

/** A packet of the network layer with the ethertype that announces it. */
export interface NetworkPacket {
  readonly etherType: number;
  readonly bytes: Uint8Array;
}

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_IPV6 = 0x86dd;
export const ETHERTYPE_TEB = 0x6558;

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

export function be32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function le16(value: number): number[] {
  return be16(value).reverse();
}

export function le32(value: number): number[] {
  return be32(value).reverse();
}

/** Text becomes UTF-8, a number that many bytes of a recognisable pattern. */
export function toBytes(payload: Uint8Array | string | number | undefined): Uint8Array {
  if (payload === undefined) return new Uint8Array(0);
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  if (typeof payload === 'number') return Uint8Array.from({ length: payload }, (_, i) => 0x61 + (i % 26));
  return payload;
}

/** 4 or 16 bytes of an address given as text. */
export function addressBytes(text: string): number[] {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`not an address: ${text}`);
  return [...parsed.words.subarray(0, parsed.family === 4 ? 1 : 4)].flatMap(be32);
}

export function macBytes(text: string): number[] {
  const mac = parseMac(text);
  if (!mac) throw new Error(`not a MAC address: ${text}`);
  return [...be16(mac.high), ...be32(mac.low)];
}

/** The Internet checksum (RFC 1071) of the parts one after the other; each but the last must be even in length. */
export function internetChecksum(...parts: readonly (Uint8Array | readonly number[])[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += (part[i] << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function setBe16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 255;
}
