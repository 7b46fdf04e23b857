/** Which rows of a list are on screen, and where they are drawn. */
import { observeElementOffset, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { RowFeed } from '../state/row-feed.ts';
import type { RowSource } from '../state/row-source.ts';
import { scrollScale } from './scaled-scroll.ts';

/** The height of a row; tokens.css says the same to the style sheets. */
export const ROW_PX = 26;
/** The titles stay at the top of the scrolled element and hide what is below them. */
const TITLES_PX = 29;
const OVERSCAN = 12;
/** Rows stand where the first of so many does, so that scrolling moves one element and renders only rows that are new. */
const ANCHOR_ROWS = 1024;

/** The scroll offset nearest to the present one that shows a row whole. All in px of the list. */
export function offsetToShow(index: number, viewportPx: number, offset: number): number {
  const top = index * ROW_PX;
  if (top < offset) return top;
  return top + ROW_PX > offset + viewportPx ? top + ROW_PX - viewportPx : offset;
}

/** The same for a row that is come to from elsewhere: where it is out of sight it comes to the middle, with what is around it. */
export function offsetToMeet(index: number, viewportPx: number, offset: number): number {
  if (offsetToShow(index, viewportPx, offset) === offset) return offset;
  return Math.max(0, index * ROW_PX - Math.floor((viewportPx - ROW_PX) / 2));
}

export interface RowWindow {
  /** Indices of the rows to draw. */
  readonly items: readonly number[];
  readonly trackPx: number;
  readonly viewportPx: number;
  /** Where the rows' element stands on the track. */
  readonly rowsTopPx: number;
  /** In the rows' element; the same wherever the track is scrolled to, but for one step in many rows. */
  readonly topOf: (index: number) => number;
  readonly getOffset: () => number;
  readonly scrollTo: (offset: number) => void;
}

/** @param scroller the element that scrolls */
export function useRowWindow<Query, Row>(
  scroller: RefObject<HTMLDivElement | null>,
  feed: RowFeed<Query, Row>,
  source: RowSource<Row> | undefined,
  total: number,
): RowWindow {
  const factor = useRef(1);
  // The list's own pixels; the element scrolls over a shorter track where the list is longer than an element can be.
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: total,
    estimateSize: () => ROW_PX,
    getScrollElement: () => scroller.current,
    overscan: OVERSCAN,
    observeElementOffset: (instance, report) =>
      observeElementOffset(instance, (offset, isScrolling) => {
        report(offset * factor.current, isScrolling);
      }),
  });
  const viewportPx = Math.max(0, (virtualizer.scrollRect?.height ?? 0) - TITLES_PX);
  const offset = virtualizer.scrollOffset ?? 0;
  const scale = scrollScale(total * ROW_PX, viewportPx);
  useLayoutEffect(() => {
    factor.current = scale.factor;
  }, [scale.factor]);

  const items = virtualizer.getVirtualItems().map((item) => item.index);
  const first = items.at(0) ?? 0;
  const last = items.at(-1) ?? -1;
  useEffect(() => {
    if (last >= first) source?.ensure(first, last + 1);
  }, [source, first, last]);

  // Runs when a view comes back, and when the answer to another question replaces the list.
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = feed.place.offset / factor.current;
  }, [scroller, feed, source]);
  useEffect(() => {
    feed.leaveAt({ offset });
  }, [feed, offset]);

  const getOffset = useCallback(() => (scroller.current?.scrollTop ?? 0) * factor.current, [scroller]);
  const scrollTo = useCallback(
    (to: number) => {
      if (scroller.current !== null) scroller.current.scrollTop = to / factor.current;
    },
    [scroller],
  );
  const shift = offset - offset / scale.factor;
  const anchor = first - (first % ANCHOR_ROWS);
  return {
    items,
    trackPx: scale.trackPx,
    viewportPx,
    rowsTopPx: anchor * ROW_PX - shift,
    topOf: (index) => (index - anchor) * ROW_PX,
    getOffset,
    scrollTo,
  };
}
