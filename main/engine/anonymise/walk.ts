/**
 * Rewrites a packet layer by layer, by the decoder's own steps: each layer first by the decoder, which finds its end and the next one,
 * then by the rewriter of that layer, which passes on what it knows. So both agree on what a packet is, and what the decoder does not
 * open is not passed on.
 */
import { decodeLayer } from '../decode/decoder.ts';
import * as layers from '../decode/layers.ts';
import { linkDecoder } from '../decode/link-types.ts';
import { Packet } from '../decode/packet.ts';
import { LimitCounter } from '../limits.ts';
import { rewriteExtensions, rewriteIpv4, rewriteIpv6 } from './ip.ts';
import { rewriteLayer } from './layer.ts';
import type { Layer } from './step.ts';
import type { Rewrite } from './rewrite.ts';

/** As in dissect/walk.ts: the decoder ends by itself. */
const MAX_STEPS = 128;
/** Errors that quote errors: RFC 1122 §3.2.2 forbids them, hostile packets do not. */
const MAX_QUOTES = 2;
/** More than any datagram: what follows a first fragment, or a quote, counts as not captured. */
const REST = 0x1_0000;

const LINKTYPE_IPV4 = 228;
const LINKTYPE_IPV6 = 229;

export class Walk {
  readonly #limits = new LimitCounter();
  readonly #packets: Packet[] = [];

  /** The whole packet. @param wireLength as it was on the wire */
  run(rewrite: Rewrite, linkType: number, wireLength: number): void {
    const packet = this.#packet(0);
    packet.linkType = linkType;
    packet.begin(rewrite.from, 0, rewrite.size, wireLength, 0);
    this.#walk(rewrite, packet, layers.LAYER_LINK, 0);
  }

  /** A packet that an error quotes, as much of it as is in [at, end). */
  quoted(rewrite: Rewrite, family: 4 | 6, at: number, end: number, quotes: number): void {
    if (quotes > MAX_QUOTES || at >= end) return;
    const packet = this.#packet(quotes);
    packet.linkType = family === 4 ? LINKTYPE_IPV4 : LINKTYPE_IPV6;
    packet.begin(rewrite.from, at, end - at, REST, 0);
    const { family: ownFamily, sourceAt, destinationAt, isFragment } = rewrite;
    this.#walk(rewrite, packet, layers.LAYER_LINK, quotes);
    Object.assign(rewrite, { family: ownFamily, sourceAt, destinationAt, isFragment });
  }

  #packet(quotes: number): Packet {
    return (this.#packets[quotes] ??= new Packet(this.#limits));
  }

  #walk(rewrite: Rewrite, packet: Packet, first: number, quotes: number): void {
    let layer = first;
    for (let count = 0; layer !== layers.LAYER_DONE && count < MAX_STEPS; count++) {
      if (layer === layers.LAYER_LINK && packet.linkType === LINKTYPE_IPV4) layer = layers.LAYER_IPV4;
      if (layer === layers.LAYER_LINK && packet.linkType === LINKTYPE_IPV6) layer = layers.LAYER_IPV6;
      const { at: from, end, wireEnd, etherType, protocol, linkType } = packet;
      // Fragments are told before the decoder sees them: it would put them together, and go on in other bytes.
      const isFirst = hideFragment(rewrite, packet, layer);
      if (isFirst === null) {
        if (layer === layers.LAYER_IPV4) rewriteIpv4(rewrite, from, end);
        else rewriteExtensions(rewrite, from, end, protocol);
        return;
      }
      const next = layer === layers.LAYER_LINK ? linkDecoder(linkType)(packet) : decodeLayer(packet, layer);
      if (isFirst) {
        rewrite.isFragment = true;
        packet.wireEnd = packet.at + REST;
      }
      const step: Layer = {
        ...{ rewrite, packet, walk: this, layer, from, end, wireEnd, etherType, protocol, linkType },
        ...{ to: packet.at, next, quotes },
      };
      if (layer === layers.LAYER_IPV4) rewriteIpv4(rewrite, from, end);
      else if (layer === layers.LAYER_IPV6) rewriteIpv6(rewrite, from, end);
      else if (layer === layers.LAYER_EXTENSIONS) rewriteExtensions(rewrite, from, end, protocol);
      else rewriteLayer(step);
      layer = next;
    }
  }
}

/**
 * Clears the marks of a first fragment in `from`.
 * @returns true for a first fragment, false for what is whole, null for another fragment, which ends the walk
 */
function hideFragment(rewrite: Rewrite, packet: Packet, layer: number): boolean | null {
  const { from } = rewrite;
  if (layer === layers.LAYER_IPV4) return hideIpv4Fragment(from, packet.at, packet.end);
  if (layer !== layers.LAYER_EXTENSIONS) return false;
  let { at, protocol } = packet;
  for (let count = 0; count < 16 && at + 8 <= packet.end; count++) {
    if (protocol === FRAGMENT) {
      const field = (from[at + 2] << 8) | from[at + 3];
      if ((field & 0xfff8) !== 0) return null;
      if ((field & 1) === 0) return false;
      from[at + 3] &= ~1;
      return true;
    }
    if (![HOP_BY_HOP, ROUTING, DESTINATION, AUTHENTICATION].includes(protocol)) return false;
    const length = protocol === AUTHENTICATION ? (from[at + 1] + 2) << 2 : (from[at + 1] + 1) << 3;
    protocol = from[at];
    at += length;
  }
  return false;
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;

const MORE_FRAGMENTS = 0x20;

function hideIpv4Fragment(from: Uint8Array, at: number, end: number): boolean | null {
  if (end - at < 20 || from[at] >>> 4 !== 4) return false;
  const field = (from[at + 6] << 8) | from[at + 7];
  if ((field & 0x1fff) !== 0) return null;
  if ((from[at + 6] & MORE_FRAGMENTS) === 0) return false;
  from[at + 6] &= ~MORE_FRAGMENTS;
  // The header's checksum follows, for the decoder asks it where lengths contradict each other.
  let sum = ((from[at + 10] << 8) | from[at + 11]) + (MORE_FRAGMENTS << 8);
  sum = (sum & 0xffff) + (sum >>> 16);
  from[at + 10] = sum >>> 8;
  from[at + 11] = sum;
  return true;
}
