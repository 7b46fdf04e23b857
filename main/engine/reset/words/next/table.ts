/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';
import { CLOSE } from './close.ts';
import { TIMERS } from './timers.ts';

export const ADVICE: AdviceTable = { ...TIMERS, ...CLOSE };
