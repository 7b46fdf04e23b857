/** Waiting for a state outside the test runner too, as the lab’s programs do. */
import { PATIENCE_MS } from './patience-times.ts';

const POLL_MS = 10;

/** Waits until the condition holds; what it waited for is in the message where it never does. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
