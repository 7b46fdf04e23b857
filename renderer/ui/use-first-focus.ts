/**
 * What a view is opened for takes the keys when nobody else has them: a view that was reached by a key would otherwise leave the focus
 * on the page itself, where arrows do nothing. A focus that is anywhere else, in a field, on a button or in a dialog, is never taken.
 */
import { useEffect } from 'react';
import type { RefObject } from 'react';

/** @param isWanted false for what stands beside the view's own subject */
export function useFirstFocus(ref: RefObject<HTMLElement | null>, isWanted = true): void {
  useEffect(() => {
    if (isWanted && isFocusFree()) ref.current?.focus({ preventScroll: true });
  }, [ref, isWanted]);
}

function isFocusFree(): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body;
}
