/** Turns quick terms into the tests that they stand for, or says what is wrong with them. */
import { assertUnreachable, ensure } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { fieldNamed } from '../../fields/catalogue.ts';
import type { FieldValue } from '../../fields/field.ts';
import { parseAddress } from '../../format/address.ts';
import type { AddressBlock } from '../address-match.ts';
import { addressBytes, parseBlock, splitEndpoint } from '../address-match.ts';
import type { Comparison, FieldOperand, FilterError, FilterNode, LiteralOperand, Span } from '../ast.ts';
import { failed, replaced, writing } from '../errors.ts';
import { nearest } from '../suggest.ts';
import type { QuickEndpoint, QuickField, QuickNumber, QuickSwitch, QuickWord } from './fields.ts';
import { QUICK_FIELDS, quickField, quickWords } from './fields.ts';
import type { Operator, RawTerm, RawValue } from './lexer.ts';

type Compiled = Result<FilterNode, FilterError>;

/** @param text the whole filter, for suggestions */
export function compileTerm(raw: RawTerm, text: string): Compiled {
  const span = { from: raw.at, to: raw.at + raw.length };
  const field = raw.name === undefined ? undefined : quickField(raw.name);
  if (field === undefined) {
    // dead:beef::1 looks like a field and a value, and is an address.
    if (raw.name !== undefined && parseAddress(raw.source) === undefined)
      return unknownField(raw, raw.name, text);
    const word = raw.name === undefined ? raw.values[0].text : raw.source;
    return ok(negatable(raw, freeText(word.toLowerCase(), span), span));
  }
  if (raw.operator !== '=' && field.kind !== 'number') {
    return failed(`“${field.name}” is not a number: write ${field.name}:value`, span);
  }
  const parts: FilterNode[] = [];
  for (const value of raw.values) {
    const part = compileValue(field, raw.operator, value, span, text);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok(negatable(raw, anyOf(parts, span), span));
}

function negatable(raw: RawTerm, part: FilterNode, span: Span): FilterNode {
  return raw.negated ? { kind: 'not', part, span } : part;
}

function anyOf(parts: readonly FilterNode[], span: Span): FilterNode {
  const flat = parts.flatMap((part) => (part.kind === 'or' ? part.parts : [part]));
  return flat.length === 1 ? flat[0] : { kind: 'or', parts: flat, span };
}

function unknownField(raw: RawTerm, name: string, text: string): Compiled {
  const from = raw.at + (raw.negated ? 1 : 0);
  const span = { from, to: from + name.length };
  const meant = nearest(
    name,
    QUICK_FIELDS.map((field) => field.name),
  );
  const hint =
    meant === undefined
      ? `words are ${QUICK_FIELDS.map((field) => field.name).join(', ')}`
      : `did you mean “${meant}”?`;
  return failed(
    `there is no field “${name}”; ${hint}; put quotes around plain text`,
    span,
    meant === undefined
      ? {
          text: replaced(text, { from, to: from + raw.source.length }, JSON.stringify(raw.source)),
          about: 'look for the text',
        }
      : { text: replaced(text, span, meant), about: writing(meant) },
  );
}

/** Where a word is looked for that names no field. */
const TEXT_FIELDS = ['flow.text', 'rst.text', 'failure.text'] as const;

function freeText(word: string, span: Span): FilterNode {
  return anyOf(
    TEXT_FIELDS.map((name) => contains(name, word, span)),
    span,
  );
}

function operandOf(name: string, span: Span): FieldOperand {
  const field = ensure(fieldNamed(name), 'quick words stand for fields of the catalogue');
  return { kind: 'field', field, layers: null, selected: false, span };
}

function literalOf(
  operand: FieldOperand,
  value: FieldValue,
  prefix: number | null,
  span: Span,
): LiteralOperand {
  return { kind: 'literal', type: operand.field.type, value, prefix, text: '', span };
}

function contains(name: string, word: string, span: Span): FilterNode {
  const field = operandOf(name, span);
  const left = { kind: 'call', name: 'lower', args: [field], span } as const;
  return {
    kind: 'contains',
    quantifier: 'any',
    left,
    right: literalOf(field, word.toLowerCase(), null, span),
    span,
  };
}

function compare(
  name: string,
  operator: Comparison,
  value: FieldValue,
  span: Span,
  prefix: number | null = null,
): FilterNode {
  const left = operandOf(name, span);
  return {
    kind: 'compare',
    operator,
    quantifier: 'any',
    left,
    right: literalOf(left, value, prefix, span),
    span,
  };
}

function compileValue(
  field: QuickField,
  operator: Operator,
  value: RawValue,
  span: Span,
  text: string,
): Compiled {
  switch (field.kind) {
    case 'word':
    case 'switch':
      return compileWord(field, value, span, text);
    case 'text':
      return ok(contains(field.field, value.text, span));
    case 'endpoint':
      return compileEndpoint(field, value, span);
    case 'number':
      return compileNumber(field, operator, value, span);
    default:
      return assertUnreachable(field);
  }
}

function compileWord(field: QuickWord | QuickSwitch, value: RawValue, span: Span, text: string): Compiled {
  const words = quickWords(field);
  const typed = value.text.toLowerCase().replaceAll(' ', '-');
  const exact = words.filter((word) => word === typed);
  const meant = exact.length > 0 ? exact : words.filter((word) => typed !== '' && word.includes(typed));
  if (meant.length === 0) {
    const near = nearest(typed, words);
    const hint =
      near !== undefined
        ? `did you mean “${near}”?`
        : words.length > 8
          ? `it takes ${words.slice(0, 6).join(', ')} …`
          : `it takes ${words.join(', ')}`;
    const place = { from: value.at, to: value.at + value.length };
    return failed(
      `“${field.name}” has no value “${value.text}”; ${hint}`,
      place,
      near === undefined ? null : { text: replaced(text, place, near), about: writing(near) },
    );
  }
  if (field.kind === 'switch') {
    const parts = meant.flatMap((word) =>
      field.fields.map((name) => compare(name, 'eq', word === 'yes', span)),
    );
    return ok(anyOf(parts, span));
  }
  const parts = field.fields.flatMap(({ name, words: held }) =>
    held.filter((word) => meant.includes(word)).map((word) => compare(name, 'eq', word, span)),
  );
  return ok(anyOf(parts, span));
}

function compileEndpoint(field: QuickEndpoint, value: RawValue, span: Span): Compiled {
  const block = parseBlock(value.text);
  if (block !== undefined) return ok(within(field, block, span));
  if (field.text === null || value.text.includes('/')) {
    return failed(`“${value.text}” is no address; write 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32`, {
      from: value.at,
      to: value.at + value.length,
    });
  }
  const endpoint = splitEndpoint(value.text);
  const address = endpoint === undefined ? undefined : parseBlock(endpoint.address);
  if (endpoint !== undefined && address !== undefined) {
    const port = compare(field.text.port, 'eq', endpoint.port, span);
    return ok({ kind: 'and', parts: [within(field, address, span), port], span });
  }
  return ok(
    anyOf(
      field.text.fields.map((name) => contains(name, value.text, span)),
      span,
    ),
  );
}

function within(field: QuickEndpoint, block: AddressBlock, span: Span): FilterNode {
  const isFour = block.address.family === 4;
  const all = isFour ? 32 : 128;
  const prefix = block.prefix === all ? null : block.prefix;
  return compare(isFour ? field.ipv4 : field.ipv6, 'eq', addressBytes(block.address), span, prefix);
}

const SECONDS_PER: Readonly<Record<string, number>> = {
  '': 1,
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
};

function compileNumber(field: QuickNumber, operator: Operator, value: RawValue, span: Span): Compiled {
  const bound = parseNumber(field.unit, value.text);
  if (bound === undefined) {
    const example = { count: '443', seconds: '60, 5min or 200ms', ratio: '0.9 or 90%' }[field.unit];
    return failed(`“${value.text}” is no number for “${field.name}”; write ${example}`, {
      from: value.at,
      to: value.at + value.length,
    });
  }
  return ok(
    anyOf(
      field.fields.map((name) => compare(name, COMPARISONS[operator], bound, span)),
      span,
    ),
  );
}

const COMPARISONS: Readonly<Record<Operator, Comparison>> = {
  '=': 'eq',
  '>': 'gt',
  '<': 'lt',
  '>=': 'ge',
  '<=': 'le',
};

function parseNumber(unit: QuickNumber['unit'], text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([a-zµ%]*)$/iu.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const suffix = match[2].toLowerCase();
  if (unit === 'seconds') {
    const scale = Object.hasOwn(SECONDS_PER, suffix) ? SECONDS_PER[suffix] : undefined;
    return scale === undefined ? undefined : number * scale;
  }
  if (unit === 'ratio' && suffix === '%') return number / 100;
  if (suffix !== '') return undefined;
  // What is counted is whole.
  return unit === 'count' && !Number.isInteger(number) ? undefined : number;
}
