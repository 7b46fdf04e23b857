/**
 * Values as ClickHouse reads them in a statement. The oldest server that is spoken to (18.16) has no parameters of its own, so that
 * foreign text must be made harmless here; nothing else in this folder puts a value into a statement.
 */
import { FleetError } from '../store.ts';

/**
 * Text as a literal. A server reads no escape but \ in quotes, so that nothing else could end them; NUL and line ends are written out
 * all the same, because statements are logged.
 */
export function textLiteral(text: string): string {
  return `'${text.replace(/[\\'\0\n\r\t\b\f]/g, (char) => ESCAPES[char])}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** Names come from the table of columns and from places that were checked: anything else is a mistake of ours. */
export function nameLiteral(name: string): string {
  if (!/^[\w.-]+$/.test(name)) throw new FleetError('failed', 'a name that cannot stand in a statement');
  return `\`${name}\``;
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** @throws FleetError 'bad-query' where it is no whole number of 64 bits */
export function int64Literal(value: bigint | number | string): string {
  let whole: bigint;
  try {
    whole = BigInt(value);
  } catch {
    throw new FleetError('bad-query', `${String(value)} is not a whole number`);
  }
  if (whole < MIN_INT64 || whole > MAX_INT64) {
    throw new FleetError('bad-query', `${whole} does not fit 64 bits`);
  }
  // The parser takes the sign apart from the digits, and those of the least number do not fit by themselves.
  return whole === MIN_INT64 ? `toInt64('${whole}')` : String(whole);
}

/** @throws FleetError 'bad-query' where it is not finite */
export function realLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new FleetError('bad-query', `${value} is not a number to compare with`);
  return `toFloat64(${Object.is(value, -0) ? 0 : value})`;
}
