/**
 * Cuts a display filter into tokens, as Wireshark 4 does: of all patterns that match at a place the longest wins, and of equally long
 * ones the first. An error is a token, too, so that the one that comes first in the text is told.
 */
import type { RawTerm } from './quick/lexer.ts';
import type { Span } from './ast.ts';
import { quickTermAt } from './quick/recognise.ts';

export type Token =
  | { readonly kind: 'end'; readonly span: Span; readonly text: string }
  | { readonly kind: 'error'; readonly span: Span; readonly text: string; readonly message: string }
  /** A name of a field or a function, or a value; which of them is not decided here. */
  | { readonly kind: 'word'; readonly span: Span; readonly text: string }
  /** A value that can be nothing else: an address, bytes. */
  | { readonly kind: 'literal'; readonly span: Span; readonly text: string }
  /** `.tcp`: a field that can be nothing else. */
  | { readonly kind: 'field'; readonly span: Span; readonly text: string }
  | { readonly kind: 'string'; readonly span: Span; readonly text: string; readonly value: string }
  | { readonly kind: 'char'; readonly span: Span; readonly text: string; readonly value: number }
  /** What stands between the brackets of a slice, up to a comma. */
  | { readonly kind: 'range'; readonly span: Span; readonly text: string }
  /** The number of a layer, behind `#`. */
  | { readonly kind: 'layer'; readonly span: Span; readonly text: string }
  | { readonly kind: 'quick'; readonly span: Span; readonly text: string; readonly term: RawTerm }
  /** Operators and brackets; `name` is the same for all ways to write one. */
  | { readonly kind: 'sign'; readonly span: Span; readonly text: string; readonly name: string };

/** All that is not a value; the name is that of the first way to write it. */
const SIGNS: Readonly<Record<string, string>> = {
  '(': '(',
  ')': ')',
  '{': '{',
  '}': '}',
  '[': '[',
  ',': ',',
  '..': '..',
  $: '$',
  '#': '#',
  '==': 'any eq',
  eq: 'any eq',
  any_eq: 'any eq',
  '!=': 'all ne',
  ne: 'all ne',
  all_ne: 'all ne',
  '===': 'all eq',
  all_eq: 'all eq',
  '!==': 'any ne',
  any_ne: 'any ne',
  '~=': 'any ne',
  '>': 'any gt',
  gt: 'any gt',
  '>=': 'any ge',
  ge: 'any ge',
  '<': 'any lt',
  lt: 'any lt',
  '<=': 'any le',
  le: 'any le',
  contains: 'contains',
  matches: 'matches',
  '~': 'matches',
  in: 'in',
  any: 'any',
  all: 'all',
  and: 'and',
  '&&': 'and',
  or: 'or',
  '||': 'or',
  not: 'not',
  '!': 'not',
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
  '&': '&',
  bitand: '&',
  bitwise_and: '&',
};

const HEX2 = '[0-9A-Fa-f]{2}';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])';
const IPV4 = `${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}`;
const H16 = '[0-9A-Fa-f]{1,4}';
const LS32 = `(?:${IPV4}|${H16}:${H16})`;

