/** The codes of all causes, in the order of the list. What each is: shared/causes. */
import type { CauseCode } from '../causes/list.ts';
import { CAUSES } from '../causes/list.ts';

export type { CauseText } from '../causes/cause.ts';
export type { CauseCode } from '../causes/list.ts';

export const CAUSE_CODES: readonly CauseCode[] = CAUSES.map(({ code }) => code);
