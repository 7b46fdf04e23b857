/**
 * The clock of the program's own waits and deadlines: it never steps, and tells no time of day. Not performance.now(): that loads a part of
 * Node which nothing else here needs.
 */
import type { Milliseconds } from '../../shared/base/units.ts';

export function monotonicMs(): Milliseconds {
  const [seconds, nanoseconds] = process.hrtime();
  return (seconds * 1e3 + nanoseconds / 1e6) as Milliseconds;
}
