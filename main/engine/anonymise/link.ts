/** Headers of link types: link-layer addresses are replaced, names and other texts in them are left out, numbers stay. */
import * as layers from '../decode/layers.ts';
import type { Rewrite } from './rewrite.ts';
import type { Layer } from './step.ts';

export function rewriteEthernet(rewrite: Rewrite, at: number): void {
  rewrite.mac(at);
  rewrite.mac(at + 6);
  rewrite.keep(at + 12, at + 14);
}

const MAC_LENGTH = 6;

export function rewriteLink(step: Layer): void {
  const { rewrite, from, to, end } = step;
  switch (step.linkType) {
    case 1:
      rewriteEthernet(rewrite, from);
      return;
    case 105:
      rewriteWlan(step, from);
      return;
    case 127:
      rewriteWlan(step, rewriteRadiotap(step));
      return;
    case 113: // SLL: the address' length at 4, the address at 6, eight bytes for it
      rewrite.keep(from, from + 6);
      if (rewrite.u16(from + 4) === MAC_LENGTH) rewrite.mac(from + 6);
      rewrite.keep(from + 14, from + 16);
      return;
    case 276: // SLL2
      rewrite.keep(from, from + 12);
      if (rewrite.u8(from + 11) === MAC_LENGTH) rewrite.mac(from + 12);
      return;
    case 10: // FDDI
      rewrite.keep(from, from + 1);
      rewrite.mac(from + 1);
      rewrite.mac(from + 7);
      return;
    case 6:
      rewriteTokenRing(rewrite, from, to);
      return;
    case 122: // IP over Fibre Channel: two bytes before each address
      rewrite.keep(from, from + 2);
      rewrite.mac(from + 2);
      rewrite.keep(from + 8, from + 10);
      rewrite.mac(from + 10);
      return;
    case 242: // IP over InfiniBand: the routing header holds addresses
      rewrite.keep(from + 40, from + 44);
      return;
    case 117: // pflog: length, family, action, reason; numbers of rules; direction. Names of interface and rules are left out.
      rewrite.keep(from, from + 4);
      if (to > from + 61) rewrite.keep(from + 60, from + 61);
      return;
    case 17:
      rewrite.keep(from, from + 4);
      rewrite.keep(from + 20, from + 28);
      return;
    case 239:
      rewriteNflog(step);
      return;
    case 197:
      rewriteErf(step);
      return;
    case 258: // PKTAP: names of interface and process are left out
      rewrite.keep(from, from + 12);
      rewrite.keep(from + 36, from + 40);
      return;
    case 192: // PPI: fields of the radio and of positions are left out
      rewrite.keep(from, from + 8);
      return;
    case 119:
    case 163: // Prism, AVS: the second word is the length
      rewrite.keep(from, from + 8);
      return;
    case 178:
    case 179:
    case 180:
    case 181: // Juniper: magic and flags, length of extensions
      rewrite.keep(from, from + ((rewrite.u8(from + 3) & 0x80) !== 0 ? 6 : 4));
      return;
    case 109: // family and flags; between them the number of the association
      rewrite.keep(from, from + 4);
      rewrite.keep(from + 8, from + 12);
      return;
    case 281:
    case 284:
    case 285: // switch tags behind the two addresses
      rewrite.mac(from);
      rewrite.mac(from + 6);
      rewrite.keep(from + 12, to);
      return;
    case 0:
    case 108:
      rewrite.keep(from, Math.min(end, from + 4));
      return;
    case 9:
    case 50:
    case 51:
    case 100:
    case 104:
    case 107:
    case 166:
    case 204:
    case 205:
    case 206:
    case 219:
    case 226:
    case 240:
    case 282:
      // Numbers only.
      rewrite.keep(from, to);
      return;
    default:
      if (step.next === layers.LAYER_DONE)
        rewrite.books.counts.add('packets of protocols that are not known');
  }
}

