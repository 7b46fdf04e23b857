/**
 * Addresses between the words that the engine keeps and the text that people read.
 *
 * Words: network order, signed or unsigned 32-bit values alike. IPv4 has one word, IPv6 four.
 */

export interface ParsedAddress {
  readonly family: 4 | 6;
  /** Four words; IPv4 uses the first and leaves the others 0. */
  readonly words: Int32Array;
}

/**
 * @param words holds the address from index `at` on: one word for IPv4, four for IPv6
 * @param family 4 or 6; any other value gives '' because there is no address
 * @returns dotted decimal, or IPv6 text by RFC 5952
 */
export function addressText(words: ArrayLike<number>, at: number, family: number): string {
  if (family === 4) return ipv4Text(words[at]);
  return family === 6 ? ipv6Text(words, at) : '';
}

export function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/**
 * RFC 5952: lower-case hex without leading zeros; the longest run of two or more zero groups, the first of equally
 * long ones, becomes `::`. IPv4-mapped addresses (::ffff:0:0/96) end in dotted decimal (§5).
 */
export function ipv6Text(words: ArrayLike<number>, at: number): string {
  if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff) {
    return `::ffff:${ipv4Text(words[at + 3])}`;
  }
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && group(words, at, end) === 0) end++;
    if (end - i > runLength) {
      runStart = i;
      runLength = end - i;
    }
    i = Math.max(i, end);
  }
  if (runStart < 0) return groupsText(words, at, 0, 8);
  return `${groupsText(words, at, 0, runStart)}::${groupsText(words, at, runStart + runLength, 8)}`;
}

/**
 * Reads IPv4 dotted decimal or IPv6 text (RFC 4291 §2.2, with or without brackets).
 * @returns undefined where the text is no address; octal, hex and short IPv4 forms are not accepted, nor zone ids
 */
export function parseAddress(text: string): ParsedAddress | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const words = new Int32Array(4);
  if (!bare.includes(':')) {
    const word = parseIpv4(bare);
    if (word === undefined || bare !== text) return undefined;
    words[0] = word;
    return { family: 4, words };
  }
  return parseIpv6(bare, words) ? { family: 6, words } : undefined;
}

/** `00:1b:21:aa:bb:cc` from the upper 16 and the lower 32 bits; '' where `high` is negative, which means none. */
export function macText(high: number, low: number): string {
  if (high < 0) return '';
  const octets = [high >>> 8, high, low >>> 24, low >>> 16, low >>> 8, low];
  return octets.map((octet) => (octet & 255).toString(16).padStart(2, '0')).join(':');
}

/** Reads six hex octets between colons or hyphens; undefined where the text is something else. */
export function parseMac(text: string): { readonly high: number; readonly low: number } | undefined {
  const match = /^([0-9a-f]{2})([:-])([0-9a-f]{2})(?:\2[0-9a-f]{2}){4}$/i.exec(text);
  if (!match) return undefined;
  const octets = text.split(match[2]).map((octet) => Number.parseInt(octet, 16));
  return {
    high: (octets[0] << 8) | octets[1],
    low: (octets[2] << 24) | (octets[3] << 16) | (octets[4] << 8) | octets[5],
  };
}

function group(words: ArrayLike<number>, at: number, index: number): number {
  const word = words[at + (index >> 1)];
  return (index & 1) === 0 ? word >>> 16 : word & 0xffff;
}

function groupsText(words: ArrayLike<number>, at: number, from: number, to: number): string {
  const parts: string[] = [];
  for (let i = from; i < to; i++) parts.push(group(words, at, i).toString(16));
  return parts.join(':');
}

function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let word = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i]);
    if (octet > 255 || String(octet) !== match[i]) return undefined;
    word = (word << 8) | octet;
  }
  return word;
}

function parseIpv6(text: string, words: Int32Array): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = parseGroups(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1], true) : [];
  if (head === undefined || tail === undefined) return false;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group of zeros.
  if (halves.length === 1 ? missing !== 0 : missing < 1) return false;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  for (let i = 0; i < 4; i++) words[i] = (groups[2 * i] << 16) | groups[2 * i + 1];
  return true;
}

/** The groups of one side of `::`; the last may be dotted decimal where `mayEndInIpv4`. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    if (/^[0-9a-f]{1,4}$/i.test(parts[i])) {
      groups.push(Number.parseInt(parts[i], 16));
      continue;
    }
    const word = mayEndInIpv4 && i === parts.length - 1 ? parseIpv4(parts[i]) : undefined;
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}
