/**
 * A row or a column of buttons as one stop of the Tab key; arrows, Home and End go on from there (the toolbar pattern of ARIA).
 *
 * Invariant: exactly one of the buttons can be reached with Tab, the current one where there is one.
 */
import type { KeyboardEvent, RefObject } from 'react';
import { useLayoutEffect, useRef } from 'react';

const ITEMS = 'button:not([disabled]), a[href]';
const CURRENT = '[aria-current]:not([aria-current="false"])';
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface Roving<E extends HTMLElement> {
  readonly ref: RefObject<E | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
}

export function useRoving<E extends HTMLElement>(): Roving<E> {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    const container = ref.current;
    if (container === null) return;
    setStop(container);
    // Items come and go, and become current, without this component being drawn.
    const observer = new MutationObserver(() => {
      setStop(container);
    });
    observer.observe(container, {
      childList: true,
      subtree: true,
      attributeFilter: ['aria-current', 'disabled'],
    });
    return () => {
      observer.disconnect();
    };
  }, []);
  return {
    ref,
    onKeyDown(event) {
      const container = ref.current;
      if (container === null || event.altKey || event.ctrlKey || event.metaKey) return;
      const items = itemsOf(container);
      const at = items.findIndex((item) => item === document.activeElement);
      if (at < 0) return;
      const step = STEPS[event.key];
      const to =
        event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? items.length - 1
            : step === undefined
              ? -1
              : at + step;
      if (to < 0 && step === undefined) return;
      items[(to + items.length) % items.length].focus();
      event.preventDefault();
    },
    onFocus() {
      if (ref.current !== null) setStop(ref.current);
    },
  };
}

function setStop(container: HTMLElement): void {
  const items = itemsOf(container);
  const focused = items.find((item) => item === document.activeElement);
  const stop = focused ?? items.find((item) => item.matches(CURRENT)) ?? items.at(0);
  for (const item of items) {
    const tabIndex = item === stop ? 0 : -1;
    if (item.tabIndex !== tabIndex) item.tabIndex = tabIndex;
  }
}

function itemsOf(container: HTMLElement): HTMLElement[] {
  return Array.from(container.querySelectorAll<HTMLElement>(ITEMS));
}
