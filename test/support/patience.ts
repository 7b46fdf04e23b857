/** Waiting for a state, never for a time. */
import { vi } from 'vitest';
import { PATIENCE_MS } from './patience-times.ts';

const POLL_MS = 10;

/** Waits until the callback no longer throws; answers what it returned. */
export function eventually<T>(callback: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(callback, { timeout: PATIENCE_MS, interval: POLL_MS });
}

/** Waits until the condition holds; what it waited for is in the message where it never does. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
