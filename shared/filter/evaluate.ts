/**
 * The meaning of a filter, over the values of one packet or row at a time: what the engine's faster ways are measured by, what it falls
 * back to, and what tests take for the truth.
 */
import { assertUnreachable } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { type FieldInfo, type FieldValue, LayerBytes } from '../fields/field.ts';
import { bitsOf } from '../fields/widths.ts';
import { ipv4Text, ipv6Text } from '../format/address.ts';
import type {
  ArithmeticOperand,
  CallOperand,
  Comparison,
  FieldOperand,
  FilterNode,
  Operand,
  Piece,
  Quantifier,
} from './ast.ts';
import { textBytes } from './literals.ts';

/** What is asked of: a packet, or a row. */
export interface ValueSource {
  /** All values of the field, of outer layers before inner ones; none where it is absent. */
  values(field: FieldInfo): readonly FieldValue[];
  /** Those in the wanted occurrences of the field's layer; may be left out by what has one layer of a kind at most. */
  layers?(field: FieldInfo, layers: readonly Piece[]): readonly FieldValue[];
}

/** Reads regular expressions, without regard to case. The engine's takes linear time whatever the expression. */
export interface RegexEngine {
  compile(pattern: string): Result<(text: string) => boolean>;
}

/** Nothing matches: for where no expression can be asked for, such as rules that are checked for being written well. */
export const NO_REGEX: RegexEngine = { compile: () => ({ ok: true, value: () => false }) };

export type Evaluator = (source: ValueSource) => boolean;

/** A filter made ready for many packets. */
export function evaluator(node: FilterNode, regex: RegexEngine): Evaluator {
  switch (node.kind) {
    case 'everything':
      return () => true;
    case 'and': {
      const parts = node.parts.map((part) => evaluator(part, regex));
      return (source) => parts.every((part) => part(source));
    }
    case 'or': {
      const parts = node.parts.map((part) => evaluator(part, regex));
      return (source) => parts.some((part) => part(source));
    }
    case 'not': {
      const part = evaluator(node.part, regex);
      return (source) => !part(source);
    }
    case 'exists':
      return (source) => fieldValues(node.field, source).length > 0;
    case 'test': {
      // A slice is there or not; what was calculated is zero or not.
      const passes = node.operand.kind === 'slice' ? hasBytes : isNonZero;
      return (source) => valuesOf(node.operand, source)?.some(passes) === true;
    }
    case 'compare': {
      const prefix = node.right.kind === 'literal' ? node.right.prefix : null;
      return pairs(node.quantifier, node.left, node.right, (a, b) => holds(node.operator, a, b, prefix));
    }
    case 'contains':
      return pairs(node.quantifier, node.left, node.right, (a, b) => includes(a, b));
    case 'matches': {
      const compiled = regex.compile(node.pattern);
      const matches = compiled.ok ? compiled.value : () => false;
      return (source) =>
        quantified(
          node.quantifier,
          valuesOf(node.left, source),
          (value) => hasBytes(value) && matches(asText(value)),
        );
    }
    case 'in':
      // Each range asks for itself, so that with `all` one of them has to hold all values.
      return (source) => {
        const values = valuesOf(node.left, source);
        return node.ranges.some(({ from, to }) => {
          const lows = valuesOf(from, source) ?? NONE;
          if (to === null) {
            const prefix = from.kind === 'literal' ? from.prefix : null;
            return quantified(node.quantifier, values, (value) =>
              lows.some((low) => holds('eq', value, low, prefix)),
            );
          }
          const highs = valuesOf(to, source) ?? NONE;
          return quantified(
            node.quantifier,
            values,
            (value) =>
              lows.some((low) => holds('ge', value, low, null)) &&
              highs.some((high) => holds('le', value, high, null)),
          );
        });
      };
    default:
      return assertUnreachable(node);
  }
}

function pairs(
  quantifier: Quantifier,
  left: Operand,
  right: Operand,
  test: (a: FieldValue, b: FieldValue) => boolean,
): Evaluator {
  return (source) => {
    const a = valuesOf(left, source);
    const b = a && valuesOf(right, source);
    if (a === undefined || b === undefined) return false;
    return quantifier === 'any'
      ? a.some((one) => b.some((other) => test(one, other)))
      : a.every((one) => b.every((other) => test(one, other)));
  };
}

function quantified(
  quantifier: Quantifier,
  values: readonly FieldValue[] | undefined,
  test: (value: FieldValue) => boolean,
): boolean {
  if (values === undefined) return false;
  return quantifier === 'any' ? values.some(test) : values.every(test);
}

/** What was cut out beyond the end is no bytes, in which nothing is found. */
function hasBytes(value: FieldValue): boolean {
  return !(value instanceof Uint8Array) || value.length > 0;
}

function isNonZero(value: FieldValue): boolean {
  if (value instanceof Uint8Array) return value.some((byte) => byte !== 0);
  if (typeof value === 'string') return value !== '';
  return typeof value === 'bigint' ? value !== 0n : Number(value) !== 0;
}

