/** Tells terms of quick words (`origin:middlebox`, `-port:443`, `idle>60`) from Wireshark's syntax, and texts of nothing else. */
import { FIELDS, fieldNamed } from '../../fields/catalogue.ts';
import { nearest } from '../suggest.ts';
import { quickField } from './fields.ts';
import type { LexedTerms, RawTerm } from './lexer.ts';
import { lexTerm } from './lexer.ts';

const NAMED = /^-?([A-Za-z][A-Za-z0-9_-]*)(:|>=|<=|>|<|=)(?![=:])/u;

/** A term in the midst of Wireshark's syntax; within parentheses it ends before the one that closes them. */
export function quickTermAt(text: string, at: number, isWithin: boolean): RawTerm | undefined {
  const named = NAMED.exec(text.slice(at, at + 64));
  if (named === null || quickField(named[1].toLowerCase()) === undefined) return undefined;
  const term = lexTerm(text, at, isWithin);
  return term.ok ? term.value : undefined;
}

/** Words of Wireshark's syntax that nobody types to look for them; `in` alone may be one of several words. */
const OPERATORS = new Set(
  'and or not xor eq ne gt ge lt le contains matches any_eq all_eq any_ne all_ne bitand bitwise_and'.split(
    ' ',
  ),
);
const SIGNS = /[=<>!&|~(){}#$@^*;]/u;
/** Protocols whose names begin no host's name. */
const PROTOCOLS = new Set('frame eth ip ipv6 tcp udp icmp icmpv6 vlan rst flow failure capture'.split(' '));

/**
 * Whether what cannot be read as terms is rather meant in Wireshark's syntax.
 * @param rest from the error on
 */
function isSyntax(terms: readonly RawTerm[], rest: string): boolean {
  return (
    /[=<>!&|~[(]/u.test(rest) ||
    terms.some((term) => term.name === undefined && fieldNamed(term.source) !== undefined)
  );
}

/** Whether a text of these terms is one of words, or one of Wireshark's syntax, where every word has to be a field or a value. */
export function areWords({ terms, error }: LexedTerms, text: string): boolean {
  if (error !== null && isSyntax(terms, text.slice(error.from))) return false;
  let fields = 0;
  /** The word before, where it was a bare one. */
  let before = '';
  for (const term of terms) {
    const last = before;
    before = term.name === undefined && !term.values[0].quoted ? term.source : '';
    if (term.name !== undefined) {
      // A sign without spaces around it is Wireshark's where the name is not one of ours.
      if (quickField(term.name) === undefined && !isColon(term)) return false;
      continue;
    }
    const [value] = term.values;
    if (value.quoted) continue;
    const word = term.source;
    if (OPERATORS.has(word.toLowerCase())) return false;
    if (SIGNS.test(word) || !/[\p{L}\p{N}]/u.test(word) || word.startsWith("'")) return false;
    if (/^\S+\[/u.test(word) || /^[rR]"/u.test(word)) return false;
    if (word === 'in' && fieldNamed(last) !== undefined) return false;
    if (fieldNamed(word.replace(/^\./u, '')) !== undefined) {
      if (last === 'any' || last === 'all') return false;
      fields++;
      if (term.negated) return false;
    } else if (isMistypedField(word)) return false;
  }
  return fields < 2;
}

function isColon(term: RawTerm): boolean {
  return term.source[term.name?.length ?? 0] === ':';
}

function isMistypedField(word: string): boolean {
  const protocol = /^([A-Za-z0-9_]+)\./u.exec(word)?.[1];
  if (protocol === undefined) return false;
  if (PROTOCOLS.has(protocol)) return true;
  return fieldNamed(protocol) !== undefined && nearest(word, namesOf(protocol)) !== undefined;
}

function namesOf(protocol: string): readonly string[] {
  return FIELDS.filter(({ name }) => name.startsWith(`${protocol}.`)).map(({ name }) => name);
}
