/** Turns the raw terms of a filter into tests of rows, or says what is wrong with them. */
import { assertUnreachable } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { parseAddress } from '../format/address.ts';
import { inBlock, parseBlock, splitEndpoint } from './address-match.ts';
import type { EndpointField, Field, NumberField, Row, WordField } from './fields.ts';
import { fieldNamed, FILTER_FIELDS, isFailure, isReset } from './fields.ts';
import type { FilterError, Operator, RawTerm, RawValue } from './lexer.ts';
import { fail } from './lexer.ts';
import { nearest } from './suggest.ts';

export type Test = (row: Row) => boolean;

export interface Term {
  readonly test: Test;
  /** Undefined for free text. */
  readonly field: Field | undefined;
}

export function compileTerm(raw: RawTerm): Result<Term, FilterError> {
  const field = raw.name === undefined ? undefined : fieldNamed(raw.name);
  if (field === undefined) {
    // dead:beef::1 looks like a field and a value, and is an address.
    if (raw.name !== undefined && parseAddress(raw.source) === undefined) return unknownField(raw, raw.name);
    const text = raw.name === undefined ? raw.values[0].text : raw.source;
    return ok(finish(raw, undefined, freeText(text.toLowerCase())));
  }
  if (raw.operator !== '=' && field.kind !== 'number') {
    return fail(`“${field.name}” is not a number: write ${field.name}:value`, raw.at, raw.length);
  }
  const tests: Test[] = [];
  for (const value of raw.values) {
    const test = compileValue(field, raw.operator, value);
    if (!test.ok) return test;
    tests.push(test.value);
  }
  return ok(finish(raw, field, tests.length === 1 ? tests[0] : (row) => tests.some((test) => test(row))));
}

function finish(raw: RawTerm, field: Field | undefined, test: Test): Term {
  return { field, test: raw.negated ? (row) => !test(row) : test };
}

function unknownField(raw: RawTerm, name: string): Result<never, FilterError> {
  const names = FILTER_FIELDS.map((field) => field.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `fields are ${names.join(', ')}` : `did you mean “${meant}”?`;
  const at = raw.at + (raw.negated ? 1 : 0);
  return fail(`there is no field “${name}”; ${hint}; put quotes around plain text`, at, name.length);
}

function freeText(word: string): Test {
  return (row) => {
    if (row.client.includes(word) || row.server.includes(word)) return true;
    if (row.serverName.toLowerCase().includes(word)) return true;
    if (isReset(row)) {
      return (
        row.cause.includes(word) ||
        row.cause.replaceAll('-', ' ').includes(word) ||
        row.label.toLowerCase().includes(word)
      );
    }
    if (isFailure(row)) {
      return (
        row.kind.includes(word) ||
        row.kind.replaceAll('-', ' ').includes(word) ||
        row.protocol.includes(word) ||
        row.summary.toLowerCase().includes(word)
      );
    }
    return (
      row.application.includes(word) ||
      row.state.toLowerCase().includes(word) ||
      row.protocol.includes(word) ||
      row.marks.toLowerCase().includes(word)
    );
  };
}

function compileValue(field: Field, operator: Operator, value: RawValue): Result<Test, FilterError> {
  switch (field.kind) {
    case 'word':
      return compileWord(field, value);
    case 'text': {
      const text = value.text.toLowerCase();
      return ok((row) => field.read(row).some((held) => held.toLowerCase().includes(text)));
    }
    case 'endpoint':
      return compileEndpoint(field, value);
    case 'number':
      return compileNumber(field, operator, value);
    default:
      return assertUnreachable(field);
  }
}

function compileWord(field: WordField, value: RawValue): Result<Test, FilterError> {
  const typed = value.text.toLowerCase().replaceAll(' ', '-');
  const exact = field.words.filter((word) => word === typed);
  const meant = exact.length > 0 ? exact : field.words.filter((word) => typed !== '' && word.includes(typed));
  if (meant.length === 0) {
    const near = nearest(typed, field.words);
    const hint =
      near !== undefined
        ? `did you mean “${near}”?`
        : field.words.length > 8
          ? `it takes ${field.words.slice(0, 6).join(', ')} …`
          : `it takes ${field.words.join(', ')}`;
    return fail(`“${field.name}” has no value “${value.text}”; ${hint}`, value.at, value.length);
  }
  const set = new Set(meant);
  return ok((row) => field.read(row).some((held) => set.has(held)));
}

function compileEndpoint(field: EndpointField, value: RawValue): Result<Test, FilterError> {
  const block = parseBlock(value.text);
  if (block !== undefined) {
    return ok((row) =>
      field.read(row).some((endpoint) => {
        const address = parseAddress(splitEndpoint(endpoint)?.address ?? '');
        return address !== undefined && inBlock(block, address);
      }),
    );
  }
  if (field.addressOnly || value.text.includes('/')) {
    return fail(
      `“${value.text}” is no address; write 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32`,
      value.at,
      value.length,
    );
  }
  const endpoint = splitEndpoint(value.text);
  const address = endpoint === undefined ? undefined : parseBlock(endpoint.address);
  if (endpoint !== undefined && address !== undefined) {
    return ok((row) =>
      field.read(row).some((held) => {
        const split = splitEndpoint(held);
        const parsed = split === undefined ? undefined : parseAddress(split.address);
        return split?.port === endpoint.port && parsed !== undefined && inBlock(address, parsed);
      }),
    );
  }
  const text = value.text.toLowerCase();
  return ok(
    (row) =>
      field.read(row).some((held) => held.includes(text)) ||
      field.names(row).some((name) => name.toLowerCase().includes(text)),
  );
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

function compileNumber(field: NumberField, operator: Operator, value: RawValue): Result<Test, FilterError> {
  const bound = parseNumber(field.unit, value.text);
  if (bound === undefined) {
    const example = { count: '443', seconds: '60, 5min or 200ms', ratio: '0.9 or 90%' }[field.unit];
    return fail(`“${value.text}” is no number for “${field.name}”; write ${example}`, value.at, value.length);
  }
  const holds = comparison(operator, bound);
  return ok((row) => field.read(row).some((held) => held !== undefined && holds(held)));
}

function parseNumber(unit: NumberField['unit'], text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([a-zµ%]*)$/iu.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const suffix = match[2].toLowerCase();
  if (unit === 'seconds') {
    const scale = Object.hasOwn(SECONDS_PER, suffix) ? SECONDS_PER[suffix] : undefined;
    return scale === undefined ? undefined : number * scale;
  }
  if (unit === 'ratio' && suffix === '%') return number / 100;
  return suffix === '' ? number : undefined;
}

function comparison(operator: Operator, bound: number): (held: number) => boolean {
  switch (operator) {
    case '=':
      return (held) => held === bound;
    case '>':
      return (held) => held > bound;
    case '<':
      return (held) => held < bound;
    case '>=':
      return (held) => held >= bound;
    case '<=':
      return (held) => held <= bound;
    default:
      return assertUnreachable(operator);
  }
}
