/** Waiting for a state, never for a time. */
import { vi } from 'vitest';
import { PATIENCE_MS } from './patience-times.ts';

export { until } from './until.ts';

const POLL_MS = 10;

/** Waits until the callback no longer throws; answers what it returned. */
export function eventually<T>(callback: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(callback, { timeout: PATIENCE_MS, interval: POLL_MS });
}
