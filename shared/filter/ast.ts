/**
 * What a filter means, once its text is read and its types are checked: the one form that the page, the engine and the command line
 * share. Words such as `origin:middlebox` and Wireshark's syntax both end here.
 *
 * A filter is a set of packets. Every field has, in every packet, a list of values: none where the packet lacks it, several where a
 * layer occurs twice or a name stands for two fields (`ip.addr`). A test holds or fails for a packet; `not` turns that around, so that
 * a packet without the field fails `tcp.port != 80` and passes `not tcp.port == 80`.
 */
import type { FieldInfo, FieldType, FieldValue } from '../fields/field.ts';

/** Where in the text, in UTF-16 units from 0: from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type FilterNode =
  | EverythingNode
  | AndNode
  | OrNode
  | NotNode
  | ExistsNode
  | TestNode
  | CompareNode
  | ContainsNode
  | MatchesNode
  | InNode;

/** The filter without text: every packet passes. It is always the root. */
export interface EverythingNode {
  readonly kind: 'everything';
  readonly span: Span;
}

/** All parts hold; two at least. */
export interface AndNode {
  readonly kind: 'and';
  readonly parts: readonly FilterNode[];
  readonly span: Span;
}

/** One part holds at least; two at least. */
export interface OrNode {
  readonly kind: 'or';
  readonly parts: readonly FilterNode[];
  readonly span: Span;
}

export interface NotNode {
  readonly kind: 'not';
  readonly part: FilterNode;
  readonly span: Span;
}

/** The packet has the field: `tcp`, `tcp.analysis.retransmission`. */
export interface ExistsNode {
  readonly kind: 'exists';
  readonly field: FieldOperand;
  readonly span: Span;
}

/** One value of the operand at least is not zero: `tcp.flags & 0x04`. */
export interface TestNode {
  readonly kind: 'test';
  readonly operand: Operand;
  readonly span: Span;
}

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * How many of an operand's values have to hold. Where both operands have several, each value of one is compared with each of the
 * other; where either has none, the test fails. `==` asks for any, `!=` for all.
 */
export type Quantifier = 'any' | 'all';

export interface CompareNode {
  readonly kind: 'compare';
  readonly operator: Comparison;
  readonly quantifier: Quantifier;
  readonly left: Operand;
  readonly right: Operand;
  readonly span: Span;
}

/** Bytes or text within bytes or text; case counts. */
export interface ContainsNode {
  readonly kind: 'contains';
  readonly quantifier: Quantifier;
  readonly left: Operand;
  readonly right: Operand;
  readonly span: Span;
}

/** A regular expression over text or bytes (one character a byte); case does not count. */
export interface MatchesNode {
  readonly kind: 'matches';
  readonly quantifier: Quantifier;
  readonly left: Operand;
  readonly pattern: string;
  readonly span: Span;
}

/** One range of the set holds the value. */
export interface InNode {
  readonly kind: 'in';
  readonly quantifier: Quantifier;
  readonly left: Operand;
  readonly ranges: readonly SetRange[];
  readonly span: Span;
}

/** `443`, or `8000..8080`, both ends within; a single value where `to` is null. */
export interface SetRange {
  readonly from: Operand;
  readonly to: Operand | null;
}

export type Operand = FieldOperand | LiteralOperand | SliceOperand | CallOperand | ArithmeticOperand;

export interface FieldOperand {
  readonly kind: 'field';
  readonly field: FieldInfo;
  /** Which occurrences of its layer: `ip.addr#1` is the outermost; null for all. */
  readonly layers: readonly Piece[] | null;
  /**
   * `${field}`: the field of the packet that the user has selected. There is no selection where a filter is evaluated, so that the
   * operand has no values.
   */
  readonly selected: boolean;
  readonly span: Span;
}

/** A value of the type of the operand that it is compared with. */
export interface LiteralOperand {
  readonly kind: 'literal';
  readonly type: FieldType;
  readonly value: FieldValue;
  /** Leading bits that count, for an address with one: `10.0.0.0/8`; null where all do. */
  readonly prefix: number | null;
  /** As it is written. */
  readonly text: string;
  readonly span: Span;
}

/** Bytes out of bytes, or of a text in UTF-8, one range behind the other: `eth.src[0:3]`. It has type `bytes`, of a string `string`. */
export interface SliceOperand {
  readonly kind: 'slice';
  readonly of: Operand;
  readonly pieces: readonly Piece[];
  readonly span: Span;
}

/** From an offset, negative from the end, and so many bytes; to the end where `length` is null. In layers: from 1. */
export interface Piece {
  readonly from: number;
  readonly length: number | null;
}

export const FUNCTIONS = ['len', 'count', 'max', 'min', 'lower', 'upper', 'abs', 'string'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** `count` has one value for a packet, `max` and `min` one over all their arguments' values; the others one for each value. */
export interface CallOperand {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly Operand[];
  readonly span: Span;
}

/** `-` with `left` null is the sign. */
export interface ArithmeticOperand {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%' | '&';
  /** Of its result. */
  readonly type: FieldType;
  readonly left: Operand | null;
  readonly right: Operand;
  readonly span: Span;
}

/** What is wrong with a filter, where, and the whole filter as it was probably meant. */
export interface FilterError extends Span {
  /** For people. */
  readonly message: string;
  readonly suggestion: Suggestion | null;
}

export interface Suggestion {
  /** The whole corrected filter. */
  readonly text: string;
  /** What it changes: `write “tcp.port”`. */
  readonly about: string;
}