/** Where a route follows the addresses, the first bit of the source says so; of the route its length and direction stay. */
function rewriteTokenRing(rewrite: Rewrite, from: number, to: number): void {
  rewrite.keep(from, from + 2);
  rewrite.mac(from + 2);
  rewrite.mac(from + 8);
  if (from + 8 < rewrite.size)
    rewrite.to[from + 8] = (rewrite.to[from + 8] & 0x7f) | (rewrite.u8(from + 8) & 0x80);
  if (to > from + 14) rewrite.keep(from + 14, from + 16);
}

/** radiotap.org: lengths, the words that say what is there, and the flags; strengths and positions are left out. */
function rewriteRadiotap({ rewrite, from, end }: Layer): number {
  const length = rewrite.u8(from + 2) | (rewrite.u8(from + 3) << 8);
  const headerEnd = Math.min(end, from + length);
  let at = from + 4;
  while (at + 4 <= headerEnd && (rewrite.u8(at + 3) & 0x80) !== 0) at += 4;
  at += 4;
  rewrite.keep(from, Math.min(end, at));
  const present = rewrite.u8(from + 4);
  if ((present & 1) !== 0) at = from + ((at - from + 7) & ~7) + 8;
  if ((present & 2) !== 0 && at < headerEnd) rewrite.keep(at, at + 1);
  return from + length;
}

/** IEEE 802.11: frame control and duration, addresses, sequence control; what follows the addresses up to the frame's content. */
export function rewriteWlan(step: Layer, at: number): void {
  const { rewrite, to, end, next } = step;
  rewrite.keep(at, Math.min(end, at + 4));
  const isSwapped = step.layer === layers.LAYER_80211_SWAPPED;
  const kind = rewrite.u8(isSwapped ? at + 1 : at);
  const flags = rewrite.u8(isSwapped ? at : at + 1);
  const isControl = (kind & 0x0c) === 0x04;
  rewrite.mac(at + 4, end);
  rewrite.mac(at + 10, end);
  if (isControl) return;
  rewrite.mac(at + 16, end);
  rewrite.keep(at + 22, Math.min(end, at + 24));
  let headerEnd = at + 24;
  if ((flags & 3) === 3) {
    rewrite.mac(headerEnd, end);
    headerEnd += MAC_LENGTH;
  }
  if ((kind & 0x8c) === 0x88) {
    rewrite.keep(headerEnd, Math.min(end, headerEnd + 2));
    const isAggregate = (rewrite.u8(headerEnd) & 0x80) !== 0;
    // The first frame of an aggregate has its own addresses and length before its content.
    if (isAggregate && next === layers.LAYER_LLC) {
      rewrite.mac(to - 14);
      rewrite.mac(to - 8);
      rewrite.keep(to - 2, to);
    }
  }
}

/** Attributes of netfilter: the hook, the device's address and the packet stay; prefix, names and users are left out. */
function rewriteNflog({ rewrite, from, to, end, next }: Layer): void {
  rewrite.keep(from, Math.min(end, from + 4));
  if (next === layers.LAYER_DONE) return;
  // The payload is the last attribute that counts, and its length tells the byte order.
  const isLittle = (rewrite.u8(to - 2) & 0xff) === 9;
  const u16 = (at: number): number =>
    isLittle ? rewrite.u8(at) | (rewrite.u8(at + 1) << 8) : rewrite.u16(at);
  for (let at = from + 4, count = 0; at + 4 <= to && count < 256; count++) {
    const length = u16(at);
    const type = u16(at + 2) & 0x3fff;
    rewrite.keep(at, at + 4);
    if (length < 4 || at + 4 === to) return;
    if (type === 1) rewrite.keep(at + 4, at + 8);
    else if (type === 8) {
      rewrite.keep(at + 4, at + 8);
      rewrite.mac(at + 8, Math.min(end, at + length));
    }
    at += (length + 3) & ~3;
  }
}

/** Endace's header stays, of its extensions that they are there. */
function rewriteErf({ rewrite, from, to, end }: Layer): void {
  rewrite.keep(from, Math.min(end, from + 16));
  let more = (rewrite.u8(from + 8) & 0x80) !== 0;
  for (let at = from + 16; more && at + 8 <= to; at += 8) {
    rewrite.keep(at, at + 1);
    more = (rewrite.u8(at) & 0x80) !== 0;
  }
}
