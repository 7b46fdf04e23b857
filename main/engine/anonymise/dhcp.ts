/** DHCP (RFC 2131) and DHCPv6 (RFC 8415): addresses are replaced, names and identifiers left out, kinds, lengths and times stay. */
import type { Rewrite } from './rewrite.ts';

const HARDWARE_LENGTH = 16;
const MAGIC_AT = 236;
const OPTIONS_AT = 240;
/** Routers, servers of time, names and logs, masks' neighbours; the asked-for address and the server's. */
const ADDRESSES: ReadonlySet<number> = new Set([3, 4, 5, 6, 7, 8, 9, 16, 28, 41, 42, 44, 45, 50, 54, 69, 70]);
/** Mask, MTU, time spans, the message's kind, what is asked for, sizes. */
const NUMBERS: ReadonlySet<number> = new Set([1, 19, 20, 26, 35, 46, 51, 52, 53, 55, 57, 58, 59, 116]);
const CLIENT_IDENTIFIER = 61;
const PAD = 0;
const END = 255;

/** RFC 2131 §2: a question or an answer, and a hardware address of the length that is there for it. */
export function looksLikeDhcp(rewrite: Rewrite, from: number, end: number): boolean {
  const operation = rewrite.u8(from);
  return (operation === 1 || operation === 2) && rewrite.u8(from + 2) <= HARDWARE_LENGTH && end > from;
}

export function rewriteDhcp(rewrite: Rewrite, from: number, end: number): void {
  rewrite.keep(from, Math.min(end, from + 12));
  rewrite.ipv4List(from + 12, Math.min(end, from + 28));
  if (rewrite.u8(from + 2) === 6) rewrite.mac(from + 28, end);
  if (end - from < OPTIONS_AT) return;
  rewrite.keep(from + MAGIC_AT, from + OPTIONS_AT);
  for (let at = from + OPTIONS_AT; at < end;) {
    const code = rewrite.u8(at);
    rewrite.keep(at, at + 1);
    if (code === END) return;
    if (code === PAD) {
      at++;
      continue;
    }
    rewrite.keep(at + 1, Math.min(end, at + 2));
    const optionEnd = Math.min(end, at + 2 + rewrite.u8(at + 1));
    if (ADDRESSES.has(code)) rewrite.ipv4List(at + 2, optionEnd);
    else if (NUMBERS.has(code)) rewrite.keep(at + 2, optionEnd);
    else if (code === CLIENT_IDENTIFIER && optionEnd - at === 9) {
      rewrite.keep(at + 2, at + 3);
      rewrite.mac(at + 3, optionEnd);
    } else rewrite.payload(at + 2, optionEnd);
    at = optionEnd;
  }
}

/** Kinds from here on are a relay's: addresses follow the number of hops. */
const FIRST_OF_RELAYS = 12;

/** Kind and transaction, then codes and lengths. */
export function rewriteDhcpv6(rewrite: Rewrite, from: number, end: number): void {
  if (rewrite.u8(from) >= FIRST_OF_RELAYS) {
    rewrite.keep(from, Math.min(end, from + 2));
    return;
  }
  rewrite.keep(from, Math.min(end, from + 4));
  for (let at = from + 4; at + 4 <= end; at += 4 + rewrite.u16(at + 2)) rewrite.keep(at, at + 4);
}
