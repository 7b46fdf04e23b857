/**
 * Looks up the names of a written filter and checks its types. The rules, and the places of errors, are those of Wireshark 4: a test
 * begins with a field or a function, a value takes the type of what it is compared with.
 */
import { assertUnreachable } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { fieldNamed } from '../fields/catalogue.ts';
import type { FieldInfo, FieldType } from '../fields/field.ts';
import { bitsOf } from '../fields/widths.ts';
import type {
  CallOperand,
  Comparison,
  FilterNode,
  Operand,
  Piece,
  Quantifier,
  SetRange,
  Span,
} from './ast.ts';
import { FilterProblem, replaced, writing } from './errors.ts';
import type { Literal, LiteralProblem } from './literals.ts';
import { readChar, readPlain, readQuoted, serviceProblem } from './literals.ts';
import { nearestField, notRead, unknownField } from './parser.ts';
import { compileTerm } from './quick/terms.ts';
import type { WrittenOperand, WrittenRange, WrittenTest } from './written.ts';

/** What an operand is made of: the field that values beside it are read for; bytes and text have none of their own. */
interface Typed {
  readonly operand: Operand;
  /** The field itself, or one that stands for the type of what was calculated. */
  readonly as: FieldInfo;
}

const BYTES: FieldInfo = { name: 'a slice', title: '', type: 'bytes' };
const TEXT: FieldInfo = { name: 'a text', title: '', type: 'string' };
const COUNT: FieldInfo = { name: 'a length', title: '', type: 'unsigned' };

const COMPARABLE: Readonly<Record<FieldType, string>> = {
  protocol: 'protocol',
  boolean: 'boolean',
  unsigned: 'number',
  signed: 'number',
  float: 'float',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  ether: 'bytes',
  bytes: 'bytes',
  string: 'string',
  time: 'time',
  duration: 'duration',
};
const SEARCHED: readonly FieldType[] = ['string', 'bytes', 'ether', 'protocol'];
const SLICED: readonly FieldType[] = [...SEARCHED, 'ipv4', 'ipv6'];
const MASKED: readonly FieldType[] = ['unsigned', 'signed', 'ipv4', 'ipv6', 'bytes', 'ether'];
const ADDED: readonly FieldType[] = ['unsigned', 'signed', 'float', 'duration'];
const MULTIPLIED: readonly FieldType[] = ['unsigned', 'signed', 'float'];
const TOLD: readonly FieldType[] = ['unsigned', 'signed', 'ipv4', 'ipv6', 'ether', 'float'];

/** Most names with a dot are no layers: they stand for something that was noticed, and have no value. */
export function isLabel(field: FieldInfo): boolean {
  return field.type === 'protocol' && field.name.includes('.') && !field.isLayer;
}

/** @throws FilterProblem */
export function checkTest(written: WrittenTest, text: string): FilterNode {
  return new Checker(text).test(written);
}

class Checker {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  test(written: WrittenTest): FilterNode {
    switch (written.kind) {
      case 'and':
      case 'or': {
        const parts = written.parts.map((part) => this.test(part));
        return { kind: written.kind, parts: flat(written.kind, parts), span: written.span };
      }
      case 'not':
        return { kind: 'not', part: this.test(written.part), span: written.span };
      case 'quick': {
        const term = compileTerm(written.term, this.#text);
        if (!term.ok) throw new FilterProblem(term.error.message, term.error, term.error.suggestion);
        return term.value;
      }
      case 'presence':
        return this.#presence(written.operand, written.span);
      case 'relation':
        return this.#relation(written);
      case 'in':
        return this.#in(written);
      default:
        return assertUnreachable(written);
    }
  }

  #presence(operand: WrittenOperand, span: Span): FilterNode {
    switch (operand.kind) {
      case 'word':
      case 'field': {
        const field = operand.kind === 'word' ? this.#wordAsField(operand) : this.#field(operand);
        if (operand.kind === 'field' && operand.selected) {
          throw new FilterProblem('the selected packet’s field is no test of its own', {
            from: span.from + 2,
            to: span.to - 1,
          });
        }
        if (field === undefined)
          throw this.#notAField(operand.kind === 'word' ? operand.text : operand.name, span);
        return { kind: 'exists', field: field.operand, span };
      }
      case 'call':
        throw new FilterProblem(`“${operand.name}” has to be compared with something`, operand.nameSpan);
      case 'slice':
      case 'arithmetic':
        return { kind: 'test', operand: this.#calculated(operand).operand, span };
      default:
        throw this.#notAField(operand.text, span);
    }
  }

