/** ClickHouse's TabSeparated: the one format that every server reads and writes since the oldest, exactly and fast. */
import type { FleetType } from '../../../shared/fleet/tables.ts';
import type { Value } from '../store.ts';

const NULL = '\\N';
const TO_ESCAPE = /[\\\t\n\r\0\b\f]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
};
const MEANINGS: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  '0': '\0',
  b: '\b',
  f: '\f',
  a: '\x07',
  v: '\v',
};

export function cellOf(value: Value): string {
  if (value === null) return NULL;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'string') return String(value);
  return TO_ESCAPE.test(value) ? value.replace(/[\\\t\n\r\0\b\f]/g, (char) => ESCAPES[char]) : value;
}

export function valueOf(cell: string, type: FleetType): Value {
  if (cell === NULL) return null;
  switch (type) {
    case 'text':
      return cell.includes('\\')
        ? cell.replace(/\\(.)/gs, (_, char: string) => MEANINGS[char] ?? char)
        : cell;
    case 'key':
      return cell;
    case 'time':
      return BigInt(cell);
    case 'flag':
      return cell !== '0';
    case 'int':
      return Number(cell);
    case 'real':
      // A mean over nothing is nan in a server's words.
      return cell === 'nan' ? null : Number(cell);
  }
}

/** @yields the cells of each line */
export function* linesOf(text: string): Generator<readonly string[]> {
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    yield text.slice(at, end).split('\t');
    at = end + 1;
  }
}
