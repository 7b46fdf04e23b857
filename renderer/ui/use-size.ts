/** Width and height of an element, kept up to date. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @returns px of the content box; 0 until they were measured */
export function useSize<E extends HTMLElement>(): readonly [RefObject<E | null>, Size] {
  const element = useRef<E>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const take = (width: number, height: number): void => {
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    take(target.clientWidth, target.clientHeight);
    const observer = new ResizeObserver(() => {
      take(target.clientWidth, target.clientHeight);
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, size];
}
