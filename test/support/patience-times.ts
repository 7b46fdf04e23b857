/**
 * How long tests wait for a state before they give up. No test asserts that something was quick: these bounds only end a
 * run that hangs, and are as long as a machine that does other work may need.
 */

/** One state has to come within this time. */
export const PATIENCE_MS = 60_000;

/** A whole test waits for several states; the configurations of vitest set it for all tests. */
export const TEST_PATIENCE_MS = 4 * PATIENCE_MS;
