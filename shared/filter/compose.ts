/** Filters made of filters: what a click on a value or the brushing of a time range adds to what is typed. */
import { fieldNamed } from '../fields/catalogue.ts';
import { readPlain } from './literals.ts';
import { parseFilter } from './parse.ts';
import { quote } from './print.ts';
import { lexTerms } from './quick/lexer.ts';
import { areWords } from './quick/recognise.ts';

/**
 * Both must hold. The parts keep their wording; parentheses, and quotes around plain words, are added where they would be read
 * otherwise. A part that is empty, or that cannot be read, leaves the other one alone.
 */
export function both(filter: string, added: string): string {
  const first = filter.trim();
  const second = added.trim();
  if (second === '' || !parseFilter(second).ok) return first;
  if (first === '' || !parseFilter(first).ok) return second;
  if (first === second || first.endsWith(` and ${second}`) || first.startsWith(`${second} and `))
    return first;
  const beside = `${first} ${second}`;
  if (isWords(first) && isWords(second) && parseFilter(beside).ok) return beside;
  return `${asPart(first)} and ${asPart(second)}`;
}

/** The first must hold and the second must not. */
export function without(filter: string, excluded: string): string {
  const unwanted = excluded.trim();
  if (unwanted === '') return filter.trim();
  if (isWords(unwanted) && /^[A-Za-z]+:\S+$/u.test(unwanted)) return both(filter, `-${unwanted}`);
  const parsed = parseFilter(unwanted);
  const isCompound = parsed.ok && (parsed.value.kind === 'and' || parsed.value.kind === 'or');
  const part = asPart(unwanted);
  return both(filter, `not ${isCompound && !part.startsWith('(') ? `(${part})` : part}`);
}

/** The filter for one value of a field: `ip.addr == 10.0.0.1`. Values that are not written bare get their quotes. */
export function valueFilter(name: string, value: string): string {
  const field = fieldNamed(name);
  if (field === undefined) return quote(value);
  if (field.type === 'protocol') return field.name;
  const isBare = field.type !== 'string' && field.type !== 'time' && readPlain(field, value).ok;
  return `${name} == ${isBare && /^[\w.:/-]+$/u.test(value) ? value : quote(value)}`;
}

/** Whether it is made of terms alone, which stand beside each other without `and`. */
function isWords(filter: string): boolean {
  return areWords(lexTerms(filter), filter);
}

/** A filter as a part of a conjunction in Wireshark's syntax. */
function asPart(filter: string): string {
  if (isWords(filter)) {
    // Plain words are found only where nothing else stands; in quotes everywhere.
    const terms = lexTerms(filter).terms.map((term) => {
      const isBare =
        term.name === undefined && !term.values[0].quoted && fieldNamed(term.source) === undefined;
      if (isBare) return `${term.negated ? 'not ' : ''}${quote(term.source)}`;
      if (term.negated && term.name === undefined) return `not ${term.source}`;
      return filter.slice(term.at, term.at + term.length);
    });
    return terms.join(' and ');
  }
  const parsed = parseFilter(filter);
  return parsed.ok && parsed.value.kind === 'or' ? `(${filter})` : filter;
}
