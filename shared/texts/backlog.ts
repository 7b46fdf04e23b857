/** What is said of resets that wait for their verdict while something is captured. */
import { countText } from '../format/count.ts';

/** Fewer are judged before anybody reads that they wait. */
const MANY_WAITING = 100;

/** Undefined where nobody needs to know. */
export function waitingText(waiting: number): string | undefined {
  return waiting < MANY_WAITING ? undefined : `${countText(waiting)} resets wait for their verdict`;
}
