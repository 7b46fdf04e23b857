/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';

export const ADVICE: AdviceTable = {};
