/** The parts of a filter by what they are, for colouring what is typed; parts that say nothing are left as they are. */
import { fieldNamed } from '../../shared/fields/catalogue.ts';
import type { FilterError } from '../../shared/filter/ast.ts';
import { quickField } from '../../shared/filter/quick/fields.ts';

export type PartKind = 'plain' | 'field' | 'word' | 'operator' | 'text' | 'number';

export interface Part {
  readonly text: string;
  readonly kind: PartKind;
  readonly isWrong: boolean;
}

const PIECES =
  /"(?:\\.|[^"\\])*"?|-?[A-Za-z]+:|[A-Za-z_][\w-]*(?:\.[\w-]+)*|\d[\w.:/]*|===|!==|==|!=|~=|[<>]=?|&&|\|\||[!~&]|\s+|./gsu;
const OPERATORS = new Set('and or not in contains matches eq ne gt ge lt le any all'.split(' '));

export function partsOf(text: string, error: FilterError | null): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    const kind = kindOf(piece);
    for (const { from, to, isWrong } of cut(at, at + piece.length, error)) {
      parts.push({ text: text.slice(from, to), kind, isWrong });
    }
    at += piece.length;
  }
  return parts;
}

function kindOf(piece: string): PartKind {
  if (piece.startsWith('"')) return 'text';
  if (piece.endsWith(':') && quickField(piece.slice(0, -1).replace(/^-/u, '').toLowerCase()) !== undefined)
    return 'word';
  if (OPERATORS.has(piece) || /^[=!~<>&|]/u.test(piece)) return 'operator';
  if (/^\d/u.test(piece)) return 'number';
  return fieldNamed(piece) === undefined ? 'plain' : 'field';
}

/** A piece, divided where the error begins or ends within it. */
function cut(from: number, to: number, error: FilterError | null) {
  if (error === null) return [{ from, to, isWrong: false }];
  const start = Math.min(Math.max(error.from, from), to);
  const end = Math.max(Math.min(error.to, to), start);
  return [
    { from, to: start, isWrong: false },
    { from: start, to: end, isWrong: true },
    { from: end, to, isWrong: false },
  ].filter((part) => part.to > part.from);
}
