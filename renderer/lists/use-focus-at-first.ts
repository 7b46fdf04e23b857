/**
 * The focus of whoever opens a view by a key goes into what is worked in, so that the arrow keys mean something at once. Where it
 * is already, in a field or on a button, it stays.
 */
import { useEffect } from 'react';
import type { RefObject } from 'react';

export function useFocusAtFirst(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { activeElement } = document;
    // The focus falls back on the body when what had it is gone: the view that was shown before.
    if (activeElement !== null && activeElement !== document.body) return;
    element.current?.focus({ preventScroll: true });
  }, [element]);
}