const PUNCTUATION = /(?:===|!==|==|!=|~=|>=|<=|&&|\|\||\.\.|[(){}[\],$#><~!+\-*/%&])/uy;
const WORD = /[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*/uy;
const FIELD = /\.[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*/uy;
const LITERALS: readonly RegExp[] = [
  new RegExp(`${HEX2}(?::${HEX2}){5}|${HEX2}(?:-${HEX2}){5}`, 'uy'),
  new RegExp(`${IPV4}(?:/[0-9]{1,2})?`, 'uy'),
  // The parts of RFC 4291 §2.2, by how many groups stand before the gap.
  new RegExp(
    `(?:(?:${H16}:){6}${LS32}` +
      `|::(?:${H16}:){0,5}${LS32}|::(?:${H16})?` +
      `|(?:${H16}:){1}(?::${H16}){0,4}:${LS32}|(?:${H16}:){1}(?::${H16}){1,6}|(?:${H16}:){1}:` +
      `|(?:${H16}:){2}(?::${H16}){0,3}:${LS32}|(?:${H16}:){2}(?::${H16}){1,5}|(?:${H16}:){2}:` +
      `|(?:${H16}:){3}(?::${H16}){0,2}:${LS32}|(?:${H16}:){3}(?::${H16}){1,4}|(?:${H16}:){3}:` +
      `|(?:${H16}:){4}(?::${H16}){0,1}:${LS32}|(?:${H16}:){4}(?::${H16}){1,3}|(?:${H16}:){4}:` +
      `|(?:${H16}:){5}:${LS32}|(?:${H16}:){5}(?::${H16}){1,2}|(?:${H16}:){5}:` +
      `|(?:${H16}:){6}:${H16}|(?:${H16}:){7}${H16}|(?:${H16}:){1,7}:)(?:/[0-9]{1,3})?`,
    'uy',
  ),
  new RegExp(`:?${HEX2}(?::${HEX2})+|:${HEX2}(?:[-.]${HEX2})*`, 'uy'),
  /:[0-9A-Fa-f]+/uy,
];

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

export function tokenize(text: string): readonly Token[] {
  return new Tokenizer(text).all();
}

class Tokenizer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Brackets that are open where a quick term may stand: it ends before the one that closes them. */
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly Token[] {
    for (;;) {
      while (/[ \t\r\n]/u.test(this.#text[this.#at] ?? '')) this.#at++;
      if (this.#at >= this.#text.length) {
        this.#tokens.push({ kind: 'end', span: { from: this.#at, to: this.#at }, text: '' });
        return this.#tokens;
      }
      const token = this.#next();
      this.#tokens.push(token);
      if (token.kind === 'error') return this.#tokens;
      this.#at = token.span.to;
    }
  }

  #next(): Token {
    const text = this.#text;
    const at = this.#at;
    if (this.#isInSlice()) return this.#range();
    const before = this.#tokens.at(-1);
    if (before?.kind === 'sign' && before.name === '#' && text[at] !== '[') return this.#layer();
    const term = this.#mayBeginTerm(before) ? quickTermAt(text, at, this.#depth > 0) : undefined;
    if (term !== undefined) {
      const span = { from: at, to: at + term.length };
      return { kind: 'quick', span, text: text.slice(at, span.to), term };
    }
    if (text[at] === '"' || /^r"/iu.test(text.slice(at, at + 2))) return this.#string();
    if (text[at] === "'") return this.#char();
    return this.#plain();
  }

  #span(length: number): Span {
    return { from: this.#at, to: this.#at + length };
  }

  #error(message: string, span: Span): Token {
    return { kind: 'error', span, text: this.#text.slice(span.from, span.to), message };
  }

  /** Whether a test may begin here: not where an operator waits for its operand. */
  #mayBeginTerm(before: Token | undefined): boolean {
    if (before === undefined) return true;
    if (before.kind === 'sign') return ['and', 'or', 'not', '(', ')', '}', ']'].includes(before.name);
    return this.#text[this.#at - 1] === ' ';
  }

  #plain(): Token {
    const text = this.#text;
    const word = matchAt(WORD, text, this.#at);
    const sign = matchAt(PUNCTUATION, text, this.#at);
    const field = matchAt(FIELD, text, this.#at);
    const literal = LITERALS.reduce((most, pattern) => Math.max(most, matchAt(pattern, text, this.#at)), 0);
    const length = Math.max(word, sign, field, literal);
    const span = this.#span(length);
    const found = text.slice(span.from, span.to);
    if (length === 0) return this.#unexpected();
    if (literal === length) return { kind: 'literal', span, text: found };
    const name = word === length || sign === length ? signNamed(found) : undefined;
    if (name !== undefined) {
      if (name === '(') this.#depth++;
      if (name === ')' && this.#depth > 0) this.#depth--;
      return { kind: 'sign', span, text: found, name };
    }
    return { kind: field === length ? 'field' : 'word', span, text: found };
  }

  #unexpected(): Token {
    const found = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return this.#error(
      /^[ -~]$/u.test(found)
        ? `“${found}” was not expected here`
        : `“${found}” may stand only within double quotes`,
      this.#span(found.length),
    );
  }

  #isInSlice(): boolean {
    const before = this.#tokens.at(-1);
    if (before?.kind === 'sign' && before.name === '[') return true;
    // A comma within a slice: what stands before it is a range, too.
    return (
      (before?.kind === 'sign' && before.name === ',' && this.#tokens.at(-2)?.kind === 'range') ||
      before?.kind === 'range'
    );
  }

  #range(): Token {
    const text = this.#text;
    if (text[this.#at] === ']') return { kind: 'sign', span: this.#span(1), text: ']', name: ']' };
    if (text[this.#at] === ',') return { kind: 'sign', span: this.#span(1), text: ',', name: ',' };
    const close = /[\],]/u.exec(text.slice(this.#at));
    if (close === null) {
      return this.#error('the “]” is missing that ends the slice', {
        from: text.length,
        to: text.length + 1,
      });
    }
    const span = this.#span(close.index);
    return { kind: 'range', span, text: text.slice(span.from, span.to) };
  }

  #layer(): Token {
    const digits = /^\d+/u.exec(this.#text.slice(this.#at, this.#at + 20));
    if (digits !== null) return { kind: 'layer', span: this.#span(digits[0].length), text: digits[0] };
    // The space that was skipped is what Wireshark points at.
    const from = this.#tokens.at(-1)?.span.to ?? this.#at;
    return this.#error('after “#” comes the number of the layer, such as ip.addr#1', { from, to: from + 1 });
  }

  #string(): Token {
    const text = this.#text;
    const isRaw = text[this.#at] !== '"';
    let at = this.#at + (isRaw ? 2 : 1);
    let value = '';
    while (at < text.length && text[at] !== '"') {
      if (text[at] !== '\\') {
        value += text[at++];
        continue;
      }
      const escape = readEscape(text, at);
      if (isRaw) {
        value += text.slice(at, at + 2);
        at += 2;
      } else if (typeof escape === 'string') {
        return this.#error(escape, { from: at, to: at + escapeLength(text, at) });
      } else {
        value += escape.value;
        at += escape.length;
      }
    }
    if (at >= text.length) {
      return this.#error('the quote is missing that ends the text', {
        from: text.length,
        to: text.length + 1,
      });
    }
    const span = { from: this.#at, to: at + 1 };
    return { kind: 'string', span, text: text.slice(span.from, span.to), value };
  }

  #char(): Token {
    const text = this.#text;
    let at = this.#at + 1;
    while (at < text.length && text[at] !== "'") at += text[at] === '\\' ? 2 : 1;
    if (at >= text.length) {
      return this.#error('the quote is missing that ends the character', {
        from: text.length,
        to: text.length + 1,
      });
    }
    const span = { from: this.#at, to: at + 1 };
    const inner = text.slice(span.from + 1, at);
    if (inner === '') return this.#error('there is no character between the quotes', span);
    if (inner[0] !== '\\') {
      if (inner.length > 1) return this.#error('that is more than one character: write "text"', span);
      return { kind: 'char', span, text: text.slice(span.from, span.to), value: inner.charCodeAt(0) };
    }
    const escape = readEscape(inner, 0);
    if (typeof escape === 'string' || escape.length !== inner.length) {
      return this.#error(`“${inner}” is no character`, span);
    }
    return { kind: 'char', span, text: text.slice(span.from, span.to), value: escape.value.charCodeAt(0) };
  }
}

function signNamed(text: string): string | undefined {
  return Object.hasOwn(SIGNS, text) ? SIGNS[text] : undefined;
}

interface Escape {
  readonly value: string;
  readonly length: number;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** @returns what is wrong with it where it is none */
function readEscape(text: string, at: number): Escape | string {
  const rest = text.slice(at, at + 10);
  const octal = /^\\([0-7]{1,3})/u.exec(rest);
  if (octal !== null) {
    const code = Number.parseInt(octal[1], 8);
    return code > 255
      ? `“${octal[0]}” is more than a byte`
      : { value: String.fromCharCode(code), length: octal[0].length };
  }
  const hex = /^\\x([0-9A-Fa-f]{1,2})/u.exec(rest);
  if (hex !== null) return { value: String.fromCharCode(Number.parseInt(hex[1], 16)), length: hex[0].length };
  const unicode = /^\\u([0-9A-Fa-f]{4})|^\\U([0-9A-Fa-f]{8})/u.exec(rest);
  if (unicode !== null) {
    const code = Number.parseInt(unicode[1] ?? unicode[2], 16);
    const isCharacter = code >= 0xa0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
    if (isCharacter || [0x24, 0x40, 0x60].includes(code)) {
      return { value: String.fromCodePoint(code), length: unicode[0].length };
    }
    return `“${unicode[0]}” is no character`;
  }
  const short = rest[1] ?? '';
  return Object.hasOwn(SHORT_ESCAPES, short)
    ? { value: SHORT_ESCAPES[short], length: 2 }
    : `“${rest.slice(0, 2)}” means nothing: write “\\\\” for a backslash, or r"…" around an expression`;
}

/** How much of the text a wrong escape is. */
function escapeLength(text: string, at: number): number {
  return (
    /^\\(?:[0-7]{1,3}|u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|.)/su.exec(text.slice(at, at + 10))?.[0].length ?? 1
  );
}
