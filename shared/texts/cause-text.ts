/** A cause with how sure it is, as sentences name it behind "why:". */
import { causeOf } from '../causes/list.ts';
import type { CauseCode } from '../causes/list.ts';
import { lowerFirst } from '../format/text.ts';
import { whyText } from './confidence.ts';

/** "probably idle timeout (70 %)" */
export function causeText(code: CauseCode, confidence: number): string {
  return code === 'unknown'
    ? 'the packets do not tell'
    : whyText(confidence, lowerFirst(causeOf(code).title));
}
