/**
 * Replaces what names hosts and people in the rows of a fleet: addresses so that those of one network stay together, names label by
 * label, as in anonymised captures. All hosts that have one key replace alike.
 */
import { addressText, macText, parseAddress, parseMac } from '../../../shared/format/address.ts';
import { isAddress, TextReplacer } from '../../../shared/report/text-replacer.ts';
import { AddressBook } from '../anonymise/addresses.ts';
import type { CaseCipher } from '../anonymise/case-cipher.ts';
import { Counts } from '../anonymise/counts.ts';
import { Filler } from '../anonymise/filler.ts';
import { NameBook } from '../anonymise/names.ts';
import type { Disguise, TextSecrets } from './fleet-row.ts';

/** What may be a name in our words. */
const WORDS = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;

/** Names from this length on are replaced inside of words, too. */
const SHORTEST_INSIDE = 4;

export interface AnonymousOptions {
  /** What a file is called instead, by its number. */
  readonly alias: (file: number) => string | null;
  /** What is replaced wherever it stands, in small letters, and by what: names of files and of capture points. */
  readonly known: ReadonlyMap<string, string>;
  /** All names of the capture, in small letters: a text may name another connection's server. */
  readonly names: Pick<ReadonlySet<string>, 'has'>;
}

export class Anonymous implements Disguise {
  readonly #addresses: AddressBook;
  readonly #names: NameBook;
  readonly #options: AnonymousOptions;

  constructor(cipher: CaseCipher, options: AnonymousOptions) {
    const counts = new Counts();
    this.#addresses = new AddressBook(cipher, counts);
    this.#names = new NameBook(new Filler(cipher), counts);
    this.#options = options;
  }

  address(text: string): string {
    const parsed = parseAddress(text);
    if (parsed !== undefined) {
      const { family, words } = parsed;
      const bytes = bytesOf(words);
      if (family === 4) this.#addresses.ipv4(bytes, 0, bytes);
      else this.#addresses.ipv6(bytes.slice(), 0, bytes);
      const bare = addressText(wordsOf(bytes), 0, family);
      return text.startsWith('[') ? `[${bare}]` : bare;
    }
    const mac = parseMac(text);
    return mac === undefined ? this.#names.host(text) : this.#linkAddress(mac);
  }

  #linkAddress({ high, low }: { readonly high: number; readonly low: number }): string {
    const bytes = bytesOf(Int32Array.of(high, low));
    this.#addresses.mac(bytes.slice(), 2, bytes);
    const [newHigh, newLow] = wordsOf(bytes);
    return macText(newHigh, newLow);
  }

  name(text: string): string {
    return isAddress(text) ? this.address(text) : this.#names.host(text);
  }

  path(file: number): string | null {
    return this.#options.alias(file);
  }

  text(text: string, { names, texts }: TextSecrets): string {
    const known = new Map(this.#options.known);
    for (const name of names) if (!isAddress(name)) known.set(name.toLowerCase(), this.name(name));
    // Short names would be found inside of words that are none.
    const inside = new Map([...known].filter(([name]) => name.length >= SHORTEST_INSIDE));
    return new TextReplacer(texts, inside, (address) => this.address(address))
      .text(text)
      .replace(WORDS, (word) => this.#word(word, known));
  }

  #word(word: string, known: ReadonlyMap<string, string>): string {
    const lower = word.toLowerCase();
    if (lower.length < SHORTEST_INSIDE && known.has(lower)) return known.get(lower) ?? word;
    return this.#options.names.has(lower) ? this.name(word) : word;
  }
}

function bytesOf(words: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word);
  return new Uint8Array(view.buffer);
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i));
}
