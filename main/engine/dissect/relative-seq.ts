import { seqDelta, seqUnsigned } from '../../../shared/base/seq.ts';
import type { SeqNumber } from '../../../shared/base/units.ts';

/** A number counted from the start of its direction; as sent where nobody knows where that started. */
export function relativeSeq(raw: number, base: SeqNumber | undefined): number {
  return base === undefined ? raw : seqUnsigned(seqDelta(raw, base));
}
