/** Whether two threads read a file sooner than one. Apart from what starts them, which small files then do not load. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Below this one thread is done before a second one has started. */
const WORTHWHILE_BYTES = 24 * 1024 * 1024;

/** @param worker the built read-worker.js; a source tree has none */
export function isParallelWorthwhile(sizeBytes: number, worker: URL): boolean {
  return sizeBytes >= WORTHWHILE_BYTES && availableParallelism() > 1 && existsSync(worker);
}
