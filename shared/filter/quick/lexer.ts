/**
 * Cuts quick words into terms: `-field:>=value,"other value"`. Knows no field names.
 *
 *   filter  = *( space term )
 *   term    = [ "-" ] ( name operator values / value )
 *   operator= ":" [ ">=" / "<=" / ">" / "<" / "=" ] / ">=" / "<=" / ">" / "<" / "="
 *   values  = value *( "," value )
 *   value   = quoted / bare
 */
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { FilterError } from '../ast.ts';
import { failed } from '../errors.ts';

export type Operator = '=' | '>' | '<' | '>=' | '<=';

export interface RawValue {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
  readonly length: number;
}

export interface RawTerm {
  readonly negated: boolean;
  /** Lower case; undefined for free text. */
  readonly name: string | undefined;
  readonly operator: Operator;
  /** At least one. */
  readonly values: readonly RawValue[];
  readonly at: number;
  readonly length: number;
  /** The term as written, without the `-`. */
  readonly source: string;
}

/** Longer texts are not typed by people. */
export const MAX_FILTER_LENGTH = 4096;
export const MAX_FILTER_TERMS = 128;

const SPACE = /\s/u;
const NAME = /^([A-Za-z][A-Za-z0-9_-]*)(:(?:>=|<=|>|<|=)?|>=|<=|>|<|=)/u;

/** All terms up to the first that cannot be read. */
export interface LexedTerms {
  readonly terms: readonly RawTerm[];
  readonly error: FilterError | null;
}

export function lexTerms(text: string): LexedTerms {
  const terms: RawTerm[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && SPACE.test(text[at])) at++;
    if (at === text.length) return { terms, error: null };
    const term =
      terms.length === MAX_FILTER_TERMS
        ? fail(`a filter has at most ${MAX_FILTER_TERMS} terms`, at, text.length - at)
        : lexTerm(text, at);
    if (!term.ok) return { terms, error: term.error };
    terms.push(term.value);
    at += term.value.length;
  }
}

/** The term that begins there; within parentheses a bare value ends before the one that closes them. */
export function lexTerm(text: string, start: number, isWithin = false): Result<RawTerm, FilterError> {
  const negated = text[start] === '-';
  let at = negated ? start + 1 : start;
  if (at === text.length || SPACE.test(text[at])) {
    return fail('nothing follows the “-”; write the term right behind it', start, 1);
  }
  const body = at;
  const named = NAME.exec(text.slice(at, at + 64));
  if (named !== null) at += named[0].length;
  const values: RawValue[] = [];
  for (;;) {
    const value = lexValue(text, at, named !== null, isWithin);
    if (!value.ok) return value;
    if (value.value.text === '' && !value.value.quoted) {
      const what = named === null ? 'a word' : `a value after “${named[1]}${named[2]}”`;
      return fail(`here should be ${what}`, at, 1);
    }
    values.push(value.value);
    at += value.value.length;
    if (named === null || text[at] !== ',') break;
    at++;
  }
  if (at < text.length && !SPACE.test(text[at]) && !(isWithin && text[at] === ')')) {
    return fail('put a space between terms', at, 1);
  }
  const operator = named === null ? '=' : named[2].replace(/^:/u, '') || '=';
  return ok({
    negated,
    name: named?.[1].toLowerCase(),
    operator: operator as Operator,
    values,
    at: start,
    length: at - start,
    source: text.slice(body, at),
  });
}

/** A bare value ends at a space, and at a comma where it is one of a list. */
function lexValue(
  text: string,
  start: number,
  inList: boolean,
  isWithin: boolean,
): Result<RawValue, FilterError> {
  if (text[start] === '"') return lexQuoted(text, start);
  let at = start;
  while (at < text.length && !SPACE.test(text[at]) && !(inList && text[at] === ',')) {
    if (isWithin && text[at] === ')') break;
    at++;
  }
  return ok({ text: text.slice(start, at), quoted: false, at: start, length: at - start });
}

function lexQuoted(text: string, start: number): Result<RawValue, FilterError> {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return ok({ text: value, quoted: true, at: start, length: at + 1 - start });
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    value += text[at];
  }
  return fail('this quote is never closed: add a “"” at the end', start, text.length - start);
}

function fail(message: string, at: number, length: number): Result<never, FilterError> {
  return failed(message, { from: at, to: at + length });
}
