/**
 * Reads a display filter by operator precedence (Pratt), as Wireshark's grammar has it:
 *
 *   test     = test "or" test / test "and" test / "not" test / "(" test ")" / [ "any" / "all" ] relation / operand
 *   relation = operand *( comparison operand ) / entity ( "contains" / "matches" ) entity / entity [ "not" ] "in" set
 *   operand  = entity / "-" entity / operand ( "&" / "+" / "-" / "*" / "/" / "%" ) operand / "{" operand "}"
 *   entity   = value / field [ "#" layer ] / function / entity "[" range *( "," range ) "]"
 *
 * and, besides, quick terms in the place of tests; beside one, the `and` may be left out.
 */
import { FIELDS, fieldNamed } from '../fields/catalogue.ts';
import type { FunctionName, Quantifier, Span } from './ast.ts';
import { FUNCTIONS } from './ast.ts';
import { FilterProblem, replaced, writing } from './errors.ts';
import { closest, nearest } from './suggest.ts';
import type { Token } from './tokens.ts';
import { tokenize } from './tokens.ts';
import type { WrittenOperand, WrittenRange, WrittenTest } from './written.ts';

/** Parentheses, `not` and functions within each other; nobody writes more, and a hostile text must not exhaust the stack. */
const MAX_DEPTH = 100;

const ARITHMETIC: Readonly<Record<string, number>> = { '&': 1, '+': 2, '-': 2, '*': 3, '/': 3, '%': 3 };
const COMPARISONS = /^(?:any|all) (?:eq|ne|gt|ge|lt|le)$/u;