  #notAField(written: string, span: Span): FilterProblem {
    const near = nearestField(written.toLowerCase());
    if (near !== undefined) {
      return new FilterProblem(`“${written}” is no field; did you mean “${near}”?`, span, {
        text: replaced(this.#text, span, near),
        about: writing(near),
      });
    }
    const unread = notRead(written);
    if (unread !== undefined) return new FilterProblem(unread, span);
    const quoted = JSON.stringify(written);
    return new FilterProblem(`“${written}” is no field and no protocol; put quotes around plain text`, span, {
      text: replaced(this.#text, span, quoted),
      about: `look for the text ${quoted}`,
    });
  }

  #wordAsField({ text, span }: { readonly text: string; readonly span: Span }) {
    const field = fieldNamed(text);
    if (field === undefined) return undefined;
    return { operand: { kind: 'field', field, layers: null, selected: false, span } as const, as: field };
  }

  #field(written: Extract<WrittenOperand, { kind: 'field' }>) {
    const field = fieldNamed(written.name);
    if (field === undefined) throw unknownField(this.#text, written.name, written.span);
    const layers = written.layers?.map((range) => pieceOf(range)) ?? null;
    return {
      operand: { kind: 'field', field, layers, selected: written.selected, span: written.span } as const,
      as: field,
    };
  }

  /** An operand that brings its own type; undefined where it is a value. */
  #typed(written: WrittenOperand): Typed | undefined {
    switch (written.kind) {
      case 'word':
        return this.#wordAsField(written);
      case 'field':
        return this.#field(written);
      case 'slice':
      case 'call':
      case 'arithmetic':
        return this.#calculated(written);
      default:
        return undefined;
    }
  }