const NONE: readonly FieldValue[] = [];

/**
 * Values of an operand in a packet; undefined where a field of it is absent, which fails the test. None are left where what was to be
 * calculated has no result, as beside a division by zero: of none at all each is as wanted, so that `!=` holds. So Wireshark has it.
 */
function valuesOf(operand: Operand, source: ValueSource): readonly FieldValue[] | undefined {
  switch (operand.kind) {
    case 'field': {
      const values = fieldValues(operand, source);
      return values.length === 0 ? undefined : values;
    }
    case 'literal':
      return [operand.value];
    case 'slice':
      return valuesOf(operand.of, source)?.map((value) => slice(sliced(value), operand.pieces));
    case 'call':
      return called(operand, source);
    case 'arithmetic':
      return calculated(operand, source);
    default:
      return assertUnreachable(operand);
  }
}

function fieldValues({ field, layers, selected }: FieldOperand, source: ValueSource): readonly FieldValue[] {
  if (selected) return NONE;
  if (layers === null) return source.values(field);
  if (source.layers !== undefined) return source.layers(field, layers);
  const values = source.values(field);
  // One layer of a kind, which is the first and the last.
  return layers.some(
    ({ from, length }) => from === 1 || from === -1 || (from < 1 && (length === null || from + length > 1)),
  )
    ? values
    : [];
}

/** What slices are cut out of: of a layer its header. */
function sliced(value: FieldValue): Uint8Array {
  return value instanceof LayerBytes ? value.subarray(0, value.headerLength) : asBytes(value);
}

const NO_BYTES = new Uint8Array(0);

/** No bytes where a piece does not lie within them. */
function slice(bytes: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const cuts: Uint8Array[] = [];
  for (const { from, length } of pieces) {
    const start = from < 0 ? bytes.length + from : from;
    if (start < 0 || start >= bytes.length) return NO_BYTES;
    const end = length === null ? bytes.length : start + length;
    if (end > bytes.length) return NO_BYTES;
    cuts.push(bytes.subarray(start, end));
  }
  if (cuts.length === 1) return cuts[0];
  const whole = new Uint8Array(cuts.reduce((sum, cut) => sum + cut.length, 0));
  let at = 0;
  for (const cut of cuts) {
    whole.set(cut, at);
    at += cut.length;
  }
  return whole;
}

function called({ name, args }: CallOperand, source: ValueSource): readonly FieldValue[] | undefined {
  if (name === 'max' || name === 'min') {
    const all = args.flatMap((arg) => valuesOf(arg, source) ?? NONE);
    if (all.length === 0) return undefined;
    const sign = name === 'max' ? 1 : -1;
    return [all.reduce((best, value) => (order(value, best) * sign > 0 ? value : best))];
  }
  const [first] = args;
  const values = valuesOf(first, source);
  if (values === undefined) return undefined;
  switch (name) {
    case 'len': {
      const field = first.kind === 'field' ? first.field : undefined;
      return values.map((value) => lengthOf(value, field));
    }
    case 'count':
      return [values.length];
    case 'lower':
      return values.map((value) => asText(value).toLowerCase());
    case 'upper':
      return values.map((value) => asText(value).toUpperCase());
    case 'abs':
      return values.map((value) =>
        typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(Number(value)),
      );
    case 'string': {
      return values.map((value) => told(value));
    }
    default:
      return assertUnreachable(name);
  }
}

function lengthOf(value: FieldValue, field: FieldInfo | undefined): number {
  if (value instanceof Uint8Array) return sliced(value).length;
  if (typeof value === 'string') return textBytes(value).length;
  if (field === undefined) return 4;
  // Wireshark knows no length of these.
  if (field.type === 'boolean' || field.type === 'time' || field.type === 'duration') return 0;
  return bitsOf(field) / 8;
}

/** As Wireshark prints values here: numbers in decimals, whatever base the field has elsewhere. */
function told(value: FieldValue): string {
  if (value instanceof Uint8Array) {
    if (value.length === 4) return ipv4Text(new DataView(value.buffer, value.byteOffset).getUint32(0));
    if (value.length === 16) {
      const view = new DataView(value.buffer, value.byteOffset);
      return ipv6Text(
        [0, 4, 8, 12].map((at) => view.getInt32(at)),
        0,
      );
    }
    return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }
  return String(value);
}

function calculated(operand: ArithmeticOperand, source: ValueSource): readonly FieldValue[] | undefined {
  const left = operand.left === null ? [0] : valuesOf(operand.left, source);
  const right = left && valuesOf(operand.right, source);
  if (right === undefined) return undefined;
  const results: FieldValue[] = [];
  for (const a of left ?? NONE) {
    for (const b of right) {
      const result = resultOf(operand, a, b);
      if (result !== undefined) results.push(result);
    }
  }
  return results;
}

