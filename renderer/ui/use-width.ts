/** Width of an element, kept up to date. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** @returns px of the content box; 0 until it was measured */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    // Measured at once, though with the scrollbar: the observer tells only after a first drawing without a width.
    setWidth(Math.round(target.getBoundingClientRect().width));
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, width];
}