  #calculated(
    written: Extract<WrittenOperand, { kind: 'slice' | 'call' | 'arithmetic' }>,
    like?: Typed,
  ): Typed {
    if (written.kind === 'slice') return this.#slice(written);
    return written.kind === 'call' ? this.#call(written) : this.#arithmetic(written, like);
  }

  /** What stands left of an operator. */
  #left(written: WrittenOperand, sign: string): Typed {
    const typed = this.#typed(written);
    if (typed !== undefined) return typed;
    const name = textOf(written);
    const near = written.kind === 'word' ? nearestField(name) : undefined;
    throw new FilterProblem(
      near === undefined
        ? ((written.kind === 'word' ? notRead(name) : undefined) ??
            `left of “${sign}” has to be a field or a function, not ${name}`)
        : `there is no field “${name}”; did you mean “${near}”?`,
      written.span,
      near === undefined ? null : { text: replaced(this.#text, written.span, near), about: writing(near) },
    );
  }

  #relation(written: Extract<WrittenTest, { kind: 'relation' }>): FilterNode {
    const { name, sign, span } = written;
    let left: Typed;
    try {
      left = this.#left(written.left, sign);
    } catch (problem) {
      throw this.#swapped(written, problem);
    }
    if (name === 'contains' || name === 'matches') {
      if (!SEARCHED.includes(left.as.type) || isLabel(left.as)) {
        throw new FilterProblem(
          `“${sign}” looks into text and bytes; “${left.as.name}” is neither`,
          written.left.span,
        );
      }
      const quantifier = written.quantifier ?? 'any';
      if (name === 'contains') {
        // Bytes of any length are looked for in an address of fixed length, too.
        const searched = left.as.type === 'ether' ? { ...left, as: BYTES } : left;
        if (left.as.type === 'ether' && written.right.kind === 'string')
          throw new FilterProblem(
            `“${left.as.name}” holds bytes: write them as 00:11:22`,
            written.right.span,
          );
        const right = this.#right(written.right, searched);
        return { kind: 'contains', quantifier, left: left.operand, right, span };
      }
      if (written.right.kind !== 'string') {
        const quoted = JSON.stringify(textOf(written.right));
        throw new FilterProblem('a regular expression stands in double quotes', written.right.span, {
          text: replaced(this.#text, written.right.span, quoted),
          about: `write ${quoted}`,
        });
      }
      return { kind: 'matches', quantifier, left: left.operand, pattern: written.right.value, span };
    }
    if (isLabel(left.as)) {
      throw new FilterProblem(
        `“${left.as.name}” has no value to compare: write it alone`,
        written.left.span,
        {
          text: replaced(this.#text, span, left.as.name),
          about: writing(left.as.name),
        },
      );
    }
    const [quantifier, operator] = name.split(' ') as [Quantifier, Comparison];
    const right = this.#right(written.right, left);
    return {
      kind: 'compare',
      operator,
      quantifier: written.quantifier ?? quantifier,
      left: left.operand,
      right: isPlainNumber(left) ? wrapped(right) : right,
      span,
    };
  }

  /** `80 == tcp.port` is meant as `tcp.port == 80`. */
  #swapped(written: Extract<WrittenTest, { kind: 'relation' }>, problem: unknown): unknown {
    if (!(problem instanceof FilterProblem) || problem.error.suggestion !== null) return problem;
    const mirrored = MIRRORED[written.sign];
    const isField = written.right.kind === 'word' && fieldNamed(written.right.text) !== undefined;
    if (mirrored === undefined || !isField) return problem;
    const text = `${textOf(written.right)} ${mirrored} ${textOf(written.left)}`;
    const whole = replaced(this.#text, written.span, text);
    return new FilterProblem(problem.error.message, problem.error, { text: whole, about: writing(text) });
  }

  #in(written: Extract<WrittenTest, { kind: 'in' }>): FilterNode {
    const { left: field } = written;
    const typed =
      field.kind === 'word'
        ? this.#wordAsField(field)
        : field.kind === 'field'
          ? this.#field(field)
          : undefined;
    if (typed === undefined) {
      const place = field.kind === 'call' ? field.nameSpan : field.span;
      const near = field.kind === 'word' ? nearestField(field.text) : undefined;
      throw new FilterProblem(
        'only a field can be looked up in a set',
        place,
        near === undefined ? null : { text: replaced(this.#text, place, near), about: writing(near) },
      );
    }
    if (isLabel(typed.as)) throw new FilterProblem(`“${typed.as.name}” has no value to look up`, field.span);
    const ranges = written.ranges.map(({ from, to }): SetRange => ({
      from: wrapped(this.#right(from, typed)),
      to: to === null ? null : wrapped(this.#right(to, typed)),
    }));
    return {
      kind: 'in',
      quantifier: written.quantifier ?? 'any',
      left: typed.operand,
      ranges,
      span: written.span,
    };
  }

  /** What stands right of an operator: a field of the same kind, or a value, which is read as one. */
  #right(written: WrittenOperand, left: Typed): Operand {
    if (written.kind === 'arithmetic') {
      const right = this.#arithmetic(written, left);
      return this.#alike(left, right, written.span);
    }
    const typed = this.#typed(written);
    if (typed !== undefined) {
      // Bytes are cut out of an address to be compared with bytes, and the address is taken as bytes where it is compared with a slice.
      return this.#alike(left, typed, written.span, written.kind === 'word' ? written.text : undefined);
    }
    return this.#literal(written, left);
  }

  #alike(left: Typed, right: Typed, span: Span, word?: string): Operand {
    const isSlice = left.operand.kind === 'slice' || right.operand.kind === 'slice';
    if (isSlice && SLICED.includes(left.as.type) && SLICED.includes(right.as.type)) return right.operand;
    const isSame = COMPARABLE[left.as.type] === COMPARABLE[right.as.type];
    const isFlag = COMPARABLE[left.as.type] === 'number' && right.as.type === 'boolean';
    if ((isSame || isFlag) && !isLabel(right.as)) return right.operand;
    const service = word === undefined ? undefined : serviceProblem(left.as, word);
    if (service !== undefined) throw this.#problem(service, span);
    const quoted = word === undefined ? undefined : readQuoted(left.as, word);
    throw new FilterProblem(
      `“${left.as.name}” (${left.as.type}) and “${right.as.name}” (${right.as.type}) cannot be compared`,
      span,
      quoted?.ok === true
        ? { text: replaced(this.#text, span, JSON.stringify(word)), about: `write ${JSON.stringify(word)}` }
        : null,
    );
  }

  #literal(written: WrittenOperand, { as }: Typed): Operand {
    const { span } = written;
    const read = this.#read(written, as);
    if (!read.ok) throw this.#problem(read.error, span);
    return { kind: 'literal', type: as.type, ...read.value, text: textOf(written), span };
  }

  #read(written: WrittenOperand, as: FieldInfo): Result<Literal, LiteralProblem> {
    if (written.kind === 'string') return readQuoted(as, written.value);
    if (written.kind === 'char') return readChar(as, written.value);
    return readPlain(as, textOf(written));
  }

  #problem({ message, instead }: LiteralProblem, span: Span): FilterProblem {
    if (instead === null) return new FilterProblem(message, span);
    return new FilterProblem(message, span, {
      text: replaced(this.#text, span, instead),
      about: writing(instead),
    });
  }

  #slice(written: Extract<WrittenOperand, { kind: 'slice' }>): Typed {
    const of = this.#typed(written.of);
    if (of === undefined) {
      throw new FilterProblem(
        `only fields can be cut into slices, not ${textOf(written.of)}`,
        written.of.span,
      );
    }
    if (!SLICED.includes(of.as.type) || isLabel(of.as)) {
      throw new FilterProblem(`“${of.as.name}” is no sequence of bytes that could be cut`, written.of.span);
    }
    const pieces = written.ranges.map((range) => pieceOf(range));
    return { operand: { kind: 'slice', of: of.operand, pieces, span: written.span }, as: BYTES };
  }

  #arithmetic(written: Extract<WrittenOperand, { kind: 'arithmetic' }>, like?: Typed): Typed {
    const { operator, span } = written;
    const allowed = operator === '&' ? MASKED : operator === '+' || operator === '-' ? ADDED : MULTIPLIED;
    const first = written.left ?? written.right;
    const left = this.#summand(first, like, first.span);
    if (!allowed.includes(left.as.type)) {
      const what =
        like !== undefined && left.operand.kind === 'literal' ? textOf(first) : `“${left.as.name}”`;
      throw new FilterProblem(`“${operator}” cannot be applied to ${what}`, first.span);
    }
    if (written.left === null) {
      const { operand } = left;
      if (
        operand.kind === 'literal' &&
        typeof operand.value !== 'string' &&
        typeof operand.value !== 'boolean'
      ) {
        const { value } = operand;
        if (!(value instanceof Uint8Array))
          return { operand: { ...operand, value: -value, text: `-${operand.text}`, span }, as: left.as };
      }
      return {
        operand: { kind: 'arithmetic', operator: '-', type: left.as.type, left: null, right: operand, span },
        as: left.as,
      };
    }
    const right = this.#summand(written.right, left, written.right.span);
    if (COMPARABLE[left.as.type] !== COMPARABLE[right.as.type]) {
      throw new FilterProblem(
        `“${left.as.name}” and “${right.as.name}” cannot be calculated with each other`,
        written.right.span,
      );
    }
    return {
      operand: {
        kind: 'arithmetic',
        operator,
        type: left.as.type,
        left: left.operand,
        right: right.operand,
        span,
      },
      as: left.as,
    };
  }

  /** A part of a calculation: a value takes the type of the field that it is compared or calculated with. */
  #summand(written: WrittenOperand, like: Typed | undefined, place: Span): Typed {
    if (written.kind === 'arithmetic') return this.#arithmetic(written, like);
    const typed = this.#typed(written);
    if (typed !== undefined) return typed;
    if (like === undefined)
      throw new FilterProblem('a calculation begins with a field, not with a value', place);
    if (written.kind === 'string') throw new FilterProblem('a calculation takes numbers, not text', place);
    return { operand: this.#literal(written, like), as: like.as };
  }

  #call(written: Extract<WrittenOperand, { kind: 'call' }>): Typed {
    const { name, args, nameSpan, span } = written;
    if (args.length === 0) throw new FilterProblem(`“${name}” needs a field: ${name}(tcp.port)`, nameSpan);
    const most = name === 'max' || name === 'min' ? Number.POSITIVE_INFINITY : 1;
    if (args.length > most) throw new FilterProblem(`“${name}” takes one field only`, nameSpan);
    const [first] = args;
    const call = (operands: readonly Operand[], as: FieldInfo): Typed => {
      const operand: CallOperand = { kind: 'call', name, args: operands, span };
      return { operand, as };
    };
    switch (name) {
      case 'len':
      case 'count': {
        const field = this.#fieldArgument(first);
        if (field === undefined) throw new FilterProblem(`“${name}” takes a field`, argumentSpan(first));
        return call([field.operand], COUNT);
      }
      case 'lower':
      case 'upper': {
        const field = this.#fieldArgument(first);
        if (field?.as.type !== 'string') {
          throw new FilterProblem(`“${name}” takes a field that is text`, argumentSpan(first));
        }
        return call([field.operand], TEXT);
      }
      case 'string': {
        const field = this.#fieldArgument(first);
        if (field === undefined || !TOLD.includes(field.as.type)) {
          throw new FilterProblem(
            '“string” takes a field that is a number or an address',
            argumentSpan(first),
          );
        }
        return call([field.operand], TEXT);
      }
      case 'abs': {
        const typed = this.#argument(first, undefined, name);
        if (!ADDED.includes(typed.as.type) && typed.as.type !== 'boolean')
          throw new FilterProblem('“abs” takes a number', argumentSpan(first));
        return call([typed.operand], { ...typed.as, words: undefined });
      }
      case 'max':
      case 'min': {
        const typed = this.#argument(first, undefined, name);
        const others = args.slice(1).map((arg) => {
          const other = this.#argument(arg, typed, name);
          if (
            COMPARABLE[other.as.type] !== COMPARABLE[typed.as.type] ||
            bitsOf(other.as) !== bitsOf(typed.as)
          ) {
            throw new FilterProblem(`“${name}” takes fields of one type and size`, argumentSpan(arg));
          }
          return other.operand;
        });
        return call([typed.operand, ...others], { ...typed.as, words: undefined });
      }
      default:
        return assertUnreachable(name);
    }
  }

  #fieldArgument(written: WrittenOperand) {
    if (written.kind === 'word') return this.#wordAsField(written);
    return written.kind === 'field' ? this.#field(written) : undefined;
  }

  #argument(written: WrittenOperand, like: Typed | undefined, name: string): Typed {
    const typed = written.kind === 'arithmetic' ? this.#arithmetic(written, like) : this.#typed(written);
    if (typed !== undefined) return typed;
    if (like === undefined) throw new FilterProblem(`“${name}” begins with a field`, argumentSpan(written));
    return { operand: this.#literal(written, like), as: like.as };
  }
}

