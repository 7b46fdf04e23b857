/**
 * Replaces what identifies hosts and people in a report: addresses, names, names of files, what applications wrote. The same thing
 * has the same alias everywhere, so that the report reads as before.
 *
 * Invariants
 * - Of the original nothing remains: what is known is replaced wherever it stands, also inside of other words and cut short; whatever else
 *   has the form of an address or stands in quotation marks is replaced as well, known or not.
 * - Of a packet's bytes only those of fields are shown that identify nobody (main/engine/report/bytes.ts lists them).
 */
import { parseAddress, parseMac } from '../format/address.ts';
import type { Report, ReportBytes, ReportCase, ReportField } from '../model/report.ts';
import { baseName } from './frame-name.ts';

/** Shorter texts of applications are no secret, and replacing them would destroy words. */
const SHORTEST_TEXT = 4;
/** A text that was cut is known by so many characters of its beginning. */
const SHORTEST_PART = 6;
const LEFT_OUT = '[left out]';
/** What may be an address; what is one is decided by reading it. */
const ADDRESS =
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)|(?<![\w:.])(?:[\da-f]{0,4}(?::[\da-f]{0,4}){1,6}:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:])|(?<![\w-])[\da-f]{2}(?:-[\da-f]{2}){5}(?![\w-])/giu;
/** Quoted in our texts: mostly what somebody else wrote. */
const QUOTED = /\u201c[^\u201d]*\u201d?/gu;
/** Ours all the same. */
const OWN_QUOTES: readonly string[] = ['\u201cpacket too big\u201d', '\u201cfragmentation needed\u201d'];
/** What the name of a capture ends in, which stays. */
const EXTENSIONS = /(?:\.(?:pcapng|pcap|cap|dmp|gz|zst|lz4|zip))+$/iu;

/** A copy without them; the user's names must not be put into it. */
export function anonymised(report: Report): Report {
  const aliases = new Aliases(report);
  const replaced = deep(report, (text) => aliases.text(text));
  return {
    ...replaced,
    madeAt: report.madeAt,
    madeBy: report.madeBy,
    cases: replaced.cases.map((told, index) => ({
      ...withoutBytes(told, report.cases[index]),
      // These are our own words throughout, and what they quote is ours.
      refute: report.cases[index].refute.map((text) => aliases.own(text)),
    })),
    files: replaced.files.map((file, index) => ({
      ...file,
      path: aliases.file(index),
      // It would tell whoever has the original that this is it.
      sha256: LEFT_OUT,
      format: report.files[index].format,
      linkTypes: report.files[index].linkTypes,
      first: report.files[index].first,
      last: report.files[index].last,
      program: file.program === '' ? '' : LEFT_OUT,
    })),
    isAnonymised: true,
    secrets: { hosts: [], names: [], texts: [] },
  };
}

class Aliases {
  readonly #replace: (text: string) => string;
  readonly #hosts = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #texts: readonly string[];
  readonly #files: readonly string[];

  constructor({ secrets, files, cases }: Report) {
    for (const { address, side } of secrets.hosts) this.#host(address, side === 'other' ? 'host' : side);
    const known = new Map<string, string>();
    const names = [...new Set(secrets.names.map((name) => name.toLowerCase()))].filter(
      (name) => !isAddress(name),
    );
    for (const [index, name] of names.entries()) known.set(name, `name-${index + 1}.example`);
    this.#files = files.map(({ path }, index) => `capture-${index + 1}${EXTENSIONS.exec(path)?.[0] ?? ''}`);
    for (const [index, { path }] of files.entries()) {
      known.set(path.toLowerCase(), this.#files[index]);
      known.set(baseName(path).toLowerCase(), this.#files[index]);
    }
    // Capture points are called by their files.
    for (const { path } of cases)
      for (const [index, { name }] of (path?.points ?? []).entries())
        known.set(name.toLowerCase(), `point ${index + 1}`);
    this.#texts = [...new Set(secrets.texts.map((text) => text.toLowerCase()))]
      .filter((text) => text.length >= SHORTEST_TEXT)
      .sort((a, b) => b.length - a.length);
    this.#replace = replacer(known);
  }

  file(index: number): string {
    return this.#files[index];
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
    return this.#replace(this.#addresses(this.#withoutTexts(text)));
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

  #addresses(text: string): string {
    return text
      .replace(ADDRESS, (found) => (isAddress(found) ? this.#host(found, 'host') : found))
      .replace(
        // Brackets of IPv6 have no use around an alias.
        /\[((?:client|server|host|link)-\d+)\]/gu,
        '$1',
      );
  }

  /** The same for every way to write an address. */
  #host(address: string, kind: 'client' | 'server' | 'host'): string {
    const key = address.toLowerCase();
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const role = parseMac(key) === undefined ? kind : 'link';
    const count = (this.#counts.get(role) ?? 0) + 1;
    this.#counts.set(role, count);
    const alias = `${role}-${count}`;
    this.#hosts.set(key, alias);
    return alias;
  }
}

function isAddress(text: string): boolean {
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

function withoutBytes(told: ReportCase, original: ReportCase): ReportCase {
  const { bytes } = original;
  return bytes === null ? told : { ...told, bytes: masked(bytes) };
}

function masked(bytes: ReportBytes): ReportBytes {
  const fields = bytes.fields.filter(({ isForeign }) => !isForeign);
  const isTold = (at: number): boolean => fields.some(({ from, to }: ReportField) => at >= from && at < to);
  return { ...bytes, fields, hex: bytes.hex.map((digits, at) => (isTold(at) ? digits : '..')) };
}

/** Every text in it through the function; numbers and structure stay. */
function deep<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => deep(one, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, deep(one as unknown, change)]),
  ) as T;
}
