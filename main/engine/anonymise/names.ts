/**
 * Names of hosts: label by label, each replaced by letters of the same number, the same label always by the same. Top-level domains
 * that say nothing of anybody, `www`, and names of services stay.
 */
import type { Counts } from './counts.ts';
import type { Filler } from './filler.ts';

/** RFC 2606, RFC 6761, RFC 6762, and the domains of everybody. */
const KEPT = new Set([
  ...['com', 'net', 'org', 'edu', 'gov', 'mil', 'int', 'info', 'biz', 'arpa', 'in-addr', 'ip6', 'local'],
  ...[
    'example',
    'test',
    'invalid',
    'localhost',
    'www',
    '_tcp',
    '_udp',
    '_dns-sd',
    '_services',
    '_http',
    '_https',
    '_ldap',
  ],
  ...[
    '_kerberos',
    '_sip',
    '_sips',
    '_xmpp-client',
    '_xmpp-server',
    '_msdcs',
    '_sites',
    '_gc',
    '_dmarc',
    '_domainkey',
  ],
]);

const MOST_REMEMBERED = 65_536;
const LETTER_A = 0x61;

export class NameBook {
  readonly #filler: Filler;
  readonly #counts: Counts;
  readonly #labels = new Map<string, string>();

  constructor(filler: Filler, counts: Counts) {
    this.#filler = filler;
    this.#counts = counts;
  }

  /** What replaces a label, without regard to the case of its letters; capitals stay capitals. */
  label(label: string): string {
    const lower = label.toLowerCase();
    if (KEPT.has(lower)) return label;
    let made = this.#labels.get(lower);
    if (made === undefined) {
      made = this.#make(lower);
      if (this.#labels.size >= MOST_REMEMBERED) this.#labels.clear();
      this.#labels.set(lower, made);
      this.#counts.add('names');
    }
    if (lower === label) return made;
    let result = '';
    for (let i = 0; i < label.length; i++) {
      const isCapital = label[i] >= 'A' && label[i] <= 'Z';
      result += isCapital ? made[i].toUpperCase() : made[i];
    }
    return result;
  }

  /** A host as applications write it: a name, or an address in digits, and a port that stays. Same length. */
  host(text: string): string {
    const [, name, port] = /^(.*?)(:\d{0,5})?$/su.exec(text) ?? ['', text, ''];
    if (/^[\d.]+$/u.test(name)) return this.digits(name) + (port ?? '');
    // An IPv6 address in brackets: its shape stays.
    if (name.startsWith('[')) return this.digits(name) + (port ?? '');
    return (
      name
        .split('.')
        .map((label) => this.label(label))
        .join('.') + (port ?? '')
    );
  }

  /** Digits (hexadecimal ones where letters are among them) for digits; everything else stays. For addresses that are written as text. */
  digits(text: string): string {
    const digest = this.#filler.label(`digits ${text.toLowerCase()}`);
    let made = '';
    for (let i = 0; i < text.length; i++) {
      const drawn = digest[i & 31] + 7 * (i >>> 5);
      if (text[i] >= '0' && text[i] <= '9') made += String(drawn % 10);
      else if (/[a-z]/iu.test(text[i])) made += ((drawn % 6) + 10).toString(16);
      else made += text[i];
    }
    return made;
  }

  #make(lower: string): string {
    if (/^\d+$/u.test(lower)) return this.digits(lower);
    const digest = this.#filler.label(lower);
    let made = '';
    for (let i = 0; i < lower.length; i++) {
      made +=
        lower[i] === '_' && i === 0
          ? '_'
          : String.fromCharCode(LETTER_A + ((digest[i & 31] + 3 * (i >>> 5)) % 26));
    }
    return made;
  }
}
