/** The clock of the program's own waits and deadlines: it never steps, and tells no time of day. */
import type { Milliseconds } from '../../shared/base/units.ts';

export function monotonicMs(): Milliseconds {
  return performance.now() as Milliseconds;
}
