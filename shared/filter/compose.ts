/** Filters made of filters: what a click on a value or the brushing of a time range adds to what is typed. */
import { fieldNamed } from '../fields/catalogue.ts';
import { readPlain } from './literals.ts';
import { parseFilter } from './parse.ts';
import { quote } from './print.ts';

/**
 * Both must hold. The parts keep their wording; parentheses are added where it would be read otherwise. A part that is empty, or that
 * cannot be read, leaves the other one alone.
 */
export function both(filter: string, added: string): string {
  const first = filter.trim();
  const second = added.trim();
  if (second === '' || !parseFilter(second).ok) return first;
  if (first === '' || !parseFilter(first).ok) return second;
  if (partsOf(first).includes(second)) return first;
  const words = `${first} ${second}`;
  if (isWords(first) && isWords(second)) return words;
  return `${withinAnd(first)} and ${withinAnd(second)}`;
}

/** The first must hold and the second must not. */
export function without(filter: string, excluded: string): string {
  const trimmed = excluded.trim();
  if (trimmed === '') return filter.trim();
  if (/^[A-Za-z]+:\S+$/u.test(trimmed) && isWords(trimmed)) return both(filter, `-${trimmed}`);
  return both(filter, `not ${isSingle(trimmed) ? trimmed : `(${trimmed})`}`);
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
  return !/(?:^|\s)(?:and|or|not|in|contains|matches|[a-z]{2}|&&|\|\|)(?:\s|$)|[=<>!&|~(){}]{2}|[(){}]|\s[<>=~&|]\s|\./u.test(
    filter,
  );
}

function partsOf(filter: string): readonly string[] {
  return isWords(filter) ? filter.split(/\s+/u) : filter.split(/\s+(?:and|&&)\s+/u);
}

/** In parentheses where it is an alternative, which binds less than `and`. */
function withinAnd(filter: string): string {
  const parsed = parseFilter(filter);
  if (parsed.ok && parsed.value.kind === 'or' && !isSingle(filter)) return `(${filter})`;
  if (isWords(filter) && filter.includes(' ')) return `(${filter})`;
  return filter;
}

/** Whether it is one test, or stands in parentheses as a whole. */
function isSingle(filter: string): boolean {
  const parsed = parseFilter(filter);
  if (!parsed.ok) return false;
  const { kind } = parsed.value;
  if (kind !== 'and' && kind !== 'or') return kind !== 'not';
  return false;
}
