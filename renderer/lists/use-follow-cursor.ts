/** Scrolls with the cursor, but never away from what the user has scrolled to. */
import { useEffect, useRef } from 'react';
import type { RowSource } from '../state/row-source.ts';
import type { RowFeed } from '../state/row-feed.ts';
import type { RowWindow } from './use-row-window.ts';
import { ROW_PX, offsetToMeet, offsetToShow } from './use-row-window.ts';

/**
 * Where to scroll when the cursor went from one row to another. All offsets in px of the list.
 * @param isRelocated the cursor's row moved, not the cursor: rows came before it, or the order changed
 */
export function offsetAfter(
  from: number,
  to: number,
  isRelocated: boolean,
  offset: number,
  viewportPx: number,
): number {
  if (from < 0) return offsetToMeet(to, viewportPx, offset);
  if (!isRelocated) return offsetToShow(to, viewportPx, offset);
  const wasVisible = from * ROW_PX >= offset - ROW_PX && from * ROW_PX < offset + viewportPx;
  return wasVisible ? Math.max(0, offset + (to - from) * ROW_PX) : offset;
}

interface FollowedCursor<Query, Row> {
  readonly feed: RowFeed<Query, Row>;
  readonly source: RowSource<Row> | undefined;
  readonly cursor: number;
  /** Id of the row under the cursor; null while its page is on the way. */
  readonly cursorId: number | null;
  readonly selected: number | null;
  readonly locate?: (id: number) => Promise<number>;
  readonly onCursor: (cursor: number, row: Row | undefined) => void;
  /** Version of the rows: it changes whenever they do. */
  readonly version: number;
}

export function useFollowCursor<Query, Row>(
  { feed, source, cursor, cursorId, selected, locate, onCursor, version }: FollowedCursor<Query, Row>,
  { scrollTo, getOffset, viewportPx }: RowWindow,
): void {
  const isRelocated = useRef(false);
  /** The list in which the cursor was last seen on the selected row. */
  const knownIn = useRef<RowSource<Row> | undefined>(undefined);
  useEffect(() => {
    if (selected !== null && cursorId === selected) knownIn.current = source;
  }, [source, selected, cursorId]);

  // The cursor stays on the selected row when other rows come before it, or the order changes.
  useEffect(() => {
    if (selected === null || locate === undefined || cursorId === selected || version === 0) return;
    let isWanted = true;
    void locate(selected).then(
      (index) => {
        if (!isWanted || index === cursor) return;
        // A list that only grew is kept still by use-steady-rows: the cursor goes along, the view does not.
        if (knownIn.current === source) feed.leaveAt({ cursor: index });
        else isRelocated.current = true;
        onCursor(index, feed.getState().shown?.get(index));
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [selected, locate, cursorId, cursor, version, onCursor, feed, source]);

  useEffect(() => {
    const before = feed.place.cursor;
    if (viewportPx === 0 || cursor === before) return;
    feed.leaveAt({ cursor });
    const relocated = isRelocated.current;
    isRelocated.current = false;
    if (cursor < 0) return;
    const offset = getOffset();
    const wanted = offsetAfter(before, cursor, relocated, offset, viewportPx);
    if (wanted !== offset) scrollTo(wanted);
  }, [feed, cursor, viewportPx, scrollTo, getOffset]);
}
