/** A filter as text again, in Wireshark's syntax: what is printed is read as the same filter. */
import { assertUnreachable } from '../base/assert.ts';
import type { FieldType, FieldValue } from '../fields/field.ts';
import { ipv4Text, ipv6Text } from '../format/address.ts';
import type { Comparison, FilterNode, Operand, Piece, Quantifier } from './ast.ts';

const SIGNS: Readonly<Record<`${Quantifier} ${Comparison}`, string>> = {
  'any eq': '==',
  'all eq': '===',
  'any ne': '~=',
  'all ne': '!=',
  'any gt': '>',
  'any ge': '>=',
  'any lt': '<',
  'any le': '<=',
  'all gt': '>',
  'all ge': '>=',
  'all lt': '<',
  'all le': '<=',
};

export function printFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'everything':
      return '';
    case 'and':
      return node.parts
        .map((part) => (part.kind === 'or' ? `(${printFilter(part)})` : printFilter(part)))
        .join(' and ');
    case 'or':
      return node.parts
        .map((part) => (part.kind === 'and' ? `(${printFilter(part)})` : printFilter(part)))
        .join(' or ');
    case 'not':
      return `not (${printFilter(node.part)})`;
    case 'exists':
      return printOperand(node.field);
    case 'test':
      return printOperand(node.operand);
    case 'compare': {
      const isPlain = !/^(?:eq|ne)$/u.test(node.operator) && node.quantifier === 'all';
      const sign = SIGNS[`${node.quantifier} ${node.operator}`];
      return `${isPlain ? 'all ' : ''}${printOperand(node.left)} ${sign} ${printOperand(node.right)}`;
    }
    case 'contains':
      return `${all(node.quantifier)}${printOperand(node.left)} contains ${printOperand(node.right)}`;
    case 'matches':
      return `${all(node.quantifier)}${printOperand(node.left)} matches ${quote(node.pattern)}`;
    case 'in': {
      const ranges = node.ranges.map(({ from, to }) =>
        to === null ? printOperand(from) : `${printOperand(from)} .. ${printOperand(to)}`,
      );
      return `${all(node.quantifier)}${printOperand(node.left)} in {${ranges.join(', ')}}`;
    }
    default:
      return assertUnreachable(node);
  }
}

function all(quantifier: Quantifier): string {
  return quantifier === 'all' ? 'all ' : '';
}

function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'field': {
      const { field, layers, selected } = operand;
      const name =
        layers === null
          ? field.name
          : `${field.name}#[${layers.map((piece) => printPiece(piece)).join(',')}]`;
      return selected ? `\${${name}}` : name;
    }
    case 'literal':
      // A negative number beside an unsigned field was wrapped: it is written as it was.
      if (operand.type === 'unsigned' && operand.text.startsWith('-') && Number(operand.value) > 0) {
        return String(Number(operand.value) - 2 ** 32);
      }
      return printValue(operand.type, operand.value, operand.prefix);
    case 'slice':
      return `${printOperand(operand.of)}[${operand.pieces.map((piece) => printPiece(piece)).join(',')}]`;
    case 'call':
      return `${operand.name}(${operand.args.map((arg) => printOperand(arg)).join(', ')})`;
    case 'arithmetic': {
      const right =
        operand.right.kind === 'arithmetic'
          ? `{${printOperand(operand.right)}}`
          : printOperand(operand.right);
      if (operand.left === null) return `-${right}`;
      const left =
        operand.left.kind === 'arithmetic' ? `{${printOperand(operand.left)}}` : printOperand(operand.left);
      return `${left} ${operand.operator} ${right}`;
    }
    default:
      return assertUnreachable(operand);
  }
}

function printPiece({ from, length }: Piece): string {
  return `${from}:${length ?? ''}`;
}

/** A value as a filter writes it beside a field of that type. */
export function printValue(type: FieldType, value: FieldValue, prefix: number | null = null): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Uint8Array) return printBytes(type, value) + (prefix === null ? '' : `/${prefix}`);
  if (type === 'time') return quote(isoTime(BigInt(value)));
  // Durations that are told exactly are nanoseconds; filters write seconds.
  if (type === 'duration' && typeof value === 'bigint') return exactSeconds(value);
  return typeof value === 'number' && !Number.isInteger(value) ? decimals(value) : String(value);
}

function exactSeconds(ns: bigint): string {
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/u, '');
  return `${ns / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Without an exponent, which no filter reads. */
function decimals(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/0+$/u, '') : text;
}

function printBytes(type: FieldType, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'ipv4' && bytes.length === 4) return ipv4Text(view.getUint32(0));
  if (type === 'ipv6' && bytes.length === 16) {
    return ipv6Text(
      [0, 4, 8, 12].map((at) => view.getInt32(at)),
      0,
    );
  }
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  return hex.length === 0 ? '""' : hex.length === 1 ? `0x${hex[0]}` : hex.join(':');
}

function isoTime(ns: bigint): string {
  const fraction = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (ns - fraction) / 1_000_000_000n;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(9, '0')}Z`;
}

/** A text in double quotes, with what cannot stand there escaped. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/gu, String.raw`\$&`)}"`;
}
