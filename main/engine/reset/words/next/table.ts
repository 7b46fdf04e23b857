/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';
import { HANDSHAKE_ADVICE } from './handshake.ts';
import { TRANSLATION_ADVICE } from './translation.ts';

export const ADVICE: AdviceTable = {
  ...HANDSHAKE_ADVICE,
  ...TRANSLATION_ADVICE,
};
