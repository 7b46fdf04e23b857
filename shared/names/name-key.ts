/**
 * What a name given by the user stands for, as one canonical text: an address, a link-layer address, or the device so many hops
 * before a host. Two ways of writing the same thing have the same key.
 */
import { addressText, macText, parseAddress, parseMac } from '../format/address.ts';

/** Farther away there is no router (RFC 791: a TTL has eight bits, and no path is that long). */
const MOST_HOPS = 64;
const DEVICE = /^device (\d{1,2}) before (.+)$/u;

/** @returns undefined where nothing can be called by a name that is written so */
export function nameKey(text: string): string | undefined {
  const trimmed = text.trim();
  const device = DEVICE.exec(trimmed);
  if (device !== null) return deviceKey(Number(device[1]), device[2]);
  const address = parseAddress(trimmed);
  if (address !== undefined) return addressText(address.words, 0, address.family);
  const mac = parseMac(trimmed);
  return mac === undefined ? undefined : macText(mac.high, mac.low);
}

/** @param hops routers from the host to the device: 1 is the last one before it */
export function deviceKey(hops: number, host: string): string | undefined {
  const address = parseAddress(host);
  if (address === undefined || !Number.isInteger(hops) || hops < 0 || hops > MOST_HOPS) return undefined;
  return `device ${hops} before ${addressText(address.words, 0, address.family)}`;
}

/** "the device 3 hops before 198.51.100.35": what the key stands for, for people. */
export function keyText(key: string): string {
  const device = DEVICE.exec(key);
  if (device === null) return key;
  const hops = Number(device[1]);
  return `the device ${hops} ${hops === 1 ? 'hop' : 'hops'} before ${device[2]}`;
}
