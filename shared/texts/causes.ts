/** What a person reads about each cause. */
import type { CauseText } from '../causes/cause.ts';
import type { CauseCode } from '../causes/list.ts';
import { causeOf } from '../causes/list.ts';

export function causeText(code: CauseCode): CauseText {
  return causeOf(code);
}

/** A few words: "Connection refused". */
export function causeTitle(code: CauseCode): string {
  return causeOf(code).title;
}
