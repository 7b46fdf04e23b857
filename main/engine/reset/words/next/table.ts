/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';
import { DEVICES } from './devices.ts';

export const ADVICE: AdviceTable = { ...DEVICES };
