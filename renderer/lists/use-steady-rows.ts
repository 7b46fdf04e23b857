/**
 * Keeps a list still while rows are put into it: what is on screen stays where it is, whatever comes before it. A list
 * that follows its newest row shows that one instead.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { RowFeed } from '../state/row-feed.ts';
import type { RowSource } from '../state/row-source.ts';
import type { RowWindow } from './use-row-window.ts';
import { ROW_PX } from './use-row-window.ts';

/** A row is looked for again within this many rows of its old place: more hardly come between two drawings. */
const REACH = 1000;

/** Where the list grows, and whether that place is kept in view. */
export interface NewestEnd {
  /** null where new rows come anywhere. */
  readonly at: 'start' | 'end' | null;
  readonly isFollowing: boolean;
  readonly onFollowing: (isFollowing: boolean) => void;
}

/** @returns where the row with this id is now, looking from its old place outwards; undefined where it is not */
export function findRow(
  idAt: (index: number) => number | undefined,
  id: number,
  from: number,
): number | undefined {
  for (let step = 0; step <= REACH; step++) {
    if (idAt(from + step) === id) return from + step;
    if (step > 0 && from - step >= 0 && idAt(from - step) === id) return from - step;
  }
  return undefined;
}

/** Scroll offset that shows the newest end of a list, px of the list. */
export function newestOffset(at: 'start' | 'end', total: number, viewportPx: number): number {
  return at === 'start' ? 0 : Math.max(0, total * ROW_PX - viewportPx);
}

/** Whether the newest row is in view, but for a part of it. */
export function isAtNewest(at: 'start' | 'end', offset: number, total: number, viewportPx: number): boolean {
  return Math.abs(newestOffset(at, total, viewportPx) - offset) < ROW_PX;
}

interface Anchor<Row> {
  readonly source: RowSource<Row>;
  readonly id: number;
  readonly index: number;
  /** Whether it is the selected row, which is on screen. */
  readonly isSelected: boolean;
}

interface SteadyRows<Query, Row> {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly feed: RowFeed<Query, Row>;
  readonly source: RowSource<Row> | undefined;
  readonly idOf: (row: Row) => number;
  readonly selected: number | null;
  readonly cursor: number;
  readonly onCursor: (cursor: number, row: Row | undefined) => void;
  readonly newest: NewestEnd | undefined;
}

export function useSteadyRows<Query, Row>(
  { scroller, feed, source, idOf, selected, cursor, onCursor, newest }: SteadyRows<Query, Row>,
  { getOffset, scrollTo, viewportPx }: RowWindow,
): void {
  const anchor = useRef<Anchor<Row> | null>(null);
  const total = source?.total ?? 0;
  const version = source?.version ?? 0;
  const at = newest?.at ?? null;
  const isFollowing = newest?.isFollowing === true && at !== null;

  // Runs before the new rows are painted.
  useLayoutEffect(() => {
    if (source === undefined || viewportPx === 0) return;
    const offset = getOffset();
    if (isFollowing) {
      feed.leaveAt({ seen: total });
      const wanted = newestOffset(at, total, viewportPx);
      if (wanted !== offset) scrollTo(wanted);
      return;
    }
    if (at !== null && isAtNewest(at, offset, total, viewportPx)) feed.leaveAt({ seen: total });
    const held = anchor.current;
    // A list at its very top goes on to show what is first, unless one of its rows is selected.
    if (held === null || held.source !== source || (offset === 0 && !held.isSelected && at !== 'start'))
      return;
    const now = findRow((index) => idAt(source, idOf, index), held.id, held.index);
    if (now === undefined || now === held.index) return;
    scrollTo(Math.max(0, offset + (now - held.index) * ROW_PX));
    if (held.isSelected && held.index === cursor) {
      feed.leaveAt({ cursor: now });
      onCursor(now, source.get(now));
    }
    // Only new rows change the place of rows: other changes of these values must not move the list.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source, version, isFollowing, at, viewportPx]);

  // After every drawing: remember the row to hold on to.
  useLayoutEffect(() => {
    anchor.current =
      source === undefined ? null : anchorOf(source, idOf, selected, cursor, getOffset(), viewportPx);
  });

  const onFollowing = newest?.onFollowing;
  useEffect(() => {
    const element = scroller.current;
    if (element === null || at === null || onFollowing === undefined || viewportPx === 0) return;
    const onScroll = (): void => {
      const rows = feed.getState().shown?.total ?? 0;
      onFollowing(isAtNewest(at, getOffset(), rows, viewportPx));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, feed, at, onFollowing, getOffset, viewportPx]);
}

function idAt<Row>(source: RowSource<Row>, idOf: (row: Row) => number, index: number): number | undefined {
  const row = source.get(index);
  return row === undefined ? undefined : idOf(row);
}

/** The selected row where it is on screen, the first one there otherwise. */
function anchorOf<Row>(
  source: RowSource<Row>,
  idOf: (row: Row) => number,
  selected: number | null,
  cursor: number,
  offset: number,
  viewportPx: number,
): Anchor<Row> | null {
  const isSeen = cursor >= 0 && (cursor + 1) * ROW_PX > offset && cursor * ROW_PX < offset + viewportPx;
  if (isSeen && selected !== null && idAt(source, idOf, cursor) === selected) {
    return { source, id: selected, index: cursor, isSelected: true };
  }
  const index = Math.floor(offset / ROW_PX);
  const id = idAt(source, idOf, index);
  return id === undefined ? null : { source, id, index, isSelected: false };
}