/** @throws FilterProblem */
export function parseWritten(text: string): WrittenTest | null {
  return new Parser(text).whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): WrittenTest | null {
    if (this.#isAtEnd()) return null;
    const test = this.#or();
    return this.#isAtEnd() ? test : this.#unexpected();
  }

  #isAtEnd(): boolean {
    return this.#token.kind === 'end';
  }

  get #token(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
  }

  get #sign(): string | undefined {
    const token = this.#token;
    return token.kind === 'sign' ? token.name : undefined;
  }

  #take(): Token {
    const token = this.#token;
    if (token.kind === 'end' || token.kind === 'error') this.#unexpected();
    this.#next++;
    return token;
  }

  #takeSign(name: string): Token {
    if (this.#sign !== name) this.#unexpected(name);
    return this.#take();
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw new FilterProblem(`more than ${MAX_DEPTH} parts stand within each other`, this.#token.span);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  #unexpected(wanted?: string): never {
    const token = this.#token;
    const { span } = token;
    if (token.kind === 'error') throw new FilterProblem(token.message, span, this.#suggest(token, wanted));
    if (token.kind === 'end') {
      const before = this.#tokens.at(-2);
      const [message, missing] = this.#missing(before, wanted);
      const suggestion =
        missing === '' ? null : { text: `${this.#text.trimEnd()}${missing}`, about: `add “${missing}”` };
      throw new FilterProblem(message, span, suggestion);
    }
    throw new FilterProblem(`“${token.text}” was not expected here`, span, this.#suggest(token, wanted));
  }

  /** What is wrong where the text ends too early, and what to add. */
  #missing(before: Token | undefined, wanted: string | undefined): readonly [string, string] {
    if (wanted !== undefined) return [`the “${wanted}” is missing at the end`, wanted];
    return [
      before === undefined
        ? 'here should be a test'
        : `something has to follow “${before.text.slice(0, 40)}”`,
      '',
    ];
  }

  #suggest(token: Token, wanted: string | undefined) {
    const text = this.#text;
    const offer = (by: string, about = writing(by.trim())) => ({
      text: replaced(text, token.span, by),
      about,
    });
    const before = this.#tokens.at(this.#next - 1);
    const word = token.text.toLowerCase();
    // A single one is no operator of Wireshark's, but what most people type first.
    if (token.text === '=') {
      const isTurned = text[token.span.to] === '>';
      const span = isTurned ? { from: token.span.from, to: token.span.to + 1 } : token.span;
      const by = isTurned ? '>=' : '==';
      return { text: replaced(text, span, by), about: writing(by) };
    }
    if (token.kind === 'error') return null;
    if (word === 'xor' || token.text === '^') return null;
    if (
      ['and', 'or', 'not', 'in', 'contains', 'matches', 'eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(word)
    ) {
      if (word !== token.text) return offer(word);
      return null;
    }
    if (before?.kind === 'word' && this.#next > 0) {
      const operator = before.text.toLowerCase();
      if (operator !== before.text && ['not', 'any', 'all'].includes(operator)) {
        return { text: replaced(text, before.span, operator), about: writing(operator) };
      }
    }
    if (token.kind === 'sign' && token.name === '(' && before?.kind === 'sign' && before.name === 'in') {
      const close = text.indexOf(')', token.span.to);
      if (close < 0) return null;
      const inner = text.slice(token.span.to, close);
      return {
        text: replaced(text, { from: token.span.from, to: close + 1 }, `{${inner}}`),
        about: 'write “{ }”',
      };
    }
    if (wanted === undefined && before !== undefined && token.kind !== 'sign') {
      const isTest = token.kind === 'word' && fieldNamed(token.text) !== undefined;
      const by = isTest || token.kind === 'string' ? token.text : JSON.stringify(token.text);
      if (['word', 'literal', 'string', 'char', 'quick'].includes(before.kind)) {
        return offer(`and ${by}`, isTest ? 'write “and” between them' : `look for the text ${by} as well`);
      }
    }
    return null;
  }

  #or(): WrittenTest {
    return this.#deeper(() => this.#list('or', () => this.#and()));
  }

  #and(): WrittenTest {
    return this.#list('and', () => this.#not());
  }

  #list(kind: 'and' | 'or', part: () => WrittenTest): WrittenTest {
    const parts = [part()];
    while (this.#sign === kind || (kind === 'and' && this.#isBesideQuick(parts.at(-1)))) {
      if (this.#sign === kind) this.#take();
      parts.push(part());
    }
    if (parts.length === 1) return parts[0];
    return { kind, parts, span: { from: parts[0].span.from, to: parts[parts.length - 1].span.to } };
  }

  /** Whether a test follows without an `and` between, as it may before and behind a quick term. */
  #isBesideQuick(before: WrittenTest | undefined): boolean {
    const token = this.#token;
    if (token.kind === 'quick') return true;
    if (before?.kind !== 'quick') return false;
    return (
      (token.kind === 'word' && fieldNamed(token.text) !== undefined) ||
      token.kind === 'string' ||
      token.kind === 'field' ||
      this.#sign === 'not' ||
      this.#sign === '('
    );
  }

  #not(): WrittenTest {
    if (this.#sign === 'not') {
      const { span } = this.#take();
      const part = this.#deeper(() => this.#not());
      return { kind: 'not', part, span: { from: span.from, to: part.span.to } };
    }
    if (this.#sign === '(') {
      this.#take();
      const test = this.#or();
      this.#takeSign(')');
      return test;
    }
    const token = this.#token;
    if (token.kind === 'quick') {
      this.#take();
      return { kind: 'quick', term: token.term, span: token.span };
    }
    const quantifier = this.#sign === 'any' || this.#sign === 'all' ? this.#sign : null;
    if (quantifier !== null) this.#take();
    return this.#relation(quantifier);
  }

  #relation(quantifier: Quantifier | null): WrittenTest {
    const left = this.#operand(0);
    const sign = this.#sign ?? '';
    if (COMPARISONS.test(sign)) return this.#comparisons(left, quantifier);
    if (left.kind !== 'arithmetic') {
      if (sign === 'contains' || sign === 'matches') {
        const operator = this.#take();
        const right = this.#entity();
        const span = { from: left.span.from, to: right.span.to };
        return { kind: 'relation', name: sign, sign: operator.text, quantifier, left, right, span };
      }
      if (sign === 'in') return this.#in(left, quantifier);
      if (sign === 'not') {
        const follows = this.#tokens[this.#next + 1];
        this.#take();
        if (!(follows.kind === 'sign' && follows.name === 'in')) this.#unexpected();
        // In none of the values: `all` says no more than that.
        const part = this.#in(left, quantifier === 'all' ? 'any' : quantifier);
        return { kind: 'not', part, span: part.span };
      }
    }
    // `any` and `all` are about a relation.
    if (quantifier !== null) this.#unexpected();
    const only = left.kind === 'string' ? quickText(left, this.#text) : undefined;
    return only ?? { kind: 'presence', operand: left, span: left.span };
  }

  /** `a < b <= c` is `a < b and b <= c`. */
  #comparisons(first: WrittenOperand, quantifier: Quantifier | null): WrittenTest {
    const parts: WrittenTest[] = [];
    let left = first;
    while (COMPARISONS.test(this.#sign ?? '')) {
      const operator = this.#take();
      const right = this.#operand(0);
      const name = operator.kind === 'sign' ? operator.name : '';
      const span = { from: left.span.from, to: right.span.to };
      parts.push({ kind: 'relation', name, sign: operator.text, quantifier, left, right, span });
      left = right;
    }
    if (parts.length === 1) return parts[0];
    return { kind: 'and', parts, span: { from: first.span.from, to: left.span.to } };
  }

  #in(left: WrittenOperand, quantifier: Quantifier | null): WrittenTest {
    this.#take();
    this.#takeSign('{');
    const ranges: { from: WrittenOperand; to: WrittenOperand | null }[] = [];
    do {
      const from = this.#setEntity();
      let to: WrittenOperand | null = null;
      if (this.#sign === '..') {
        this.#take();
        to = this.#setEntity();
      }
      ranges.push({ from, to });
    } while (this.#isAnotherOfSet());
    const close = this.#takeSign('}');
    return { kind: 'in', quantifier, left, ranges, span: { from: left.span.from, to: close.span.to } };
  }

  /** A comma stands between values, or nothing but space: there Wireshark wants the comma, which `withCommas` offers. */
  #isAnotherOfSet(): boolean {
    if (this.#sign === ',') {
      this.#take();
      return true;
    }
    return ['word', 'literal', 'string', 'char'].includes(this.#token.kind);
  }

  #setEntity(): WrittenOperand {
    if (this.#sign === '+') this.#take();
    else if (this.#sign === '-') return this.#negative();
    return this.#entity();
  }

  #operand(least: number): WrittenOperand {
    let left = this.#unary();
    for (;;) {
      const operator = this.#sign;
      if (operator === undefined || !isArithmetic(operator) || ARITHMETIC[operator] <= least) return left;
      const sign = this.#take().span;
      const right = this.#deeper(() => this.#operand(ARITHMETIC[operator]));
      const span = { from: left.span.from, to: right.span.to };
      left = { kind: 'arithmetic', operator, sign, left, right, span };
    }
  }

  #unary(): WrittenOperand {
    if (this.#sign === '{') {
      this.#take();
      const operand = this.#deeper(() => this.#operand(0));
      this.#takeSign('}');
      return operand;
    }
    if (this.#sign === '+') this.#take();
    else if (this.#sign === '-') return this.#negative();
    return this.#entity();
  }

  #negative(): WrittenOperand {
    const sign = this.#take().span;
    const right = this.#entity();
    return {
      kind: 'arithmetic',
      operator: '-',
      sign,
      left: null,
      right,
      span: { from: sign.from, to: right.span.to },
    };
  }

  #entity(): WrittenOperand {
    let entity = this.#simple();
    while (this.#sign === '[') {
      const { ranges, to } = this.#ranges();
      entity = { kind: 'slice', of: entity, ranges, span: { from: entity.span.from, to } };
    }
    return entity;
  }

  #simple(): WrittenOperand {
    if (this.#sign === '$') return this.#reference();
    const token = this.#token;
    const { span, text } = token;
    switch (token.kind) {
      case 'string':
        this.#take();
        return { kind: 'string', value: token.value, text, span };
      case 'char':
        this.#take();
        return { kind: 'char', value: token.value, text, span };
      case 'literal':
        this.#take();
        return { kind: 'literal', text, span };
      case 'word': {
        this.#take();
        if (this.#sign === '(') return this.#call(text, span);
        return this.#layered(text, span) ?? { kind: 'word', text, span };
      }
      case 'field': {
        const name = text.slice(1);
        if (fieldNamed(name) === undefined) throw unknownField(this.#text, name, span);
        this.#take();
        return this.#layered(name, span) ?? { kind: 'field', name, layers: null, selected: false, span };
      }
      default:
        return this.#unexpected();
    }
  }

  #layered(name: string, span: Span): WrittenOperand | undefined {
    if (this.#sign !== '#') return undefined;
    this.#take();
    const token = this.#token;
    if (token.kind === 'error') this.#unexpected();
    if (fieldNamed(name) === undefined) throw unknownField(this.#text, name, span);
    if (token.kind === 'layer') {
      this.#take();
      const layers = [{ text: token.text, span: token.span }];
      return { kind: 'field', name, layers, selected: false, span: { from: span.from, to: token.span.to } };
    }
    const { ranges, to } = this.#ranges();
    return { kind: 'field', name, layers: ranges, selected: false, span: { from: span.from, to } };
  }

  #ranges(): { readonly ranges: readonly WrittenRange[]; readonly to: number } {
    this.#takeSign('[');
    const ranges: WrittenRange[] = [];
    for (;;) {
      const token = this.#token;
      if (token.kind !== 'range') this.#unexpected();
      this.#take();
      ranges.push({ text: token.text, span: token.span });
      if (this.#sign !== ',') break;
      this.#take();
    }
    return { ranges, to: this.#takeSign(']').span.to };
  }

  #reference(): WrittenOperand {
    const { span } = this.#take();
    this.#takeSign('{');
    const token = this.#token;
    if (token.kind !== 'word' && token.kind !== 'field') this.#unexpected();
    this.#take();
    const name = token.kind === 'field' ? token.text.slice(1) : token.text;
    if (fieldNamed(name) === undefined) throw unknownField(this.#text, name, token.span);
    const layered = this.#layered(name, token.span);
    const { to } = this.#takeSign('}').span;
    const layers = layered?.kind === 'field' ? layered.layers : null;
    return { kind: 'field', name, layers, selected: true, span: { from: span.from, to } };
  }

  #call(name: string, nameSpan: Span): WrittenOperand {
    this.#take();
    const args: WrittenOperand[] = [];
    if (this.#sign !== ')') {
      args.push(this.#deeper(() => this.#operand(0)));
      while (this.#sign === ',') {
        this.#take();
        args.push(this.#deeper(() => this.#operand(0)));
      }
    }
    const close = this.#takeSign(')');
    if (!isFunction(name)) {
      const near = nearest(name, FUNCTIONS);
      throw new FilterProblem(
        `there is no function “${name}”; there are ${FUNCTIONS.join(', ')}`,
        nameSpan,
        near === undefined ? null : { text: replaced(this.#text, nameSpan, near), about: writing(near) },
      );
    }
    return { kind: 'call', name, args, nameSpan, span: { from: nameSpan.from, to: close.span.to } };
  }
}

function isFunction(name: string): name is FunctionName {
  return FUNCTIONS.some((one) => one === name);
}

function isArithmetic(sign: string): sign is '+' | '-' | '*' | '/' | '%' | '&' {
  return Object.hasOwn(ARITHMETIC, sign);
}

/** A text in quotes, alone, is looked for in names, addresses and causes. */
function quickText(
  { value, text, span }: { value: string; text: string; span: Span },
  whole: string,
): WrittenTest {
  const source = whole.slice(span.from, span.to);
  const values = [{ text: value, quoted: true, at: span.from, length: text.length }] as const;
  const term = {
    negated: false,
    name: undefined,
    operator: '=',
    values,
    at: span.from,
    length: text.length,
    source,
  } as const;
  return { kind: 'quick', term, span };
}

export function unknownField(text: string, name: string, span: Span): FilterProblem {
  const near = nearestField(name);
  if (near === undefined) return new FilterProblem(notRead(name) ?? `there is no field “${name}”`, span);
  const about = writing(near);
  return new FilterProblem(`there is no field “${name}”; did you mean “${near}”?`, span, {
    text: replaced(text, span, near),
    about,
  });
}

/** Of a dotted name below a protocol that is read: a field of another program, and no text. Undefined for all else. */
export function notRead(name: string): string | undefined {
  const dot = name.indexOf('.');
  if (dot <= 0 || fieldNamed(name.slice(0, dot)) === undefined) return undefined;
  const protocol = name.slice(0, dot + 1).toLowerCase();
  const near = closest(
    name,
    FIELDS.map((field) => field.name).filter((one) => one.startsWith(protocol)),
    3,
  );
  const offered = near.length === 0 ? '' : `; near names: ${near.join(', ')}`;
  return `Resetscope does not read the field “${name}”${offered}`;
}

export function nearestField(name: string): string | undefined {
  return nearest(
    name,
    FIELDS.map((field) => field.name),
  );
}
