/** A filter as it is written: its structure, before names are looked up and types are checked. */
import type { FunctionName, Quantifier, Span } from './ast.ts';
import type { RawTerm } from './quick/lexer.ts';

export type WrittenTest =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly WrittenTest[]; readonly span: Span }
  | { readonly kind: 'not'; readonly part: WrittenTest; readonly span: Span }
  /** An operand alone. */
  | { readonly kind: 'presence'; readonly operand: WrittenOperand; readonly span: Span }
  | {
      readonly kind: 'relation';
      /** As in tokens.ts: `any eq`, `contains`. */
      readonly name: string;
      /** How it is written: `==`. */
      readonly sign: string;
      /** Set by `any` or `all` before the field. */
      readonly quantifier: Quantifier | null;
      readonly left: WrittenOperand;
      readonly right: WrittenOperand;
      readonly span: Span;
    }
  | {
      readonly kind: 'in';
      readonly quantifier: Quantifier | null;
      readonly left: WrittenOperand;
      readonly ranges: readonly { readonly from: WrittenOperand; readonly to: WrittenOperand | null }[];
      readonly span: Span;
    }
  | { readonly kind: 'quick'; readonly term: RawTerm; readonly span: Span };

export type WrittenOperand =
  /** A name or a value. */
  | { readonly kind: 'word'; readonly text: string; readonly span: Span }
  | { readonly kind: 'literal'; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly text: string; readonly span: Span }
  | { readonly kind: 'char'; readonly value: number; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly layers: readonly WrittenRange[] | null;
      readonly selected: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'slice';
      readonly of: WrittenOperand;
      readonly ranges: readonly WrittenRange[];
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly args: readonly WrittenOperand[];
      readonly nameSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '&';
      readonly sign: Span;
      readonly left: WrittenOperand | null;
      readonly right: WrittenOperand;
      readonly span: Span;
    };

/** `4`, `4:2`, `4-5`, `:2`, `4:`. */
export interface WrittenRange {
  readonly text: string;
  readonly span: Span;
}
