/**
 * Applies at most one update a frame: a newer value replaces the one that waits. A hidden page draws no frames, so a
 * timer stands in there.
 */
const HIDDEN_MS = 250;

export function frameBatch<T>(apply: (value: T) => void): (value: T) => void {
  let waiting: { readonly value: T } | undefined;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = undefined;
    if (batch !== undefined) apply(batch.value);
  };
  return (value) => {
    const isScheduled = waiting !== undefined;
    waiting = { value };
    if (isScheduled) return;
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, HIDDEN_MS);
  };
}
