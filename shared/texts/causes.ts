/** What a person reads about each cause. Every code has a text: the compiler checks it. */
import type { CauseCode, CauseText } from '../model/cause.ts';
import { HOST_CAUSES } from './causes-host.ts';
import { PATH_CAUSES } from './causes-path.ts';

const TEXTS: Readonly<Record<CauseCode, CauseText>> = { ...HOST_CAUSES, ...PATH_CAUSES };

export function causeText(code: CauseCode): CauseText {
  return TEXTS[code];
}

/** A few words: "Connection refused". */
export function causeTitle(code: CauseCode): string {
  return TEXTS[code].title;
}