const MIRRORED: Readonly<Record<string, string | undefined>> = {
  '==': '==',
  eq: 'eq',
  '!=': '!=',
  ne: 'ne',
  '<': '>',
  lt: 'gt',
  '<=': '>=',
  le: 'ge',
  '>': '<',
  gt: 'lt',
  '>=': '<=',
  ge: 'le',
};

function argumentSpan(written: WrittenOperand): Span {
  return written.kind === 'call' ? written.nameSpan : written.span;
}

function flat(kind: 'and' | 'or', parts: readonly FilterNode[]): readonly FilterNode[] {
  return parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
}

function textOf(written: WrittenOperand): string {
  if (written.kind === 'field' || written.kind === 'call') return written.name;
  return 'text' in written ? written.text : '';
}

/** Whether it is a number of a field itself, which never is negative where its type is unsigned. */
function isPlainNumber({ operand, as }: Typed): boolean {
  return operand.kind === 'field' && as.type === 'unsigned';
}

/** −1 beside an unsigned field is the largest number of 32 bits, as in Wireshark. */
function wrapped(operand: Operand): Operand {
  if (operand.kind !== 'literal' || operand.type !== 'unsigned') return operand;
  const { value } = operand;
  return typeof value === 'number' && value < 0 ? { ...operand, value: value + 2 ** 32 } : operand;
}

