/** The advice of all kinds of causes. */
import type { AdviceTable } from './advice.ts';
import { APPLICATION } from './application.ts';
import { CLOSE } from './close.ts';
import { DEVICES } from './devices.ts';
import { HANDSHAKE_ADVICE } from './handshake.ts';
import { TIMERS } from './timers.ts';
import { TRANSLATION_ADVICE } from './translation.ts';

export const ADVICE: AdviceTable = {
  ...APPLICATION,
  ...DEVICES,
  ...TIMERS,
  ...CLOSE,
  ...HANDSHAKE_ADVICE,
  ...TRANSLATION_ADVICE,
  // A segment is unacceptable to a handshake or to a connection: each has its own reasons.
  'unacceptable-segment': (s) =>
    HANDSHAKE_ADVICE['unacceptable-segment']?.(s) ?? CLOSE['unacceptable-segment']?.(s) ?? null,
};