/** What two values make; undefined where that has no place, or is none. */
export function resultOf(
  { operator, type }: Pick<ArithmeticOperand, 'operator' | 'type'>,
  a: FieldValue,
  b: FieldValue,
): FieldValue | undefined {
  const isInteger = type === 'unsigned' || type === 'signed';
  const result = operator === '&' ? masked(a, b) : calculate(operator, a, b);
  return result === undefined || (isInteger && isOverflow(operator, a, b, result)) ? undefined : result;
}

const MAX_UNSIGNED = 2 ** 32 - 1;
const MAX_SIGNED = 2 ** 31 - 1;

/** Whether a result has no place in 32 bits, which Wireshark calculates with; what is negative it calculates signed. */
function isOverflow(operator: string, a: FieldValue, b: FieldValue, result: FieldValue): boolean {
  if (operator === '&' || typeof a === 'bigint' || typeof b === 'bigint') return false;
  const number = Number(result);
  if (number < 0) return Number(a) > MAX_SIGNED || Number(b) > MAX_SIGNED || number < -MAX_SIGNED - 1;
  return number > MAX_UNSIGNED;
}

function masked(a: FieldValue, b: FieldValue): FieldValue | undefined {
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    const left = asBytes(a);
    const right = asBytes(b);
    const length = Math.min(left.length, right.length);
    return Uint8Array.from({ length }, (_, i) => left[i] & right[i]);
  }
  const result = BigInt.asUintN(64, whole(a)) & BigInt.asUintN(64, whole(b));
  return result <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(result) : result;
}

function whole(value: FieldValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
}

function calculate(
  operator: '+' | '-' | '*' | '/' | '%',
  a: FieldValue,
  b: FieldValue,
): FieldValue | undefined {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const x = whole(a);
    const y = whole(b);
    if (operator === '+') return x + y;
    if (operator === '-') return x - y;
    if (operator === '*') return x * y;
    if (y === 0n) return undefined;
    return operator === '/' ? x / y : x % y;
  }
  const x = Number(a);
  const y = Number(b);
  if (operator === '+') return x + y;
  if (operator === '-') return x - y;
  if (operator === '*') return x * y;
  if (y === 0) return undefined;
  return operator === '/' ? (Number.isInteger(x) && Number.isInteger(y) ? Math.trunc(x / y) : x / y) : x % y;
}

/** Whether a value compares so with another; of addresses only the prefix counts, where there is one. */
export function holds(operator: Comparison, a: FieldValue, b: FieldValue, prefix: number | null): boolean {
  const difference =
    prefix === null ? order(a, b) : order(prefixOf(asBytes(a), prefix), prefixOf(asBytes(b), prefix));
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return assertUnreachable(operator);
  }
}

function prefixOf(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, i) => {
    const bits = Math.min(8, Math.max(0, prefix - 8 * i));
    return byte & (0xff00 >> bits) & 0xff;
  });
}

const NS = 1e9;

/** Negative, zero or positive; bytes by their length, then by the first that differs. */
export function order(a: FieldValue, b: FieldValue): number {
  if (a instanceof Uint8Array || b instanceof Uint8Array) return orderBytes(asBytes(a), asBytes(b));
  if (typeof a === 'string' || typeof b === 'string') {
    const x = String(a);
    const y = String(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const x = whole(a);
    const y = whole(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return orderNumbers(Number(a), Number(b));
}

/** The same of two numbers. */
export function orderNumbers(a: number, b: number): number {
  if (Number.isInteger(a) && Number.isInteger(b)) return a - b;
  // Times have nanoseconds, and no digits beyond.
  return Math.round((a - b) * NS);
}

/** Longer bytes are greater, whatever stands in them; so Wireshark has it. */
function orderBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

function asBytes(value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return textBytes(typeof value === 'string' ? value : String(value));
}

/** Bytes as text of one character each, which is how expressions see them. */
function asText(value: FieldValue): string {
  if (!(value instanceof Uint8Array)) return String(value);
  let text = '';
  for (let at = 0; at < value.length; at += 4096)
    text += String.fromCharCode(...value.subarray(at, at + 4096));
  return text;
}

function includes(a: FieldValue, b: FieldValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return b !== '' && a.includes(b);
  const wanted = asBytes(b);
  // Wireshark finds nothing at all in bytes, but neither in text nor in layers.
  if (wanted.length === 0) return hasBytes(a) && !(a instanceof LayerBytes);
  return indexOfBytes(asBytes(a), wanted) >= 0;
}

/** Where the bytes first stand within others; −1 where they do not. */
export function indexOfBytes(within: Uint8Array, wanted: Uint8Array): number {
  if (wanted.length === 0) return 0;
  for (let at = within.indexOf(wanted[0]); at >= 0; at = within.indexOf(wanted[0], at + 1)) {
    if (at + wanted.length > within.length) return -1;
    let i = 1;
    while (i < wanted.length && within[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
  return -1;
}
