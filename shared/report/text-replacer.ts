/** Replaces what identifies hosts and people in a text of ours: what applications wrote, addresses, names. */
import { parseAddress, parseMac } from '../format/address.ts';

/** Shorter texts of applications are no secret, and replacing them would destroy words. */
const SHORTEST_TEXT = 4;
/** A text that was cut is known by so many characters of its beginning. */
const SHORTEST_PART = 6;
export const LEFT_OUT = '[left out]';
/** What may be an address; what is one is decided by reading it. */
const ADDRESS =
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)|(?<![\w:.])(?:[\da-f]{0,4}(?::[\da-f]{0,4}){1,6}:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:])|(?<![\w-])[\da-f]{2}(?:-[\da-f]{2}){5}(?![\w-])/giu;
/** Quoted in our texts: mostly what somebody else wrote. */
const QUOTED = /\u201c[^\u201d]*\u201d?/gu;
/** Ours all the same. */
const OWN_QUOTES: readonly string[] = ['\u201cpacket too big\u201d', '\u201cfragmentation needed\u201d'];

export class TextReplacer {
  readonly #texts: readonly string[];
  readonly #replace: (text: string) => string;
  readonly #host: (address: string) => string;

  /**
   * @param texts that applications wrote
   * @param known what is replaced wherever it stands, in small letters, and by what
   * @param host gives what takes the place of an address of the network or the link
   */
  constructor(
    texts: readonly string[],
    known: ReadonlyMap<string, string>,
    host: (address: string) => string,
  ) {
    this.#texts = [...new Set(texts.map((text) => text.toLowerCase()))]
      .filter((text) => text.length >= SHORTEST_TEXT)
      .sort((a, b) => b.length - a.length);
    this.#replace = replacer(known);
    this.#host = host;
  }

  text(text: string): string {
    const unquoted = text.replace(QUOTED, (quoted) =>
      OWN_QUOTES.includes(quoted) ? quoted : `\u201c${LEFT_OUT}\u201d`,
    );
    return this.own(unquoted);
  }

  /** The same of a text whose quotations are our own. */
  own(text: string): string {
    // Addresses go first: one may be part of a name.
    const left = this.#withoutTexts(text);
    return this.#replace(left.replace(ADDRESS, (found) => (isAddress(found) ? this.#host(found) : found)));
  }

  /** What applications wrote, whole or cut short. */
  #withoutTexts(text: string): string {
    let left = text;
    let lower = left.toLowerCase();
    for (const secret of this.#texts) {
      const begin = secret.slice(0, Math.min(SHORTEST_PART, secret.length));
      for (let at = lower.indexOf(begin); at >= 0; at = lower.indexOf(begin, at + LEFT_OUT.length)) {
        let length = begin.length;
        while (length < secret.length && lower[at + length] === secret[length]) length++;
        left = left.slice(0, at) + LEFT_OUT + left.slice(at + length);
        lower = left.toLowerCase();
      }
    }
    return left;
  }
}

export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined || parseMac(text) !== undefined;
}

/** Replaces every one of them, whatever its case, the longest first. */
function replacer(known: ReadonlyMap<string, string>): (text: string) => string {
  const keys = [...known.keys()].filter((key) => key !== '').sort((a, b) => b.length - a.length);
  if (keys.length === 0) return (text) => text;
  const pattern = new RegExp(
    keys.map((key) => key.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)).join('|'),
    'giu',
  );
  return (text) => text.replace(pattern, (found) => known.get(found.toLowerCase()) ?? LEFT_OUT);
}
