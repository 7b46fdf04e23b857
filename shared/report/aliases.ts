/**
 * Replaces what identifies hosts and people in a report: addresses, names, names of files, what applications wrote. The same thing
 * has the same alias everywhere, so that the report reads as before.
 *
 * Invariants
 * - Of the original nothing remains: what is known is replaced wherever it stands, also inside of other words and cut short; whatever else
 *   has the form of an address or stands in quotation marks is replaced as well, known or not.
 * - Of a packet's bytes only those of fields are shown that identify nobody (main/engine/report/bytes.ts lists them).
 */
import { parseMac } from '../format/address.ts';
import type { Report, ReportBytes, ReportCase, ReportField } from '../model/report.ts';
import { baseName } from './frame-name.ts';
import { isAddress, LEFT_OUT, TextReplacer } from './text-replacer.ts';

/** What the name of a capture ends in, which stays. */
const EXTENSIONS = /(?:\.(?:pcapng|pcap|cap|dmp|gz|zst|lz4|zip))+$/iu;

/** What a file is called instead, in the order of the files. */
export function fileAlias(path: string, index: number): string {
  return `capture-${index + 1}${EXTENSIONS.exec(path)?.[0] ?? ''}`;
}

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
  readonly #texts: TextReplacer;
  readonly #hosts = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #files: readonly string[];

  constructor({ secrets, files, cases }: Report) {
    for (const { address, side } of secrets.hosts) this.#host(address, side === 'other' ? 'host' : side);
    const known = new Map<string, string>();
    const names = [...new Set(secrets.names.map((name) => name.toLowerCase()))].filter(
      (name) => !isAddress(name),
    );
    for (const [index, name] of names.entries()) known.set(name, `name-${index + 1}.example`);
    this.#files = files.map(({ path }, index) => fileAlias(path, index));
    for (const [index, { path }] of files.entries()) {
      known.set(path.toLowerCase(), this.#files[index]);
      known.set(baseName(path).toLowerCase(), this.#files[index]);
    }
    // Capture points are called by their files.
    for (const { path } of cases)
      for (const [index, { name }] of (path?.points ?? []).entries())
        known.set(name.toLowerCase(), `point ${index + 1}`);
    this.#texts = new TextReplacer(secrets.texts, known, (address) => this.#host(address, 'host'));
  }

  file(index: number): string {
    return this.#files[index];
  }

  text(text: string): string {
    return withoutBrackets(this.#texts.text(text));
  }

  /** The same of a text whose quotations are our own. */
  own(text: string): string {
    return withoutBrackets(this.#texts.own(text));
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

/** Brackets of IPv6 have no use around an alias. */
function withoutBrackets(text: string): string {
  return text.replace(/\[((?:client|server|host|link)-\d+)\]/gu, '$1');
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
