/** Replaces all that tells who is who in a capture while it is copied. docs/anonymise.md says what stays, and what it cannot hide. */
import type { CaptureRewriter } from '../copy/rewriter.ts';
import { AddressBook } from './addresses.ts';
import type { CaseCipher } from './case-cipher.ts';
import { Counts } from './counts.ts';
import { Filler } from './filler.ts';
import { rewriteKernelBlock } from './kernel.ts';
import { NameBook } from './names.ts';
import { PacketBuffers } from './packet-buffers.ts';
import { type Books, Rewrite } from './rewrite.ts';
import { Walk } from './walk.ts';

/** Names that systems give to interfaces, with a number (systemd.net-naming-scheme(7), BSD's drivers): they tell nobody's machine. */
const GENERIC_INTERFACE =
  /^(?:any|lo\d*|(?:eth|en|em|wlan|wlp|ens|eno|enp|igb|ixl|re|vtnet|bond|br|tun|tap|veth|utun|vmnet|wg|ppp|team|dummy|awdl|llw|bridge|nflog|nfqueue|usbmon)[\d.]*|en[op]\d+s\d+(?:f\d+)?)$/u;

export class CaptureAnonymiser implements CaptureRewriter {
  readonly keepsComments = false;
  readonly keepsSecrets = false;
  readonly notice =
    'Anonymised by Resetscope: addresses, names and payloads are replaced; times, lengths, ports, flags and numbers are those that were captured.';
  readonly #books: Books;
  readonly #counts = new Counts();
  readonly #walk = new Walk();
  readonly #buffers = new PacketBuffers();
  readonly #interfaces = new Map<string, string>();

  constructor(cipher: CaseCipher) {
    const counts = this.#counts;
    const filler = new Filler(cipher);
    this.#books = {
      addresses: new AddressBook(cipher, counts),
      names: new NameBook(filler, counts),
      filler,
      counts,
    };
  }

  packet(linkType: number, bytes: Uint8Array, length: number): Uint8Array {
    const rewrite = new Rewrite(this.#books, bytes, this.#buffers);
    this.#walk.run(rewrite, linkType, length);
    rewrite.sums.finish();
    return rewrite.to;
  }

  text(kind: Parameters<CaptureRewriter['text']>[0], text: string): string | null {
    if (kind === 'interface' && GENERIC_INTERFACE.test(text)) return text;
    this.#counts.add('interface and machine texts');
    if (kind !== 'interface') return null;
    let made = this.#interfaces.get(text);
    if (made === undefined) {
      made = `interface ${this.#interfaces.size + 1}`;
      this.#interfaces.set(text, made);
    }
    return made;
  }

  name(address: Uint8Array, name: string): { address: Uint8Array; name: string } | null {
    const made = new Uint8Array(address.length);
    if (address.length === 4) this.#books.addresses.ipv4(address, 0, made);
    else if (address.length === 16) this.#books.addresses.ipv6(address, 0, made);
    else return null;
    return { address: made, name: this.#books.names.host(name) };
  }

  kernel(bytes: Uint8Array): Uint8Array | null {
    this.#counts.add('kernel events');
    return rewriteKernelBlock(this.#books, bytes);
  }

  counts(): readonly { readonly kind: string; readonly count: number }[] {
    return this.#counts.list();
  }
}
