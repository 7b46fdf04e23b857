/** Lines of an ARIA tree with one tab stop, of which only those on screen exist: scrolling, and the keys that walk through them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef } from 'react';

const LINE_PX = 22;

/** @param selected the path of the selected line, which need not be among them */
export function useTree(
  lines: readonly { readonly path: string }[],
  selected: string | null,
  onSelect: (path: string) => void,
) {
  const domId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const current = lines.findIndex(({ path }) => path === selected);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 8,
  });
  useEffect(() => {
    if (current >= 0) virtualizer.scrollToIndex(current, { align: 'auto' });
  }, [current, virtualizer]);

  const go = (index: number): void => {
    const line = lines.at(Math.max(0, Math.min(index, lines.length - 1)));
    if (line !== undefined) onSelect(line.path);
  };

  /** @returns whether the key walks through the lines */
  const walks = (key: string): boolean => {
    const at = Math.max(0, current);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE_PX) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: lines.length - 1,
    };
    if (!Object.hasOwn(targets, key)) return false;
    go(targets[key]);
    return true;
  };

  return { domId, scroller, virtualizer, current, go, walks };
}
