/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';
import { APPLICATION } from './application.ts';

export const ADVICE: AdviceTable = { ...APPLICATION };
