/** Errors of filters: every one has a place in the text. */
import type { Result } from '../base/result.ts';
import { err } from '../base/result.ts';
import type { FilterError, Span, Suggestion } from './ast.ts';

export function failed(
  message: string,
  { from, to }: Span,
  suggestion: Suggestion | null = null,
): Result<never, FilterError> {
  return err({ message, from, to, suggestion });
}

/** The whole filter with another text in the place of one part. */
export function replaced(text: string, { from, to }: Span, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

/** What stands behind an error of the parser or of the checker, which throw it from deep within; it never leaves `parseFilter`. */
export class FilterProblem extends Error {
  readonly error: FilterError;

  constructor(message: string, { from, to }: Span, suggestion: Suggestion | null = null) {
    super(message);
    this.error = { message, from, to, suggestion };
  }
}

/** What a suggestion says of itself. */
export function writing(text: string): string {
  return text.includes('"') ? `write ${text}` : `write “${text}”`;
}