const LARGEST_OFFSET = 2 ** 31 - 1;

/** `2`, `2:4` (offset and length), `2-5` (both ends within), `:4`, `2:`. */
function pieceOf({ text, span }: WrittenRange): Piece {
  const number = String.raw`(-?(?:0[xX][0-9A-Fa-f]+|\d+))`;
  const range = new RegExp(
    `^\\s*(?:${number}?\\s*(:)\\s*${number}?|${number}\\s*-\\s*${number}|${number})\\s*$`,
    'u',
  ).exec(text);
  if (range === null)
    throw new FilterProblem(`“${text}” is no range; write 0:4 (offset and length) or 0-3`, span);
  const [, offset, colon, length, first, last, single] = range;
  const read = (digits: string): number => {
    const value = digits.startsWith('-') ? -Number(digits.slice(1)) : Number(digits);
    if (Math.abs(value) <= LARGEST_OFFSET) return value;
    throw new FilterProblem(`${digits} is beyond any packet`, span);
  };
  if (colon === undefined && single !== undefined) return { from: read(single), length: 1 };
  if (colon === undefined) {
    const from = read(first);
    const to = read(last);
    if (to <= from) throw new FilterProblem(`the range ${text} ends before it begins`, span);
    return { from, length: to - from + 1 };
  }
  const from = offset === undefined ? 0 : read(offset);
  if (length === undefined) return { from, length: null };
  const bytes = read(length);
  if (bytes <= 0)
    throw new FilterProblem(`in ${text} the second number is a length, and has to be 1 at least`, span);
  return { from, length: bytes };
}
